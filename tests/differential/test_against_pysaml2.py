# SPDX-License-Identifier: Apache-2.0
"""Good and broken responses, read by `proxy.saml` and by pysaml2 in its strictest use.

What pysaml2 refuses the proxy refuses, and what both accept they read alike, but for the differences of the table
below. A difference that is not in it fails, and so does one in it that is no longer there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.reasons import Refusal
from proxy.saml.response import verify_response
from tests.builders.pysaml2_oracle import Pysaml2ServiceProvider, RefusedByPysaml2Error
from tests.builders.saml_keys import pair
from tests.builders.saml_metadata import provider_metadata
from tests.builders.saml_mutations import MUTATIONS, draft
from tests.builders.saml_response import ACS, PROXY, REQUEST_ID, expected

pytestmark = pytest.mark.thorough

Stricter: TypeAlias = Literal["the proxy is stricter", "pysaml2 is stricter", "the values differ"]
Seconds: TypeAlias = tuple[int, ...]

# Around both limits, the skew of 180 s and the lifetime of five minutes, but never on them: the two read their clocks
# one after the other.
TIMES: Final[Seconds] = (-90_000, -700, -490, -470, -190, -170, -10, 10, 170, 190, 700, 90_000)
PROXY_ONLY: Final = "the proxy is stricter"
PYSAML2_ONLY: Final = "pysaml2 is stricter"
VALUES: Final = "the values differ"


@dataclass(frozen=True)
class Difference:
    """Where the two differ: at which mutation, in which direction, by which of our reasons, and why that is right."""

    mutation: str
    stricter: Stricter
    reason_id: str
    because: str
    at: Seconds = (0,)


_TIME_OF_ISSUE = "pysaml2 takes a response up to a day old or ahead; ours must be of this login, give or take the skew"
_ISSUER_FORMAT = "saml-profiles-2.0-os 4.1.4.2 has no other format for an issuer; pysaml2 does not look"
_CONFIRMATION = "one confirmation that holds is enough (saml-core-2.0-os 2.4.1); pysaml2 wants every one to hold"
_DOCTYPE = "no SAML message has a document type (saml2int SDP-G03); pysaml2 forbids entities only"
_SHA_1 = "SHA-1 is not allowed (saml2int SDP-ALG01); pysaml2 leaves the algorithms to its caller"
_COMMENT = "a comment in a signature is how two readers are told two digests (CVE-2025-29775); pysaml2 does not look"
_BASE64 = "what is not base64 is not decoded; pysaml2 leaves junk out"

DIFFERENCES: Final = (
    Difference("response: issuer as e-mail address", PROXY_ONLY, "issuer-format", _ISSUER_FORMAT),
    Difference("assertion: issuer as e-mail address", PROXY_ONLY, "issuer-format", _ISSUER_FORMAT),
    Difference(
        "response: no destination",
        PROXY_ONLY,
        "destination-missing",
        "a signed response names its destination (saml-bindings-2.0-os 3.5.5.2); pysaml2 looks only if it is there",
    ),
    Difference("response: empty destination", PROXY_ONLY, "wrong-destination", "pysaml2 takes empty for absent"),
    Difference(
        "response: one ID twice",
        PROXY_ONLY,
        "response-duplicate-id",
        "an ID in an extension counts too; pysaml2 knows the IDs of the schema only",
    ),
    Difference("response: issue instant", PROXY_ONLY, "response-expired", _TIME_OF_ISSUE, at=(-700, -490)),
    Difference("response: issue instant", PROXY_ONLY, "response-before-request", _TIME_OF_ISSUE, at=(-470,)),
    Difference("response: issue instant", PROXY_ONLY, "response-not-yet-valid", _TIME_OF_ISSUE, at=(190, 700)),
    Difference(
        "assertion: version 1.1",
        PROXY_ONLY,
        "assertion-version-unsupported",
        "pysaml2 looks at the response's version only",
    ),
    Difference(
        "confirmation: no end",
        PROXY_ONLY,
        "confirmation-time-missing",
        "a bearer confirmation has an end (saml-profiles-2.0-os 4.1.4.2); pysaml2 takes none for for ever",
    ),
    Difference(
        "confirmation: beginning",
        PROXY_ONLY,
        "confirmation-not-before",
        "a bearer confirmation has no beginning (saml-profiles-2.0-os 4.1.4.2); pysaml2 checks it instead",
        at=(-90_000, -700, -490, -470, -190, -170, -10, 10, 170),
    ),
    Difference(
        "confirmation: sender vouches",
        PROXY_ONLY,
        "subject-confirmation-missing",
        "Web SSO is by bearer; pysaml2 takes a sender's word",
    ),
    Difference("confirmation: a wrong one and a right one", PYSAML2_ONLY, "", _CONFIRMATION),
    Difference("confirmation: a right one and a wrong one", PYSAML2_ONLY, "", _CONFIRMATION),
    Difference("confirmation: an unanswered one and a right one", PYSAML2_ONLY, "", _CONFIRMATION),
    Difference(
        "conditions: no audience",
        PROXY_ONLY,
        "audience-missing",
        "an assertion is addressed to somebody (saml-profiles-2.0-os 4.1.4.2); pysaml2 takes nobody for everybody",
    ),
    Difference(
        "conditions: blanks around the audience",
        PROXY_ONLY,
        "wrong-audience",
        "names are compared exactly (saml-core-2.0-os 1.3.1); pysaml2 strips them",
    ),
    Difference(
        "conditions: two restrictions, one of another",
        PROXY_ONLY,
        "wrong-audience",
        "every restriction must hold (saml-core-2.0-os 2.5.1.4); one is enough for pysaml2",
    ),
    Difference(
        "conditions: not to be passed on",
        PROXY_ONLY,
        "proxying-forbidden",
        "the proxy passes on what it is told (saml-core-2.0-os 2.5.1.6); pysaml2 leaves that to its caller",
    ),
    Difference(
        "statement: sign-in",
        PROXY_ONLY,
        "authn-instant-in-future",
        "nobody has signed in in the future; pysaml2 does not look",
        at=(190, 700, 90_000),
    ),
    Difference(
        "attributes: two statements",
        VALUES,
        "",
        "a name's values are those of all statements; pysaml2 keeps the last statement's",
    ),
    Difference(
        "attributes: an element for a value",
        PROXY_ONLY,
        "attribute-value-not-text",
        "no attribute of MPASSid is XML; pysaml2 gives the element's text",
    ),
    Difference("attributes: 300", PROXY_ONLY, "too-many-attributes", "nobody has 300; pysaml2 does not count"),
    Difference("signed: SHA-1", PROXY_ONLY, "response-signature-algorithm", _SHA_1),
    Difference("signed: SHA-1 digests", PROXY_ONLY, "response-signature-algorithm", _SHA_1),
    Difference("signature: a comment in the digest", PROXY_ONLY, "response-signature-form", _COMMENT),
    Difference("signature: a comment in the value", PROXY_ONLY, "response-signature-form", _COMMENT),
    Difference(
        "text: latin-1",
        PROXY_ONLY,
        "response-not-xml",
        "one encoding, so that no two readers read two documents; pysaml2 reads what is declared",
    ),
    Difference("text: a document type", PROXY_ONLY, "response-doctype", _DOCTYPE),
    Difference("text: default attributes", PROXY_ONLY, "response-doctype", _DOCTYPE),
    Difference("base64: junk in between", PROXY_ONLY, "response-not-decodable", _BASE64),
    Difference("base64: junk behind", PROXY_ONLY, "response-not-decodable", _BASE64),
)


@dataclass(frozen=True)
class Combination:
    """A difference that takes two mutations at once."""

    mutations: frozenset[str]
    stricter: Stricter
    reason_id: str
    because: str


COMBINATIONS: Final = (
    Combination(
        frozenset({"text: encrypted", "confirmation: no InResponseTo"}),
        PROXY_ONLY,
        "confirmation-in-response-to",
        "pysaml2 looks for the confirmation's InResponseTo in plain assertions only",
    ),
    Combination(
        frozenset({"conditions: beginning", "conditions: end"}),
        PROXY_ONLY,
        "conditions-contradictory",
        "the end is after the beginning (saml-core-2.0-os 2.5.1.2); pysaml2 takes both at one moment",
    ),
)

LISTED: Final = {
    (difference.mutation, seconds, difference.stricter, difference.reason_id)
    for difference in DIFFERENCES
    for seconds in difference.at
}

Step: TypeAlias = tuple[str, int]
"""A mutation's name and its seconds."""

