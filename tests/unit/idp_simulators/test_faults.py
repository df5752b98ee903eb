# SPDX-License-Identifier: Apache-2.0
"""The table of faults, what each does to a response, and what the proxy makes of it."""

import base64
import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest

from federation.model import IdpKind
from federation.reasons import REASONS
from idp_simulators.faults import FAULTS, ROWS, wrapping
from idp_simulators.faults.armed import ArmedFault, ArmedFaults, TooManyArmedError
from idp_simulators.faults.fault import Fault
from idp_simulators.faults.named import kind_problem
from idp_simulators.faults.sharing import SHARED
from party.run_token import bearer
from proxy.saml.expectation import ExpectedResponse
from proxy.saml.keys import DecryptionKey
from proxy.saml.metadata import read_identity_provider
from proxy.saml.response import VerifiedAssertion, verify_response
from tests.builders.homes import ACS_URL, NOW, PROXY_ENTITY_ID, RUN_TOKEN, Home, hidden, home, key_pair, settings

SEEN_LATER = {
    "empty-learner-id": "the message is right, the person's values are not",
    "two-learner-ids": "the message is right, the person's values are not",
    "learner-id-twice": "the message is right, the person's values are not",
    "sign-in-not-fresh": "the message is right, unless a fresh sign-in was asked for",
    "missing-learner-id": "the message is right, the person's values are not",
    "invalid-learner-id": "the message is right, the person's values are not",
    "replayed": "the first delivery is right",
}
"""Faults that no reader of the one message can see, and why."""

SAML_FAULTS = [fault for fault in FAULTS.values() if isinstance(fault, Fault)]
OUTCOMES = {
    **{(fault.id, False): "session" if fault.id in SEEN_LATER else fault.because for fault in SAML_FAULTS},
    **{(fault.id, True): "session" for fault in SAML_FAULTS},
}


def answered(fault_id: str, *, twin: bool) -> str:
    at: Home = home()
    order = {"fault": fault_id, "twin": twin, "person": "mansikkala/demo_u0001"}
    assert (
        at.client.post("/control/faults", json=order, headers={"Authorization": bearer(RUN_TOKEN)}).status_code == 201
    )
    return hidden(at.log_in(), "SAMLResponse")


def read_by_proxy(message: str) -> VerifiedAssertion | str:
    provider = read_identity_provider(settings().providers["mansikkala"].dialogue.metadata)
    keys = (DecryptionKey.from_pair(key_pair("proxy-sp")),)
    expected = ExpectedResponse(provider, "_request1", ACS_URL, PROXY_ENTITY_ID, NOW, decryption_keys=keys)
    outcome = verify_response(message, expected, NOW)
    return outcome if isinstance(outcome, VerifiedAssertion) else outcome.reason_id


@pytest.mark.parametrize(
    ("fault_id", "twin", "outcome"),
    [
        pytest.param(fault_id, twin, outcome, id=f"{fault_id}{' (twin)' if twin else ''}")
        for (fault_id, twin), outcome in OUTCOMES.items()
    ],
)
def test_leads_to_its_outcome_at_the_proxy(fault_id: str, *, twin: bool, outcome: str):
    """Each fault is refused for its own reason, each twin is accepted."""
    read = read_by_proxy(answered(fault_id, twin=twin))

    assert ("session" if isinstance(read, VerifiedAssertion) else read) == outcome


def test_has_no_two_faults_of_one_id():
    """The table loses none of its rows."""
    assert len(ROWS) == len(FAULTS)


def test_names_only_reasons_that_exist():
    """Each fault leads to a reason of the table."""
    assert [fault.id for fault in FAULTS.values() if fault.because not in REASONS] == []


def test_shares_a_reason_only_where_the_table_says_why():
    """Two faults with one reason are no accident: the reason, the faults and why stand in the table."""
    by_reason: dict[str, tuple[str, ...]] = {}
    for fault in ROWS:
        by_reason[fault.because] = (*by_reason.get(fault.because, ()), fault.id)
    shared = {because: faults for because, faults in by_reason.items() if len(faults) > 1}

    assert {sharing.because: tuple(sharing.faults) for sharing in SHARED} == shared
    assert [sharing.because for sharing in SHARED if not sharing.why.endswith(".")] == []


