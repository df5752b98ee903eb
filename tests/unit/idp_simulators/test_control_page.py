# SPDX-License-Identifier: Apache-2.0
"""The control page for people: the token, the switches, and what is read back."""

import re
from datetime import timedelta

import pytest
from lxml import html
from werkzeug.test import TestResponse

from idp_simulators.control.access import Access
from idp_simulators.control.endpoint import EXCHANGES_PATH
from idp_simulators.control.views import SHOWN_EXCHANGES
from party.run_token import bearer
from tests.builders.homes import NOW, ORIGINS, RUN_TOKEN, Home, ProxyRequest, hidden, home

HOLDER = {"Authorization": bearer(RUN_TOKEN)}
OWN = {"Origin": ORIGINS.idp}
COOKIE = "__Secure-idp-443-control"


def opened(at: Home | None = None) -> tuple[Home, TestResponse]:
    """Return an app and its control page, opened with the run's token."""
    at = at or home()
    give_token(at)
    return at, at.client.get("/control")


def give_token(at: Home, token: str = RUN_TOKEN.hex(), **headers: str) -> TestResponse:
    return at.client.post("/control/token", data={"token": token}, headers={**OWN, **headers})


def press(at: Home, page: TestResponse, step: str = "on", **fields: str) -> TestResponse:
    """Send a form of the page with these fields."""
    data = {"form": hidden(page, "form"), **fields}
    return at.client.post(f"/control/{step}", data=data, headers=OWN)


def waiting(at: Home) -> list[dict[str, object]]:
    answer = at.client.get("/control/faults", headers=HOLDER)
    read: list[dict[str, object]] = answer.get_json()["waiting"]
    return read


def found(page: TestResponse, path: str) -> list[str]:
    return [str(one) for one in html.fromstring(page.text).xpath(path)]


def reasons(at: Home) -> list[object]:
    return [event.fields["because"] for event in at.events if event.name == "refused"]


def test_shows_nothing_before_the_token_is_given():
    """There is a form for the token, and neither a fault nor an exchange."""
    at = home()
    at.log_in()
    page = at.client.get("/control")

    assert (page.status_code, found(page, "//main/@data-page")) == (200, ["control-token"])
    assert [word for word in ("wrong-audience", "_request1", "Kytke") if word in page.text] == []


def test_opens_with_the_run_token():
    """The browser is sent to the page, which is in its address alone, and the page is open."""
    at = home()
    answer = give_token(at)

    assert (answer.status_code, answer.location) == (303, "/control#switched-on")
    assert found(at.client.get("/control"), "//main/@data-page") == ["control"]


def test_keeps_the_browser_by_a_cookie_that_no_other_page_and_no_script_sees():
    """It opens the control pages for half an hour, never on the way from another site, and does not hold the token."""
    cookie = give_token(home()).headers["Set-Cookie"]
    value, _, attributes = cookie.partition("; ")

    assert attributes == "Path=/control; HttpOnly; Max-Age=1800; Secure; SameSite=Strict"
    assert value.startswith(f"{COOKIE}=")
    assert RUN_TOKEN.hex() not in value


@pytest.mark.parametrize(
    "token", ["", "x", RUN_TOKEN.hex()[:-1], RUN_TOKEN.hex() + "0", "ä" * 64, bearer(RUN_TOKEN), "\x00"]
)
def test_stays_closed_for(token: str):
    """A wrong token is told beside its field, and is not sent back."""
    at = home()
    page = give_token(at, token)

    assert page.status_code == 403
    assert found(page, "//*[@id='token-problem']") != []
    assert ("Set-Cookie" in page.headers, found(page, "//input[@id='token']/@value")) == (False, [])
    assert reasons(at) == ["control-token-wrong"]


def test_takes_no_token_from_an_address():
    """Addresses end up in logs and histories."""
    at = home()
    page = at.client.get(f"/control?token={RUN_TOKEN.hex()}")

    assert found(page, "//main/@data-page") == ["control-token"]


