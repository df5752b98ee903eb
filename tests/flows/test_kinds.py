# SPDX-License-Identifier: Apache-2.0
"""A login through each kind of identity provider, from the picker to the publisher (facts-mpassid 7).

The table is written out; nothing in it is computed.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta

import pytest

from certs.keys import Keys
from federation.model import GeneratedPeople
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import PersonRef, find_person
from testbed.flow.result import LoginResult
from testbed.stacks.in_process import InProcessStack
from tests.builders import stacks

SUVANTOJOKI = "1.2.246.562.99.00000000100"
KAISLARANTA = "1.2.246.562.99.00000000120"
TUOMIKYLA = "1.2.246.562.99.00000000140"
KOIVURANTA = "1.2.246.562.99.00000000180"
HARMAASALMI = "1.2.246.562.99.00000000200"


@dataclass(frozen=True)
class Row:
    """A person of one kind of provider, and what the publisher must have received of them."""

    it: str
    person: str
    schools: tuple[str, ...]
    roles: tuple[str, ...]
    learner_id: str
    given_name: str


ROWS = (
    Row(
        "entra: puts the fixed school in and takes a group for the role",
        "sanni.suvanto",
        ("90501",),
        (f"{SUVANTOJOKI};90501;4B;Oppilas;1;1.2.246.562.99.00000000101;",),
        "1.2.246.562.98.20000000511",
        "Sanni",
    ),
    Row(
        "entra: passes over a group that means nothing",
        "otso.opettaja",
        ("90501",),
        (f"{SUVANTOJOKI};90501;;Opettaja;2;1.2.246.562.99.00000000101;",),
        "1.2.246.562.98.20000000529",
        "Otso",
    ),
    Row(
        "adfs: opens an encrypted assertion that the new key signed",
        "kaisa.kaisla",
        ("90601",),
        (f"{KAISLARANTA};90601;8A;Oppilas;1;1.2.246.562.99.00000000121;",),
        "1.2.246.562.98.20000000610",
        "Kaisa",
    ),
    Row(
        "adfs: keeps the empty element of ;4B;6C",
        "sami.sijainen",
        ("90601", "90602", "90603"),
        (
            f"{KAISLARANTA};90601;;Opettaja;2;1.2.246.562.99.00000000121;",
            f"{KAISLARANTA};90602;4B;Sijaisopettaja;5;1.2.246.562.99.00000000122;",
            f"{KAISLARANTA};90603;6C;Sijaisopettaja;5;1.2.246.562.99.00000000123;",
        ),
        "1.2.246.562.98.20000000628",
        "Sami",
    ),
    Row(
        "google: reads a learner id that comes under another name",
        "tuomas.tuomi",
        ("90701",),
        (f"{TUOMIKYLA};90701;2A;Oppilas;1;1.2.246.562.99.00000000141;",),
        "1.2.246.562.98.20000000719",
        "Tuomas",
    ),
    Row(
        "google: splits two schools that come in one value",
        "greta.google",
        ("90701", "90702"),
        (
            f"{TUOMIKYLA};90701;;Opettaja;2;1.2.246.562.99.00000000141;",
            f"{TUOMIKYLA};90702;;Opettaja;2;1.2.246.562.99.00000000142;",
        ),
        "1.2.246.562.98.20000000727",
        "Greta",
    ),
    Row(
        "wilma: reads what its data service holds of a pupil",
        "veera.virta",
        ("90901",),
        (f"{KOIVURANTA};90901;3A;Oppilas;1;1.2.246.562.99.00000000181;",),
        "1.2.246.562.98.20000000917",
        "Veera",
    ),
    Row(
        "wilma: keeps an itinerant teacher's group at the school that has it",
        "kaarlo.kiertava",
        ("90901", "90902"),
        (
            f"{KOIVURANTA};90901;;Opettaja;2;1.2.246.562.99.00000000181;",
            f"{KOIVURANTA};90902;21B;Opettaja;2;1.2.246.562.99.00000000182;",
        ),
        "1.2.246.562.98.20000000925",
        "Kaarlo",
    ),
    Row(
        "opinsys: takes the teaching group for the class",
        "oona.oja",
        ("91001",),
        (f"{HARMAASALMI};91001;6C;Oppilas;1;1.2.246.562.99.00000000201;",),
        "1.2.246.562.98.20000001017",
        "Oona",
    ),
    Row(
        "opinsys: a teacher at one school and the principal of another",
        "ossi.opettaja",
        ("91001", "91002"),
        (
            f"{HARMAASALMI};91001;;Opettaja;2;1.2.246.562.99.00000000201;",
            f"{HARMAASALMI};91002;;Rehtori;6;1.2.246.562.99.00000000202;",
        ),
        "1.2.246.562.98.20000001025",
        "Ossi",
    ),
)

STACKS = (pytest.param("in_process", id="in-process"), pytest.param("local", id="local", marks=pytest.mark.local))


@pytest.mark.parametrize("stack_name", STACKS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.it)
def test_signs_in_through_each_kind(row: Row, stack_name: str, request: pytest.FixtureRequest) -> None:
    """The publisher receives what the registry holds, whatever the kind made of it on the way."""
    stack = request.getfixturevalue(stack_name)

    result = login(stack, LoginPlan(find_person(stack.federation, row.person)))

    assert (result.outcome, result.because, result.schools) == ("session", None, row.schools)
    received = [result.attributes[name] for name in ("role", "learner_id", "given_name")]
    assert received == [list(row.roles), [row.learner_id], [row.given_name]]


def sign_in(stack: InProcessStack, person: str) -> LoginResult:
    return login(stack, LoginPlan(find_person(stack.federation, person)))


def test_leaves_a_person_in_no_group_without_a_role(in_process: InProcessStack) -> None:
    """A member of neither group has no role, so the publisher learns of no school."""
    result = sign_in(in_process, "roosa.ryhmaton")

    assert (result.outcome, result.at, result.because, result.page) == ("refused", "publisher", "no-school-data", 106)


@pytest.mark.parametrize(
    ("person", "at", "because"),
    [
        pytest.param("helena.huoltaja", "publisher", "no-school-data", id="a guardian, who has no role"),
        pytest.param("osmo.oppijanumeroton", "proxy", "learner-id-missing", id="a pupil without a learner id"),
        pytest.param("tilda.tunnukseton", "publisher", "no-user-id", id="a student without an id at Wilma"),
    ],
)
def test_holds_the_gates_for_people_of_wilma(person: str, at: str, because: str, in_process: InProcessStack) -> None:
    """What is missing in a data service's answer is missing as it is in an assertion."""
    result = sign_in(in_process, person)

    assert (result.outcome, result.at, result.because) == ("refused", at, because)


