# SPDX-License-Identifier: Apache-2.0
"""The numbers of the country: how unevenly schools and logins are spread (facts-mpassid 8 and 12)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.model import IdpKind, SchoolType
from testbed.generate.shape import apportioned, idp_kinds, login_weights, school_types, schools_per_provider


@pytest.mark.parametrize(
    ("rank", "published"),
    [
        pytest.param(155, 4, id="the median has 4"),
        pytest.param(77, 7, id="one in four has 7 or more"),
        pytest.param(31, 14, id="one in ten has 14 or more"),
        pytest.param(15, 22, id="one in twenty has 22 or more"),
        pytest.param(3, 51, id="one in a hundred has 51 or more"),
        pytest.param(1, 91, id="the second largest has 91"),
        pytest.param(0, 117, id="the largest has 117"),
    ],
)
def test_spreads_schools_as_the_country_does(rank: int, published: int):
    """The quantiles of schools per education provider are the published ones, give or take one school."""
    counts = schools_per_provider(310, 2_200)

    assert counts[rank] == pytest.approx(published, abs=1)


def test_gives_the_ten_largest_a_quarter_of_the_schools():
    """They have 23 % in the national list, and one provider in five has a single school."""
    counts = schools_per_provider(310, 2_200)

    assert (sum(counts), len(counts)) == (2_200, 310)
    assert sum(counts[:10]) / 2_200 == pytest.approx(0.23, abs=0.015)
    assert counts.count(1) / 310 == pytest.approx(60 / 304, abs=0.02)


@given(providers=st.integers(1, 400), more=st.integers(0, 4_000))
def test_gives_every_provider_a_school(providers: int, more: int):
    """Whatever is asked for, nobody is left without, the sum is right and the largest stand first."""
    counts = schools_per_provider(providers, providers + more)

    assert (len(counts), sum(counts), min(counts) >= 1) == (providers, providers + more, True)
    assert list(counts) == sorted(counts, reverse=True)


def test_refuses_fewer_schools_than_providers():
    """An education provider without a school is none."""
    with pytest.raises(ValueError, match="3 schools for 4 education providers"):
        schools_per_provider(4, 3)


def test_deals_levels_by_their_national_shares():
    """Four schools in five give basic education, one in seven general upper secondary."""
    types = school_types(2_209)

    assert {kind: types.count(kind) for kind in set(types)} == {
        SchoolType.BASIC: 1_794,
        SchoolType.UPPER_SECONDARY: 315,
        SchoolType.SPECIAL: 46,
        SchoolType.VOCATIONAL: 25,
        SchoolType.COMBINED: 22,
        SchoolType.FOLK_HIGH: 7,
    }


def test_gives_every_identity_provider_a_kind():
    """None is left over, and most are Wilmas."""
    kinds = idp_kinds(310)

    assert len(kinds) == 310
    assert kinds.count(IdpKind.WILMA) == 192


def test_gives_kinds_by_the_national_shares():
    """The 358 sources of the national list come out as it counts them; it knows no ADFS by that name."""
    kinds = idp_kinds(358)

    assert {kind: kinds.count(kind) for kind in IdpKind} == {
        IdpKind.WILMA: 222,
        IdpKind.SAML: 103,
        IdpKind.OPINSYS: 15,
        IdpKind.ENTRA: 9,
        IdpKind.GOOGLE: 9,
        IdpKind.ADFS: 0,
    }


def test_lets_the_ten_largest_make_most_logins():
    """Ten education providers make 60 % of the logins, each less than the one before; nobody makes none."""
    weights = login_weights([float(size) for size in range(310, 0, -1)])

    assert (sum(weights), sum(weights[:10])) == (1_000_000, 600_000)
    assert list(weights[:10]) == sorted(weights[:10], reverse=True)
    assert min(weights) > 0


@given(
    shares=st.lists(st.floats(0, 1_000), min_size=1, max_size=50),
    least=st.integers(0, 2),
    more=st.integers(0, 10_000),
)
def test_apportions_everything(shares: list[float], least: int, more: int):
    """Whole numbers that add up, none below the least."""
    total = least * len(shares) + more
    numbers = apportioned(shares, total, least)

    assert (sum(numbers), min(numbers) >= least, len(numbers)) == (total, True, len(shares))


def test_apportions_in_proportion():
    """The largest remainder gets what is left over."""
    assert apportioned([1.0, 2.0, 4.0], 10) == (1, 3, 6)
