# SPDX-License-Identifier: Apache-2.0
"""The pages in three languages: what stands on them, and that nothing on them leaks or runs."""

from __future__ import annotations

import re

import httpx
import pytest

from party.pages import catalogue_problems
from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_response import PUPIL, FakeResponse, key_pair
from tests.builders.sp_service import service_settings

PROVIDER = "1.2.246.562.99.00000000001"
DEMOLA = {
    "uid": ["MPASSOID.2"],
    "school_info": ["99900;Demolan koulu"],
    "role": [f"{PROVIDER};99900;;Opettaja;2;1.2.246.562.99.00000000003;"],
}
LANGUAGES = ("fi", "sv", "en")
OPEN_PAGES = {
    "/kirjaudu": {"fi": "Kirjaudu MPASSid-tunnistuksella", "sv": "Logga in med MPASSid", "en": "Sign in with MPASSid"},
    "/oma-tunnus": {"fi": "Kustantajan oma tunnus", "sv": "Förlagets eget", "en": "publisher&#39;s own account"},
    "/oma-tunnus/rekisteroidy": {"fi": "Useimmat kunnat", "sv": "De flesta kommuner", "en": "Most municipalities"},
    "/oma-tunnus/rekisteroidy?municipality=other": {"fi": "Syntymäpäivä", "sv": "Födelsedag", "en": "Birthday"},
    "/oma-tunnus/rekisteroidy?municipality=mansikkala": {
        "fi": "Kunnallasi on sopimus",
        "sv": "Din kommun har ett avtal",
        "en": "Your municipality has an agreement",
    },
    "/oma-tunnus/rekisteroidy/lahetetty": {"fi": "vuorokauden", "sv": "i ett dygn", "en": "for a day"},
    "/oma-tunnus/salasana": {"fi": "Unohtunut salasana", "sv": "Glömt lösenord", "en": "Forgotten password"},
    "/oma-tunnus/salasana/lahetetty": {"fi": "puoli tuntia", "sv": "en halv timme", "en": "half an hour"},
    "/oma-tunnus/salasana/uusi/x": {"fi": "ei ole enää voimassa", "sv": "gäller inte", "en": "no longer of use"},
    "/oma-tunnus/kadonnut": {"fi": "Tunnus on kadonnut", "sv": "har kommit bort", "en": "An account is lost"},
    "/kayttoehdot": {"fi": "Näillä ehdoilla", "sv": "Med dessa villkor", "en": "These are the terms"},
    "/kayttoehdot/hylatty": {"fi": "ei hyväksytty", "sv": "godkändes inte", "en": "were not accepted"},
    "/postilaatikko": {"fi": "postilaatikko", "sv": "postlåda", "en": "mailbox"},
    "/yhteydenotto": {"fi": "Ota yhteyttä asiakaspalveluun", "sv": "Kontakta kundtjänsten", "en": "Contact customer"},
    "/yhteydenotto/kiitos": {"fi": "Kiitos, viestisi on perillä", "sv": "Tack, ditt meddelande", "en": "Thank you"},
    "/uloskirjattu": {"fi": "Olet kirjautunut ulos", "sv": "Du har loggat ut", "en": "You are signed out"},
    "/nope": {"fi": "Sivua ei löytynyt", "sv": "Sidan hittades inte", "en": "Page not found"},
    "/acs": {"fi": "Tätä sivua ei voi avata suoraan", "sv": "Sidan kan inte öppnas", "en": "This page cannot be"},
}
REFUSALS = {
    105: (FakeResponse(attributes=DEMOLA), {"fi": "Voi ei", "sv": "Oj, något gick fel", "en": "Oh dear"}),
    106: (
        FakeResponse(attributes={"uid": ["x"]}),
        {"fi": "puuttui oppilaitoksesi", "sv": "din läroanstalt saknades", "en": "Your school was missing"},
    ),
    107: (
        FakeResponse(attributes={}),
        {"fi": "puuttui käyttäjätunnisteesi", "sv": "användaridentifierare saknades", "en": "user id was missing"},
    ),
    111: (
        FakeResponse(status=["Responder", "AuthnFailed"]),
        {"fi": "ei viety loppuun", "sv": "slutfördes inte", "en": "was not completed"},
    ),
    112: (
        FakeResponse(key=key_pair("stranger")),
        {"fi": "ei voitu vahvistaa", "sv": "kunde inte bekräftas", "en": "could not be confirmed"},
    ),
}


