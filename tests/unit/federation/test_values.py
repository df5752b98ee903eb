# SPDX-License-Identifier: Apache-2.0
"""From home values to MPASSid's attributes (facts-mpassid 2 to 4)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.drop_rules import DROP_RULES
from federation.home import HomeValues
from federation.model import Rules
from federation.organisations import OrganisationRegistry
from federation.values import BuiltAttributes, build_attributes, uid
from tests.builders.people import MANSIKKALA, PUPIL, REGISTRY, organisation

SCHOOL_ROLE = "1.2.246.562.99.00000000001;30076;9F;Oppilas;1;1.2.246.562.99.00000000002;"
BY_SCHOOL = ("school_info", "education_provider_info", "role", "learning_materials_charge")


def build(home: HomeValues) -> BuiltAttributes:
    """Return what is built of a person of Mansikkala."""
    return build_attributes(home, MANSIKKALA, REGISTRY)


def rules(built: BuiltAttributes) -> set[tuple[str, str]]:
    """Return what was dropped as pairs of attribute and rule."""
    return {(dropped.attribute, dropped.rule) for dropped in built.dropped}


def test_builds_every_attribute_of_an_ordinary_pupil() -> None:
    """A pupil with one school has all eleven attributes, as the published sample response has them."""
    built = build(PUPIL)

    assert dict(built.values) == {
        "uid": ("MPASSOID.77e0511a2168e6e4dab42771a9a550a5c3658583",),
        "given_name": ("Testi1",),
        "surname": ("Oppilas1",),
        "nickname": ("Kutsumanimi1",),
        "learner_id": ("1.2.246.562.98.10000000017",),
        "school_info": (
            "30076;Mansikkalan testi peruskoulu",
            "1.2.246.562.99.00000000002;Mansikkalan testi peruskoulu",
        ),
        "education_provider_info": ("1.2.246.562.99.00000000001;Mansikkalan testi kunta",),
        "role": (SCHOOL_ROLE,),
        "learning_materials_charge": ("1;30076", "1;1.2.246.562.99.00000000002"),
        "class_level": ("9",),
        "original_issuer": ("1.2.246.562.99.00000000001",),
    }
    assert built.dropped == ()


def test_hashes_the_uid_of_source_and_user() -> None:
    """The uid is SHA-1 over the source's id and the user name (sha1sum of "saml_kuopiodemo")."""
    assert uid("saml_kuopio", "demo") == "MPASSOID.eabb153da370051db19e590208ed29ffef573b78"


@pytest.mark.parametrize("user_id", [None, "", "  "])
def test_sends_nothing_without_a_user_id(user_id: str | None) -> None:
    """Without a source of the uid no attribute goes out at all, and each says so."""
    built = build(replace(PUPIL, user_id=user_id))

    assert dict(built.values) == {}
    assert rules(built) == {
        (attribute, "user-id-missing")
        for attribute in (
            "uid",
            "given_name",
            "surname",
            "nickname",
            "learner_id",
            *BY_SCHOOL,
            "class_level",
            "original_issuer",
        )
    }


