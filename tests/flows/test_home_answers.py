# SPDX-License-Identifier: Apache-2.0
"""A Wilma and an Opinsys at the proxy: what signs in, what must not, and what the person and the service are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import pytest

from tests.builders.home_answers import OONA, SUBJECT, VEERA, checksum
from tests.builders.service_requests import asking
from tests.builders.without_saml import (
    AT_SCHOOL,
    OPINSYS,
    OPINSYS_FLOW,
    WILMA,
    WILMA_FLOW,
    Asked,
    Browser,
    Testbed,
    as_json,
    holding,
    keys,
    page_of,
    running,
    wilma_secret,
)

SCHOOL_INFO = ["30076;Mansikkalan testi peruskoulu", "1.2.246.562.99.00000000002;Mansikkalan testi peruskoulu"]


@pytest.fixture
def testbed() -> Testbed:
    """Run a fresh proxy with fresh services."""
    return running()


@pytest.fixture
def browser(testbed: Testbed) -> Browser:
    """Return a person's browser."""
    return testbed.browser()


def at_picker(response: httpx.Response) -> bool:
    """Tell whether a person is put back at the school picker."""
    return response.status_code == 303 and response.headers["Location"].endswith("/school")


# --- signing in ---------------------------------------------------------------------------------------------------


def test_signs_in_by_wilma(testbed: Testbed, browser: Browser):
    """The service receives what Wilma's data service holds, by MPASSid's data model."""
    asked = browser.choose(WILMA_FLOW)

    browser.follow(browser.answer_as_wilma(asked))

    received = browser.received()
    assert received["school_info"] == SCHOOL_INFO
    assert received["role"] == ["1.2.246.562.99.00000000001;30076;3A;Oppilas;1;1.2.246.562.99.00000000002;"]
    assert testbed.reasons() == []


def test_signs_in_by_opinsys(testbed: Testbed, browser: Browser):
    """The same by a token, and a data service that asks for a password."""
    asked = browser.choose(OPINSYS_FLOW)

    browser.follow(browser.answer_as_opinsys(asked))

    assert browser.received()["school_info"] == SCHOOL_INFO
    [request] = testbed.data.asked
    assert str(request.url) == f"{OPINSYS.base_url}/v3/users/{SUBJECT}"
    assert request.headers["Authorization"].startswith("Basic ")


def test_asks_wilma_as_the_protocol_says(testbed: Testbed, browser: Browser):
    """Both addresses vouch for themselves with the shared secret, and each has its own nonce."""
    asked = browser.choose(WILMA_FLOW)
    browser.answer_as_wilma(asked, "username=%C3%A4l%26y")

    said, _, sent = asked.url.rpartition("&h=")
    assert said.startswith(f"{WILMA.wilma.login_url}?returnUrl=https%3A%2F%2Fmpass.localhost%2Flogin%2F")
    assert sent == checksum(said, wilma_secret())
    data_said, _, data_sent = str(testbed.data.asked[0].url).rpartition("&h=")
    assert data_said.startswith(f"{WILMA.wilma.data_url}?username=%C3%A4l%26y&nonce=")
    assert data_sent == checksum(data_said, wilma_secret())
    assert asked.nonce not in data_said


@pytest.mark.parametrize(("flow", "flag"), [(WILMA_FLOW, "forcedLogin"), (OPINSYS_FLOW, "force")])
def test_demands_a_fresh_sign_in_where_the_service_does(browser: Browser, flow: str, flag: str):
    """ForceAuthn reaches the home organisation in its own words, and only then."""
    plain = browser.choose(flow)
    with asking(browser.client, keys().pairs["sp-publisher"], lambda xml: xml.replace("<samlp:AuthnRequest", '<samlp:AuthnRequest ForceAuthn="true"', 1)):  # fmt: skip
        forced = browser.choose(flow)

    assert flag not in plain.parameters
    assert forced.parameters[flag] == "true"


def test_remembers_the_person_for_the_next_service(testbed: Testbed, browser: Browser):
    """The second service is answered without asking Wilma or its data service again."""
    browser.follow(browser.answer_as_wilma(browser.choose(WILMA_FLOW)))

    answer = browser.client.get(
        "https://portal.localhost/kirjaudu/mpassid", params={"target": "/", "lang": "fi"}, follow_redirects=True
    )
    browser.follow(answer)

    assert "uid" in browser.received("portal")
    assert len(testbed.data.asked) == 1


