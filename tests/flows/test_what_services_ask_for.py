# SPDX-License-Identifier: Apache-2.0
"""What a service may ask of a login, and what comes of it (facts-mpassid 5, saml-core-2.0-os 3.4.1)."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from certs.keys import Keys, service_entity
from federation.model import Rules
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult
from testbed.stacks.in_process import InProcessStack
from tests.builders import stacks
from tests.builders.service_requests import Change, asking, attribute

END = "</samlp:AuthnRequest>"
SOURCE = "urn:mpass.id:authnsource:"
ORDINARY_CLASS = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"


def classes(*names: str) -> Change:
    """Return the change that asks for these authentication context classes."""
    wanted = "".join(f"<saml:AuthnContextClassRef>{name}</saml:AuthnContextClassRef>" for name in names)
    context = f"<samlp:RequestedAuthnContext>{wanted}</samlp:RequestedAuthnContext>"
    return lambda document: document.replace(END, context + END)


def name_id_policy(name_format: str) -> Change:
    """Return the change that asks for a NameID format; the services ask for a transient one by themselves."""
    policy = (
        f'<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:{name_format}" AllowCreate="true"/>'
    )
    return lambda document: re.sub(r"<samlp:NameIDPolicy[^>]*>", policy, document)


def ask(
    stack: InProcessStack,
    keys: Keys,
    change: Change,
    service: str = "publisher",
    person: str = "demo_u0001",
    browser: httpx.Client | None = None,
) -> LoginResult:
    """Log a person in at a service whose request is changed."""
    plan = LoginPlan(find_person(stack.federation, person), service)
    with browser or stack.client() as client, asking(client, keys.pairs[service_entity(service)], change):
        return login(stack, plan, client)


def pages_of_the_proxy(result: LoginResult) -> list[str]:
    """Return what the proxy showed, by the words of the hops."""
    return [hop.what for hop in result.hops if hop.receiver == "proxy"]


def test_goes_straight_to_the_one_source_that_is_asked_for(in_process: InProcessStack, keys: Keys):
    """A request that names a source shows no picker, and the answer's context is that source."""
    result = ask(in_process, keys, classes(f"{SOURCE}ShibMansikkala"))

    assert result.outcome == "session"
    assert not any("picker" in what for what in pages_of_the_proxy(result))


def test_shows_the_picker_when_more_than_one_source_is_left(in_process: InProcessStack, keys: Keys):
    """Two named sources leave a choice."""
    result = ask(in_process, keys, classes(f"{SOURCE}ShibMansikkala", f"{SOURCE}ShibKuusikoski"))

    assert result.outcome == "session"
    assert any("picker" in what for what in pages_of_the_proxy(result))


def test_ignores_contexts_that_mean_something_else(in_process: InProcessStack, keys: Keys):
    """Ordinary SP libraries ask for a password context; the picker is shown as without it."""
    assert ask(in_process, keys, classes(ORDINARY_CLASS)).outcome == "session"


@pytest.mark.parametrize(
    ("change", "because", "status"),
    [
        pytest.param(
            classes(f"{SOURCE}ShibNobody"),
            "no-matching-source",
            ("Requester", "RequestUnsupported"),
            id="a source that does not exist",
        ),
        pytest.param(
            classes("urn:mpass.id:authntag:nothing"),
            "no-matching-source",
            ("Requester", "RequestUnsupported"),
            id="a tag that nobody has",
        ),
        pytest.param(
            classes(f"{SOURCE}ShibKorpivaara"),
            "source-not-available",
            ("Responder", "NoAvailableIDP"),
            id="a source that has not joined",
        ),
        pytest.param(
            name_id_policy("kerberos"),
            "name-id-policy-unsupported",
            ("Requester", "InvalidNameIDPolicy"),
            id="a name that is not given",
        ),
    ],
)
def test_tells_the_service_what_it_cannot_have(
    in_process: InProcessStack, keys: Keys, change: Change, because: str, status: tuple[str, str]
):
    """A verified service gets a signed error with the second-level status."""
    result = ask(in_process, keys, change)

    assert (result.outcome, result.at, result.because, result.saml_status) == ("refused", "proxy", because, status)


def test_refuses_other_contexts_where_the_switch_is_on(keys: Keys):
    """`strict_authn_context` refuses what cannot be answered with (saml-core-2.0-os 3.3.2.2.1)."""
    federation = stacks.shipped_federation().model_copy(update={"rules": Rules(strict_authn_context=True)})
    with stacks.in_process(federation, keys) as stack:
        refused = ask(stack, keys, classes(ORDINARY_CLASS))
        named = ask(stack, keys, classes(ORDINARY_CLASS, f"{SOURCE}ShibMansikkala"))

    assert (refused.because, refused.saml_status) == ("no-authn-context", ("Responder", "NoAuthnContext"))
    assert named.outcome == "session"