def test_has_the_faults_that_were_asked_for():
    """Sixty are the least, and each wrapping layout is there around the response and around the assertion."""
    layouts = [fault.id for fault in wrapping.FAULTS]

    assert (len(FAULTS) >= 60, len(layouts)) == (True, 16)


def test_refuses_a_fault_with_a_reason_that_does_not_exist():
    """A fault that leads nowhere cannot be made."""
    with pytest.raises(LookupError, match="no reason 'nonsense'"):
        dataclasses.replace(FAULTS["unsigned"], because="nonsense")


def test_reads_a_value_that_is_split_by_a_comment_whole():
    """The twin of `element-in-value` splits the learner id, and nothing of it is lost (CVE-2017-11427)."""
    read = read_by_proxy(answered("element-in-value", twin=True))

    assert isinstance(read, VerifiedAssertion)
    assert read.values("learnerId") == ("1.2.246.562.98.10000000017",)


def test_carries_a_forged_value_in_every_wrapping():
    """A wrapping fault really forges something: without it the pair would prove nothing."""
    documents = {fault.id: base64.b64decode(answered(fault.id, twin=False)) for fault in wrapping.FAULTS}

    assert [fault_id for fault_id, document in documents.items() if b">forged<" not in document] == []


def test_asks_for_a_second_delivery_of_a_replayed_response():
    """The page says how often a scripted flow is to post the response."""
    at = home()
    order = {"fault": "replayed", "person": "mansikkala/demo_u0001"}
    at.client.post("/control/faults", json=order, headers={"Authorization": bearer(RUN_TOKEN)})

    assert 'data-deliveries="2"' in at.log_in().text


def armed(user_name: str | None = None) -> ArmedFault:
    return ArmedFault(FAULTS["unsigned"], is_twin=False, provider="mansikkala", user_name=user_name)


OF_ADFS = dataclasses.replace(FAULTS["unsigned"], kinds=frozenset({IdpKind.ADFS}))


@pytest.mark.parametrize(
    ("providers", "problem"),
    [
        pytest.param({}, None, id="nobody, which is another mistake"),
        pytest.param({"kaislaranta": IdpKind.ADFS}, None, id="its kind"),
        pytest.param({"mansikkala": IdpKind.SAML, "kaislaranta": IdpKind.ADFS}, None, id="its kind among others"),
        pytest.param(
            {"mansikkala": IdpKind.SAML, "suvantojoki": IdpKind.ENTRA},
            "unsigned exists for kind adfs; mansikkala is of kind saml, suvantojoki is of kind entra",
            id="other kinds only",
        ),
    ],
)
def test_says_why_a_fault_exists_for_none_of(providers: dict[str, IdpKind], problem: str | None):
    """Whoever switches it on where it can never strike is told so."""
    assert kind_problem(OF_ADFS, providers) == problem


def test_takes_no_fault_that_does_not_exist_for_the_kind():
    """An answer of another kind is right, and the fault goes on waiting."""
    faults = ArmedFaults()
    faults.arm(dataclasses.replace(armed(), fault=OF_ADFS))
    taken = [faults.take("mansikkala", "demo_u0001", kind, Fault) for kind in (IdpKind.SAML, IdpKind.ADFS)]

    assert [one is not None for one in taken] == [False, True]


def test_takes_the_oldest_fault_that_fits():
    """A fault for somebody else is passed over, and stays."""
    faults = ArmedFaults()
    waiting = [armed("demo_u0041"), armed("demo_u0001"), armed()]
    for one in waiting:
        faults.arm(one)

    assert (faults.take("mansikkala", "demo_u0001", IdpKind.SAML, Fault) is not None, faults.waiting()) == (
        True,
        (waiting[0], waiting[2]),
    )


def test_gives_each_fault_to_one_response_only():
    """Many threads that take at once never get one fault twice."""
    faults = ArmedFaults()
    for _ in range(100):
        faults.arm(armed())
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: faults.take("mansikkala", "demo_u0001", IdpKind.SAML, Fault), range(150)))

    assert [sum(one is not None for one in taken), faults.waiting()] == [100, ()]


def test_bounds_how_many_wait():
    """A thousand and one are too many."""
    faults = ArmedFaults()
    for _ in range(1000):
        faults.arm(armed())

    with pytest.raises(TooManyArmedError):
        faults.arm(armed())
