# SPDX-License-Identifier: Apache-2.0
"""The declaration that ships: the published test persons, and somebody for every row of the decision table."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from federation.gates import PersonRules, SourceGate, check_person, check_secret, check_source
from federation.home import HomeValues
from federation.loader import load
from federation.model import EducationProvider, Federation, Person
from federation.organisations import OrganisationRegistry
from federation.source import Source
from federation.values import BuiltAttributes, build_attributes

MANSIKKALA_OID = "1.2.246.562.99.00000000001"


@cache
def shipped() -> Federation:
    """Return the federation, read once."""
    return load(Path(__file__).parents[3] / "federation.yaml")


def demo(number: int) -> Person:
    """Return a published test person by number."""
    return shipped().education_providers["mansikkala"].people[f"demo_u{number:04}"]


def provider_of(name: str) -> tuple[str, EducationProvider]:
    """Return the one education provider that has a person of this name, and its key."""
    ((key, provider),) = [item for item in shipped().education_providers.items() if name in item[1].people]
    return key, provider


def built(name: str) -> BuiltAttributes:
    """Return what the proxy makes of a person."""
    key, provider = provider_of(name)
    home = HomeValues.of(name, provider.people[name])
    return build_attributes(home, Source.of(key, provider), OrganisationRegistry.of(shipped()))


def test_holds_every_documented_test_person() -> None:
    """demo_u0001 to demo_u0044 are all there (facts-mpassid 11)."""
    assert list(shipped().education_providers["mansikkala"].people) == [f"demo_u{number:04}" for number in range(1, 45)]


def test_holds_the_published_values_of_the_test_organisation() -> None:
    """Municipality and school have the published names, code and OIDs."""
    mansikkala = shipped().education_providers["mansikkala"]
    school = mansikkala.schools[0]

    assert (mansikkala.oid, mansikkala.name.fi) == (MANSIKKALA_OID, "Mansikkalan testi kunta")
    assert (school.code, school.oid, school.name.fi) == (
        "30076",
        "1.2.246.562.99.00000000002",
        "Mansikkalan testi peruskoulu",
    )


def test_holds_the_published_values_of_a_person() -> None:
    """Names, learner id and two schools of demo_u0031 are the published ones."""
    person = demo(31)

    assert person.model_dump(exclude={"note", "mpass_data"}) == {
        "given_name": "Testi31",
        "surname": "Oppilas31",
        "nickname": "Kutsumanimi31",
        "user_id": None,
        "learner_id": "1.2.246.562.98.10000000314",
        "school_codes": ("30076", "30077"),
        "groups": ("9F", "9G"),
        "roles": ("Oppilas", "Oppilas"),
        "charges": ("1",),
        "class_level": "9",
    }


@pytest.mark.parametrize("number", [*range(1, 20), 26, 31, 32])
def test_tells_the_charge_by_the_number(number: int) -> None:
    """An even user number is free of charge, an odd one pays."""
    assert demo(number).charges == (("1",) if number % 2 else ("0",))


@pytest.mark.parametrize("number", range(10, 20))
def test_has_nordic_letters(number: int) -> None:
    """0010 to 0019 have letters that break whatever is not UTF-8."""
    assert demo(number).surname == f"OppilasåäöÅÄÖ{number}"


@pytest.mark.parametrize(
    ("number", "absent"),
    [
        pytest.param(20, "school_codes", id="0020 has no school code"),
        pytest.param(22, "learner_id", id="0022 has no learner id"),
        pytest.param(23, "roles", id="0023 has no role"),
        pytest.param(24, "class_level", id="0024 has no class level"),
        pytest.param(25, "groups", id="0025 has no class"),
        pytest.param(27, "charges", id="0027 has no charge"),
        pytest.param(28, "nickname", id="0028 has no nickname"),
        pytest.param(29, "given_name", id="0029 has no given name"),
    ],
)
def test_lacks_the_documented_value(number: int, absent: str) -> None:
    """A person with a documented defect lacks that value and no other."""
    lacking = {name for name in Person.model_fields if not getattr(demo(number), name)} - {"user_id"}

    assert lacking == {absent}


@pytest.mark.parametrize("number", range(32, 40))
def test_has_many_school_codes(number: int) -> None:
    """0032 to 0039 hold several school codes."""
    assert len(demo(number).school_codes) > 1


def test_tells_what_each_person_is_for() -> None:
    """Every person has a note in the three languages."""
    people = [item for provider in shipped().education_providers.values() for item in provider.people.items()]

    assert [name for name, person in people if not (person.note and person.note.sv and person.note.en)] == []


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("demo_u0001", None),
        ("demo_u0022", "learner-id-missing"),
        ("demo_u0030", "learner-id-invalid"),
        ("demo_u0037", None),
        ("niilo.nimeton", None),
        ("helmi.hopeinen", "service-not-allowed"),
        ("kalle.korpinen", "source-not-available"),
        ("hilla.hiisi", "source-secret-expired"),
    ],
)
def test_shows_each_refusal_of_the_proxy(name: str, because: str | None) -> None:
    """Somebody is stopped by each rule that stops a login at the proxy."""
    key, provider = provider_of(name)
    home = HomeValues.of(name, provider.people[name])
    gate = SourceGate.of(key, provider)
    refusal = (
        check_source(gate, "publisher")
        or check_secret(gate, date(2026, 8, 12))
        or check_person(home, Source.of(key, provider), OrganisationRegistry.of(shipped()), PersonRules())
    )

    assert (refusal and refusal.reason_id) == because


@pytest.mark.parametrize(
    ("name", "schools", "activated"),
    [
        pytest.param("demo_u0001", ["30076"], ["30076"], id="one activated school"),
        pytest.param("demo_u0003", ["30078"], ["30078"], id="an office of an activated school"),
        pytest.param("aino.kiertavainen", ["04647", "90101"], ["04647", "90101"], id="an itinerant teacher"),
        pytest.param("demo_u0033", ["30076", "30080"], ["30076"], id="one of two activated"),
        pytest.param("demo_u0034", ["30080", "30082"], [], id="none of two activated"),
        pytest.param("eino.erityinen", ["90103"], [], id="the only school is not activated"),
        pytest.param("demo_u0020", [], [], id="no code"),
        pytest.param("demo_u0021", [], [], id="an unknown code"),
        pytest.param("iida.entinen", [], [], id="a closed school"),
        pytest.param("demo_u0023", [], [], id="no role"),
        pytest.param("veera.vanhempi", [], [], id="a role that is not allowed"),
        pytest.param("demo_u0035", [], [], id="counts that differ"),
        pytest.param("demo_u0038", [], [], id="a charge count that differs"),
        pytest.param("demo_u0036", ["30076"], ["30076"], id="two codes, one unknown"),
        pytest.param("demo_u0037", ["30076", "90101"], ["30076", "90101"], id="a school of another provider"),
        pytest.param("niilo.nimeton", [], [], id="no source of the uid"),
        pytest.param("demo_u0044", ["30081"], ["30081"], id="an activated school without licence"),
    ],
)
def test_shows_each_row_of_the_decision_table(name: str, schools: list[str], activated: list[str]) -> None:
    """Somebody stands for each row that the publisher decides (design 6)."""
    infos = built(name).values.get("school_info", ())
    codes = [code for info in infos if "." not in (code := info.partition(";")[0])]

    assert codes == schools
    assert [code for code in codes if code in shipped().publisher.activated_schools] == activated


def test_licenses_the_itinerant_teachers_schools_differently() -> None:
    """The two schools of one teacher have bought different products, and an activated school has none."""
    products: dict[str, set[str]] = {}
    for licence in shipped().publisher.licences:
        products.setdefault(licence.school, set()).update(licence.products)

    assert products["04647"] == {"metsan-aapinen", "luontopolku", "murtoluvut"}
    assert products["90101"] == {"lukujono", "aikajana"}
    assert "30081" not in products


def test_shows_each_rule_of_the_publisher() -> None:
    """A contract that is over, a school year that is over, some grades, a course that goes on and one that does not."""
    publisher = shipped().publisher

    assert [key for key, contract in publisher.contracts.items() if contract.ends] == ["niittykyla"]
    assert [licence.school for licence in publisher.licences if licence.school_year] == ["90102"]
    assert [licence.school for licence in publisher.licences if licence.grades] == ["04647"]
    assert sorted(course.ends for course in publisher.courses.values()) == ["2025-05-31", "2099-05-31"]
    assert [key for key, product in publisher.products.items() if product.also] == ["sanakirja"]


def test_works_at_any_hour_and_in_any_year() -> None:
    """Hours are only told, and no licence but the one that shows it runs out."""
    publisher = shipped().publisher

    assert publisher.service_hours is not None
    assert not publisher.service_hours.observed
    assert {licence.school_year for licence in publisher.licences} == {None, "2024-2025"}


def test_has_municipalities_in_two_languages() -> None:
    """At least four municipalities with Finnish and Swedish names, each its own colour, one that has not joined."""
    providers = shipped().education_providers.values()

    assert len([provider for provider in providers if provider.name.fi and provider.name.sv]) >= 4
    assert len({provider.colour for provider in providers}) == len(providers)
    assert [provider.name.fi for provider in providers if not provider.mpass] == ["Korpivaaran kunta"]


def test_has_schools_that_are_hard_to_pick() -> None:
    """Two schools have one name, and one has a code with a leading zero."""
    schools = [school for provider in shipped().education_providers.values() for school in provider.schools]

    assert [school.code for school in schools if school.name.fi == "Kirkonkylän koulu"] == ["30082", "90101"]
    assert [school.code for school in schools if school.code.startswith("0")] == ["04647"]
