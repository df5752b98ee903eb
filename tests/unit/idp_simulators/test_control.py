# SPDX-License-Identifier: Apache-2.0
"""Switching faults on and off over HTTP."""

import pytest
from werkzeug.test import TestResponse

from party.run_token import bearer
from tests.builders.homes import RUN_TOKEN, Home, ProxyRequest, answer_of, federation, home

HOLDER = {"Authorization": bearer(RUN_TOKEN)}
ORDER = {"fault": "wrong-destination", "twin": False, "person": "mansikkala/demo_u0001", "provider": None}


def order(at: Home, **changes: object) -> TestResponse:
    return at.client.post("/control/faults", json={**ORDER, **changes}, headers=HOLDER)


def waiting(at: Home) -> object:
    return at.client.get("/control/faults", headers=HOLDER).get_json()["waiting"]


def how_many(at: Home) -> int:
    return len(at.client.get("/control/faults", headers=HOLDER).get_json()["waiting"])


def destination_of(page: TestResponse) -> str | None:
    return answer_of(page).get("Destination")


RIGHT = "https://mpass.localhost/ShibMansikkala/Shibboleth.sso/SAML2/POST"
WRONG = "https://mpass.localhost/Shibboleth.sso/SAML2/POST"


def test_changes_one_next_response_and_no_other():
    """A fault is gone after the response it changed, and its name is told."""
    at = home()
    assert order(at).status_code == 201
    faulty, plain = at.log_in(), at.client.get(ProxyRequest().url())

    assert (destination_of(faulty), destination_of(plain)) == (WRONG, RIGHT)
    assert [event.fields.get("fault") for event in at.events if event.name == "authenticated"] == [
        "wrong-destination",
        None,
    ]


def test_waits_for_the_person_it_is_meant_for():
    """Somebody else's response stays as it is."""
    at = home()
    order(at)

    assert destination_of(at.log_in("demo_u0041")) == RIGHT
    assert waiting(at) == [
        {
            "fault": "wrong-destination",
            "twin": False,
            "person": "mansikkala/demo_u0001",
            "provider": "mansikkala",
            "times": 1,
        }
    ]


@pytest.mark.parametrize(
    "whose", [{"person": None, "provider": None}, {"person": None, "provider": "mansikkala"}], ids=["anybody", "town"]
)
def test_takes_the_next_response_of(whose: dict[str, str | None]):
    """Without a person the next response of the provider, or of anybody, is changed."""
    at = home()
    order(at, **whose)

    assert destination_of(at.log_in("demo_u0041")) == WRONG


def test_changes_so_many_responses():
    """A fault for two answers counts down, and the third answer is right."""
    at = home()
    order(at, person=None, times=2)
    destinations = [destination_of(at.log_in())]
    left = waiting(at)
    destinations += [destination_of(at.client.get(ProxyRequest().url())) for _ in range(2)]

    assert (destinations, waiting(at)) == ([WRONG, WRONG, RIGHT], [])
    assert left == [{"fault": "wrong-destination", "twin": False, "person": None, "provider": None, "times": 1}]


def test_changes_every_response_until_it_is_cleared():
    """A fault that stays is there after each answer, and gone after DELETE."""
    at = home()
    order(at, person=None, provider="mansikkala", times="until-cleared")
    faulty = [destination_of(at.log_in())] + [destination_of(at.client.get(ProxyRequest().url())) for _ in range(3)]
    at.client.delete("/control/faults", headers=HOLDER)

    assert (faulty, destination_of(at.client.get(ProxyRequest().url()))) == ([WRONG] * 4, RIGHT)


def test_takes_a_counted_fault_before_one_that_stays():
    """Else a fault that stays would hide every one that is switched on after it."""
    at = home()
    order(at, person=None, times="until-cleared")
    order(at, person=None, fault="status-not-success")
    at.log_in()
    at.client.get(ProxyRequest().url())

    assert [event.fields.get("fault") for event in at.events if event.name == "authenticated"] == [
        "status-not-success",
        "wrong-destination",
    ]


def test_refuses_a_person_and_a_twin_of_a_fault_of_the_network():
    """Nobody has signed in when it strikes, and a working network needs no switch."""
    document = {"fault": "reset", "person": "mansikkala/demo_u0001", "twin": True}
    answer = home().client.post(
        "/control/faults", json=document, headers=HOLDER, environ_overrides={"gunicorn.socket": None}
    )

    assert answer.get_json()["problems"] == [
        "person: reset comes before anybody signs in; expected a provider or nothing",
        "twin: reset is a fault of the network and has none",
    ]


