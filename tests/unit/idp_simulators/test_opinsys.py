# SPDX-License-Identifier: Apache-2.0
"""A simulated Opinsys: whom it sends where, what its token claims, and what its data service says (home-protocols 3)."""

from __future__ import annotations

import base64
import json

import pytest
from lxml import html
from werkzeug.test import TestResponse

from federation.model import IdpKind, Person
from idp_simulators.opinsys.subjects import Subjects
from party.run_token import bearer
from tests.builders.homes import HOME_SECRET, PUPIL, RUN_TOKEN, Home, hidden
from tests.builders.rest_homes import (
    NONCE,
    OPINSYS,
    OPINSYS_RETURN,
    begin,
    claims_of,
    credentials,
    from_base64url,
    is_signed_by,
    log_in,
    opinsys_request,
    rest_home,
    token_of,
)

CLIENT = "uid=mpass,ou=System Accounts,dc=edu,dc=mansikkala,dc=fi"


def opinsys(**people: Person) -> Home:
    return rest_home(IdpKind.OPINSYS, **people)


def reasons(at: Home) -> list[object]:
    return [event.fields["because"] for event in at.events if event.name == "refused"]


def subject_of(at: Home, user_name: str = "demo_u0001") -> str:
    return str(claims_of(token_of(log_in(at, opinsys_request(more="&force=true"), user_name)))["sub"])


def data(at: Home, subject: str, headers: dict[str, str] | None = None) -> TestResponse:
    return at.client.get(f"{OPINSYS}/v3/users/{subject}", headers=credentials() if headers is None else headers)


def test_posts_a_signed_token_to_the_proxy():
    """RS256 by its own key; the claims are those of the protocol and nothing of the person."""
    page = log_in(opinsys(), opinsys_request())
    token = token_of(page)
    claims = claims_of(token)
    unguessable = {name: claims.pop(name) for name in ("sub", "jti")}

    assert html.fromstring(page.text).xpath("//form/@action") == [OPINSYS_RETURN]
    assert json.loads(from_base64url(token.split(".")[0])) == {"alg": "RS256", "typ": "JWT"}
    assert is_signed_by(token, "idp-mansikkala")
    assert claims == {
        "iss": OPINSYS,
        "aud": "https://mpass.localhost/shibboleth",
        "nonce": NONCE,
        "iat": 1786521480,
        "exp": 1786521540,
    }
    assert [len(value) >= 22 for value in unguessable.values()] == [True, True]


def test_calls_a_person_by_one_opaque_id():
    """The same person has the same id at every login, and it holds nothing of the user name."""
    at = opinsys()
    ids = [subject_of(at), subject_of(at), subject_of(at, "demo_u0041")]

    assert (ids[0] == ids[1], ids[0] == ids[2]) == (True, False)
    assert b"demo" not in bytes.fromhex(ids[0])


def test_knows_no_id_of_another_provider():
    """What one provider calls a person is nothing to another."""
    ids = [Subjects.with_secret(b"s" * 32, provider) for provider in ("mansikkala", "kuusikoski")]

    assert (ids[1].user_name(ids[0].of("demo_u0001")), ids[0].user_name("00")) == (None, None)


def test_posts_that_the_person_turned_back():
    """With the nonce, by which the proxy knows whose word it is."""
    at = opinsys()
    page = at.submit(begin(at, opinsys_request()), action="cancel")

    assert (hidden(page, "error"), hidden(page, "nonce"), hidden(page, "jwt")) == ("access_denied", NONCE, "")


def test_answers_at_once_for_who_is_signed_in_unless_forced():
    """A session answers without a page; `force` asks anew."""
    at = opinsys()
    log_in(at, opinsys_request())

    assert token_of(at.client.get(opinsys_request())) != ""
    assert token_of(begin(at, opinsys_request(more="&force=true"))) == ""


def test_lets_its_forms_end_up_nowhere_else():
    """Its answer is a page with a form of its own, which leads to the proxy and nowhere else."""
    at = opinsys()
    page = begin(at, opinsys_request())
    policies = [each.headers["Content-Security-Policy"] for each in (page, at.submit(page, person="demo_u0001"))]

    assert [each.rpartition("form-action ")[2] for each in policies] == ["'self'", "'self' https://mpass.localhost"]


