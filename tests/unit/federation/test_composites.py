# SPDX-License-Identifier: Apache-2.0
"""The composite values (facts-mpassid 4)."""

from __future__ import annotations

import pytest

from federation.composites import charge_values, education_provider_info, role_value, school_info
from federation.organisations import School
from federation.roles import find_role
from tests.builders.people import BASIC_SCHOOL, OFFICE, VOCATIONAL_SCHOOL

SCHOOL = School(BASIC_SCHOOL)
AT_OFFICE = School(VOCATIONAL_SCHOOL, office=OFFICE)


def test_tells_a_school_by_code_and_by_oid() -> None:
    """SchoolInfo has the code's form first and the OID's second, which real clients rely on."""
    assert school_info(SCHOOL) == (
        "30076;Mansikkalan testi peruskoulu",
        "1.2.246.562.99.00000000002;Mansikkalan testi peruskoulu",
    )


def test_tells_an_office_before_its_school() -> None:
    """An office adds its OID's form first; its own code is never told."""
    assert school_info(AT_OFFICE) == (
        "1.2.246.562.99.00000000003;Metsolan toimipiste",
        "30078;Mansikkalan testi ammattioppilaitos",
        "1.2.246.562.99.00000000004;Mansikkalan testi ammattioppilaitos",
    )


def test_tells_the_education_provider() -> None:
    """EducationProviderInfo is the parent's OID and name."""
    assert education_provider_info(SCHOOL) == "1.2.246.562.99.00000000001;Mansikkalan testi kunta"


@pytest.mark.parametrize(
    ("school", "group", "word", "expected"),
    [
        pytest.param(
            SCHOOL,
            "9F",
            "student",
            "1.2.246.562.99.00000000001;30076;9F;Oppilas;1;1.2.246.562.99.00000000002;",
            id="a pupil of a class",
        ),
        pytest.param(
            SCHOOL,
            None,
            "rektor",
            "1.2.246.562.99.00000000001;30076;;Rehtori;6;1.2.246.562.99.00000000002;",
            id="a principal without a class",
        ),
        pytest.param(
            AT_OFFICE,
            "AMM1",
            "Oppilas",
            "1.2.246.562.99.00000000001;30078;AMM1;Oppilas;1;1.2.246.562.99.00000000004;1.2.246.562.99.00000000003",
            id="at an office the seventh field is the office's OID",
        ),
        pytest.param(SCHOOL, "9;F", "Oppilas", None, id="a stray separator makes the role vanish"),
    ],
)
def test_tells_a_role_in_seven_fields(school: School, group: str | None, word: str, expected: str | None) -> None:
    """A role has exactly seven fields, or there is none."""
    role = find_role(word)
    assert role is not None

    assert role_value(school, group, role) == expected


def test_tells_a_charge_by_code_and_by_oid() -> None:
    """The charge is told for the school's code and for its OID."""
    assert charge_values(AT_OFFICE, 1) == ("1;30078", "1;1.2.246.562.99.00000000004")