STEPS: Final[Sequence[Step]] = [
    (mutation.name, seconds) for mutation in MUTATIONS.values() for seconds in (TIMES if mutation.moves_time else (0,))
]


@pytest.fixture(scope="module")
def pysaml2() -> Pysaml2ServiceProvider:
    """Return the oracle, made once."""
    return Pysaml2ServiceProvider(PROXY, ACS, provider_metadata().encode(), pair("proxy-sp"))


def difference(steps: Sequence[Step], oracle: Pysaml2ServiceProvider) -> tuple[Stricter, str] | None:
    """Return how the two differ about a mutated response, and our reason; `None` where they agree."""
    now = datetime.now(UTC).replace(microsecond=0)  # pysaml2 reads the process's clock
    mutated = draft(now)
    for name, seconds in steps:
        mutated = MUTATIONS[name].change(mutated, seconds)
    message = mutated.message()
    wanted = dataclasses.replace(expected(), requested_at=now - timedelta(seconds=60))
    ours = verify_response(message, wanted, datetime.now(UTC))
    try:
        theirs = oracle.values(message, REQUEST_ID)
    except RefusedByPysaml2Error:
        return None if isinstance(ours, Refusal) else (PYSAML2_ONLY, "")
    if isinstance(ours, Refusal):
        return PROXY_ONLY, ours.reason_id
    # pysaml2 strips every value; the proxy's rules for values do that later.
    stripped = {name: [value.strip() for value in values] for name, values in ours.attributes}
    return None if stripped == theirs else (VALUES, "")