def assert_whole(page: httpx.Response, language: str) -> None:
    """Check what every page must have: its language, one heading, no message id, nothing inline, strict headers."""
    assert f'<html lang="{language}">' in page.text
    assert page.text.count("<h1>") == 1
    assert not re.search(r">[a-z]+(\.[a-z0-9_-]+)+<", re.sub(r'<dd data-field="[^"]*"[^>]*>[^<]*', "", page.text))
    assert not re.search(r"<script(?![^>]*src=)|<style|\son[a-z]+=|\sstyle=", page.text)
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]


def in_language(service: FakeService, language: str) -> Browser:
    browser = service.browser()
    browser.get(f"/kirjaudu?lang={language}")
    return browser


def test_has_catalogues_that_are_whole():
    """Every message is there in three languages, translated, used, with its placeholders."""
    assert catalogue_problems("sp_stub") == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", OPEN_PAGES)
def test_shows_a_page_in(path: str, language: str):
    """Pages that need no login."""
    page = FakeService().browser().get(f"{path}{'&' if '?' in path else '?'}lang={language}")

    assert_whole(page, language)
    assert OPEN_PAGES[path][language] in page.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", REFUSALS)
def test_shows_a_refusal_in(number: int, language: str):
    """The refusals of a login, with the person's words, a way on and customer service."""
    response, words = REFUSALS[number]
    page = in_language(FakeService(), language).log_in(response)

    assert_whole(page, language)
    assert words[language] in page.text
    assert field(page, "error-number") == str(number)
    assert f'href="/yhteydenotto?number={number}"' in page.text
    assert "asiakaspalvelu@kivi.example" in page.text
    assert "+358 9 000 0000" in page.text
    assert "10–14" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_explains_error_105(language: str):
    """The line people quote, the way to the publisher's own login, whom to contact (facts-publisher)."""
    advice = {
        "fi": "oppilaitoksesi käyttäjärekisterin vastuuhenkilöön",
        "sv": "ansvarar för din läroanstalts användarregister",
        "en": "the person responsible for your school&#39;s user registry",
    }
    page = in_language(FakeService(), language).log_in(FakeResponse(attributes=DEMOLA))

    line = "Error code 105: MPASS users school(s) are not Kustantamo Kivi MPASS schools."
    assert field(page, "error-line") == line
    assert '<a class="button" href="/oma-tunnus"' in page.text
    assert advice[language] in page.text
    assert "Demolan koulu" in page.text
    assert field(page, "reason") == "school-not-activated"
    assert field(page, "time") == "2026-08-12T05:00:00Z"
    assert field(page, "request-id") is not None


@pytest.mark.parametrize(("language", "role"), [("fi", "Oppilas"), ("sv", "Elev"), ("en", "Student")])
def test_shows_who_where_and_what(language: str, role: str):
    """Name, role, school with its code, materials."""
    browser = in_language(FakeService(), language)
    browser.log_in()
    page = browser.get("/materials")

    assert_whole(page, language)
    assert 'data-page="materials"' in page.text
    assert "Testi1 Oppilas1" in page.text
    assert f"<li>{role}, " in page.text
    assert field(page, "school-code") == "30076"
    assert '<a href="/kampus/matikka-9">' in page.text