@pytest.mark.parametrize("attribute", ["given_name", "surname", "nickname", "learner_id", "class_level"])
@pytest.mark.parametrize("value", [None, "", " "])
def test_leaves_out_a_single_value_that_is_missing(attribute: str, value: str | None) -> None:
    """A missing single value is absent, and everything else still goes out."""
    built = build(replace(PUPIL, **{attribute: value}))

    assert set(build(PUPIL).values) - set(built.values) == {attribute}
    assert rules(built) == {(attribute, "value-missing")}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        pytest.param({"school_codes": ()}, "school-code-missing", id="no school code"),
        pytest.param({"roles": ()}, "role-missing", id="no role"),
        pytest.param({"groups": ("9F", "9G")}, "counts-differ", id="two classes at one school"),
        pytest.param({"groups": ("9F;9G",)}, "counts-differ", id="a stray separator in the class"),
        pytest.param({"roles": ("Oppilas;",)}, "counts-differ", id="a stray separator in the role"),
        pytest.param({"charges": ("0", "1")}, "charge-count-differs", id="two charges at one school"),
    ],
)
def test_drops_all_that_depends_on_a_school(change: dict[str, tuple[str, ...]], rule: str) -> None:
    """When the lists cannot be paired, nothing of them goes out, and no class level either."""
    built = build(replace(PUPIL, **change))  # type: ignore[arg-type]  # a change of a list

    assert set(built.values) == {"uid", "given_name", "surname", "nickname", "learner_id", "original_issuer"}
    assert rules(built) == {
        *((attribute, rule) for attribute in BY_SCHOOL),
        ("class_level", "class-level-without-role"),
    }


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        pytest.param({"school_codes": ("30076;99999",)}, "school-unknown", id="an unknown school"),
        pytest.param({"school_codes": ("30076;",)}, "school-unknown", id="an empty school"),
        pytest.param({"roles": ("Oppilas;Huoltaja",)}, "role-not-allowed", id="a guardian"),
        pytest.param({"roles": ("Oppilas;",)}, "role-not-allowed", id="an empty role"),
    ],
)
def test_drops_only_the_position(change: dict[str, tuple[str, ...]], rule: str) -> None:
    """A position with an unknown school or a role that is not allowed is dropped; the other stays."""
    two = replace(PUPIL, school_codes=("30076;30079",), groups=("9F;L1",), roles=("Oppilas;Oppilas",))

    built = build(replace(two, **change))  # type: ignore[arg-type]  # a change of a list

    assert built.values == build(PUPIL).values
    assert rules(built) == {(attribute, rule) for attribute in BY_SCHOOL}


def test_builds_the_union_of_two_schools() -> None:
    """Two schools: both forms of each, one role and charge each, the common provider once."""
    values = build(replace(PUPIL, school_codes=("30076", "30079"), groups=("9F", "L1"), charges=("1", "0"))).values

    assert values["school_info"] == (
        "30076;Mansikkalan testi peruskoulu",
        "1.2.246.562.99.00000000002;Mansikkalan testi peruskoulu",
        "30079;Mansikkalan testi lukio",
        "1.2.246.562.99.00000000005;Mansikkalan testi lukio",
    )
    assert values["education_provider_info"] == ("1.2.246.562.99.00000000001;Mansikkalan testi kunta",)
    assert values["role"] == (
        SCHOOL_ROLE,
        "1.2.246.562.99.00000000001;30079;L1;Oppilas;1;1.2.246.562.99.00000000005;",
    )
    assert values["learning_materials_charge"] == (
        "1;30076",
        "1;1.2.246.562.99.00000000002",
        "0;30079",
        "0;1.2.246.562.99.00000000005",
    )


def test_builds_an_identical_value_once() -> None:
    """The same school twice, with one role and class, is told once."""
    twice = replace(PUPIL, school_codes=("30076", "30076"), groups=("9F", "9F"), charges=("1",))

    assert build(twice).values == build(PUPIL).values


def test_finds_a_school_by_its_oid() -> None:
    """An OID in place of a school code leads to the same values."""
    assert build(replace(PUPIL, school_codes=("1.2.246.562.99.00000000002",))).values == build(PUPIL).values


def test_tells_the_office_of_a_person() -> None:
    """A person at an office has the office's name, its school's two, and the office in the role."""
    values = build(replace(PUPIL, school_codes=("30077",), groups=("AMM1",))).values

    assert values["school_info"] == (
        "1.2.246.562.99.00000000003;Metsolan toimipiste",
        "30078;Mansikkalan testi ammattioppilaitos",
        "1.2.246.562.99.00000000004;Mansikkalan testi ammattioppilaitos",
    )
    assert values["role"] == (
        "1.2.246.562.99.00000000001;30078;AMM1;Oppilas;1;1.2.246.562.99.00000000004;1.2.246.562.99.00000000003",
    )
    assert values["learning_materials_charge"] == ("1;30078", "1;1.2.246.562.99.00000000004")


