# SPDX-License-Identifier: Apache-2.0
"""How far a p95 moves by chance."""

from __future__ import annotations

import random

from loadtests.report.noise import Band, noise_band


def quick_and_slow(count: int, slow: float = 0.5, seed: int = 1) -> list[tuple[float, float]]:
    """Return logins, ten a second, between nothing and so many seconds long."""
    chance = random.Random(seed)  # noqa: S311 -- a test's figures
    return [(number / 10, chance.random() * slow) for number in range(count)]


def test_the_band_holds_the_p95_and_is_narrow_for_many():
    """Of three thousand even times up to half a second the p95 is 0.475."""
    band = noise_band(quick_and_slow(3000))

    assert band is not None
    assert 0.46 < band.low < 0.475 < band.high < 0.49


def test_the_band_is_the_same_each_time():
    """A report can be made again."""
    assert noise_band(quick_and_slow(500)) == noise_band(quick_and_slow(500))


def test_the_same_system_twice_is_within_the_noise():
    """Other people, other moments, no difference."""
    first, second = (noise_band(quick_and_slow(1000, seed=seed)) for seed in (1, 2))

    assert first is not None
    assert second is not None
    assert first.reaches(second)


def test_a_system_half_as_quick_is_beyond_the_noise():
    """Twice the time is no chance."""
    first, second = (noise_band(quick_and_slow(1000, slow=slow)) for slow in (0.5, 1.0))

    assert first is not None
    assert second is not None
    assert not first.reaches(second)


def test_a_class_that_was_slow_together_makes_the_band_wide():
    """One slow moment is not many independent slow logins: without it the p95 would be far lower."""
    even = [(number / 10, 2.0 if number % 15 == 0 else 0.1) for number in range(1500)]
    together = [(at, 2.0 if number < 100 else 0.1) for number, (at, _) in enumerate(even)]

    assert noise_band(even) == Band(2.0, 2.0)
    assert noise_band(together) == Band(0.1, 2.0)


def test_too_few_logins_have_no_band():
    """Below a hundred logins, or four windows of five seconds, nothing is claimed."""
    assert noise_band(quick_and_slow(99)) is None
    assert noise_band([(number / 100, 0.1) for number in range(1000)]) is None
