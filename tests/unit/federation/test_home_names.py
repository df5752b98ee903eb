# SPDX-License-Identifier: Apache-2.0
"""By which names a person's values arrive, per integration (facts-mpassid 7)."""

from __future__ import annotations

import pytest

from federation.home_names import KIND_NAMES, home_names
from federation.model import AttributeNames, IdentityProvider, IdpKind, Person

GROUP = "6f0c2a4e-1d53-4b8f-9a77-2f6f3c1f0001"


@pytest.mark.parametrize("kind", IdpKind)
def test_names_every_field_of_a_person(kind: IdpKind) -> None:
    """Whatever a registry holds has a name at every kind; a note is for people, `mpass_data` for the login page."""
    assert set(KIND_NAMES[kind]) == set(Person.model_fields) - {"note", "mpass_data"}
    assert len(set(KIND_NAMES[kind].values())) == len(KIND_NAMES[kind])


@pytest.mark.parametrize(
    ("kind", "given_name", "roles"),
    [
        (IdpKind.SAML, "firstName", "userRole"),
        (
            IdpKind.ENTRA,
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
            "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
        ),
        (
            IdpKind.ADFS,
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
            "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
        ),
        (IdpKind.GOOGLE, "firstName", "userRole"),
        (IdpKind.WILMA, "firstName", "roles.role"),
        (IdpKind.OPINSYS, "first_name", "schools.roles"),
    ],
)
def test_has_names_of_each_kind(kind: IdpKind, given_name: str, roles: str) -> None:
    """Microsoft's products send claim URIs, data services fields of their own, the others the default names."""
    names = home_names(IdentityProvider(kind=kind))

    assert (names["given_name"], names["roles"]) == (given_name, roles)


@pytest.mark.parametrize("kind", IdpKind)
def test_takes_a_declared_name_for_one_field(kind: IdpKind) -> None:
    """An override changes its own field and no other."""
    idp = IdentityProvider(kind=kind, attribute_names=AttributeNames(learner_id="oppijanumero"))

    assert home_names(idp) == {**KIND_NAMES[kind], "learner_id": "oppijanumero"}


def test_takes_roles_from_the_groups_where_groups_are_declared() -> None:
    """Roles then arrive as ids of groups, under the claim of groups."""
    idp = IdentityProvider(kind=IdpKind.ENTRA, student_group=GROUP)

    assert home_names(idp)["roles"] == "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"