def test_shows_both_codes_and_which_school_gives_what():
    """An itinerant teacher sees both schools, and one of them that is not activated as such."""
    attributes = {
        "uid": ["MPASSOID.3"],
        "school_info": ["30076;Mansikkala", "99904;Toinen koulu", "99900;Demolan koulu"],
        "role": [f"{PROVIDER};{code};;Opettaja;2;1.2.3;" for code in ("30076", "99904", "99900")],
    }
    browser = FakeService().browser()
    browser.log_in(FakeResponse(attributes=attributes))
    page = browser.get("/materials").text

    assert re.findall(r'data-school="(\d+)"', page) == ["30076", "99904"]
    assert re.findall(r'data-not-activated="(\d+)"', page) == ["99900"]
    assert "Tällä oppilaitoksella ei ole käyttöoikeuksia" in page
    assert "Oppimateriaalit: Matikka 9" in page


def test_explains_an_empty_shelf():
    """No licence: the page says that the login is fine and whom to ask."""
    attributes = {"uid": ["x"], "role": [f"{PROVIDER};99904;;Oppilas;1;1.2.3;"]}
    browser = FakeService().browser()
    browser.log_in(FakeResponse(attributes=attributes))
    page = browser.get("/materials")

    assert 'data-field="empty-shelf"' in page.text
    assert "Kirjautumisessasi ei ole vikaa" in page.text


def test_shows_markup_in_a_value_as_text():
    """Nothing a login brings runs on a page."""
    attack = "<script>alert(1)</script>"
    attributes = {
        "uid": ["x"],
        "given_name": [attack],
        "school_info": [f"30076;{attack}"],
        "role": [f"{PROVIDER};30076;{attack};{attack};-1;1.2.3;"],
    }
    browser = FakeService().browser()
    browser.log_in(FakeResponse(attributes=attributes))
    page = browser.get("/materials").text

    assert attack not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 5


def test_offers_its_own_sign_in_where_error_105_leads():
    """User name and password, and how a person without an account gets one."""
    page = FakeService().browser().get("/oma-tunnus").text

    assert '<form data-purpose="account" method="post" action="/kirjaudu"' in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "asiakaspalvelumme" in page


def test_shows_no_accounts_of_its_own_at_the_portal():
    """The portal has one way in."""
    portal = FakeService(service_settings(simulated="portal")).browser().get("/kirjaudu").text

    assert "/oma-tunnus" not in portal
    assert "Kirjahylly" in portal


def test_keeps_the_target_on_the_login_page_and_its_language_links():
    """A deep link survives a change of language."""
    page = FakeService().browser().get("/kirjaudu?target=/materials/matikka-9%3Fy%3Dz").text

    assert 'href="/kirjaudu/mpassid?target=/materials/matikka-9%3Fy%3Dz"' in page
    assert 'href="/kirjaudu?target=%2Fmaterials%2Fmatikka-9%3Fy%3Dz&amp;lang=sv"' in page


def test_answers_a_refused_login_in_the_language_it_began_in():
    """The answer comes by a cross-site POST, without a `lang` of its own."""
    browser = FakeService().browser()
    page = browser.log_in(FakeResponse(attributes=DEMOLA), query="?lang=sv")

    assert '<html lang="sv">' in page.text
    assert '<html lang="sv">' in browser.get("/kirjaudu").text


@pytest.mark.parametrize(("path", "location"), [("/", "/kirjaudu"), ("/materials", "/kirjaudu")])
def test_leads_who_is_not_signed_in_to_the_login_page(path: str, location: str):
    """The front door."""
    assert FakeService().browser().get(path).headers["location"] == f"https://publisher.localhost{location}"


def test_leads_who_is_signed_in_to_the_materials():
    """The front door from inside."""
    browser = FakeService().browser()
    browser.log_in()

    assert browser.get("/").headers["location"] == "https://publisher.localhost/materials"


def test_shows_a_person_without_a_name():
    """Names are missing for some; the page says so instead of greeting nobody."""
    browser = FakeService().browser()
    browser.log_in(FakeResponse(attributes={"uid": ["x"], "role": PUPIL["role"]}))

    assert "Nimeäsi ei tullut kirjautumisen mukana" in browser.get("/materials").text
