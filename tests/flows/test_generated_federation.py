# SPDX-License-Identifier: Apache-2.0
"""A generated country, whole: a computed person signs in, from the picker to the materials."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from federation.model import Federation
from federation.people import PeopleRegistry
from testbed.attribute_path import attribute_path
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import PersonRef, find_person
from testbed.generate.declaration import Country, national_federation
from testbed.stacks.in_process import InProcessStack, in_process_stack
from testbed.state_folder import StateFolder
from testbed.worth_trying import worth_trying

COUNTRY = Country(providers=8, schools=60, people=20_000, seed=1, not_activated=0.2)


@pytest.fixture(scope="module")
def federation() -> Federation:
    """Return a small country."""
    return national_federation(COUNTRY)


@pytest.fixture(scope="module")
def stack(federation: Federation, tmp_path_factory: pytest.TempPathFactory) -> InProcessStack:
    """Run it in this process."""
    now = datetime.now(UTC)
    folder = StateFolder(tmp_path_factory.mktemp("generated"))
    return in_process_stack(federation, folder.ensure_keys(federation, now), now)


def test_signs_a_computed_person_in_to_the_service(federation: Federation, stack: InProcessStack):
    """What the service receives is what the registry computes, by the rules."""
    key = next(iter(federation.education_providers))
    for number in (1, 2, 3):
        person = find_person(federation, f"{key}/p{number:06}")
        expected = attribute_path(federation, person, "publisher")
        result = login(stack, LoginPlan(person))

        assert result.outcome in {"session", "refused"}
        assert (result.at, result.because) in {(None, None), ("publisher", "school-not-activated")}
        assert {name: tuple(values) for name, values in result.attributes.items()} == expected.released


def test_has_somebody_for_each_thing_worth_trying(federation: Federation, stack: InProcessStack):
    """`up` greets with people whose logins show one school, several schools and a refusal."""
    tried = worth_trying(federation, "publisher")
    outcomes = [login(stack, LoginPlan(each.person)) for each in tried]

    assert [(result.outcome, result.because) for result in outcomes] == [
        ("session", None),
        ("session", None),
        ("refused", "school-not-activated"),
    ]
    assert (len(outcomes[0].schools), len(outcomes[1].schools)) == (1, 2)


def test_refuses_whoever_is_not_computed(federation: Federation, stack: InProcessStack):
    """The simulator's login page tells the one after the last person that the password is wrong."""
    key, provider = next(iter(federation.education_providers.items()))
    beyond = PersonRef(key, f"p{len(PeopleRegistry.of(provider)) + 1:06}")

    assert login(stack, LoginPlan(beyond)).outcome == "error"