def test_tells_each_schools_own_provider() -> None:
    """A school of another provider goes out with that provider; the issuer stays the source's."""
    values = build(replace(PUPIL, school_codes=("30076", "04647"), groups=("9F", "3A"))).values

    assert values["education_provider_info"] == (
        "1.2.246.562.99.00000000001;Mansikkalan testi kunta",
        "1.2.246.562.99.00000000020;Kuusikosken kaupunki",
    )
    assert values["role"] == (
        SCHOOL_ROLE,
        "1.2.246.562.99.00000000020;04647;3A;Oppilas;1;1.2.246.562.99.00000000021;",
    )
    assert values["original_issuer"] == ("1.2.246.562.99.00000000001",)


def test_builds_the_example_of_the_public_tests() -> None:
    """Three schools, classes with an empty first and three roles give the three published role values."""
    provider = {"parent_oid": "1.2.246.562.99.00000000010", "parent_name": "Demola"}
    registry = OrganisationRegistry(
        organisation(code, f"1.2.246.562.99.000000{code}", f"Koulu {code}", **provider)
        for code in ("99904", "99905", "99906")
    )
    home = HomeValues(
        user_id="demo",
        school_codes=("99904;99905;99906",),
        groups=(";4B;6C",),
        roles=("teacher;Sijaisopettaja;Sijaisopettaja",),
    )

    assert build_attributes(home, MANSIKKALA, registry).values["role"] == (
        "1.2.246.562.99.00000000010;99904;;Opettaja;2;1.2.246.562.99.00000099904;",
        "1.2.246.562.99.00000000010;99905;4B;Sijaisopettaja;5;1.2.246.562.99.00000099905;",
        "1.2.246.562.99.00000000010;99906;6C;Sijaisopettaja;5;1.2.246.562.99.00000099906;",
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("0", ("0",), id="pre-primary"),
        pytest.param("10", ("10",), id="the voluntary tenth"),
        pytest.param(" 9 ", ("9",), id="trimmed"),
        pytest.param("09", ("9",), id="an integer with a zero in front"),
    ],
)
def test_sends_a_class_level(written: str, expected: tuple[str, ...]) -> None:
    """A class level from 0 to 10 goes out as an integer."""
    assert build(replace(PUPIL, class_level=written)).values["class_level"] == expected


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        pytest.param("seiska", "class-level-not-an-integer", id="a word"),
        pytest.param("9F", "class-level-not-an-integer", id="a class"),
        pytest.param("7.5", "class-level-not-an-integer", id="a fraction"),
        pytest.param("7;8", "class-level-not-an-integer", id="two values"),
        pytest.param("\u0667", "class-level-not-an-integer", id="a digit of another script"),
        pytest.param("9" * 40, "class-level-not-an-integer", id="forty digits"),
        pytest.param("11", "class-level-out-of-range", id="eleven"),
        pytest.param("-1", "class-level-out-of-range", id="below zero"),
    ],
)
def test_drops_a_class_level(written: str, rule: str) -> None:
    """A class level that is no integer from 0 to 10 is dropped alone."""
    built = build(replace(PUPIL, class_level=written))

    assert "class_level" not in built.values
    assert rules(built) == {("class_level", rule)}


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        pytest.param(("Oppilas", "Huoltaja"), ("9",), id="allowed at the first position"),
        pytest.param(("Huoltaja", "Oppilas"), None, id="allowed only at the second position"),
    ],
)
def test_sends_a_class_level_with_the_first_role(roles: tuple[str, ...], expected: tuple[str, ...] | None) -> None:
    """A class level belongs to the first position, whose role must be allowed."""
    two = replace(PUPIL, school_codes=("30076", "30079"), groups=(), roles=roles)

    assert build(two).values.get("class_level") == expected


def test_sends_a_class_level_though_the_school_is_unknown() -> None:
    """An unknown school costs what depends on the school; the class level does not."""
    assert build(replace(PUPIL, school_codes=("99999",))).values["class_level"] == ("9",)


@pytest.mark.parametrize("charge", ["2", "-1", "ilmainen", "1.0", "true"])
def test_drops_a_charge_that_is_neither_0_nor_1(charge: str) -> None:
    """An odd charge is dropped alone."""
    built = build(replace(PUPIL, charges=(charge,)))

    assert set(build(PUPIL).values) - set(built.values) == {"learning_materials_charge"}
    assert rules(built) == {("learning_materials_charge", "charge-not-0-or-1")}


