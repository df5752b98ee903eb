# SPDX-License-Identifier: Apache-2.0
"""A login at a service, through its addresses: what opens a session, what doesn't, and what counts once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.builders.sp_browser import FakeService, field
from tests.builders.sp_response import PUPIL, FakeResponse, key_pair
from tests.builders.sp_service import service_settings

PROVIDER = "1.2.246.562.99.00000000001"
NOT_ACTIVATED = {
    "uid": ["MPASSOID.2"],
    "school_info": ["99900;Demolan koulu"],
    "role": [f"{PROVIDER};99900;;Opettaja;2;1.2.246.562.99.00000000003;"],
}


def test_leads_back_to_the_deep_link_with_its_query():
    """A visit to a material leads through the login and back to it."""
    browser = FakeService().browser()

    away = browser.get("/materials/matikka-9?page=7&q=%C3%A4")
    assert away.status_code == 303
    query = away.headers["location"].removeprefix("https://publisher.localhost/kirjaudu/mpassid")
    answer = browser.log_in(query=query)

    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "https://publisher.localhost/materials/matikka-9?page=7&q=%C3%A4",
    )
    room = browser.get("/materials/matikka-9?page=7&q=%C3%A4").headers["location"]
    assert room == "https://publisher.localhost/kampus/matikka-9?page=7&q=%C3%A4"
    assert browser.get(room).status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/%5Cevil.example", "/kirjaudu/mpassid"])
def test_leads_nowhere_else(target: str):
    """A login never ends at another host or in itself."""
    answer = FakeService().browser().log_in(query=f"?target={target}")

    assert answer.headers["location"] == "https://publisher.localhost/materials"


def test_keeps_the_target_out_of_the_relay_state():
    """RelayState is opaque and at most 80 bytes (saml-bindings-2.0-os 3.4.3)."""
    login = FakeService().browser().start_login("?target=/materials/matikka-9")

    assert len(login.relay_state) == 43
    assert "matikka" not in login.url


def test_reports_what_was_received():
    """`/session.json` shows attributes, schools, materials and where they came from."""
    browser = FakeService().browser()
    browser.log_in()

    assert browser.session().json() == {
        "service": "publisher",
        "person_uid": "MPASSOID.391ea8eb34f1e27024ab1342603537bdbd494900",
        "attributes": PUPIL,
        "schools": ["30076"],
        "not_activated": [],
        "ended": [],
        "materials": ["matikka-9"],
        "outcome": "session",
        "because": None,
        "page": None,
        "name_id": "AAdzZWNyZXQ",
        "name_id_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        "authn_context": "urn:mpass.id:authnsource:ShibMansikkala",
        "issued_by": "https://mpass.localhost/idp/shibboleth",
    }


def test_reports_nothing_without_the_run_token():
    """Who signs in does not thereby hold the run's token."""
    browser = FakeService().browser()
    browser.log_in()

    assert browser.get("/session.json").status_code == 401
    assert browser.session(token=bytes(32)).status_code == 401
    assert browser.get("/session.json").text == ""


def test_reports_nothing_before_a_login():
    """Nobody signed in: 404."""
    assert FakeService().browser().session().status_code == 404


def test_reports_a_refusal_of_its_own():
    """A refused login opens no session, and is reported with its reason and page."""
    browser = FakeService().browser()
    answer = browser.log_in(FakeResponse(attributes=NOT_ACTIVATED))

    report = browser.session().json()
    assert (answer.status_code, field(answer, "reason"), field(answer, "error-number")) == (
        403,
        "school-not-activated",
        "105",
    )
    assert (report["outcome"], report["because"], report["page"], report["not_activated"]) == (
        "refused",
        "school-not-activated",
        105,
        ["99900"],
    )
    assert browser.get("/materials").headers["location"] == "https://publisher.localhost/kirjaudu"


def test_reports_a_refusal_of_the_login_service():
    """The proxy's no is page 111, with its second-level status for whoever solves it, and no message in the log."""
    service = FakeService()
    browser = service.browser()
    answer = browser.log_in(FakeResponse(status=["Responder", "RequestDenied"], status_message="<b>no</b>"))

    report = browser.session().json()
    assert (answer.status_code, field(answer, "error-number")) == (403, "111")
    assert "Responder / RequestDenied: &lt;b&gt;no&lt;/b&gt;" in answer.text
    assert service.events[-1].fields["found"] == "Responder / RequestDenied"
    assert (report["outcome"], report["because"], report["page"], report["attributes"]) == (
        "refused",
        "login-refused",
        111,
        {},
    )


