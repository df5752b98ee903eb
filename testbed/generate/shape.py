# SPDX-License-Identifier: Apache-2.0
"""The shape of the country in numbers: how schools, levels, people and logins are spread (facts-mpassid 8 and 12).

Pure arithmetic. Schools per education provider follow the published quantiles (median 4 of those that list any, 75 % 7,
90 % 14, 95 % 22, 99 % 51, the largest 117, 91, 53, 51, 42, 40), scaled to the wanted number; the ten largest make
60 % of the logins although they have a quarter of the schools.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from federation.model import IdpKind, SchoolType

KIND_SOURCES: Final[Mapping[IdpKind, int]] = {
    IdpKind.WILMA: 222,
    IdpKind.SAML: 103,
    IdpKind.OPINSYS: 15,
    IdpKind.ENTRA: 9,
    IdpKind.GOOGLE: 9,
}
"""Sources of each kind in the national list."""

SCHOOL_TYPES: Final[Mapping[SchoolType, int]] = {
    SchoolType.BASIC: 1_794,
    SchoolType.UPPER_SECONDARY: 315,
    SchoolType.SPECIAL: 46,
    SchoolType.VOCATIONAL: 25,
    SchoolType.COMBINED: 22,
    SchoolType.FOLK_HIGH: 7,
}
"""Schools of each institution type in the national list."""

LARGEST_LOGIN_SHARE: Final = 0.6
LARGEST: Final = 10
"""The ten largest education providers make 60 % of the logins."""

WEIGHTS_IN_ALL: Final = 1_000_000

_LARGEST_SCHOOLS: Final = (117, 91, 53, 51, 42, 40)
_QUANTILES: Final = (
    (0.0, 0.6),
    (0.2, 1.45),
    (0.5, 4.0),
    (0.75, 7.4),
    (0.9, 14.0),
    (0.95, 22.0),
    (0.99, 40.0),
    (1.0, 51.0),
)
_DECLINE: Final = 0.85
"""Each of the largest makes so many logins of the one before it."""


def schools_per_provider(providers: int, schools: int) -> tuple[int, ...]:
    """Return how many schools each education provider has, the largest first: at least one each, `schools` in all.

    Raises `ValueError` where there are fewer schools than providers.
    """
    if schools < providers:
        message = f"{schools} schools for {providers} education providers: expected at least one each"
        raise ValueError(message)
    curve = [_quantile((providers - rank - 0.5) / providers) for rank in range(providers)]
    top = _LARGEST_SCHOOLS[: providers // 50]
    return apportioned([*top, *curve[len(top) :]], schools, least=1)


def idp_kinds(providers: int) -> tuple[IdpKind, ...]:
    """Return the kinds of so many identity providers, by the national shares, in no order."""
    counts = apportioned(list(KIND_SOURCES.values()), providers)
    return tuple(kind for kind, count in zip(KIND_SOURCES, counts, strict=True) for _ in range(count))


def school_types(schools: int) -> tuple[SchoolType, ...]:
    """Return the levels of so many schools, by the national shares, the most frequent first."""
    counts = apportioned(list(SCHOOL_TYPES.values()), schools)
    return tuple(kind for kind, count in zip(SCHOOL_TYPES, counts, strict=True) for _ in range(count))


def login_weights(sizes: Sequence[float]) -> tuple[int, ...]:
    """Return the weight of each education provider's logins, given how large they are, the largest first.

    The ten largest share 60 % of `WEIGHTS_IN_ALL` in a falling row; the others share the rest by size.
    """
    if len(sizes) <= LARGEST:
        return apportioned(sizes, WEIGHTS_IN_ALL)
    of_largest = round(WEIGHTS_IN_ALL * LARGEST_LOGIN_SHARE)
    largest = apportioned([_DECLINE**rank for rank in range(LARGEST)], of_largest)
    return (*largest, *apportioned(sizes[LARGEST:], WEIGHTS_IN_ALL - of_largest))


def apportioned(shares: Sequence[float], total: int, least: int = 0) -> tuple[int, ...]:
    """Return whole numbers in proportion to `shares` that add up to `total`, none below `least` (largest remainder)."""
    left = total - least * len(shares)
    # what a share is beyond the least that everybody gets; if nobody is beyond it, all are alike
    beyond = [max(share - least, 0.0) for share in shares]
    in_all = sum(beyond) or float(len(shares))
    exact = [left * (share if sum(beyond) else 1.0) / in_all for share in beyond]
    whole = [int(number) for number in exact]
    by_remainder = sorted(range(len(shares)), key=lambda index: (whole[index] - exact[index], index))
    for index in by_remainder[: left - sum(whole)]:
        whole[index] += 1
    return tuple(number + least for number in whole)


def _quantile(fraction: float) -> float:
    """Return how many schools the education provider at `fraction` of the row has, between the published points."""
    for (start, low), (end, high) in pairwise(_QUANTILES):
        if fraction <= end:
            return low + (high - low) * (fraction - start) / (end - start)
    return _QUANTILES[-1][1]
