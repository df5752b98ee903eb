# SPDX-License-Identifier: Apache-2.0
"""The attribute test's verdicts: every form of the data model, right and wrong, and what must be there."""

from __future__ import annotations

import pytest

from federation.attributes import ATTRIBUTES
from sp_stub.rules.attribute_findings import FINDINGS
from sp_stub.rules.attribute_formats import FORMATS
from sp_stub.rules.attribute_verdicts import JudgedAttribute, judged

EVERYTHING = tuple(attribute.name for attribute in ATTRIBUTES)
SCHOOL = "1.2.246.562.99.00000000002"
ROLE = f"1.2.246.562.99.00000000001;30076;9F;Oppilas;1;{SCHOOL};"
GOOD = {
    "uid": ["MPASSOID.391ea8eb34f1e27024ab1342603537bdbd494900"],
    "given_name": ["Testi1"],
    "surname": ["OppilasåäöÅÄÖ1"],
    "nickname": ["Kutsumanimi1"],
    "learner_id": ["1.2.246.562.24.20000000019"],
    "school_info": ["30076;Mansikkalan testi peruskoulu", f"{SCHOOL};Mansikkalan testi peruskoulu"],
    "education_provider_info": ["1.2.246.562.99.00000000001;Mansikkalan testi kunta"],
    "role": [ROLE],
    "class_level": ["9"],
    "learning_materials_charge": ["1;30076", f"1;{SCHOOL}"],
    "original_issuer": ["1.2.246.562.99.00000000001"],
}


def judge(name: str, *values: str) -> JudgedAttribute:
    """Return what is said of one attribute that came with these values."""
    return {each.attribute.name: each for each in judged({name: values}, EVERYTHING)}[name]


def ids(one: JudgedAttribute) -> list[str]:
    return [each.finding.id for each in one.found]


def test_finds_a_whole_login_in_order():
    """The published example of facts-mpassid 2, with a learner id whose check digit is right."""
    verdicts = {each.attribute.name: (each.verdict, each.found) for each in judged(GOOD, EVERYTHING)}

    assert verdicts == dict.fromkeys(EVERYTHING, ("ok", ()))


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("uid", "error"),
        ("given_name", "error"),
        ("surname", "error"),
        ("nickname", "empty"),
        ("learner_id", "error"),
        ("school_info", "error"),
        ("education_provider_info", "error"),
        ("role", "error"),
        ("class_level", "empty"),
        ("learning_materials_charge", "empty"),
        ("original_issuer", "empty"),
    ],
)
def test_judges_a_missing_value(name: str, verdict: str):
    """An error where the data model wants one (facts-mpassid 2), else simply empty."""
    missing = judge(name)

    assert missing.verdict == verdict
    assert ids(missing) == (["missing"] if verdict == "error" else [])


