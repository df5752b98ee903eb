# SPDX-License-Identifier: Apache-2.0
"""Each named fault of an identity provider through the whole chain, and its twin beside it (design 9).

Every fault is tried at each kind it exists for; what it promises there is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from certs.keys import Keys
from federation.model import IdpKind
from idp_simulators.faults import FAULTS
from idp_simulators.faults.named import AnyFault
from testbed.flow.faults import REPLAYED, arm_fault
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult
from testbed.stacks.in_process import InProcessStack
from tests.builders import stacks
from tests.builders.service_requests import asking


@dataclass(frozen=True)
class Provider:
    """An identity provider of one kind, and a person of it whose login succeeds without a fault."""

    it: str
    kind: IdpKind
    person: str
    schools: tuple[str, ...]
    stack: str = "in_process"


SAML = Provider("saml", IdpKind.SAML, "demo_u0001", ("30076",))
WILMA = Provider("wilma", IdpKind.WILMA, "veera.virta", ("90901",))
OPINSYS = Provider("opinsys", IdpKind.OPINSYS, "oona.oja", ("91001",))
OTHERS = (
    Provider("entra", IdpKind.ENTRA, "sanni.suvanto", ("90501",)),
    Provider("adfs", IdpKind.ADFS, "kaisa.kaisla", ("90601",)),
    Provider("google that signs responses", IdpKind.GOOGLE, "tuomas.tuomi", ("90701",)),
    Provider("google that signs assertions", IdpKind.GOOGLE, "tuomas.tuomi", ("90701",), "google_signs_assertions"),
)
"""Those whose names, signatures or encryption are not as kind `saml` has them."""


PUT_BACK = frozenset(
    {
        "home-answer-malformed",
        "home-nonce-mismatch",
        "home-checksum-invalid",
        "home-token-malformed",
        "home-token-algorithm",
        "home-token-signature-invalid",
        "home-token-claim-missing",
        "home-token-wrong-issuer",
        "home-token-wrong-audience",
        "home-token-expired",
        "home-token-not-yet-valid",
    }
)
"""Reasons that put the person back at the picker."""


def every_fault() -> Iterator[object]:
    """Give each fault at each kind it exists for; kind `saml` is what `make test` has."""
    for fault in FAULTS.values():
        if SAML.kind in fault.kinds:
            yield pytest.param(fault, SAML, id=fault.id)
        for one in (WILMA, OPINSYS):
            if one.kind in fault.kinds and not fault.needs_sockets:
                yield pytest.param(fault, one, id=f"{fault.id} at {one.it}")
        for other in OTHERS:
            if other.kind in fault.kinds:
                yield pytest.param(fault, other, id=f"{fault.id} at {other.it}", marks=pytest.mark.thorough)


@pytest.fixture(scope="session")
def google_signs_assertions(keys: Keys) -> InProcessStack:
    """Run the shipped federation with its provider of kind `google` the other way round."""
    shipped = stacks.shipped_federation()
    tuomikyla = shipped.education_providers["tuomikyla"]
    other = tuomikyla.model_copy(update={"idp": tuomikyla.idp.model_copy(update={"signs": "assertion"})})
    providers = {**shipped.education_providers, "tuomikyla": other}
    return stacks.in_process(shipped.model_copy(update={"education_providers": providers}), keys)


@pytest.fixture
def stack(provider: Provider, request: pytest.FixtureRequest) -> InProcessStack:
    """Return the stack that the provider is on."""
    found: InProcessStack = request.getfixturevalue(provider.stack)
    return found


def log_in(stack: InProcessStack, keys: Keys, fault: AnyFault, provider: Provider, *, twin: bool) -> LoginResult:
    """Log in with the fault or its twin, at a service that asks for a fresh sign-in where the fault needs that."""
    person = find_person(stack.federation, provider.person)
    arm_fault(stack, person, f"{fault.id}:twin" if twin else fault.id)
    plan = LoginPlan(person, replays_response=fault.id in REPLAYED and not twin)
    if not fault.needs_force_authn:
        return login(stack, plan)
    with stack.client() as browser, asking(browser, keys.pairs["sp-publisher"], force_authn):
        return login(stack, plan, browser)


def force_authn(request: str) -> str:
    """Ask for a fresh sign-in."""
    return request.replace(" ID=", ' ForceAuthn="true" ID=', 1)


@pytest.mark.parametrize(("fault", "provider"), [*every_fault()])
def test_is_refused_by_the_proxy_by_its_reason(
    stack: InProcessStack, keys: Keys, fault: AnyFault, provider: Provider
) -> None:
    """The faulty answer stops at the proxy, with the fault's reason.

    The service is told that it failed, unless the person was put back at the picker and may choose again.
    """
    result = log_in(stack, keys, fault, provider, twin=False)

    assert (result.outcome, result.at, result.because) == ("refused", "proxy", fault.because)
    is_put_back = fault.because in PUT_BACK
    assert result.saml_status == (None if is_put_back else ("Responder", "AuthnFailed"))
    assert result.attributes == {}


@pytest.mark.parametrize(("fault", "provider"), [*every_fault()])
def test_has_a_twin_that_ends_in_a_session(
    stack: InProcessStack, keys: Keys, fault: AnyFault, provider: Provider
) -> None:
    """The same change with a value inside the bounds is accepted."""
    result = log_in(stack, keys, fault, provider, twin=True)

    assert (result.outcome, result.schools) == ("session", provider.schools), result.because


@pytest.mark.parametrize(
    ("fault", "provider"),
    [
        pytest.param(fault, provider, id=f"{fault.id} at {provider.it}")
        for fault in FAULTS.values()
        for provider in (WILMA, OPINSYS)
        if fault.recorded and provider.kind in fault.kinds and not fault.needs_sockets
    ],
)
def test_says_in_an_event_why_there_is_no_data(
    stack: InProcessStack, keys: Keys, fault: AnyFault, provider: Provider
) -> None:
    """A data service that fails leaves the login without data, and one event that names the cause; its twin none."""
    told = []
    for twin in (True, False):
        before = len(stack.events())
        log_in(stack, keys, fault, provider, twin=twin)
        told += [event.fields["because"] for event in stack.events()[before:] if event.name == "home-data-missing"]

    assert told == [fault.recorded]


@pytest.mark.parametrize("provider", [SAML, *OTHERS], ids=lambda provider: provider.it)
def test_sends_a_value_by_the_name_that_the_provider_has_for_it(
    stack: InProcessStack, keys: Keys, provider: Provider
) -> None:
    """The twin's learner id arrives at the publisher in the place of the person's own, whatever it is called there."""
    result = log_in(stack, keys, FAULTS["two-learner-ids"], provider, twin=True)

    assert result.attributes["learner_id"] == ["1.2.246.562.24.20000000017"]


@pytest.mark.parametrize("provider", [SAML, *OTHERS], ids=lambda provider: provider.it)
def test_gives_a_person_another_nickname_by_the_name_that_the_provider_has_for_it(
    stack: InProcessStack, keys: Keys, provider: Provider
) -> None:
    """The twin's nickname arrives too."""
    result = log_in(stack, keys, FAULTS["value-changed"], provider, twin=True)

    assert result.attributes["nickname"] == ["Allekirjoitettu"]