def test_can_be_finished_after_the_person_turned_back_once():
    """A refusal leaves the request open: back in the browser and on to another school is a login."""
    browser = FakeService().browser()
    login = browser.start_login()
    browser.post("/acs", login.answer(FakeResponse(status=["Responder", "AuthnFailed"], response_id="id-1")))

    assert browser.post("/acs", login.answer(FakeResponse(response_id="id-2"))).status_code == 303


def test_takes_an_answer_once():
    """The same answer again is page 114, and the session it opened stays."""
    browser = FakeService().browser()
    answer = browser.start_login().answer()

    first, second = browser.post("/acs", answer), browser.post("/acs", answer)
    assert (first.status_code, second.status_code) == (303, 400)
    assert (field(second, "reason"), field(second, "error-number")) == ("response-consumed", "114")
    assert browser.get("/materials").status_code == 200


def test_takes_an_assertion_once():
    """Another response with the same assertion is refused as well."""
    browser = FakeService().browser()
    browser.log_in(FakeResponse(response_id="id-1", assertion_id="id-same"))

    again = browser.log_in(FakeResponse(response_id="id-2", assertion_id="id-same"))

    assert field(again, "reason") == "response-consumed"


def test_takes_one_answer_to_a_request():
    """A second good answer to the same request is refused."""
    browser = FakeService().browser()
    login = browser.start_login()
    browser.post("/acs", login.answer(FakeResponse(response_id="id-1", assertion_id="id-2")))

    again = browser.post("/acs", login.answer(FakeResponse(response_id="id-3", assertion_id="id-4")))

    assert field(again, "reason") == "response-consumed"


def test_takes_an_answer_once_across_two_workers(tmp_path: Path):
    """Two instances on one database know of each other's logins."""
    url = f"sqlite:///{tmp_path}/publisher.sqlite"
    one, other = FakeService(database_url=url), FakeService(database_url=url)
    browser = one.browser()
    answer = browser.start_login().answer()
    same_browser = other.browser(browser.client.cookies)

    assert same_browser.post("/acs", answer).status_code == 303
    assert field(browser.post("/acs", answer), "reason") == "response-consumed"
    assert one.browser(same_browser.client.cookies).get("/materials").status_code == 200


def test_refuses_an_answer_in_another_browser():
    """An answer counts only in the browser that asked (login CSRF)."""
    service = FakeService()
    answer = service.browser().start_login().answer()
    victim = service.browser()

    assert field(victim.post("/acs", answer), "reason") == "cookies-needed"
    victim.get("/kirjaudu")
    assert field(victim.post("/acs", answer), "reason") == "request-unknown"
    victim.start_login()
    assert field(victim.post("/acs", answer), "reason") == "request-unknown"
    assert victim.session().status_code == 404


def test_refuses_an_answer_nobody_asked_for():
    """An unsolicited response, or none of our RelayStates: 113."""
    browser = FakeService().browser()
    browser.start_login()

    refused = browser.post("/acs", {"SAMLResponse": FakeResponse().form_value(), "RelayState": "x"})

    assert (refused.status_code, field(refused, "error-number")) == (400, "113")


def test_refuses_the_answer_to_another_tab_s_request():
    """An answer comes with the RelayState of its own request."""
    browser = FakeService().browser()
    one, other = browser.start_login(), browser.start_login()

    mixed = {**one.answer(), "RelayState": other.relay_state}

    assert field(browser.post("/acs", mixed), "reason") == "request-unknown"


def test_finishes_two_tabs_each_at_its_own_target():
    """Two logins of one browser do not disturb one another."""
    browser = FakeService().browser()
    one = browser.start_login("?target=/materials/matikka-9")
    other = browser.start_login("?target=/materials/lukukirja-3")

    answers = [
        browser.post("/acs", login.answer(FakeResponse(response_id=f"id-r{number}", assertion_id=f"id-a{number}")))
        for number, login in enumerate((other, one))
    ]

    assert [answer.headers["location"] for answer in answers] == [
        "https://publisher.localhost/materials/lukukirja-3",
        "https://publisher.localhost/materials/matikka-9",
    ]


def test_keeps_the_eight_newest_logins_of_a_browser():
    """A browser that starts login after login fills nobody's database."""
    service = FakeService()
    browser = service.browser()
    logins = []
    for _ in range(9):
        logins.append(browser.start_login())
        service.clock.advance(timedelta(seconds=1))

    assert field(browser.post("/acs", logins[0].answer()), "reason") == "request-unknown"
    assert browser.post("/acs", logins[1].answer()).status_code == 303


