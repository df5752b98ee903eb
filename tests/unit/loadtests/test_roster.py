# SPDX-License-Identifier: Apache-2.0
"""Who comes and what they do: by the declaration's weights, in classes, repeatable, nobody twice too early."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from federation.errors import InputError
from federation.loader import load
from federation.model import Federation
from loadtests.roster import Behaviour, Mix, visits
from loadtests.schedule import Arrival
from testbed.generate.declaration import Country, national_federation

SCHEDULE = tuple(Arrival(number, number / 10, number // 25 if number % 2 else None) for number in range(4_000))


@pytest.fixture(scope="module")
def country() -> Federation:
    """Return a small country with computed people."""
    return national_federation(Country(providers=12, schools=60, people=9_000, seed=7))


def test_the_same_seed_brings_the_same_people(country: Federation):
    """Workers need not be told who their people are."""
    assert list(visits(country, SCHEDULE, seed=1)) == list(visits(country, SCHEDULE, seed=1))


def test_nobody_comes_twice_before_everybody_of_the_provider_has_come(country: Federation):
    """Four thousand arrivals are four thousand people as long as their provider has so many."""
    people = Counter(visit.person for visit in visits(country, SCHEDULE, seed=2))
    came = Counter(person.provider for person in people.elements())
    for person, times in people.items():
        crowd = country.education_providers[person.provider].generated_people
        assert crowd is not None
        assert times <= -(-came[person.provider] // crowd.count)


def test_everybody_who_comes_is_declared(country: Federation):
    """Computed people are found by the names the roster gives them."""
    for visit in visits(country, SCHEDULE[:500], seed=3):
        visit.person.declared(country)


def test_large_providers_send_more_people(country: Federation):
    """The largest share of logins comes from the provider with the largest weight."""
    providers = country.education_providers
    came = Counter(visit.person.provider for visit in visits(country, SCHEDULE, seed=4))
    heaviest = max(providers, key=lambda key: providers[key].login_weight or 0)
    assert came.most_common(1)[0][0] == heaviest


def test_a_class_comes_from_one_provider(country: Federation):
    """A class sits in one school."""
    of_class: dict[int, set[str]] = {}
    for visit in visits(country, SCHEDULE, seed=5):
        if visit.arrival.class_number is not None:
            of_class.setdefault(visit.arrival.class_number, set()).add(visit.person.provider)
    assert {len(providers) for providers in of_class.values()} == {1}


def test_behaviours_come_in_their_shares(country: Federation):
    """Within what chance allows."""
    mix = Mix(abandons=0.1, wrong_password=0.2, signed_in=0.3)
    did = Counter(visit.behaviour for visit in visits(country, SCHEDULE, seed=6, mix=mix))
    shares = {behaviour: did[behaviour] / len(SCHEDULE) for behaviour in Behaviour}
    assert shares == pytest.approx(
        {
            Behaviour.ABANDONS: 0.1,
            Behaviour.WRONG_PASSWORD: 0.2,
            Behaviour.SIGNED_IN: 0.3,
            Behaviour.ORDINARY: 0.4,
        },
        abs=0.03,
    )


def test_people_of_a_provider_outside_mpassid_do_not_come():
    """Nobody can choose a municipality that is not in the picker."""
    shipped = load(Path(__file__).parents[3] / "federation.yaml")
    assert "korpivaara" not in {visit.person.provider for visit in visits(shipped, SCHEDULE, seed=7)}


@pytest.mark.parametrize("shares", [(-0.1, 0, 0), (0.5, 0.5, 0.1), (float("nan"), 0, 0)])
def test_shares_that_are_none_are_refused(shares: tuple[float, float, float]):
    """They are parts of one whole."""
    with pytest.raises(InputError, match="mix"):
        Mix(*shares)


def test_a_country_without_people_is_told(country: Federation):
    """Nobody can sign in."""
    with pytest.raises(InputError, match="no education provider"):
        list(visits(country.model_copy(update={"education_providers": {}}), SCHEDULE, seed=8))