# --- answers that must not sign anybody in ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "because"),
    [
        pytest.param(lambda url, _: url.replace("virtavee", "rehtori1"), "home-checksum-invalid", id="another user name after the checksum"),
        pytest.param(lambda _, asked: asked.wilma_answer(secret=keys().secrets["home-mansikkala"]), "home-checksum-invalid", id="another provider's secret"),
        pytest.param(lambda url, asked: url.replace(asked.nonce, asked.nonce[::-1]), "home-nonce-mismatch", id="another nonce"),
        pytest.param(lambda url, _: f"{url}&lang=sv", "home-answer-malformed", id="a parameter in excess"),
        pytest.param(lambda url, _: url.partition("&h=")[0], "home-answer-malformed", id="no checksum"),
        pytest.param(lambda url, _: url.partition("?")[0], "home-answer-malformed", id="nothing"),
    ],
)  # fmt: skip
def test_puts_back_at_the_picker_after_an_answer_of_wilma(
    testbed: Testbed, browser: Browser, change: Callable[[str, Asked], str], because: str
):
    """Nobody is signed in, nobody's data is asked for, and the event names the check."""
    asked = browser.choose(WILMA_FLOW)

    answer = browser.client.get(change(asked.wilma_answer(), asked))

    assert at_picker(answer)
    assert testbed.reasons() == [because]
    assert testbed.data.asked == []
    assert browser.received() == {}


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        pytest.param({"nonce": "x" * 24}, "home-nonce-mismatch", id="another nonce"),
        pytest.param({"iss": WILMA.entity_id}, "home-token-wrong-issuer", id="another source's name"),
        pytest.param({"aud": "https://publisher.localhost/metadata"}, "home-token-wrong-audience", id="a service's token"),
    ],
)  # fmt: skip
def test_puts_back_at_the_picker_after_a_token_of_opinsys(
    testbed: Testbed, browser: Browser, changes: dict[str, Any], because: str
):
    """The same for tokens; what else is wrong with one is tried where tokens are verified."""
    asked = browser.choose(OPINSYS_FLOW)

    answer = browser.answer_as_opinsys(asked, asked.token(**changes))

    assert at_picker(answer)
    assert testbed.reasons() == [because]
    assert testbed.data.asked == []


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param([("jwt", "a.b.c"), ("jwt", "a.b.c")], id="two tokens"),
        pytest.param([("jwt", "a.b.c"), ("error", "access_denied")], id="a token and an error"),
        pytest.param([("error", "access_denied")], id="an error without a nonce"),
        pytest.param([("error", "server_error"), ("nonce", "x" * 24)], id="another error"),
        pytest.param([], id="nothing"),
    ],
)
def test_takes_no_other_form_of_opinsys(testbed: Testbed, browser: Browser, fields: list[tuple[str, str]]):
    """One token, or one refusal with the nonce."""
    asked = browser.choose(OPINSYS_FLOW)

    answer = browser.client.post(
        asked.return_to, content=str(httpx.QueryParams(fields)), headers={"Content-Type": "application/x-www-form-urlencoded"}
    )  # fmt: skip

    assert at_picker(answer)
    assert testbed.reasons() == ["home-answer-malformed"]


def test_gives_whoever_guesses_one_try(testbed: Testbed, browser: Browser):
    """After a wrong answer the right one is not waited for any more."""
    asked = browser.choose(WILMA_FLOW)
    browser.answer_as_wilma(asked, secret=b"o" * 32)

    late = browser.answer_as_wilma(asked)

    assert at_picker(late)
    assert testbed.reasons() == ["home-checksum-invalid", "home-answer-unasked"]


def test_signs_in_after_choosing_again(testbed: Testbed, browser: Browser):
    """The login goes on from the picker."""
    put_back = browser.answer_as_wilma(browser.choose(WILMA_FLOW), secret=b"o" * 32)

    browser.follow(browser.answer_as_wilma(browser.choose_again(put_back.headers["Location"], WILMA_FLOW)))

    assert browser.received()["school_info"] == SCHOOL_INFO
    assert testbed.reasons() == ["home-checksum-invalid"]


def test_takes_an_answer_once(testbed: Testbed, browser: Browser):
    """The same answer with the cookie of before is refused the second time, of either protocol."""
    for flow, answer in ((WILMA_FLOW, browser.answer_as_wilma), (OPINSYS_FLOW, browser.answer_as_opinsys)):
        browser.client.cookies.clear()
        asked = browser.choose(flow)
        before = httpx.Cookies(browser.client.cookies)
        first = answer(asked)
        browser.client.cookies = before

        second = answer(asked)

        assert (first.status_code, page_of(second).error_fields.get("reason")) == (200, "response-replayed")
    assert len(testbed.data.asked) == 2


