# SPDX-License-Identifier: Apache-2.0
"""What arrives at the proxy of a declared person, by the kind of their home organisation."""

from __future__ import annotations

import pytest

from federation.home import HomeValues
from federation.model import EducationProvider, IdentityProvider, IdpKind, Person
from testbed.arriving import arriving_values
from tests.builders.homes import federation

TWO_SCHOOLS = Person(
    given_name="Kaarlo",
    learner_id="1.2.246.562.98.20000000925",
    school_codes=("90901", "90902"),
    groups=("", "21B"),
    roles=("Opettaja",),
)


def provider(kind: IdpKind) -> EducationProvider:
    """Return a municipality of a kind."""
    return federation().education_providers["mansikkala"].model_copy(update={"idp": IdentityProvider(kind=kind)})


def test_sends_the_registrys_lists_by_saml():
    """One role for two schools is left to the proxy's rules."""
    arrived = arriving_values(provider(IdpKind.SAML), "kaarlo", TWO_SCHOOLS)

    assert (arrived.school_codes, arrived.groups, arrived.roles) == (("90901", "90902"), ("", "21B"), ("Opettaja",))


@pytest.mark.parametrize("kind", [IdpKind.WILMA, IdpKind.OPINSYS])
def test_sends_rows_from_a_data_service(kind: IdpKind):
    """Each school has its role and its class, in the words of the system that holds them."""
    assert arriving_values(provider(kind), "kaarlo", TWO_SCHOOLS) == HomeValues(
        given_name="Kaarlo",
        user_id="kaarlo",
        learner_id="1.2.246.562.98.20000000925",
        school_codes=("90901;90902",),
        groups=(";21B",),
        roles=("teacher;teacher",),
    )


@pytest.mark.parametrize("kind", [IdpKind.WILMA, IdpKind.OPINSYS])
def test_sends_no_role_of_a_guardian(kind: IdpKind):
    """A guardian signs in and is nothing at a school."""
    arrived = arriving_values(provider(kind), "helena", Person(school_codes=("90901",), roles=("Huoltaja",)))

    assert arrived == HomeValues(user_id="helena")
