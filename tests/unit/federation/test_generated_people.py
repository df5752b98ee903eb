# SPDX-License-Identifier: Apache-2.0
"""People computed from a seed: the same one every time, as a registry would hold them, in national proportions."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.generated_people import SchoolPlace, generated_number, generated_person
from federation.model import GeneratedPeople, Person, SchoolType
from federation.multivalue import Mismatch, pair
from tests.builders.declarations import declaration, problems_of

BASIC = SchoolPlace(code="03256", type=SchoolType.BASIC)
LUKIO = SchoolPlace(code="04647", type=SchoolType.UPPER_SECONDARY)
VOCATIONAL = SchoolPlace(code="30078", type=SchoolType.VOCATIONAL)
COMBINED = SchoolPlace(code="30080", type=SchoolType.COMBINED)
EARLY = SchoolPlace(code="30081", type=SchoolType.EARLY_CHILDHOOD)
SCHOOLS = (BASIC, LUKIO, VOCATIONAL, COMBINED)

STAFF = {"Opettaja", "Sijaisopettaja", "Rehtori", "Koulusihteeri", "Hallintohenkilö"}


def generated(count: int = 10_000, seed: int = 7, missing: float = 0.0) -> GeneratedPeople:
    return GeneratedPeople(count=count, seed=seed, missing_attributes=missing)


def people(asked: GeneratedPeople, schools: tuple[SchoolPlace, ...] = SCHOOLS, count: int = 4_000) -> list[Person]:
    return [generated_person(asked, schools, number) for number in range(1, count + 1)]


def share(found: list[Person], of: list[Person]) -> float:
    return len(found) / len(of)


@given(seed=st.integers(0, 6_999), number=st.integers(1, 999_999), missing=st.sampled_from([0.0, 0.3, 1.0]))
def test_computes_the_same_person_every_time(seed: int, number: int, missing: float):
    """A person depends on the seed, the schools and the number, on nothing else."""
    asked = generated(seed=seed, missing=missing)

    assert generated_person(asked, SCHOOLS, number) == generated_person(asked, SCHOOLS, number)


def test_computes_the_person_it_always_has():
    """Written out, so that a change of the computation is seen: load scenarios are compared from year to year."""
    person = generated_person(generated(), SCHOOLS, 123)

    assert person.model_dump(exclude={"note", "mpass_data"}) == {
        "given_name": "Pihla",
        "surname": "Suokangas",
        "nickname": "Pihla",
        "user_id": None,
        "learner_id": "1.2.246.562.98.30070001232",
        "school_codes": ("30078",),
        "groups": ("AMM1C",),
        "roles": ("Oppilas",),
        "charges": ("0",),
        "class_level": None,
    }


@given(seed=st.integers(0, 6_999), number=st.integers(1, 999_999))
def test_gives_learner_ids_of_the_documented_form(seed: int, number: int):
    """Class 98 of the test environment and eleven digits, the last one by Luhn."""
    learner_id = generated_person(generated(seed=seed), SCHOOLS, number).learner_id or ""
    digits = [int(digit) for digit in learner_id.rpartition(".")[2]]
    luhn = sum(digits[-1::-2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])

    assert re.fullmatch(r"1\.2\.246\.562\.98\.[1-9][0-9]{10}", learner_id)
    assert luhn % 10 == 0


def test_gives_everybody_a_learner_id_of_their_own():
    """Neither within an education provider nor across two with different seeds is one given twice."""
    ids = [
        generated_person(generated(seed=seed), SCHOOLS, number).learner_id
        for seed, number in product((0, 7, 8, 6_999), (*range(1, 500), *range(999_500, 1_000_000)))
    ]

    assert len(set(ids)) == len(ids)


def test_holds_as_many_pupils_and_teachers_as_the_country():
    """Between nine in ten and nineteen in twenty are pupils; all others work at a school, most of them as teachers."""
    found = people(generated())
    roles = Counter(role for person in found for role in set(person.roles))

    assert set(roles) == {"Oppilas", *STAFF}
    assert 0.9 < roles["Oppilas"] / len(found) < 0.95
    assert 0.75 < roles["Opettaja"] / (len(found) - roles["Oppilas"]) < 0.95


def test_lets_some_teachers_have_two_schools():
    """About one teacher in seven works at two schools of the education provider, and nobody else does."""
    found = people(generated(), count=20_000)
    teachers = [person for person in found if "Opettaja" in person.roles]
    itinerant = [person for person in found if len(set(person.school_codes)) == 2]

    assert all("Opettaja" in person.roles for person in itinerant)
    assert 0.1 < share(itinerant, teachers) < 0.2
    assert {len(person.roles) for person in itinerant} == {1, 2}


def test_keeps_teachers_of_a_single_school_there():
    """Where there is no second school nobody has two."""
    assert {person.school_codes for person in people(generated(), (BASIC,))} == {("03256",)}


def test_sends_more_pupils_to_larger_kinds_of_school():
    """A vocational institute has several times the pupils of a basic school."""
    found = Counter(person.school_codes[0] for person in people(generated()))

    assert found["30078"] > 3 * found["03256"] > 0


@pytest.mark.parametrize(
    ("school", "levels", "charges"),
    [
        pytest.param(BASIC, {str(level) for level in range(1, 10)}, {()}, id="class levels in basic education"),
        pytest.param(LUKIO, {None}, {("0",), ("1",)}, id="charges in upper secondary education"),
        pytest.param(VOCATIONAL, {None}, {("0",), ("1",)}, id="charges in vocational education"),
        pytest.param(
            COMBINED, {None, *(str(level) for level in range(1, 10))}, {(), ("0",), ("1",)}, id="both in a combined school"
        ),
        pytest.param(EARLY, {"0"}, {()}, id="pre-primary is level 0"),
    ],
)  # fmt: skip
def test_gives_pupils_what_their_school_has(
    school: SchoolPlace, levels: set[str | None], charges: set[tuple[str, ...]]
):
    """Class levels go with basic education, charges with what comes after it (facts-mpassid 2)."""
    pupils = [person for person in people(generated(), (school,)) if person.roles == ("Oppilas",)]

    assert {person.class_level for person in pupils} == levels
    assert {person.charges for person in pupils} == charges
    assert all(len(person.groups) == 1 for person in pupils)


def test_sends_lists_that_can_be_paired():
    """A registry without gaps gives everybody their schools and roles (facts-mpassid 3)."""
    found = people(generated())

    assert not [
        person
        for person in found
        if isinstance(pair(person.school_codes, person.groups, person.roles, person.charges), Mismatch)
    ]


@pytest.mark.parametrize("asked", [0.0, 0.05, 0.5, 1.0])
def test_leaves_out_a_value_as_often_as_asked(asked: float):
    """The share of people with a gap is the declared one, within sampling error, and a gap is one value."""
    whole = people(generated())
    found = people(generated(missing=asked))
    lost = [
        [name for name in Person.model_fields if name != "note" and getattr(one, name) != getattr(other, name)]
        for one, other in zip(whole, found, strict=True)
    ]

    assert sum(map(bool, lost)) / len(lost) == pytest.approx(asked, abs=0.02)
    assert {len(names) for names in lost} <= {0, 1}


def test_leaves_out_every_kind_of_value():
    """Each value that a registry may lack is lacking for somebody."""
    whole, found = people(generated()), people(generated(missing=1.0))
    lost = {
        name
        for one, other in zip(whole, found, strict=True)
        for name in Person.model_fields
        if name != "note" and getattr(one, name) != getattr(other, name)
    }

    assert lost == set(Person.model_fields) - {"note", "user_id", "mpass_data"}


@pytest.mark.parametrize(
    ("user_name", "number"),
    [
        ("p000001", 1),
        ("p002400", 2_400),
        ("p002401", None),
        ("p000000", None),
        ("p1", None),
        ("P000001", None),
        ("p0000001", None),
        ("p00000\N{ARABIC-INDIC DIGIT ONE}", None),
        ("p000001\n", None),
        ("", None),
    ],
)
def test_reads_a_number_out_of_a_user_name(user_name: str, number: int | None):
    """User names run from p000001 to the declared count, six digits each."""
    assert generated_number(user_name, generated(count=2_400)) == number


GENERATED = "    generated_people: {count: 2400, seed: 7, missing_attributes: 0.02}\n"
KUUSIKOSKI = '    oid: "1.2.246.562.99.00000000020"\n'


@pytest.mark.parametrize(
    ("becomes", "problem"),
    [
        pytest.param("{count: 2400, seed: 7}", None, id="right"),
        pytest.param("{count: 2400, seed: 7, missing_attributes: 1}", None, id="a share of all"),
        pytest.param('{count: "2400", seed: 7}', 'generated_people.count: got "2400", expected a whole number', id="a quoted count"),
        pytest.param("{count: 0, seed: 7}", "generated_people.count: got the number 0, expected at least 1", id="nobody"),
        pytest.param("{count: 1000000, seed: 7}", "generated_people.count: got the number 1000000, expected at most 999999", id="more than user names go"),
        pytest.param("{count: 2.5, seed: 7}", "generated_people.count: got the number 2.5, expected a whole number", id="half a person"),
        pytest.param("{count: 0x10, seed: 7}", "generated_people.count: got the number 0x10, expected a whole number", id="another notation"),
        pytest.param("{count: 2026-08-12, seed: 7}", "generated_people.count: got the date 2026-08-12, expected a whole number", id="a date"),
        pytest.param("{count: 1, seed: 7, missing_attributes: 1.5}", "generated_people.missing_attributes: got the number 1.5, expected at most 1", id="more than all"),
        pytest.param("{count: 1, seed: 7, missing_attributes: .nan}", "generated_people.missing_attributes: got the number .nan, expected at most 1", id="no number"),
        pytest.param("{count: 1}", "generated_people.seed: is missing; add it", id="no seed"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_with_the_declaration(becomes: str, problem: str | None):
    """Generated people are declared by numbers within bounds, each fault with its line."""
    found = problems_of(declaration(KUUSIKOSKI, f"{KUUSIKOSKI}    generated_people: {becomes}\n"))

    assert found == ([] if problem is None else [f"line 14  education_providers.kuusikoski.{problem}"])


def test_refuses_a_seed_that_another_education_provider_has():
    """Learner ids are made of it."""
    text = declaration(KUUSIKOSKI, f"{KUUSIKOSKI}{GENERATED}").replace(
        b"    people:\n      demo_u0001: {given_name: T",
        f"{GENERATED}    people:\n      demo_u0001: {{given_name: T".encode(),
    )

    assert problems_of(text) == ["line 15  education_providers.kuusikoski.generated_people.seed: got the number 7, as mansikkala on line 2 has; give each its own"]  # fmt: skip


def test_refuses_people_without_a_school():
    """They are at the education provider's own schools, so it needs one."""
    text = (
        declaration(KUUSIKOSKI, f"{KUUSIKOSKI}{GENERATED}")
        .replace(b'code: "04647"', b'office_of: "30076", code: "04647"')
        .replace(b"Kuusikosken koulu}, type: basic", b"Kuusikosken koulu}, type: office")
    )

    assert "line 14  education_providers.kuusikoski.generated_people: needs a school that is no office: they are at the provider's own schools" in problems_of(text)  # fmt: skip