def test_takes_no_answer_of_another_browser(testbed: Testbed, browser: Browser):
    """A stolen answer is worth nothing where no login waits for it."""
    asked, thief = browser.choose(WILMA_FLOW), testbed.browser()

    stolen = thief.answer_as_wilma(asked)

    assert (stolen.status_code, page_of(stolen).error_fields.get("reason")) == (400, "login-not-found")


def test_takes_no_answer_to_the_login_of_another_browser(testbed: Testbed, browser: Browser):
    """A thief with a login of his own moves the victim's answer to it: neither nonce nor checksum goes along."""
    victims, thief = browser.choose(WILMA_FLOW), testbed.browser()
    own = thief.choose(WILMA_FLOW)

    query = victims.wilma_answer().partition("?")[2]
    stolen = thief.client.get(f"{own.return_to.partition('?')[0]}?{query}")
    again = thief.choose_again(stolen.headers["Location"], WILMA_FLOW)
    with_own_nonce = thief.client.get(
        f"{again.return_to.partition('?')[0]}?{query.replace(victims.nonce, again.nonce)}"
    )

    assert at_picker(stolen)
    assert at_picker(with_own_nonce)
    assert testbed.reasons() == ["home-nonce-mismatch", "home-checksum-invalid"]


def test_takes_no_answer_by_another_protocol(testbed: Testbed, browser: Browser):
    """A login that waits for Wilma waits for no token, and the other way round."""
    wilma = browser.choose(WILMA_FLOW)
    opinsys = browser.choose(OPINSYS_FLOW)
    login_of_wilma = wilma.return_to.partition("?")[0].removesuffix("/wilma")

    browser.client.post(f"{login_of_wilma}/opinsys", data={"jwt": opinsys.token(nonce=wilma.nonce)})
    crossed = f"{opinsys.return_to.removesuffix('/opinsys')}/wilma?nonce={opinsys.nonce}&username=virtavee"
    browser.client.get(f"{crossed}&h={checksum(crossed, wilma_secret())}")

    assert testbed.reasons() == ["home-answer-unasked", "home-answer-unasked"]
    assert testbed.data.asked == []


def test_takes_no_response_by_saml_where_another_protocol_was_asked(testbed: Testbed, browser: Browser):
    """An ACS address is no way around a Wilma."""
    asked = browser.choose(WILMA_FLOW)
    login_id = urlsplit(asked.return_to).path.split("/")[2]

    browser.client.post(
        "https://mpass.localhost/Shibboleth.sso/SAML2/POST", data={"SAMLResponse": "PHg+", "RelayState": login_id}
    )

    assert testbed.reasons() == ["in-response-to-missing"]


def test_refuses_an_old_token(testbed: Testbed, browser: Browser):
    """A token is good for a minute, and the skew that clocks are allowed."""
    asked = browser.choose(OPINSYS_FLOW)
    presented = asked.token()
    testbed.clock.advance(timedelta(minutes=5))

    browser.answer_as_opinsys(asked, presented)

    assert testbed.reasons() == ["home-token-expired"]


@pytest.mark.parametrize("method", ["HEAD", "POST"])
def test_an_answer_of_wilma_is_a_get(testbed: Testbed, browser: Browser, method: str):
    """What only looks at an address does not use the answer up."""
    asked = browser.choose(WILMA_FLOW)

    looked = browser.client.request(method, asked.wilma_answer())
    browser.follow(browser.answer_as_wilma(asked))

    assert looked.status_code == 405
    assert testbed.reasons() == []


# --- turning back -------------------------------------------------------------------------------------------------


def test_tells_the_service_that_the_person_turned_back_at_wilma(testbed: Testbed, browser: Browser):
    """The login ends, and the service is answered AuthnFailed."""
    asked = browser.choose(WILMA_FLOW)

    page = page_of(browser.answer_as_wilma(asked, "cancelled=true"))

    assert (page.error_fields.get("reason"), page.form("continue") is not None) == ("cancelled-at-home", True)
    assert testbed.reasons() == ["cancelled-at-home"]


def test_tells_the_service_that_the_person_turned_back_at_opinsys(testbed: Testbed, browser: Browser):
    """Only with this login's nonce: anybody else's error is none."""
    asked = browser.choose(OPINSYS_FLOW)
    forged = browser.client.post(asked.return_to, data={"error": "access_denied", "nonce": "x" * 24})
    assert at_picker(forged)
    again = browser.choose_again(forged.headers["Location"], OPINSYS_FLOW)

    browser.client.post(again.return_to, data={"error": "access_denied", "nonce": again.nonce})

    assert testbed.reasons() == ["home-nonce-mismatch", "cancelled-at-home"]


