# SPDX-License-Identifier: Apache-2.0
"""What the rules see of a person, from what a login brought."""

from __future__ import annotations

import pytest

from sp_stub.rules.person import PersonSchool, RoleHere, SchoolRole, mpassid_person

PROVIDER = "1.2.246.562.99.00000000001"
OID = "1.2.246.562.99.00000000002"
OTHER_OID = "1.2.246.562.99.00000000003"
OFFICE_OID = "1.2.246.562.99.00000000004"
ROLE = f"{PROVIDER};30076;9F;Oppilas;1;{OID};"
OTHER_ROLE = f"{PROVIDER};99900;;Opettaja;2;{OTHER_OID};"
INFO = ("30076;Mansikkalan testi peruskoulu", f"{OID};Mansikkalan testi peruskoulu")
OTHER_INFO = ("99900;Demolan koulu", f"{OTHER_OID};Demolan koulu")

SCHOOL = PersonSchool("30076", OID, "Mansikkalan testi peruskoulu", (SchoolRole("Oppilas", "1", "9F"),))
OTHER_SCHOOL = PersonSchool("99900", OTHER_OID, "Demolan koulu", (SchoolRole("Opettaja", "2", ""),))


def schools(roles: tuple[str, ...], info: tuple[str, ...] = INFO) -> tuple[PersonSchool, ...]:
    return mpassid_person({"uid": ("MPASSOID.1",), "role": roles, "school_info": info}, {}).schools


def test_has_the_schools_that_roles_name_in_their_order():
    """Each role names a school, schoolInfo its name."""
    assert schools((ROLE, OTHER_ROLE), INFO + OTHER_INFO) == (SCHOOL, OTHER_SCHOOL)


def test_counts_an_office_as_its_parent_school():
    """An office's role names the parent's code and, in field 7, the office itself."""
    role = f"{PROVIDER};30076;;Oppilas;1;{OID};{OFFICE_OID}"

    assert schools((role,), (f"{OFFICE_OID};Toimipiste Etelä", *INFO)) == (
        PersonSchool(
            "30076",
            OID,
            "Mansikkalan testi peruskoulu",
            (SchoolRole("Oppilas", "1", "", office="Toimipiste Etelä"),),
        ),
    )


def test_puts_two_roles_at_one_school_together():
    """One school named by two roles is one school."""
    teacher = f"{PROVIDER};30076;;Opettaja;2;{OID};"

    (school,) = schools((ROLE, teacher))

    assert school.roles == (SchoolRole("Oppilas", "1", "9F"), SchoolRole("Opettaja", "2", ""))
    assert school.role is RoleHere.TEACHER


def test_passes_over_a_role_that_is_not_of_seven_fields():
    """A stray `;` or the old form makes a role value count for nothing (facts-mpassid 3)."""
    broken = (f"{PROVIDER};30076;9F;Oppilas", f"{PROVIDER};30076;9;F;Oppilas;1;{OID};", "", ";;;;;;")

    assert schools(broken) == ()


def test_does_not_take_a_school_from_school_info_alone():
    """A second school in schoolInfo whose role was dropped is none of the person's."""
    assert schools((ROLE,), INFO + OTHER_INFO) == (SCHOOL,)


def test_keeps_a_leading_zero_and_a_separator_in_the_name():
    """Codes are text, and only the first `;` of schoolInfo separates."""
    found = schools((f"{PROVIDER};04647;;Oppilas;1;{OID};",), ("04647;Koulu; sivutoimipiste",))

    assert [(school.code, school.name) for school in found] == [("04647", "Koulu; sivutoimipiste")]


def test_names_a_school_by_the_services_own_records_where_the_login_brings_no_name():
    """A service that does not receive schoolInfo still shows its customer's name."""
    person = mpassid_person({"uid": ("x",), "role": (ROLE,)}, {"30076": "Oma nimi"})

    assert [school.name for school in person.schools] == ["Oma nimi"]


@pytest.mark.parametrize(
    ("name", "code", "role"),
    [
        ("Oppilas", "1", RoleHere.PUPIL),
        ("Opettaja", "2", RoleHere.TEACHER),
        ("Hallintohenkilö", "3", RoleHere.ADDITIONAL_USER),
        ("Koulusihteeri", "4", RoleHere.ADDITIONAL_USER),
        ("Sijaisopettaja", "5", RoleHere.TEACHER),
        ("Rehtori", "6", RoleHere.TEACHER),
        ("Opettaja", "-1", RoleHere.ADDITIONAL_USER),
        ("Opettaja", "", RoleHere.ADDITIONAL_USER),
        ("Opettaja", "22", RoleHere.ADDITIONAL_USER),
    ],
)
def test_knows_a_role_by_its_code(name: str, code: str, role: RoleHere):
    """A role that the list does not hold is never a teacher's, whatever it is called."""
    (school,) = schools((f"{PROVIDER};30076;;{name};{code};{OID};",))

    assert school.role is role


@pytest.mark.parametrize(
    ("level", "number"), [("9", 9), ("0", 0), ("10", 10), ("11", None), ("-1", None), ("9.0", None), ("", None)]
)
def test_takes_a_class_level_from_0_to_10(level: str, number: int | None):
    """Anything else is no class level."""
    assert mpassid_person({"uid": ("x",), "class_level": (level,)}, {}).class_level == number


def test_is_greeted_by_the_name_in_use():
    """Nickname and surname; the given name where there is no nickname, nothing where there is no name."""
    names = {"given_name": ("Testi1",), "nickname": ("Kutsu1",), "surname": ("Oppilas1",)}

    assert mpassid_person(names, {}).name == "Kutsu1 Oppilas1"
    assert mpassid_person({**names, "nickname": ()}, {}).name == "Testi1 Oppilas1"
    assert mpassid_person({}, {}).name == ""