@pytest.mark.parametrize(("minutes", "status"), [(14, 303), (15, 400)])
def test_waits_a_quarter_of_an_hour_for_an_answer(minutes: int, status: int):
    """A login that takes longer is over."""
    service = FakeService()
    browser = service.browser()
    login = browser.start_login()
    service.clock.advance(timedelta(minutes=minutes))

    answer = browser.post("/acs", login.answer(FakeResponse(now=service.clock())))

    assert answer.status_code == status


def test_refuses_a_broken_answer_with_the_check_for_whoever_solves_it():
    """112 tells the person nothing and the engineer which check failed."""
    service = FakeService()
    refused = service.browser().log_in(FakeResponse(key=key_pair("stranger")))

    assert (refused.status_code, field(refused, "error-number")) == (400, "112")
    assert (
        field(refused, "detail")
        == "response-signature-invalid; found Signature validation failed. SAML Response rejected"
    )
    assert [(event.name, event.fields.get("because"), event.fields.get("check")) for event in service.events] == [
        ("login-started", None, None),
        ("refused", "response-not-accepted", "response-signature-invalid"),
    ]


def test_changes_nothing_for_a_browser_that_is_sent_a_broken_answer():
    """A signed-in person stays signed in whatever a stranger posts."""
    browser = FakeService().browser()
    browser.log_in()

    browser.log_in(FakeResponse(key=key_pair("stranger")))

    assert browser.get("/materials").status_code == 200


def test_replaces_the_session_of_the_person_before():
    """On a shared device the refused login of the next pupil ends the session of the one before."""
    service = FakeService()
    browser = service.browser()
    browser.log_in(FakeResponse(response_id="id-1", assertion_id="id-2"))
    before = httpx.Cookies(browser.client.cookies)

    browser.log_in(FakeResponse(response_id="id-3", assertion_id="id-4", attributes=NOT_ACTIVATED))

    assert service.browser(before).get("/materials").status_code == 303


def test_gives_every_login_a_new_session_id():
    """The id from before the login is worth nothing after it."""
    browser = FakeService().browser()
    browser.log_in(FakeResponse(response_id="id-1", assertion_id="id-2"))
    first = browser.client.cookies["__Host-publisher-443-session"]

    browser.log_in(FakeResponse(response_id="id-3", assertion_id="id-4"))

    assert browser.client.cookies["__Host-publisher-443-session"] != first


def test_sets_cookies_that_survive_the_way_and_no_more():
    """The login's cookie crosses sites, the session's does not; both only over TLS and out of scripts' reach."""
    browser = FakeService().browser()
    away = browser.get("/kirjaudu/mpassid")
    back = browser.log_in()

    started, opened = (answer.headers["set-cookie"].partition("; ")[2] for answer in (away, back))
    assert sorted(started.split("; ")) == ["HttpOnly", "Path=/", "SameSite=None", "Secure"]
    assert sorted(opened.split("; ")) == ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]


def test_emits_events_without_personal_data():
    """What a login leaves in the log: ids and counts."""
    service = FakeService()
    browser = service.browser()
    login = browser.start_login()
    browser.post("/acs", login.answer())

    assert [(event.part, event.name, dict(event.fields)) for event in service.events] == [
        ("publisher", "login-started", {"request_id": login.request_id, "service": "publisher"}),
        (
            "publisher",
            "session-started",
            {"request_id": login.request_id, "service": "publisher", "schools": 1, "materials": 1},
        ),
    ]


def test_has_no_gate_at_the_portal_and_leads_to_the_publisher():
    """The portal shows what the schools ordered; each card leads to the publisher's deep link."""
    settings = service_settings(
        service="publisher", simulated="portal", publisher_origin="https://kivi.example", receives=("uid", "role")
    )
    browser = FakeService(settings).browser()
    answer = browser.log_in(FakeResponse(attributes={**PUPIL, "role": [f"{PROVIDER};99905;;Opettaja;2;1.2.3;"]}))

    page = browser.get("/materials")
    assert answer.status_code == 303
    assert browser.session().json()["materials"] == ["lukukirja-3", "matikka-9"]
    assert '<a href="https://kivi.example/materials/lukukirja-3?via=portal">Lukukirja 3</a>' in page.text
    assert (
        browser.get("/materials/matikka-9").headers["location"] == "https://kivi.example/materials/matikka-9?via=portal"
    )
