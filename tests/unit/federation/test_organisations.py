# SPDX-License-Identifier: Apache-2.0
"""Looking up a school in the organisation registry (facts-mpassid 4)."""

from __future__ import annotations

import pytest

from federation.loader import loads
from federation.organisations import Organisation, OrganisationRegistry, School
from tests.builders.declarations import declaration
from tests.builders.people import BASIC_SCHOOL, OFFICE, REGISTRY, SCHOOL_ELSEWHERE, VOCATIONAL_SCHOOL, organisation


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param("30076", BASIC_SCHOOL, id="by code"),
        pytest.param("1.2.246.562.99.00000000002", BASIC_SCHOOL, id="by OID"),
        pytest.param("  30076\n", BASIC_SCHOOL, id="the id is trimmed"),
        pytest.param("04647", SCHOOL_ELSEWHERE, id="a school of another provider: the registry is national"),
        pytest.param("30077", OFFICE, id="an office"),
        pytest.param("4647", None, id="a code without its leading zero is another code"),
        pytest.param("99999", None, id="an unknown code"),
        pytest.param("1.2.246.562.99.00000000001", None, id="an education provider is no school"),
        pytest.param("", None, id="empty"),
        pytest.param("   ", None, id="blank"),
        pytest.param(None, None, id="missing"),
        pytest.param("3007600", None, id="a number of more than six digits"),
        pytest.param("mansikkala", None, id="text without a dot"),
        pytest.param("٣٠٠٧٦", None, id="digits of another script"),
    ],
)
def test_finds(wanted: str | None, expected: Organisation | None) -> None:
    """An id is looked up exactly, or not at all."""
    assert REGISTRY.find(wanted) == expected


@pytest.mark.parametrize("code", ["3007600", "mansikkala"])
def test_does_not_look_up_what_cannot_be_an_id(code: str) -> None:
    """Seven digits, or text without a dot, are not asked of the registry even if it held them."""
    assert OrganisationRegistry([organisation(code, "1.2.3", "Koulu")]).find(code) is None


def test_leads_from_an_office_to_its_school() -> None:
    """The school of an office is found with the office beside it."""
    assert REGISTRY.find_school("30077") == School(VOCATIONAL_SCHOOL, office=OFFICE)


def test_leads_from_a_school_to_itself() -> None:
    """A school has no office beside it."""
    assert REGISTRY.find_school("30076") == School(BASIC_SCHOOL)


def test_does_not_know_an_office_without_its_school() -> None:
    """An office whose school the registry does not hold is as good as unknown."""
    assert OrganisationRegistry([OFFICE]).find_school("30077") is None


def test_holds_the_active_schools_of_a_declaration() -> None:
    """Every provider's schools are there with their parent, except those that are not active."""
    federation = loads(
        declaration("type: upper-secondary}", "type: upper-secondary, active: false}"), "federation.yaml"
    )

    assert OrganisationRegistry.of(federation).organisations == (
        Organisation(
            "04647",
            "1.2.246.562.99.00000000021",
            "Kuusikosken koulu",
            "1.2.246.562.99.00000000020",
            "Kuusikosken kaupunki",
        ),
        Organisation(
            "30076",
            "1.2.246.562.99.00000000002",
            "Mansikkalan testi peruskoulu",
            "1.2.246.562.99.00000000001",
            "Mansikkalan testi kunta",
        ),
    )