@pytest.mark.parametrize("stack_name", STACKS)
def test_stops_every_login_after_the_secret_has_expired(stack_name: str, request: pytest.FixtureRequest) -> None:
    """The person reads why before they type a password, and the service is told that no provider is available."""
    stack = request.getfixturevalue(stack_name)

    result = sign_in(stack, "hilla.hiisi")

    assert (result.outcome, result.at, result.because) == ("refused", "proxy", "source-secret-expired")
    assert result.saml_status == ("Responder", "NoAvailableIDP")
    assert "idp" not in {hop.receiver for hop in result.hops}


def test_says_in_the_log_whose_secret_expired_and_when(in_process: InProcessStack) -> None:
    """The event names provider and day, so that an engineer knows whom to call."""
    sign_in(in_process, "hilla.hiisi")

    refused = [event.fields for event in in_process.events() if event.fields.get("because") == "source-secret-expired"]

    assert refused[-1]["found"] == "hiidenlampi: 2025-12-31"
    assert refused[-1]["source"] == "EntraHiidenlampi"


def test_lets_people_in_on_the_last_day_of_a_secret_and_not_after(keys: Keys) -> None:
    """The declared day is the last on which the secret holds."""
    federation = stacks.shipped_federation()
    provider = federation.education_providers["hiidenlampi"]
    renewed = provider.model_copy(update={"idp": provider.idp.model_copy(update={"secret_expires": "2026-08-12"})})
    providers = {**federation.education_providers, "hiidenlampi": renewed}
    stack = stacks.in_process(federation.model_copy(update={"education_providers": providers}), keys)

    on_the_day = sign_in(stack, "hilla.hiisi")
    stack.advance(timedelta(days=1))
    on_the_next = sign_in(stack, "hilla.hiisi")

    assert (on_the_day.outcome, on_the_day.schools) == ("session", ("90801",))
    assert (on_the_next.outcome, on_the_next.because) == ("refused", "source-secret-expired")


@pytest.mark.parametrize(
    ("provider", "seed"), [("kaislaranta", 11), ("tuomikyla", 12), ("koivuranta", 13), ("harmaasalmi", 14)]
)
def test_signs_in_computed_people_of_a_kind(provider: str, seed: int, keys: Keys) -> None:
    """People who are computed come through a kind as those who are written down do."""
    federation = stacks.shipped_federation()
    people = GeneratedPeople(count=10, seed=seed)
    changed = federation.education_providers[provider].model_copy(update={"generated_people": people})
    providers = {**federation.education_providers, provider: changed}
    stack = stacks.in_process(federation.model_copy(update={"education_providers": providers}), keys)

    result = login(stack, LoginPlan(PersonRef(provider, "p000001")))

    assert (result.outcome, result.because, len(result.schools)) == ("session", None, 1)


def test_shows_no_value_of_an_encrypted_answer_to_the_browser(in_process: InProcessStack) -> None:
    """What the browser carries from ADFS to the proxy holds neither name nor learner id."""
    result = sign_in(in_process, "kaisa.kaisla")

    posted = next(m for m in result.messages if m.parameter == "SAMLResponse" and m.sender == "idp")
    document = base64.b64decode(posted.encoded)
    assert b"EncryptedAssertion" in document
    assert (b"Kaisa" in document, b"1.2.246.562.98" in document) == (False, False)