def test_closes_for_a_while_after_five_wrong_tokens():
    """The right one does not open it either until five minutes have gone by."""
    at = home()
    for _ in range(5):
        give_token(at, "wrong")
    refused = give_token(at)
    at.clock.advance(timedelta(minutes=5))

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "300")
    assert reasons(at)[-1] == "control-closed-for-a-while"
    assert give_token(at).status_code == 303


def test_leaves_scripts_alone_when_it_is_closed():
    """The endpoint, which takes the token from a header, goes on."""
    at = home()
    for _ in range(6):
        give_token(at, "wrong")

    assert at.client.get("/control/faults", headers=HOLDER).status_code == 200


def test_asks_again_after_half_an_hour():
    """A page that was left open switches nothing on, and shows nothing."""
    at, page = opened()
    at.clock.advance(timedelta(minutes=30))
    answer = press(at, page, fault="expired")

    assert (answer.status_code, found(answer, "//main/@data-page"), waiting(at)) == (403, ["control-token"], [])
    assert found(at.client.get("/control"), "//main/@data-page") == ["control-token"]
    assert reasons(at) == ["control-not-open"]


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "https://mpass.localhost"])
@pytest.mark.parametrize("step", ["token", "on", "off", "close"])
def test_takes_no_form_from(step: str, origin: str | None):
    """A form of another site, or of a client that does not say where it is from, changes nothing."""
    at, page = opened()
    press(at, page, fault="expired")
    headers = {} if origin is None else {"Origin": origin}
    data = {"form": hidden(page, "form"), "fault": "wrong-audience", "token": RUN_TOKEN.hex()}
    answer = at.client.post(f"/control/{step}", data=data, headers=headers)

    assert (answer.status_code, reasons(at)) == (403, ["control-form-from-elsewhere"])
    assert ("Set-Cookie" in answer.headers, [one["fault"] for one in waiting(at)]) == (False, ["expired"])


def test_counts_no_wrong_token_that_another_site_sends():
    """Else any page could close this one."""
    at = home()
    for _ in range(6):
        give_token(at, "wrong", Origin="https://evil.example")

    assert give_token(at).status_code == 303


@pytest.mark.parametrize("step", ["on", "off", "close"])
@pytest.mark.parametrize("form_token", ["", "another", None])
def test_takes_no_form_that_was_not_shown_to_this_browser(step: str, form_token: str | None):
    """A form without the page's own text, or with that of another time, changes nothing."""
    at, page = opened()
    press(at, page, fault="expired")
    if form_token is None:
        form_token = hidden(page, "form")
        give_token(at)
    answer = at.client.post(f"/control/{step}", data={"form": form_token, "fault": "wrong-audience"}, headers=OWN)

    assert (answer.status_code, reasons(at)) == (403, ["control-form-not-of-this-page"])
    assert [one["fault"] for one in waiting(at)] == ["expired"]


@pytest.mark.parametrize("step", ["on", "off", "close"])
def test_does_nothing_for_a_browser_without_the_cookie(step: str):
    """The text of the form alone opens nothing."""
    at, page = opened()
    press(at, page, fault="expired")
    at.client.delete_cookie(COOKIE, domain="idp.localhost", path="/control")
    answer = press(at, page, step, fault="wrong-audience")

    assert (answer.status_code, [one["fault"] for one in waiting(at)]) == (403, ["expired"])


@pytest.mark.parametrize("path", ["/control/token", "/control/on", "/control/off", "/control/close"])
def test_changes_nothing_by_get(path: str):
    """A link cannot switch anything."""
    assert home().client.get(path).status_code == 405


def test_opens_no_cookie_of_another_run():
    """A new token closes the page in every browser."""
    cookie = Access.with_secrets(b"o" * 32, b"s" * 32).opened_by((b"o" * 32).hex(), NOW)

    assert cookie is not None
    assert Access.with_secrets(RUN_TOKEN, b"s" * 32).opened(cookie, NOW) is None
    assert Access.with_secrets(b"o" * 32, b"s" * 32).opened(cookie, NOW) is not None