# --- what is shown and told ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("fi", "Oppilaitoksesi kirjautuminen ei onnistunut"),
        ("sv", "Inloggningen vid din läroanstalt lyckades inte"),
        ("en", "Signing in at your school did not succeed"),
    ],
)
def test_says_at_the_picker_what_happened(browser: Browser, language: str, heading: str):
    """In the person's language, with the reason for whoever will solve it; gone after the next choice."""
    put_back = browser.answer_as_wilma(browser.choose(WILMA_FLOW), secret=b"o" * 32)
    picker_url = put_back.headers["Location"]

    picker = browser.client.get(f"{picker_url}?lang={language}")
    browser.choose_again(picker_url, WILMA_FLOW)
    after = browser.client.get(picker_url)

    assert heading in picker.text
    assert page_of(picker).error_fields.get("reason") == "home-checksum-invalid"
    assert "reason" not in page_of(after).error_fields


@pytest.mark.parametrize(
    ("answer", "because", "found"),
    [
        pytest.param(lambda _: as_json([], 500), "home-data-status", "500", id="an error"),
        pytest.param(lambda _: httpx.Response(302, headers={"Location": "/"}), "home-data-redirect", "302", id="a redirect"),
        pytest.param(holding([]), "home-data-wrong-shape", "", id="nobody"),
        pytest.param(holding({"virtavee": "secret"}), "home-data-wrong-shape", "", id="another shape"),
    ],
)  # fmt: skip
def test_goes_on_without_data_when_the_data_service_fails(
    testbed: Testbed, browser: Browser, answer: Callable[[httpx.Request], httpx.Response], because: str, found: str
):
    """The login ends for want of a learner id; the event says why there was none, and quotes nobody."""
    testbed.data.answer = answer

    page = page_of(browser.answer_as_wilma(browser.choose(WILMA_FLOW)))

    assert (page.error_fields.get("reason"), testbed.reasons()) == ("learner-id-missing", ["learner-id-missing"])
    [missing] = testbed.told("home-data-missing")
    assert (missing["because"], missing["found"], missing["source"]) == (because, found, WILMA_FLOW)


def test_takes_no_data_of_another_person(testbed: Testbed, browser: Browser):
    """A data service that confuses people signs nobody in as somebody else."""
    testbed.data.answer = holding({**OONA, "id": "somebody-else"})

    page = page_of(browser.answer_as_opinsys(browser.choose(OPINSYS_FLOW)))

    assert page.error_fields.get("reason") == "learner-id-missing"
    assert testbed.told("home-data-missing")[0]["because"] == "home-data-of-another-person"


def test_tells_nothing_of_the_person_in_events(testbed: Testbed, browser: Browser):
    """Neither names nor ids of a person are recorded, whether the login goes through or not."""
    browser.follow(browser.answer_as_wilma(browser.choose(WILMA_FLOW)))
    browser.client.cookies.clear()
    browser.follow(browser.answer_as_opinsys(browser.choose(OPINSYS_FLOW)))
    browser.client.cookies.clear()
    testbed.data.answer = holding(VEERA)
    browser.answer_as_wilma(browser.choose(WILMA_FLOW))
    browser.client.cookies.clear()
    browser.client.get(browser.choose(WILMA_FLOW).wilma_answer().replace("virtavee", "virtaveera"))

    said = testbed.log()
    personal = ("virta", "Veera", "oona", "Oona", "10000000017", "10000000025", SUBJECT)
    assert [each for each in personal if each in said] == []


def test_holds_every_gate_for_what_a_data_service_says(testbed: Testbed, browser: Browser):
    """A learner id of another form stops the login, as one in an assertion does."""
    testbed.data.answer = holding([{**VEERA, "learnerId": "010101-123N", "roles": AT_SCHOOL}])

    page = page_of(browser.answer_as_wilma(browser.choose(WILMA_FLOW)))

    assert page.error_fields.get("reason") == "learner-id-invalid"


def test_the_state_of_the_login_fits_its_cookie(browser: Browser):
    """A nonce takes no more room than the ID of an AuthnRequest."""
    asked = browser.choose(WILMA_FLOW)
    login_id = unquote(urlsplit(asked.return_to).path).split("/")[2]

    [value] = [str(cookie.value) for cookie in browser.client.cookies.jar if cookie.name.endswith(login_id)]

    assert len(value) <= 1200
    assert parse_qs(urlsplit(asked.return_to).query)["nonce"] == [asked.nonce]