def exchanges(at: Home) -> list[dict[str, object]]:
    answer = at.client.get("/control/exchanges", headers=HOLDER)
    read: list[dict[str, object]] = answer.get_json()["exchanges"]
    return read


def test_reads_back_what_was_requested_and_answered():
    """A request that waits has no answer yet; an answered one has its ids, status and fault."""
    at = home()
    order(at)
    page = at.log_in()
    at.begin(ProxyRequest(id="_request2", attributes=f' ForceAuthn="true" AssertionConsumerServiceURL="{RIGHT}"'))

    assert exchanges(at) == [
        {
            "home_request_id": "_request1",
            "what": "login",
            "source": "ShibMansikkala",
            "requested_at": "2026-08-12T07:58:00+00:00",
            "answered_at": "2026-08-12T07:58:00+00:00",
            "response_id": answer_of(page).get("ID"),
            "status": "Success",
            "fault": "wrong-destination",
        },
        {
            "home_request_id": "_request2",
            "what": "login",
            "source": "ShibMansikkala",
            "requested_at": "2026-08-12T07:58:00+00:00",
            "answered_at": None,
            "response_id": None,
            "status": None,
            "fault": None,
        },
    ]


def test_reads_nothing_of_a_person_back():
    """Neither the user name nor a value of the person stands in an exchange."""
    at = home()
    at.log_in()
    text = at.client.get("/control/exchanges", headers=HOLDER).text

    assert [value for value in ("demo_u0001", "Testi1", "Oppilas1", "1.2.246.562") if value in text] == []


def test_keeps_no_more_than_two_hundred_exchanges():
    """The oldest go."""
    at = home()
    for number in range(205):
        at.client.get(ProxyRequest(id=f"_request{number}").url())

    assert [len(exchanges(at)), exchanges(at)[0]["home_request_id"]] == [200, "_request5"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": bearer(b"x" * 32)}], ids=["none", "another"])
def test_reads_nothing_back_without_the_run_token(headers: dict[str, str]):
    """Whoever does not hold the token gets 401, and no id."""
    at = home()
    at.log_in()
    answer = at.client.get("/control/exchanges", headers=headers)

    assert (answer.status_code, "_request1" in answer.text) == (401, False)


@pytest.mark.parametrize("query", ["?token=", "?Authorization=Bearer%20"], ids=["token", "header"])
def test_takes_the_run_token_from_no_address(query: str):
    """Addresses end up in logs and histories; a token in one opens nothing."""
    answer = home().client.get(f"/control/faults{query}{RUN_TOKEN.hex()}")

    assert answer.status_code == 401


def test_does_not_spend_a_fault_on_an_answer_that_nobody_signed_in():
    """Cancelling leaves the fault waiting."""
    at = home()
    order(at)
    at.submit(at.begin(), action="cancel")

    assert how_many(at) == 1


def test_switches_everything_off():
    """DELETE says how many there were."""
    at = home()
    order(at)
    answer = at.client.delete("/control/faults", headers=HOLDER)

    assert (answer.get_json(), waiting(at)) == ({"switched_off": 1}, [])


def test_describes_every_fault():
    """The list holds what each fault is and what must come of it."""
    faults = home().client.get("/control/faults", headers=HOLDER).get_json()["faults"]

    assert {
        "id": "wrong-audience",
        "sentence": "The assertion is addressed to another service provider.",
        "clause": "saml-core-2.0-os 2.5.1.4",
        "because": "wrong-audience",
        "twin": "The assertion is addressed to another service provider and to this one.",
        "kinds": ["adfs", "entra", "google", "saml"],
        "needs_another_provider": False,
        "needs_force_authn": False,
        "needs_sockets": False,
        "recorded": None,
    } in faults


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer "},
        {"Authorization": bearer(b"x" * 32)},
        {"Authorization": RUN_TOKEN.hex()},
        {"Authorization": bearer(RUN_TOKEN).replace("Bearer", "Basic")},
        {"Authorization": bearer(RUN_TOKEN)[:-1]},
    ],
)
def test_does_nothing_without_the_run_token(method: str, headers: dict[str, str]):
    """Whoever does not hold the token gets 401 and changes nothing."""
    at = home()
    order(at)
    answer = at.client.open("/control/faults", method=method, json=ORDER, headers=headers)

    assert (answer.status_code, how_many(at)) == (401, 1)


