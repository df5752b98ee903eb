# SPDX-License-Identifier: Apache-2.0
"""Computed people at a municipality's login page: a handful is shown, everybody signs in."""

import json

import pytest

from federation.generated_people import SchoolPlace, generated_person
from federation.model import Federation, GeneratedPeople, Names, School, SchoolType
from tests.builders.homes import RUN_TOKEN, answer_of, federation, find_text, home

GENERATED = GeneratedPeople(count=600_000, seed=7)
SCHOOL = School(
    code="30076", oid="1.2.246.562.99.00000000002", name=Names(fi="Testikoulu"), type=SchoolType.BASIC, in_picker=False
)


def large_federation() -> Federation:
    """Return a federation of one municipality with two people who are written down and 600,000 who are not."""
    declared = federation()
    mansikkala = declared.education_providers["mansikkala"]
    large = mansikkala.model_copy(update={"generated_people": GENERATED, "schools": (SCHOOL,)})
    return declared.model_copy(update={"education_providers": {"mansikkala": large}})


def test_signs_a_computed_person_in():
    """Password and values are as for whoever is written down, and the values are the registry's."""
    person = generated_person(GENERATED, [SchoolPlace(code="30076", type=SchoolType.BASIC)], 599_999)
    answer = answer_of(home(large_federation()).log_in("p599999"))

    assert find_text(answer, "//saml:Attribute[@Name='learnerId']/saml:AttributeValue") == person.learner_id
    assert find_text(answer, "//saml:Attribute[@Name='mpassUserIdentity']/saml:AttributeValue") == "p599999"
    assert find_text(answer, "//saml:Attribute[@Name='schoolCode']/saml:AttributeValue") == "30076"


def test_remembers_a_computed_person():
    """A session answers the next request at once."""
    at = home(large_federation())
    first = find_text(answer_of(at.log_in("p000123")), "//saml:Attribute[@Name='learnerId']")

    assert find_text(answer_of(at.begin()), "//saml:Attribute[@Name='learnerId']") == first


@pytest.mark.parametrize(
    ("user_name", "password"),
    [
        pytest.param("p600001", "p600001pwd", id="past the last"),
        pytest.param("p000000", "p000000pwd", id="before the first"),
        pytest.param("p000123", "p000124pwd", id="another's password"),
    ],
)
def test_does_not_sign_in(user_name: str, password: str):
    """Whoever is not in the registry is told the same as somebody with a wrong password."""
    at = home(large_federation())
    page = at.submit(at.begin(), username=user_name, password=password)

    assert page.status_code == 422
    assert "Käyttäjätunnus tai salasana on väärä." in page.text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "Heidän käyttäjätunnuksensa ovat p000001–p600000."),
        ("sv", "Deras användarnamn är p000001–p600000."),
        ("en", "Their user names run from p000001 to p600000."),
    ],
)
def test_shows_a_handful_and_how_user_names_run(language: str, words: str):
    """600,000 buttons would be no page."""
    at = home(large_federation())
    first = at.begin()
    page = at.client.get(f"{first.request.full_path}&lang={language}")

    assert words in page.text
    assert 4 <= page.text.count('name="person"') <= 8
    assert 'value="p000001"' in page.text


def test_signs_in_by_the_button_of_an_example():
    """The buttons of computed people work like the others."""
    at = home(large_federation())

    assert find_text(answer_of(at.submit(at.begin(), person="p000001")), "//saml:Attribute[@Name='learnerId']")


def test_counts_everybody_on_the_index():
    """Who is computed counts too."""
    assert "600002 testihenkilöä" in home(large_federation()).client.get("/").text


def test_arms_a_fault_for_a_computed_person():
    """Faults are switched on by provider and user name, and only for people there are."""
    client = home(large_federation()).client
    authorization = {"Authorization": f"Bearer {RUN_TOKEN.hex()}"}
    answers = [
        client.post(
            "/control/faults",
            data=json.dumps({"fault": "wrong-audience", "person": person}),
            content_type="application/json",
            headers=authorization,
        ).status_code
        for person in ("mansikkala/p600000", "mansikkala/p600001")
    ]

    assert answers == [201, 400]