def test_tells_a_charge_of_students_only() -> None:
    """`1;;0` is fine when the middle role is a teacher's, and a teacher's own charge is never told."""
    home = replace(PUPIL, school_codes=("30076", "30078", "30079"), groups=(), roles=("Oppilas", "Opettaja", "Oppilas"))

    with_gap = build(replace(home, charges=("1;;0",)))
    for_all = build(replace(home, charges=("1",)))

    assert with_gap.values["learning_materials_charge"] == (
        "1;30076",
        "1;1.2.246.562.99.00000000002",
        "0;30079",
        "0;1.2.246.562.99.00000000005",
    )
    assert with_gap.dropped == ()
    assert rules(for_all) == {("learning_materials_charge", "charge-not-of-a-student")}


def test_says_when_there_is_no_charge() -> None:
    """A person without a charge has no charge attribute."""
    built = build(replace(PUPIL, charges=()))

    assert "learning_materials_charge" not in built.values
    assert rules(built) == {("learning_materials_charge", "value-missing")}


def test_names_rule_and_clause_of_what_is_dropped() -> None:
    """What is dropped carries the table's clause and what was found."""
    built = build(replace(PUPIL, school_codes=("99999",), charges=()))

    assert [(dropped.attribute, dropped.clause, dropped.detail) for dropped in built.dropped] == [
        ("school_info", "facts-mpassid 2", "position 1: school code 99999"),
        ("education_provider_info", "facts-mpassid 2", "position 1: school code 99999"),
        ("role", "facts-mpassid 2", "position 1: school code 99999"),
        ("learning_materials_charge", "facts-mpassid 2", "The education provider sends no value."),
    ]


TEXTS = st.text(alphabet=";\\ 0123456789aåÄ.", max_size=8)
LISTS = st.lists(
    st.one_of(TEXTS, st.sampled_from(["30076", "30077", "30079", "04647", "9F", "Oppilas", "teacher", "0", "1"])),
    max_size=4,
).map(tuple)


@given(
    home=st.builds(
        HomeValues,
        given_name=st.none() | TEXTS,
        user_id=st.just("demo"),
        class_level=st.none() | TEXTS,
        school_codes=LISTS,
        groups=LISTS,
        roles=LISTS,
        charges=LISTS,
    )
)
def test_builds_well_formed_values_of_anything(home: HomeValues) -> None:
    """Whatever a registry holds, values are unique, roles have seven fields, schools two, and no rule is unnamed."""
    built = build(home)

    for values in built.values.values():
        assert values
        assert len(set(values)) == len(values)
        assert all(value.strip() for value in values)
    assert all(value.count(";") == 6 for value in built.values.get("role", ()))
    assert all(value.count(";") == 1 for value in built.values.get("school_info", ()))
    assert {dropped.rule for dropped in built.dropped} <= set(DROP_RULES)


@pytest.mark.parametrize(
    ("rules", "roles", "charges"),
    [
        pytest.param(Rules(), 0, 0, id="the document: charges that do not match drop everything"),
        pytest.param(
            Rules(charge_mismatch_drops_charge_only=True), 3, 0, id="the public code: they cost only the charge"
        ),
    ],
)
def test_lets_charges_that_do_not_match_cost_what_the_rules_say(rules: Rules, roles: int, charges: int) -> None:
    """Document and code disagree; the switch names the code's behaviour."""
    home = HomeValues(
        user_id="u", school_codes=("30076", "30079", "30078"), roles=("Oppilas",), groups=(), charges=("0", "1")
    )

    values = build_attributes(home, MANSIKKALA, REGISTRY, rules).values

    assert len(values.get("role", ())) == roles
    assert len(values.get("learning_materials_charge", ())) == charges


def test_reads_only_the_first_value_where_the_rules_say_so() -> None:
    """An identity provider that sends separate values loses all but the first, as in the public code."""
    home = HomeValues(user_id="u", school_codes=("30076", "30079"), groups=("9F", "L1"), roles=("Oppilas", "Opettaja"))

    values = build_attributes(home, MANSIKKALA, REGISTRY, Rules(first_value_only=True)).values

    assert [role.split(";")[1:4] for role in values["role"]] == [["30076", "9F", "Oppilas"]]
