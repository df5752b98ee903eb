# SPDX-License-Identifier: Apache-2.0
"""What limited a run, from samples and steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from loadtests.report.growth import growth_of
from loadtests.report.limit import limit_of, room
from loadtests.report.usage import usages
from loadtests.run_folder import Sample
from tests.builders.load_runs import RECORD

Cores = Callable[[int], float]


def samples(parts: Mapping[str, Cores], seconds: int = 60) -> list[Sample]:
    """Return a sample a second of parts that use so many cores at each."""
    found = []
    for part, cores in parts.items():
        used = 0.0
        for at in range(seconds):
            found.append(Sample(float(at), part, used, 60_000_000, 20))
            used += cores(at)
    return found


def steady(cores: float) -> Cores:
    """Return a use that does not change."""
    return lambda _: cores


def from_on(moment: int, cores: float, before: float = 0.1) -> Cores:
    """Return a use that grows at a moment."""
    return lambda at: cores if at >= moment else before


def test_the_part_that_was_full_first_is_the_limit():
    """A process of Python uses one core at most, however many the machine has."""
    used = usages(samples({"idp": from_on(20, 0.97), "publisher": from_on(30, 0.99), "proxy": steady(0.5)}))

    limit = limit_of(used, 4, None)

    assert (limit.part, limit.at) == ("idp", 20.0)
    assert limit.because == "idp was at its limit first: from 20 s on it used 0.97 of the 1 core it can use."


def test_a_second_of_full_use_is_no_limit():
    """It must last five seconds."""
    used = usages(samples({"idp": lambda at: 1.0 if at % 5 == 0 else 0.2}))

    assert limit_of(used, 4, None).part is None


def test_a_full_machine_is_said_and_what_used_most_of_it_named():
    """Nobody is at a limit of their own, and together they have no more."""
    used = usages(samples({"proxy": from_on(20, 0.8), "idp": from_on(20, 0.6), "publisher": from_on(20, 0.55)}))

    limit = limit_of(used, 2, None)

    assert (limit.part, limit.at) == ("machine", 20.0)
    assert limit.because == (
        "The machine was full from 20 s on, all of its 2 cores, before any part was at a limit of its own; most of it "
        "was used by proxy (cores used: proxy 0.80, idp 0.60, publisher 0.55)."
    )


def test_parts_on_several_machines_are_not_added_up():
    """Three cores in use on a machine of two is not one machine."""
    used = usages(samples(dict.fromkeys(("proxy-1", "proxy-2", "proxy-3", "database"), steady(0.8))))

    assert limit_of(used, 2, None).part is None


def test_the_generator_is_named_where_it_was_the_limit():
    """Then the figures say little of the system, and the report says so."""
    limit = limit_of(usages(samples({"generator-0": from_on(10, 0.95), "proxy": steady(0.3)})), 4, None)

    assert limit.part == "generator-0"
    assert "little of the system" in limit.because


def test_says_that_no_part_was_at_its_limit():
    """An honest no."""
    limit = limit_of(usages(samples({"proxy": steady(0.4)})), 2, None)

    assert (limit.part, limit.because) == (None, "No part was at its limit.")


def test_without_samples_nothing_is_claimed():
    """Not even that no part was at its limit."""
    limit = limit_of({}, 2, None)

    assert (limit.part, "nothing tells" in limit.because) == (None, True)


def test_a_step_that_grew_with_the_load_names_who_answers_it():
    """The part waits for something that is not its CPU."""
    quiet = [replace(RECORD, number=number, scheduled=number * 1.0) for number in range(300)]
    busy = [
        replace(RECORD, number=300 + number, scheduled=300 + number / 10, steps={**RECORD.steps, "picker": 0.9})
        for number in range(300)
    ]

    growth = growth_of([*quiet, *busy], "publisher")

    assert growth is not None
    assert (growth.step, growth.part, growth.before, growth.after) == ("picker", "proxy", 0.08, 0.9)
    limit = limit_of(usages(samples({"proxy": steady(0.3)})), 2, growth)
    assert limit.part == "proxy"
    assert limit.because.startswith("No part was at the limit of its CPU, but the step picker took 11 times as long")
    unseen = limit_of(usages(samples({"generator-0": steady(0.3)})), 2, growth)
    assert unseen.because.startswith("There are no samples of proxy, but the step picker took")


def test_one_slow_moment_is_no_growth():
    """A single window at the end that was slow may be chance."""
    records = [
        replace(RECORD, number=n, scheduled=n / 5, steps={"session": 0.9 if n >= 590 else 0.1}) for n in range(600)
    ]

    assert growth_of(records, "publisher") is None


def test_a_few_milliseconds_more_are_no_growth():
    """Twice nothing is nothing."""
    records = [
        replace(RECORD, number=n, scheduled=float(n), steps={"session": 0.01 if n < 300 else 0.05}) for n in range(600)
    ]

    assert growth_of(records, "publisher") is None


def test_a_replica_that_begins_anew_costs_no_less_than_nothing():
    """CPU seconds that fall begin again; what the new one used counts from its first sample."""
    found = usages([Sample(at, "proxy", used, 1, 1) for at, used in ((0.0, 5.0), (1.0, 5.5), (2.0, 0.1), (3.0, 0.4))])

    assert found["proxy"].cpu_seconds == pytest.approx(0.8)
    assert [at for at, _ in found["proxy"].cores] == [1.0, 3.0]


@pytest.mark.parametrize(
    ("part", "cores", "has"),
    [
        ("proxy", 4, 2),
        ("proxy-1", 4, 2),
        ("idp", 4, 1),
        ("generator-3", 4, 1),
        ("generator-master", 4, 1),
        ("database", 4, 4),
        ("proxy", 1, 1),
    ],
)
def test_what_a_part_can_use_follows_from_its_processes(part: str, cores: int, has: int):
    """A replica is its part; of what is not ours the processes are not known."""
    assert room(part, cores) == has