def test_answers_a_passive_request_without_a_page(in_process: InProcessStack, keys: Keys):
    """Without a session NoPassive goes to the service at once: IsPassive forbids a page (saml-core-2.0-os 3.4.1)."""
    result = ask(in_process, keys, attribute('IsPassive="true"'))

    assert (result.at, result.because, result.saml_status) == (
        "publisher",
        "login-refused",
        ("Responder", "NoPassive"),
    )
    assert len(pages_of_the_proxy(result)) == 1


def test_lets_a_passive_request_in_while_there_is_a_session(fresh_stack: InProcessStack, keys: Keys):
    """With a session the person gets in without seeing anything."""
    with fresh_stack.client() as browser:
        login(fresh_stack, LoginPlan(find_person(fresh_stack.federation, "demo_u0001"), "portal"), browser)
        with asking(browser, keys.pairs["sp-publisher"], attribute('IsPassive="true"')):
            result = login(
                fresh_stack, LoginPlan(find_person(fresh_stack.federation, "demo_u0001"), "publisher"), browser
            )

    assert result.outcome == "session"
    assert [hop.receiver for hop in result.hops if hop.receiver != "publisher"] == ["proxy"]


def test_answers_a_passive_request_that_forces_a_sign_in(fresh_stack: InProcessStack, keys: Keys):
    """ForceAuthn and IsPassive together leave nothing to answer with, session or not (saml-core-2.0-os 3.4.1)."""
    with fresh_stack.client() as browser:
        login(fresh_stack, LoginPlan(find_person(fresh_stack.federation, "demo_u0001"), "portal"), browser)
        with asking(browser, keys.pairs["sp-publisher"], attribute('ForceAuthn="true" IsPassive="true"')):
            result = login(
                fresh_stack, LoginPlan(find_person(fresh_stack.federation, "demo_u0001"), "publisher"), browser
            )

    assert (result.because, result.saml_status) == ("login-refused", ("Responder", "NoPassive"))


def test_asks_anew_where_the_service_forces_it(fresh_stack: InProcessStack, keys: Keys):
    """ForceAuthn goes past the proxy's session and reaches the identity provider, which asks for the password."""
    with fresh_stack.client() as browser:
        login(fresh_stack, LoginPlan(find_person(fresh_stack.federation, "demo_u0001"), "portal"), browser)
        fresh_stack.advance(timedelta(minutes=1))
        with asking(browser, keys.pairs["sp-publisher"], attribute('ForceAuthn="true"')):
            result = login(
                fresh_stack, LoginPlan(find_person(fresh_stack.federation, "demo_u0001"), "publisher"), browser
            )

    assert result.outcome == "session"
    assert "home-login" in [hop.what.split(" → ")[-1] for hop in result.hops]


def test_wants_a_session_of_the_source_that_is_asked_for(fresh_stack: InProcessStack, keys: Keys):
    """A session of one municipality does not answer a request for another one."""
    with fresh_stack.client() as browser:
        login(fresh_stack, LoginPlan(find_person(fresh_stack.federation, "demo_u0001"), "portal"), browser)
        with asking(browser, keys.pairs["sp-publisher"], classes(f"{SOURCE}ShibKuusikoski")):
            result = login(
                fresh_stack, LoginPlan(find_person(fresh_stack.federation, "oona.oppilas"), "publisher"), browser
            )

    assert result.attributes["given_name"] == ["Oona"]


def name_ids(stack: InProcessStack, keys: Keys, change: Change, person: str, service: str = "publisher") -> str:
    """Return the NameID a service received, which the publisher shows nobody but the test."""
    with stack.client() as browser, asking(browser, keys.pairs[service_entity(service)], change):
        result = login(stack, LoginPlan(find_person(stack.federation, person), service), browser)
        assert result.outcome == "session", result.because
        headers = {"Authorization": f"Bearer {stack.run_token.hex()}"}
        session = browser.get(f"{stack.origins.of(service)}/session.json", headers=headers).json()
    return f"{session['name_id_format'].rpartition(':')[2]} {session['name_id']}"


def test_gives_a_fresh_name_unless_a_lasting_one_is_asked_for(fresh_stack: InProcessStack, keys: Keys):
    """Nobody is recognised by a transient name; a persistent one stays, and differs by person and service."""
    ordinary = attribute('Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified"')
    persistent = name_id_policy("persistent")
    first, second = (name_ids(fresh_stack, keys, ordinary, "demo_u0001") for _ in range(2))
    lasting, again = (name_ids(fresh_stack, keys, persistent, "demo_u0001") for _ in range(2))
    other_person = name_ids(fresh_stack, keys, persistent, "demo_u0002")
    other_service = name_ids(fresh_stack, keys, persistent, "demo_u0001", "portal")

    assert first.startswith("transient ")
    assert first != second
    assert lasting.startswith("persistent ")
    assert lasting == again
    assert len({lasting, other_person, other_service}) == 3