def test_switches_a_fault_on_for_a_person():
    """What the fields say is what waits, and the page shows it."""
    at, page = opened()
    answer = press(at, page, fault="wrong-destination", person="mansikkala/demo_u0001", times="2", q="dest")
    shown = at.client.get(answer.location)

    assert (answer.status_code, answer.location) == (303, "/control?q=dest#switched-on")
    assert waiting(at) == [
        {
            "fault": "wrong-destination",
            "twin": False,
            "person": "mansikkala/demo_u0001",
            "provider": "mansikkala",
            "times": 2,
        }
    ]
    assert found(shown, "//*[@data-waiting]/@data-waiting") == ["wrong-destination"]


def test_switches_a_twin_on_for_a_provider_until_it_is_cleared():
    """The box goes before the number."""
    at, page = opened()
    press(at, page, **{"twin": "expired", "provider": "kuusikoski", "times": "7", "until-cleared": "yes"})

    assert waiting(at) == [
        {"fault": "expired", "twin": True, "person": None, "provider": "kuusikoski", "times": "until-cleared"}
    ]


def test_switches_everything_off():
    """The button does what DELETE does."""
    at, page = opened()
    press(at, page, fault="expired")
    press(at, page, fault="unsigned")
    answer = press(at, page, "off")

    assert (answer.status_code, waiting(at)) == (303, [])


def test_closes_in_this_browser():
    """The cookie is gone, and the page asks for the token."""
    at, page = opened()
    press(at, page, "close")

    assert found(at.client.get("/control"), "//main/@data-page") == ["control-token"]


PROBLEMS = {
    "an unknown person": ({"fault": "expired", "person": "mansikkala/nobody"}, "person"),
    "a person without provider": ({"fault": "expired", "person": "demo_u0001"}, "person"),
    "a person of another provider": (
        {"fault": "expired", "person": "mansikkala/demo_u0001", "provider": "kuusikoski"},
        "person",
    ),
    "no number": ({"fault": "expired", "times": "many"}, "times"),
    "no time at all": ({"fault": "expired", "times": "0"}, "times"),
    "too many times": ({"fault": "expired", "times": "1001"}, "times"),
    "digits of another script": ({"fault": "expired", "times": "٣"}, "times"),
    "an endless number": ({"fault": "expired", "times": "9" * 190}, "times"),
    "a provider that there is not": ({"fault": "expired", "provider": "nowhere"}, "provider"),
    "a person of a fault of the network": ({"fault": "reset", "person": "mansikkala/demo_u0001"}, "person"),
}


@pytest.mark.parametrize(("fields", "field"), PROBLEMS.values(), ids=PROBLEMS)
def test_tells_beside_the_field_what_is_wrong_with(fields: dict[str, str], field: str):
    """Nothing is switched on, nothing typed is lost, and the summary leads to the field."""
    at, page = opened()
    answer = press(at, page, **fields)

    assert (answer.status_code, waiting(at)) == (422, [])
    assert (found(answer, f"//*[@id='{field}-problem']") != [], f"#{field}" in found(answer, "//li/a/@href")) == (
        True,
        True,
    )
    assert found(answer, "//input[@id='person']/@value") == [fields.get("person", "")]


@pytest.mark.parametrize("fields", [{}, {"fault": "nonsense"}, {"fault": ""}, {"twin": "reset"}, {"fault": "reset"}])
def test_switches_nothing_on_for(fields: dict[str, str]):
    """A form that names no fault, one that does not exist, or one that cannot strike here, is told so."""
    at, page = opened()
    answer = press(at, page, **fields)

    assert (answer.status_code, waiting(at)) == (422, [])
    assert found(answer, "//*[@role='alert']//li") != []


def test_says_so_when_no_more_faults_can_wait():
    """The thousand and first is not switched on."""
    at, page = opened()
    for _ in range(1000):
        at.client.post("/control/faults", json={"fault": "expired"}, headers=HOLDER)
    answer = press(at, page, fault="expired")

    assert (answer.status_code, len(waiting(at))) == (422, 1000)