def is_listed(steps: Sequence[Step], found: tuple[Stricter, str]) -> bool:
    """Tell whether the tables have this difference for one of the mutations, or for two of them together."""
    names = {name for name, _ in steps}
    return any((*step, *found) in LISTED for step in steps) or any(
        combination.mutations <= names and (combination.stricter, combination.reason_id) == found
        for combination in COMBINATIONS
    )


def family(name: str) -> str:
    """Return what a mutation excludes besides itself: a document is wrapped once."""
    return "wrapped" if name.startswith("wrapped") else name


def test_both_accept_a_right_response(pysaml2: Pysaml2ServiceProvider):
    """Without a mutation there is nothing to refuse, so a comparison means something."""
    now = datetime.now(UTC).replace(microsecond=0)
    message = draft(now).message()

    ours = verify_response(message, dataclasses.replace(expected(), requested_at=now), now)

    assert not isinstance(ours, Refusal)
    assert dict(ours.attributes) == {"firstName": ("Testi",), "schoolCode": ("30076", "", "30077")}
    assert pysaml2.values(message, REQUEST_ID) == {"firstName": ["Testi"], "schoolCode": ["30076", "", "30077"]}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step[0]}{f', {step[1]} s' if step[1] else ''}")
def test_differ_about_one_mutation_only_as_listed(step: Step, pysaml2: Pysaml2ServiceProvider):
    """Each mutation alone: the two agree, or differ exactly as the table says."""
    found = difference([step], pysaml2)

    assert ({(*step, *found)} if found else set()) == {row for row in LISTED if row[:2] == step}


@settings(max_examples=150, deadline=None, derandomize=True)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=2, max_size=4, unique_by=lambda step: family(step[0])))
def test_differ_about_several_mutations_only_as_listed(steps: list[Step], pysaml2: Pysaml2ServiceProvider):
    """Several mutations at once: a difference must be one that the table has for one of them."""
    found = difference(steps, pysaml2)

    assert found is None or is_listed(steps, found), found


@pytest.mark.parametrize("row", DIFFERENCES, ids=lambda row: f"{row.mutation}, {row.reason_id}")
def test_the_table_names_mutations_and_reasons_that_exist(row: Difference):
    """A row of the table that compares nothing would hide a difference."""
    times = TIMES if MUTATIONS[row.mutation].moves_time else (0,)

    assert set(row.at) <= set(times)
    assert row.because
