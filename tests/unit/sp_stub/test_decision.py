# SPDX-License-Identifier: Apache-2.0
"""The publisher's rows of the decision table (design 6), each with its whole outcome."""

from __future__ import annotations

from sp_stub.decision import Decision, PersonSchool, SchoolRole, decide

PROVIDER = "1.2.246.562.99.00000000001"
OID = "1.2.246.562.99.00000000002"
OTHER_OID = "1.2.246.562.99.00000000003"
OFFICE_OID = "1.2.246.562.99.00000000004"
ROLE = f"{PROVIDER};30076;9F;Oppilas;1;{OID};"
OTHER_ROLE = f"{PROVIDER};99900;;Opettaja;2;{OTHER_OID};"
INFO = ("30076;Mansikkalan testi peruskoulu", f"{OID};Mansikkalan testi peruskoulu")
OTHER_INFO = ("99900;Demolan koulu", f"{OTHER_OID};Demolan koulu")
LICENCES = {"30076": ("matikka-9",), "99900": ("lukukirja-3", "matikka-9")}

SCHOOL = PersonSchool("30076", OID, "Mansikkalan testi peruskoulu", (SchoolRole("Oppilas", "1", "9F"),), ("matikka-9",))
OTHER_SCHOOL = PersonSchool(
    "99900", OTHER_OID, "Demolan koulu", (SchoolRole("Opettaja", "2", ""),), ("lukukirja-3", "matikka-9")
)
UNREAD = PersonSchool("99900", OTHER_OID, "Demolan koulu", (SchoolRole("Opettaja", "2", ""),))


def person(roles: tuple[str, ...], info: tuple[str, ...] = INFO) -> dict[str, tuple[str, ...]]:
    return {"uid": ("MPASSOID.1",), "role": roles, "school_info": info}


def test_gives_an_activated_school_its_materials():
    """One activated school: a session with that school's materials."""
    assert decide(person((ROLE,)), {"30076"}, LICENCES) == Decision("session", schools=(SCHOOL,))


def test_gives_two_activated_schools_the_union():
    """Two activated schools: the union, and which school gives what."""
    decision = decide(person((ROLE, OTHER_ROLE), INFO + OTHER_INFO), {"30076", "99900"}, LICENCES)

    assert decision == Decision("session", schools=(SCHOOL, OTHER_SCHOOL))
    assert decision.materials == ("matikka-9", "lukukirja-3")


def test_shows_a_school_that_is_not_activated_beside_one_that_is():
    """Some activated, some not: materials of the activated ones, the others shown as not activated."""
    decision = decide(person((OTHER_ROLE, ROLE), INFO + OTHER_INFO), {"30076"}, LICENCES)

    assert decision == Decision("session", schools=(SCHOOL,), not_activated=(UNREAD,))


def test_refuses_only_schools_that_are_not_activated():
    """No activated school: refused with page 105, and the schools it is about."""
    decision = decide(person((OTHER_ROLE,), OTHER_INFO), {"30076"}, LICENCES)

    assert decision == Decision("refused", "school-not-activated", 105, not_activated=(UNREAD,))


def test_refuses_without_a_role():
    """A school without a role says nothing about the person: 106."""
    assert decide(person((), INFO), {"30076"}, LICENCES) == Decision("refused", "no-school-data", 106)


def test_refuses_without_any_school_data():
    """Neither role nor school: 106."""
    assert decide({"uid": ("MPASSOID.1",)}, {"30076"}, LICENCES) == Decision("refused", "no-school-data", 106)


def test_refuses_without_a_uid():
    """No attributes at all, as when the uid has no source: 107."""
    assert decide({}, {"30076"}, LICENCES) == Decision("refused", "no-user-id", 107)


def test_asks_for_the_uid_before_the_school():
    """A school without a uid is 107 as well."""
    decision = decide({"role": (ROLE,), "school_info": INFO}, {"30076"}, LICENCES)

    assert decision == Decision("refused", "no-user-id", 107)


def test_gives_an_activated_school_without_a_licence_an_empty_shelf():
    """No licence is a session with nothing on the shelf."""
    decision = decide(person((ROLE,)), {"30076"}, {})

    assert decision.outcome == "session"
    assert decision.materials == ()
    assert [school.code for school in decision.schools] == ["30076"]


def test_counts_an_office_as_its_parent_school():
    """An office's role names the parent's code and, in field 7, the office itself."""
    role = f"{PROVIDER};30076;;Oppilas;1;{OID};{OFFICE_OID}"

    decision = decide(person((role,), (f"{OFFICE_OID};Toimipiste Etelä", *INFO)), {"30076"}, LICENCES)

    assert decision.schools == (
        PersonSchool(
            "30076",
            OID,
            "Mansikkalan testi peruskoulu",
            (SchoolRole("Oppilas", "1", "", office="Toimipiste Etelä"),),
            ("matikka-9",),
        ),
    )


def test_puts_two_roles_at_one_school_together():
    """One school named by two roles is one school."""
    teacher = f"{PROVIDER};30076;;Opettaja;2;{OID};"

    decision = decide(person((ROLE, teacher)), {"30076"}, LICENCES)

    assert [school.roles for school in decision.schools] == [
        (SchoolRole("Oppilas", "1", "9F"), SchoolRole("Opettaja", "2", ""))
    ]


def test_passes_over_a_role_that_is_not_of_seven_fields():
    """A stray `;` or the old form makes a role value count for nothing (facts-mpassid 3)."""
    broken = (f"{PROVIDER};30076;9F;Oppilas", f"{PROVIDER};30076;9;F;Oppilas;1;{OID};", "", ";;;;;;")

    assert decide(person(broken), {"30076"}, LICENCES).because == "no-school-data"


def test_does_not_take_a_school_from_school_info_alone():
    """A second school in schoolInfo whose role was dropped gives nothing."""
    decision = decide(person((ROLE,), INFO + OTHER_INFO), {"30076", "99900"}, LICENCES)

    assert decision == Decision("session", schools=(SCHOOL,))


def test_keeps_a_leading_zero_and_a_separator_in_the_name():
    """Codes are text, and only the first `;` of schoolInfo separates."""
    role = f"{PROVIDER};04647;;Oppilas;1;{OID};"

    decision = decide(person((role,), ("04647;Koulu; sivutoimipiste",)), {"04647"}, {})

    assert [(school.code, school.name) for school in decision.schools] == [("04647", "Koulu; sivutoimipiste")]


def test_names_a_school_by_its_own_records_where_the_login_brings_no_name():
    """A service that does not receive schoolInfo still shows its customer's name."""
    decision = decide({"uid": ("x",), "role": (ROLE,)}, {"30076"}, {}, {"30076": "Oma nimi"})

    assert [school.name for school in decision.schools] == ["Oma nimi"]


def test_has_no_gate_at_the_portal():
    """A service without activations shows every school."""
    decision = decide(person((ROLE, OTHER_ROLE), INFO + OTHER_INFO), None, LICENCES)

    assert decision == Decision("session", schools=(SCHOOL, OTHER_SCHOOL))
