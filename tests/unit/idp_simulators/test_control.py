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
        {"fault": "wrong-destination", "twin": False, "person": "mansikkala/demo_u0001", "provider": "mansikkala"}
    ]


@pytest.mark.parametrize(
    "whose", [{"person": None, "provider": None}, {"person": None, "provider": "mansikkala"}], ids=["anybody", "town"]
)
def test_takes_the_next_response_of(whose: dict[str, str | None]):
    """Without a person the next response of the provider, or of anybody, is changed."""
    at = home()
    order(at, **whose)

    assert destination_of(at.log_in("demo_u0041")) == WRONG


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
        "needs_another_provider": False,
        "needs_force_authn": False,
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
    "an unknown field": ({**ORDER, "times": 2}, "unknown field 'times'; expected fault, person, provider, twin"),
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