BAD_ORDERS: dict[str, tuple[object, str]] = {
    "an unknown fault": ({**ORDER, "fault": "nonsense"}, "fault: found 'nonsense'; expected one of unsigned, "),
    "no fault": ({"twin": True}, "fault: found None; expected one of unsigned, "),
    "a fault that is a list": ({**ORDER, "fault": ["unsigned"]}, "fault: found ['unsigned']; expected one of "),
    "a twin that is a text": ({**ORDER, "twin": "yes"}, "twin: found 'yes'; expected true or false"),
    "an unknown field": (
        {**ORDER, "often": 2},
        "unknown field 'often'; expected fault, person, provider, times, twin",
    ),
    "an unknown provider": (
        {**ORDER, "person": None, "provider": "nowhere"},
        "provider: found 'nowhere'; expected an education provider of the declaration",
    ),
    "a provider that is an object": (
        {**ORDER, "person": None, "provider": {}},
        "provider: found {}; expected an education provider of the declaration",
    ),
    "an unknown person": (
        {**ORDER, "person": "mansikkala/nobody"},
        "person: found 'mansikkala/nobody'; expected provider/person of the declaration",
    ),
    "a person without provider": (
        {**ORDER, "person": "demo_u0001"},
        "person: found 'demo_u0001'; expected provider/person of the declaration",
    ),
    "a person that is a number": (
        {**ORDER, "person": 1},
        "person: found 1; expected provider/person of the declaration",
    ),
    "a person of another provider": (
        {**ORDER, "provider": "kuusikoski"},
        "person: mansikkala/demo_u0001 is not of provider 'kuusikoski'",
    ),
    "no time at all": ({**ORDER, "times": 0}, "times: found 0; expected 1 to 1000, or 'until-cleared'"),
    "too many times": ({**ORDER, "times": 1001}, "times: found 1001; expected 1 to 1000, or 'until-cleared'"),
    "a half time": ({**ORDER, "times": 1.5}, "times: found 1.5; expected 1 to 1000, or 'until-cleared'"),
    "times that are true": ({**ORDER, "times": True}, "times: found True; expected 1 to 1000, or 'until-cleared'"),
    "times that are nothing": ({**ORDER, "times": None}, "times: found None; expected 1 to 1000, or 'until-cleared'"),
    "times that are a text": ({**ORDER, "times": "2"}, "times: found '2'; expected 1 to 1000, or 'until-cleared'"),
    "a fault of the network without sockets": (
        {"fault": "reset"},
        "fault: reset needs sockets, which the running testbed has: testbed up",
    ),
    "a list": ([], "the body is not a JSON object"),
}


@pytest.mark.parametrize(("document", "problem"), BAD_ORDERS.values(), ids=BAD_ORDERS)
def test_refuses_an_order_with(document: object, problem: str):
    """Bad input is told clearly, with status 400, and nothing is switched on."""
    at = home()
    answer = at.client.post("/control/faults", json=document, headers=HOLDER)

    assert (answer.status_code, answer.get_json()["error"].startswith(problem), waiting(at)) == (400, True, [])


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000], ids=["nothing", "half", "bytes", "nesting"])
def test_refuses_a_body_that_is_not_json(body: bytes):
    """No body can break it."""
    at = home()
    answer = at.client.post("/control/faults", data=body, content_type="application/json", headers=HOLDER)

    assert (answer.status_code, answer.get_json()["error"], waiting(at)) == (400, "the body is not JSON", [])


def test_tells_every_problem_of_an_order_at_once():
    """Two mistakes are told together."""
    answer = order(home(), fault="nonsense", twin=1)

    assert len(answer.get_json()["problems"]) == 2


def test_refuses_a_fault_that_needs_another_provider_where_there_is_none():
    """With one municipality nobody else can answer in its place."""
    declared = federation()
    one = {"mansikkala": declared.education_providers["mansikkala"]}
    answer = order(home(declared.model_copy(update={"education_providers": one})), fault="mixed-up-idp")

    assert (answer.status_code, answer.get_json()["error"]) == (
        400,
        "fault: mixed-up-idp needs a second education provider in the declaration",
    )


def test_lets_no_more_than_a_thousand_faults_wait():
    """One more is refused with 409."""
    at = home()
    statuses = {order(at).status_code for _ in range(1000)}

    assert (statuses, order(at).status_code, how_many(at)) == ({201}, 409, 1000)
