# SPDX-License-Identifier: Apache-2.0
"""The attribute test's page, report and JSON: for the person themselves and for who holds the run's token."""

from __future__ import annotations

import re

import httpx
import pytest

from party.run_token import AUTHORIZATION, bearer
from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_response import PUPIL, FakeResponse
from tests.builders.sp_service import RUN_TOKEN, service_settings

PAGE = "/attribuuttitesti"
LANGUAGES = ("fi", "sv", "en")
NOT_ACTIVATED = {**PUPIL, "role": ["1.2.3;99900;9F;Oppilas;1;1.2.4;"]}


def signed_in(attributes: dict[str, list[str]] | None = None) -> Browser:
    """Return the browser of somebody who signed in for the test."""
    browser = FakeService().browser()
    browser.log_in(FakeResponse(attributes=attributes or PUPIL), f"?target={PAGE}")
    return browser


def verdicts(page: httpx.Response) -> dict[str, str]:
    return dict(re.findall(r'data-attribute="([a-z_]+)" data-verdict="([a-z-]+)"', page.text))


def document(browser: Browser) -> httpx.Response:
    return browser.client.get(f"{PAGE}.json", headers={AUTHORIZATION: bearer(RUN_TOKEN)})


def test_leads_who_is_not_signed_in_to_a_login_that_leads_back():
    """No value, no verdict, one button."""
    page = FakeService().browser().get(PAGE)

    assert f'href="/kirjaudu/mpassid?target={PAGE}"' in page.text
    assert verdicts(page) == {}


def test_shows_each_attribute_with_verdict_and_raw_values():
    """What is missing is an error where it is mandatory; what the service does not ask for is said."""
    page = signed_in().get(PAGE)

    assert verdicts(page) == {
        "uid": "ok",
        "given_name": "ok",
        "surname": "ok",
        "nickname": "not-received",
        "learner_id": "error",
        "school_info": "ok",
        "education_provider_info": "not-received",
        "role": "ok",
        "class_level": "empty",
        "learning_materials_charge": "not-received",
        "original_issuer": "not-received",
    }
    assert f'<code data-field="value">{PUPIL["role"][0]}</code>' in page.text
    assert field(page, "errors") == "1 attribuutti on virheellinen."


def test_shows_what_came_to_whom_the_service_refuses():
    """Error 105 stops nobody from seeing why: the login leads to the test, and the materials stay closed."""
    service = FakeService()
    browser = service.browser()
    ended = browser.log_in(FakeResponse(attributes=NOT_ACTIVATED), f"?target={PAGE}")
    page = browser.get(PAGE)

    assert ended.headers["location"] == f"https://publisher.localhost{PAGE}"
    assert "school-not-activated" in page.text
    assert "99900" in page.text
    assert browser.get("/materials").headers["location"] == "https://publisher.localhost/kirjaudu"


def test_says_when_the_login_service_refused():
    """Nothing came, and the reason stands there."""
    browser = FakeService().browser()
    browser.log_in(FakeResponse(status=["Responder", "AuthnFailed"]), f"?target={PAGE}")
    page = browser.get(PAGE)

    assert 'data-field="because"' in page.text
    assert "login-refused" in page.text
    assert verdicts(page)["uid"] == "error"


def test_has_a_report_to_copy_that_works_without_a_script():
    """Plain text in a field that can be read and selected; the button shows itself where copying works."""
    page = signed_in().get(PAGE).text
    [report] = re.findall(r'<textarea class="report"[^>]* readonly [^>]*>(.*?)</textarea>', page, re.DOTALL)

    assert report.splitlines()[:7] == [
        "Attribute test",
        "service: publisher https://publisher.localhost/metadata",
        "time: 2026-08-12T05:00:00Z",
        "issued by: https://mpass.localhost/idp/shibboleth",
        "authn context: urn:mpass.id:authnsource:ShibMansikkala",
        "outcome: session",
        "errors: 1",
    ]
    assert "ERROR  urn:oid:1.3.6.1.4.1.16161.1.1.27 (learnerId)" in report
    assert "    missing: A mandatory value is missing. (facts-mpassid 2)" in report
    assert re.search(r'data-copy="report"[^>]* hidden>', page)


def test_tells_the_same_as_json_to_who_holds_the_token():
    """Verdicts, values and findings with their clauses."""
    told = document(signed_in()).json()
    by_name = {each["name"]: each for each in told["attributes"]}

    assert (told["service"], told["because"], told["errors"]) == ("publisher", None, 1)
    assert by_name["learner_id"] == {
        "name": "learner_id",
        "saml_name": "urn:oid:1.3.6.1.4.1.16161.1.1.27",
        "friendly_name": "learnerId",
        "mandatory": True,
        "verdict": "error",
        "values": [],
        "findings": [{"id": "missing", "value": "", "clause": "facts-mpassid 2"}],
    }


def test_tells_nothing_without_the_token():
    """The person's own cookie opens the page, not the JSON; another token opens nothing."""
    browser = signed_in()

    assert browser.get(f"{PAGE}.json").status_code == 401
    assert browser.client.get(f"{PAGE}.json", headers={AUTHORIZATION: bearer(bytes(32))}).status_code == 401
    assert document(FakeService().browser()).status_code == 404


def test_shows_markup_in_a_value_as_text():
    """Nothing that a login brings runs, in a value or in the report."""
    page = signed_in({**PUPIL, "given_name": ["</textarea><script>alert(1)</script>"]}).get(PAGE).text

    assert "<script>alert" not in page
    assert page.count("&lt;/textarea&gt;&lt;script&gt;") == 2


def test_ends_with_the_session():
    """After signing out nothing is left to show."""
    browser = signed_in()
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(PAGE).text)
    assert token is not None
    browser.post("/logout", {"csrf_token": token[1]})

    assert verdicts(browser.get(PAGE)) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_speaks(language: str):
    """Every text of the page in the language that is asked for."""
    words = {"fi": "Attribuuttitesti", "sv": "Attributtest", "en": "Attribute test"}
    page = signed_in().get(f"{PAGE}?lang={language}")

    assert f'<html lang="{language}">' in page.text
    assert f"<h1>{words[language]}</h1>" in page.text


def test_shows_the_portal_what_the_portal_received():
    """Each service has the test of its own."""
    portal = FakeService(service_settings(simulated="portal", receives=("uid", "school_info", "role")))
    browser = portal.browser()
    browser.log_in(FakeResponse(attributes={name: PUPIL[name] for name in ("uid", "school_info", "role")}))

    assert verdicts(browser.get(PAGE))["given_name"] == "not-received"
    assert verdicts(browser.get(PAGE))["role"] == "ok"
