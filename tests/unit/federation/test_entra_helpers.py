# SPDX-License-Identifier: Apache-2.0
"""What MPASSid adds to the values of an Entra ID integration."""

from __future__ import annotations

import pytest

from federation.entra_helpers import EntraHelpers
from federation.home import HomeValues
from federation.model import IdentityProvider, IdpKind

STUDENTS = "6f0c2a4e-1d53-4b8f-9a77-2f6f3c1f0001"
TEACHERS = "6f0c2a4e-1d53-4b8f-9a77-2f6f3c1f0002"
OTHERS = "6f0c2a4e-1d53-4b8f-9a77-2f6f3c1f0099"
HELPERS = EntraHelpers.of(
    IdentityProvider(kind=IdpKind.ENTRA, fixed_school_code="90501", student_group=STUDENTS, teacher_group=TEACHERS)
)


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        pytest.param((STUDENTS,), ("Oppilas",), id="a pupil"),
        pytest.param((OTHERS, TEACHERS), ("Opettaja",), id="a teacher who is in another group too"),
        pytest.param((f"{OTHERS};{STUDENTS}",), ("Oppilas",), id="groups joined in one value"),
        pytest.param((TEACHERS.upper(),), ("Opettaja",), id="an id in capital letters"),
        pytest.param((TEACHERS, STUDENTS), ("Opettaja", "Oppilas"), id="a member of both, in the order they came"),
        pytest.param((OTHERS, "Opettaja", ""), (), id="no group that means a role, and no word that does"),
        pytest.param((), (), id="no group"),
    ],
)
def test_takes_roles_from_groups(groups: tuple[str, ...], roles: tuple[str, ...]) -> None:
    """Only the declared groups make roles."""
    assert HELPERS.applied(HomeValues(roles=groups)).roles == roles


@pytest.mark.parametrize("codes", [(), ("90601",), ("90601", "90602")])
def test_puts_the_fixed_school_in_the_place_of_codes(codes: tuple[str, ...]) -> None:
    """Everybody is at the one school."""
    assert HELPERS.applied(HomeValues(school_codes=codes)).school_codes == ("90501",)


@pytest.mark.parametrize("kind", IdpKind)
def test_changes_nothing_where_no_helper_is_declared(kind: IdpKind) -> None:
    """Without helpers, values stay as they came."""
    home = HomeValues(school_codes=("1;2",), roles=("x", ""), groups=("",))

    assert EntraHelpers.of(IdentityProvider(kind=kind)).applied(home) == home
