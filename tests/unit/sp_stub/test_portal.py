# SPDX-License-Identifier: Apache-2.0
"""The portal's pages: cards, search, empty states, ways into products; and the publisher's way back to it."""

from __future__ import annotations

import re

import httpx
import pytest

from federation.publisher import Licence, Terms
from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_business import SCHOOLS
from tests.builders.sp_response import FakeResponse
from tests.builders.sp_service import BUSINESS, service_settings

PROVIDER = "1.2.246.562.99.00000000001"
LANGUAGES = ("fi", "sv", "en")
LICENCES = (
    Licence(school="30076", products=("matikka-9",)),
    Licence(school="30079", products=("lukukirja-3",)),
)


def service(simulated: str = "portal", **publisher: object) -> FakeService:
    """Return the portal of two schools of one customer, or the publisher behind it."""
    declared = BUSINESS.model_copy(update={"licences": LICENCES, "activated_schools": ("30076", "30079"), **publisher})
    origins = {"publisher_origin": "https://kivi.example"} if simulated == "portal" else {}
    receives = (
        ("uid", "school_info", "role") if simulated == "portal" else ("uid", "school_info", "role", "class_level")
    )
    return FakeService(
        service_settings(
            simulated=simulated,
            publisher=declared,
            schools=SCHOOLS,
            portal_origin="https://portal.localhost",
            receives=receives,
            **origins,
        )
    )


def signed_in(at: FakeService, *codes: str, role: str = "2", query: str = "") -> Browser:
    """Return the browser of a teacher of these schools."""
    attributes = {
        "uid": ["MPASSOID.1"],
        "role": [f"{PROVIDER};{code};;x;{role};1.2.3;" for code in codes],
        "school_info": [f"{code};Koulu {code}" for code in codes],
    }
    browser = at.browser()
    browser.log_in(FakeResponse(attributes=attributes), query)
    return browser


def cards(page: httpx.Response) -> list[str]:
    return re.findall(r'data-material="([^"]+)"', page.text)


def test_shows_what_both_schools_have_ordered_and_which_gives_what():
    """Cards with covers that are drawn in the page, each a link to the product at the publisher."""
    page = signed_in(service(), "30076", "30079").get("/materials")

    assert cards(page) == ["matikka-9", "lukukirja-3"]
    assert re.findall(r'data-field="given-by">([^<]+)<', page.text) == ["Koulu 30076", "Koulu 30079"]
    assert page.text.count("<svg ") == 2
    assert 'href="https://kivi.example/materials/matikka-9?via=portal"' in page.text
    assert not re.search(r"<(img|image|iframe|object)\b|\sstyle=", page.text)


def test_filters_by_a_plain_form():
    """A GET with what was typed still in the form, the number found, and a way to see everything again."""
    page = signed_in(service(), "30076", "30079").get("/materials?q=LUKU&level=primary&school=30079")

    assert cards(page) == ["lukukirja-3"]
    assert 'value="LUKU"' in page.text
    assert page.text.count(" selected>") == 2
    assert "1 osuma, tilattuja yhteensä 2." in page.text
    assert '<a class="clear" href="/materials">' in page.text


def test_keeps_the_search_in_the_language_links():
    """Another language shows the same cards."""
    page = signed_in(service(), "30076", "30079").get("/materials?q=luku&level=primary&school=30079")

    assert 'href="/materials?q=luku&amp;level=primary&amp;school=30079&amp;lang=sv"' in page.text


def test_says_what_to_try_where_nothing_is_found():
    """No dead end."""
    page = signed_in(service(), "30076", "30079").get("/materials?q=kemia")

    assert cards(page) == []
    assert 'data-field="nothing-found"' in page.text


def test_says_plainly_that_nothing_is_ordered():
    """No search over nothing."""
    page = signed_in(service(licences=()), "30076").get("/materials")

    assert 'data-field="empty-shelf"' in page.text
    assert 'role="search"' not in page.text


def test_shows_what_was_typed_as_text():
    """Nothing typed into the search runs."""
    page = signed_in(service(), "30076", "30079").get('/materials?q="><script>alert(1)</script>')

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_shows_its_front_in(language: str):
    """Every text of the page in the language that is asked for."""
    words = {
        "fi": "Koulusi oppimateriaalit",
        "sv": "Din skolas läromedel",
        "en": "Your school&#39;s learning materials",
    }
    page = signed_in(service(), "30076", "30079").get(f"/materials?lang={language}")

    assert f'<html lang="{language}">' in page.text
    assert f"<h1>{words[language]}</h1>" in page.text


def test_leads_a_deep_link_through_its_own_login_with_the_query():
    """Not signed in, signed in, and on to the publisher: nothing of the link is lost."""
    portal = service()
    asked = portal.browser().get("/materials/matikka-9?page=12&q=%C3%A4")
    browser = signed_in(portal, "30076", query="?target=/materials/matikka-9?page%3D12%26q%3D%25C3%25A4")
    answer = browser.get("/materials/matikka-9?page=12&q=%C3%A4")

    assert asked.headers["location"].endswith("?target=/materials/matikka-9%3Fpage%3D12%26q%3D%25C3%25A4")
    assert answer.headers["location"] == "https://kivi.example/materials/matikka-9?page=12&q=%C3%A4&via=portal"