def test_shows_every_fault_with_what_comes_of_it():
    """Each has its sentence, its twin, its clause and its reason, and a switch for both."""
    _, page = opened()
    (row,) = html.fromstring(page.text).xpath("//*[@data-fault='wrong-audience']")

    assert [" ".join(cell.text_content().split()) for cell in row.xpath(".//p | .//dd")] == [
        "The assertion is addressed to another service provider.",
        "The assertion is addressed to another service provider and to this one.",
        "wrong-audience",
        "saml-core-2.0-os 2.5.1.4",
    ]
    assert row.xpath(".//button/@name") == ["fault", "twin"]
    assert found(page, "//*[@data-fault='reset']//button/@name") == ["fault"]


def test_shows_every_fault_that_there_is():
    """The page and the endpoint tell of the same ones."""
    at, page = opened()
    listed = at.client.get("/control/faults", headers=HOLDER).get_json()

    assert sorted(found(page, "//@data-fault")) == sorted(
        one["id"] for one in [*listed["faults"], *listed["network_faults"]]
    )


@pytest.mark.parametrize(
    ("q", "faults"),
    [
        (
            "Audience",
            [
                "wrong-audience",
                "audience-missing",
                "audience-in-one-restriction",
                "no-conditions",
                "opinsys-wrong-audience",
                "opinsys-audience-missing",
            ],
        ),
        ("audience-missing", ["audience-missing", "opinsys-audience-missing"]),
        ("reset", ["data-reset", "reset", "black-hole"]),
        ("<script>alert(1)</script>", []),
    ],
)
def test_finds_faults_by_every_word(q: str, faults: list[str]):
    """In the name, the sentences, the clause or the reason, in whatever case; what is found stands open."""
    at, _ = opened()
    page = at.client.get("/control", query_string={"q": q})

    assert found(page, "//@data-fault") == faults
    assert (found(page, "//details[not(@open)]"), "<script>alert" in page.text) == ([], False)


def test_switches_nothing_on_by_enter_in_a_field():
    """A browser presses the first button of the form then, which is one that cannot be pressed."""
    _, page = opened()
    first, *others = html.fromstring(page.text).xpath("//form[@data-purpose='control-on']//button")

    assert (first.get("disabled") is not None, len(others) > 100) == (True, True)


def test_reads_the_last_exchanges_back():
    """The newest comes first, with its ids, its fault and nothing of a person."""
    at, page = opened()
    press(at, page, fault="wrong-destination")
    at.log_in()
    at.client.get(ProxyRequest(id="_request2").url())
    shown = at.client.get("/control")

    assert found(shown, "//@data-exchange") == ["_request2", "_request1"]
    text = " ".join(found(shown, "//*[@data-exchange='_request1']//text()"))
    assert ("wrong-destination" in text, "ShibMansikkala" in text) == (True, True)
    assert re.findall("demo_u0001|Testi1|1\\.2\\.246", text) == []


def test_shows_no_more_exchanges_than_can_be_read():
    """The others are read at the endpoint."""
    at, _ = opened()
    for number in range(SHOWN_EXCHANGES + 5):
        at.client.get(ProxyRequest(id=f"_request{number}").url())

    assert len(found(at.client.get("/control"), "//@data-exchange")) == SHOWN_EXCHANGES
    assert len(at.client.get(EXCHANGES_PATH, headers=HOLDER).get_json()["exchanges"]) == SHOWN_EXCHANGES + 5


def test_tells_what_was_switched_by_whom_in_events_without_a_person():
    """Whoever reads the log sees that the page was opened and what was switched on."""
    at, page = opened()
    press(at, page, fault="expired", person="mansikkala/demo_u0001")
    told = [(event.name, dict(event.fields)) for event in at.events]

    assert told == [("control-opened", {}), ("fault-switched-on", {"fault": "expired"})]
