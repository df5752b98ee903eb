# SPDX-License-Identifier: Apache-2.0
"""Everybody an education provider knows, written down or computed, and how often they sign in."""

from __future__ import annotations

import pytest

from federation.generated_people import SchoolPlace
from federation.model import Federation, GeneratedPeople, Names, Person, School, SchoolType
from federation.people import PeopleRegistry, login_shares
from tests.builders.homes import federation

AINO = Person(given_name="Aino")
SCHOOLS = (SchoolPlace(code="03256", type=SchoolType.BASIC), SchoolPlace(code="04647", type=SchoolType.BASIC))
GENERATED = GeneratedPeople(count=2_400, seed=7, missing_attributes=0.02)


def school(code: str, kind: SchoolType = SchoolType.BASIC, *, active: bool = True) -> School:
    oid = f"1.2.246.562.99.000000{code}"
    return School(code=code, oid=oid, name=Names(fi="Koulu"), type=kind, active=active)


def changed(**changes: dict[str, object]) -> Federation:
    declared = federation()
    providers = {
        key: provider.model_copy(update=changes.get(key, {})) for key, provider in declared.education_providers.items()
    }
    return declared.model_copy(update={"education_providers": providers})


def test_finds_whoever_is_written_down():
    """Declared people are found by user name, and nobody else is."""
    people = PeopleRegistry({"aino": AINO})

    assert (people.person("aino"), people.person("p000001"), len(people)) == (AINO, None, 1)


def test_finds_whoever_is_computed():
    """A computed person is found by their user name, up to the declared count."""
    people = PeopleRegistry({"aino": AINO}, GENERATED, SCHOOLS)

    assert people.person("p002400") is not None
    assert people.person("p002401") is None
    assert len(people) == 2_401


def test_means_the_one_who_is_written_down():
    """Where a declared user name has the form of a computed one, the declared person is meant."""
    people = PeopleRegistry({"p000002": AINO}, GENERATED, SCHOOLS)

    assert people.person("p000002") == AINO
    assert len(people) == 2_400


def test_gives_a_handful_of_examples():
    """After everybody who is written down comes the first of each sort of computed person."""
    people = PeopleRegistry({"aino": AINO}, GENERATED, SCHOOLS)
    user_names = [user_name for user_name, _ in people.examples()]

    assert user_names[:2] == ["aino", "p000001"]
    assert 4 <= len(user_names) <= 6
    assert len({person.note for _, person in people.examples()}) == len(user_names)


def test_leaves_closed_schools_and_offices_to_nobody():
    """Computed people are at the schools that the organisation registry knows."""
    provider = changed(
        mansikkala={
            "generated_people": GENERATED,
            "schools": (school("30076"), school("30077", active=False), school("30078", SchoolType.OFFICE)),
        }
    ).education_providers["mansikkala"]

    assert [place.code for place in PeopleRegistry.of(provider).schools] == ["30076"]


@pytest.mark.parametrize(
    ("changes", "shares"),
    [
        pytest.param({}, {"mansikkala": 2 / 3, "kuusikoski": 1 / 3}, id="by the number of people"),
        pytest.param(
            {"mansikkala": {"generated_people": GeneratedPeople(count=7, seed=1)}},
            {"mansikkala": 0.9, "kuusikoski": 0.1},
            id="computed people count",
        ),
        pytest.param(
            {"mansikkala": {"login_weight": 1}, "kuusikoski": {"login_weight": 3}},
            {"mansikkala": 0.25, "kuusikoski": 0.75},
            id="by weight",
        ),
        pytest.param(
            {"mansikkala": {"mpass": False}}, {"mansikkala": 0.0, "kuusikoski": 1.0}, id="not joined, no logins"
        ),
        pytest.param(
            {"mansikkala": {"login_weight": 0}, "kuusikoski": {"login_weight": 0}},
            {"mansikkala": 0.0, "kuusikoski": 0.0},
            id="nobody signs in",
        ),
    ],
)
def test_shares_out_the_logins(changes: dict[str, dict[str, object]], shares: dict[str, float]):
    """A provider's share is its weight against all weights, the number of its people where none is declared."""
    assert login_shares(changed(**changes)) == pytest.approx(shares)