@pytest.mark.parametrize("simulated", ["portal", "publisher"])
def test_says_that_a_code_seems_to_be_missing(simulated: str):
    """A teacher who came with one of two codes opens a product of the other school: which code, and whom to ask."""
    page = signed_in(service(simulated), "30076").get("/materials/lukukirja-3")

    assert (page.status_code, field(page, "reason")) == (403, "no-licence")
    assert re.findall(r'data-missing-school="(\d+)"', page.text) == ["30079"]
    assert "Mukana tuli vain yksi koodi: 30076." in page.text
    assert "Oppimisalusta välittää niistä jokaisen, ei vain ensimmäistä." in page.text


@pytest.mark.parametrize("simulated", ["portal", "publisher"])
def test_tells_a_pupil_nothing_of_other_schools(simulated: str):
    """The product is refused, and that is all."""
    page = signed_in(service(simulated), "30076", role="1").get("/materials/lukukirja-3")

    assert field(page, "reason") == "no-licence"
    assert "30079" not in page.text


@pytest.mark.parametrize("simulated", ["portal", "publisher"])
def test_says_so_where_a_school_came_without_a_role(simulated: str):
    """The stray semicolon in a class: `schoolInfo` names the school, no role does."""
    attributes = {
        "uid": ["MPASSOID.1"],
        "role": [f"{PROVIDER};30076;;Opettaja;2;1.2.3;"],
        "school_info": ["30076;Ensimmäinen", "30079;Toinen"],
    }
    browser = service(simulated).browser()
    browser.log_in(FakeResponse(attributes=attributes))
    page = browser.get("/materials")

    assert re.findall(r'data-missing-school="(\d+)"', page.text) == ["30079"]
    assert 'data-why="role"' in page.text


@pytest.mark.parametrize(
    ("activated", "path", "because"),
    [
        pytest.param(("99904",), "/materials/matikka-9?via=portal", "school-not-activated", id="105"),
        pytest.param(("30076",), "/materials/lukukirja-3?page=2&via=portal", "no-licence", id="115"),
    ],
)
def test_leads_who_is_refused_back_to_the_portal(activated: tuple[str, ...], path: str, because: str):
    """At the end of a login and in an open session."""
    publisher = service("publisher", activated_schools=activated)
    browser = signed_in(publisher, "30076")
    started = browser.start_login(f"?target={path.replace('?', '%3F').replace('&', '%26')}")
    attributes = {"uid": ["MPASSOID.1"], "role": [f"{PROVIDER};30076;;x;2;1.2.3;"]}
    answer = FakeResponse(attributes=attributes, response_id="second", assertion_id="second-assertion")
    ended = browser.post("/acs", started.answer(answer))
    page = ended if ended.status_code == 403 else browser.get(ended.headers["location"])

    assert field(page, "reason") == because
    assert 'href="https://portal.localhost/materials" data-purpose="back-to-portal"' in page.text


def test_leads_who_does_not_accept_the_terms_back_to_the_portal():
    """Whoever came by a card need not accept anything to get back."""
    publisher = service("publisher", terms=Terms(version="v2", since="2026-08-01"))
    page = signed_in(publisher, "30076").get("/materials/matikka-9?via=portal")

    assert 'data-page="terms"' in page.text
    assert 'href="https://portal.localhost/materials" data-purpose="back-to-portal"' in page.text


@pytest.mark.parametrize("path", ["/materials/lukukirja-3", "/materials/lukukirja-3?via=https://evil.example"])
def test_offers_nobody_else_the_portal(path: str):
    """The way back is the declared portal's and never an address from the link."""
    page = signed_in(service("publisher"), "30076").get(path)

    assert "back-to-portal" not in page.text
    assert "evil.example" not in re.sub(r'<a href="[^"]*" lang=', "", page.text)


def test_remembers_at_the_publisher_which_school_came_before():
    """Two codes at one login, one of them at the next: the shelf says so, once; the portal keeps nobody and cannot."""
    publisher = service("publisher")
    browser = signed_in(publisher, "30076", "30079")
    before = browser.get("/materials").text
    now = signed_in_again(browser, "2", "30076").get("/materials")
    after = signed_in_again(browser, "3", "30076").get("/materials").text

    assert "missing-code" not in before
    assert re.findall(r'data-missing-school="(\d+)"', now.text) == ["30079"]
    assert 'data-why="earlier"' in now.text
    assert "missing-code" not in after


def test_takes_a_move_to_another_school_for_what_it_is():
    """Whoever brings a new school has moved: no code is missing."""
    browser = signed_in(service("publisher"), "30076")

    assert "missing-code" not in signed_in_again(browser, "2", "30079").get("/materials").text


def test_says_nothing_to_a_pupil_who_has_left_a_school():
    """Only teachers go between schools."""
    browser = signed_in(service("publisher"), "30076", "30079", role="1")

    assert "missing-code" not in signed_in_again(browser, "2", "30076", role="1").get("/materials").text


def signed_in_again(browser: Browser, number: str, *codes: str, role: str = "2") -> Browser:
    """Return the same browser after another login of the same person, of these schools."""
    attributes = {
        "uid": ["MPASSOID.1"],
        "role": [f"{PROVIDER};{code};;x;{role};1.2.3;" for code in codes],
        "school_info": [f"{code};Koulu {code}" for code in codes],
    }
    browser.log_in(
        FakeResponse(attributes=attributes, response_id=f"id-{number}", assertion_id=f"id-assertion-{number}")
    )
    return browser