@pytest.mark.parametrize(
    ("name", "value", "finding"),
    [
        pytest.param("uid", "391ea8eb34f1e27024ab1342603537bdbd494900", "uid", id="a uid without its beginning"),
        pytest.param("uid", "MPASSOID.391EA8", "uid", id="a uid cut short"),
        pytest.param("given_name", " ", "text", id="a blank name"),
        pytest.param("surname", "Oppi\x07las", "text", id="a control character in a name"),
        pytest.param("nickname", "", "text", id="an empty nickname"),
        pytest.param("learner_id", "1.2.246.562.24.2000000001", "learner-id", id="a learner id of ten digits"),
        pytest.param("learner_id", "1.2.246.562.10.20000000019", "learner-id", id="a learner id of another class"),
        pytest.param("learner_id", "010170-960F", "learner-id", id="an identity code in its place"),
        pytest.param("school_info", "30076", "school-info", id="a school without a name"),
        pytest.param("school_info", "Koulu;30076", "school-info", id="a school the wrong way round"),
        pytest.param("school_info", "30076;Koulu", "school-info-pair", id="a code without its OID"),
        pytest.param("school_info", f"{SCHOOL};Koulu", "school-info-pair", id="an OID without its code"),
        pytest.param("education_provider_info", "Kunta", "provider-info", id="a provider without an OID"),
        pytest.param("education_provider_info", "049;Kunta", "provider-info", id="a municipality code"),
        pytest.param("role", "1.2.3;30076;9F;Oppilas", "role-fields", id="the four fields of data model 1.2"),
        pytest.param("role", f"1.2.3;30076;9F;B;Oppilas;1;{SCHOOL};", "role-fields", id="a stray semicolon"),
        pytest.param("role", f"1.2.3;3007;9F;Oppilas;1;{SCHOOL};", "role-organisations", id="a code of four digits"),
        pytest.param("role", f"Kunta;30076;9F;Oppilas;1;{SCHOOL};", "role-organisations", id="a provider by name"),
        pytest.param("role", f"1.2.3;30076;9F;Oppilas;1;{SCHOOL};x", "role-organisations", id="an office by name"),
        pytest.param("role", f"1.2.3;30076;9F;Oppilas;2;{SCHOOL};", "role-name", id="another role's number"),
        pytest.param("role", f"1.2.3;30076;9F;Vahtimestari;-1;{SCHOOL};", "role-name", id="a role without a number"),
        pytest.param("class_level", "kuudes", "class-level", id="a class level in words"),
        pytest.param("class_level", "11", "class-level", id="a class level beyond ten"),
        pytest.param("learning_materials_charge", "2;30076", "charge", id="a charge of two"),
        pytest.param("learning_materials_charge", "1", "charge", id="a charge of no school"),
        pytest.param("original_issuer", "Mansikkalan testi kunta", "organisation", id="an issuer by name"),
    ],
)
def test_finds_a_wrong_form(name: str, value: str, finding: str):
    """An error, with what was found (facts-mpassid 1, 2 and 4)."""
    found = judge(name, value)

    assert (found.verdict, ids(found)) == ("error", [finding])
    assert found.found[0].value == value


def test_reports_a_check_digit_and_does_not_enforce_it():
    """The published test response's own learner id fails it (facts-mpassid 2)."""
    published = judge("learner_id", "1.2.246.562.24.20000000018")

    assert (published.verdict, ids(published)) == ("ok", ["check-digit"])


def test_reports_the_learner_id_of_a_test_person():
    """Class 98 is let through in a test environment."""
    assert ids(judge("learner_id", "1.2.246.562.98.10000000017")) == ["test-learner-id"]


def test_takes_the_names_of_an_office():
    """An office stands before its parent school, by its OID alone (facts-mpassid 4)."""
    office = ["1.2.246.562.99.00000000003;Metsolan toimipiste", "30078;Oppilaitos", f"{SCHOOL};Oppilaitos"]

    assert judge("school_info", *office).verdict == "ok"


def test_finds_a_second_value_of_what_has_one():
    """More values than the data model allows."""
    assert ids(judge("class_level", "9", "8")) == ["several"]


def test_judges_nothing_that_the_service_does_not_receive():
    """It cannot be known from here."""
    verdicts = {each.attribute.name: each.verdict for each in judged(GOOD, ("uid",)) if each.attribute.name != "uid"}
    nothing = {each.attribute.name: each.verdict for each in judged({}, ("uid",))}

    assert set(verdicts.values()) == {"ok"}
    assert nothing == {**dict.fromkeys(EVERYTHING, "not-received"), "uid": "error"}


def test_checks_every_attribute_and_uses_every_finding():
    """No attribute without a check, no finding that nothing finds: the tables above hold them all."""
    assert set(FORMATS) == set(EVERYTHING)
    assert set(FINDINGS) == {
        "missing", "several", "text", "uid", "learner-id", "check-digit", "test-learner-id", "school-info",
        "school-info-pair", "provider-info", "role-fields", "role-organisations", "role-name", "class-level", "charge",
        "organisation",
    }  # fmt: skip