REFUSED = {
    "nothing": (f"{OPINSYS}/v3/sso", "home-request-parameters"),
    "no nonce": (f"{OPINSYS}/v3/sso?return_to=x", "home-request-parameters"),
    "a parameter too many": (opinsys_request(more="&user=demo_u0001"), "home-request-parameters"),
    "two nonces": (opinsys_request(more=f"&nonce={NONCE}"), "home-request-parameters"),
    "a flag that is no flag": (opinsys_request(more="&force=1"), "home-request-parameters"),
    "a short nonce": (opinsys_request(nonce=NONCE[:-1]), "home-request-nonce-malformed"),
    "a nonce of other letters": (opinsys_request(nonce="%C3%A5" * 24), "home-request-nonce-malformed"),
    "another site": (
        opinsys_request("https://evil.example/login/ABCDEFGHIJKLMNOPQRSTUV/opinsys"),
        "home-return-address-unknown",
    ),
    "another path of the proxy": (
        opinsys_request("https://mpass.localhost/idp/profile/Logout"),
        "home-return-address-unknown",
    ),
    "something after the proxy's path": (
        opinsys_request(f"{OPINSYS_RETURN}/../../logout"),
        "home-return-address-unknown",
    ),
    "a query after the proxy's path": (opinsys_request(f"{OPINSYS_RETURN}?x=y"), "home-return-address-unknown"),
}


@pytest.mark.parametrize(("url", "reason_id"), REFUSED.values(), ids=REFUSED)
def test_sends_nobody_anywhere_for(url: str, reason_id: str):
    """The person reads a page at Opinsys, and the reason is recorded."""
    at = opinsys()
    answer = at.client.get(url)

    assert (answer.status_code, "Location" in answer.headers, reasons(at)) == (400, False, [reason_id])


def test_tells_what_it_holds_of_a_person():
    """One object; the class is not the first group."""
    at = opinsys()
    subject = subject_of(at)
    answer = data(at, subject)

    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.get_json() == {
        "id": subject,
        "uid_source": "demo_u0001",
        "first_name": "Testi1",
        "last_name": "Oppilas1",
        "nickname": "Kutsumanimi1",
        "learner_id": "1.2.246.562.98.10000000017",
        "class_level": "9",
        "learning_materials_charge": "1",
        "schools": [
            {
                "code": "30076",
                "name": "Mansikkalan testi peruskoulu",
                "roles": ["student"],
                "groups": [
                    {"name": "Kirjaston lainaajat", "type": "other"},
                    {"name": "9F", "type": "teaching group"},
                ],
            }
        ],
    }


def test_calls_a_school_that_it_does_not_have_by_its_code():
    """A teacher of two schools, one of them another provider's; there is no class, and so no group."""
    at = opinsys()

    assert data(at, subject_of(at, "demo_u0041")).get_json()["schools"] == [
        {"code": "30076", "name": "Mansikkalan testi peruskoulu", "roles": ["teacher"], "groups": []},
        {"code": "30078", "name": "30078", "roles": ["teacher"], "groups": []},
    ]


STRANGERS: dict[str, dict[str, str]] = {
    "nobody": {},
    "another secret": credentials(b"x" * 32),
    "another name": credentials(client="uid=mpass,ou=System Accounts,dc=edu,dc=kuusikoski,dc=fi"),
    "the run's token": {"Authorization": bearer(RUN_TOKEN)},
    "another scheme": {"Authorization": credentials()["Authorization"].replace("Basic", "Bearer")},
    "half of it": {"Authorization": credentials()["Authorization"][:-4]},
    "no password": {"Authorization": "Basic " + base64.b64encode(f"{CLIENT}:".encode()).decode()},
    "letters that are none": {"Authorization": "Basic \xff"},
}


@pytest.mark.parametrize("headers", STRANGERS.values(), ids=STRANGERS)
def test_tells_nothing_of_a_person_to(headers: dict[str, str]):
    """401, with the scheme that is asked for, before it is looked at whose id it is."""
    at = opinsys()
    answer = data(at, subject_of(at), headers)

    assert (answer.status_code, answer.headers.get("WWW-Authenticate")) == (401, 'Basic realm="v3"')
    assert ("Testi1" in answer.text, reasons(at)) == (False, ["home-data-credentials-wrong"])


@pytest.mark.parametrize("subject", ["demo_u0001", "00", "ab" * 26, "x" * 500, "%C3%A5"])
def test_does_not_know(subject: str):
    """An id that was never given is 404, a user name too."""
    assert data(opinsys(), subject).status_code == 404


def test_does_not_know_an_account_without_mpass_data():
    """It signs in nowhere, and its id, had anybody one, tells nothing."""
    at = opinsys(uuno=PUPIL.model_copy(update={"mpass_data": False}))
    subject = Subjects.with_secret(b"s" * 32, "mansikkala").of("uuno")

    assert log_in(at, opinsys_request(), "uuno").status_code == 403
    assert data(at, subject).status_code == 404


def test_tells_neither_person_nor_secret_in_an_event():
    """A login and its data are told by ids."""
    at = opinsys()
    data(at, subject_of(at))
    told = repr([(event.name, dict(event.fields)) for event in at.events])

    assert [value for value in ("demo_u0001", "Testi1", HOME_SECRET.hex()) if value in told] == []


@pytest.mark.parametrize("path", ["sso", "metadata", "mpass/login", "external/mpass"])
def test_has_nothing_at_the_addresses_of_another_kind(path: str):
    """An Opinsys speaks its own protocol only."""
    assert opinsys().client.get(f"/mansikkala/{path}").status_code == 404
