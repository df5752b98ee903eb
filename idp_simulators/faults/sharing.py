# SPDX-License-Identifier: Apache-2.0
"""Which faults may lead to one reason id, and why: every other reason is one fault's alone.

A reason says which check refused, so several layouts or values that one check stops have one reason. A fault that is
added, and shares a reason that is not listed for it here, fails a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Sharing:
    """Faults that lead to the same reason id, and why the proxy cannot, or should not, tell them apart."""

    because: str
    faults: tuple[str, ...]
    why: str


SHARED: Final[tuple[Sharing, ...]] = (
    Sharing(
        "response-signature-missing",
        ("unsigned", "encrypted-and-unsigned", "xsw-4-response"),
        "What is read is not signed; whether it was encrypted, or lies beside something signed, changes nothing.",
    ),
    Sharing(
        "response-signature-invalid",
        (
            "foreign-key-on-response",
            "foreign-key-on-assertion",
            "foreign-key",
            "foreign-key-own-certificate",
            "key-of-another-idp",
            "key-rolled-over",
            "value-changed",
            "digest-changed",
            "signature-value-changed",
        ),
        "A signature that no key of the metadata verifies does not say whether key or content is another.",
    ),
    Sharing(
        "response-signature-algorithm",
        ("sha1", "md5", "hmac-with-public-key"),
        "Algorithms are a list of those allowed; everything outside it is refused alike, and named in the log.",
    ),
    Sharing(
        "response-signature-form",
        (
            "reference-to-nothing",
            "xpath-transform",
            "comment-in-digest",
            "xsw-8",
            "xsw-1-assertion",
            "xsw-6-response",
            "xsw-8-response",
        ),
        "There is one form of a signature, and the log says in what it differs; layouts the schema allows end here.",
    ),
    Sharing(
        "assertion-not-decryptable",
        ("encrypted-for-another", "encrypted-and-changed"),
        "Telling why something does not decrypt would help whoever tries to decrypt it by asking.",
    ),
    Sharing(
        "encryption-algorithm",
        ("encrypted-by-cbc", "encrypted-by-pkcs1"),
        "Algorithms are a list of those allowed; everything outside it is refused alike, and named in the log.",
    ),
    Sharing(
        "wrong-audience",
        ("wrong-audience", "audience-in-one-restriction"),
        "A restriction that leaves the proxy out is the same whether or not another one names it.",
    ),
    Sharing(
        "wrong-issuer",
        ("wrong-issuer", "mixed-up-idp"),
        "The issuer is looked at before any key, so the key that signed makes no difference.",
    ),
    Sharing(
        "status-not-success",
        ("status-not-success", "error-status-with-assertion"),
        "The status decides; what else comes with it is not looked at.",
    ),
    Sharing(
        "assertion-repeated",
        ("two-assertions", "xsw-3", "xsw-5"),
        "Two assertions are too many before anybody asks which of them is forged.",
    ),
    Sharing(
        "response-doctype",
        ("doctype", "entity-bomb", "external-entity"),
        "A document type declaration is refused before anything in it is read.",
    ),
    Sharing(
        "too-many-attributes",
        ("too-many-values", "too-many-attributes"),
        "Attributes and values are counted together.",
    ),
    Sharing(
        "learner-id-missing",
        (
            "missing-learner-id",
            "empty-learner-id",
            "data-error-500",
            "data-forbidden",
            "data-not-found",
            "data-redirect",
            "data-wrong-content-type",
            "data-not-json",
            "data-not-utf-8",
            "data-number-for-text",
            "data-wrapped",
            "data-two-people",
            "data-nobody",
            "data-another-person",
            "data-too-long",
            "data-slow",
            "data-trickling",
            "data-reset",
            "data-broken-off",
        ),
        "An empty value counts as none; a login whose data service fails goes on without data, and its event says why.",
    ),
    Sharing(
        "learner-id-invalid",
        ("invalid-learner-id", "two-learner-ids", "learner-id-twice"),
        "Of several values the first counts, and it has to be right.",
    ),
    Sharing(
        "response-schema-invalid",
        ("xsw-1", "xsw-2", "xsw-4", "xsw-6", "xsw-2-assertion", "xsw-3-response", "xsw-5-response"),
        "Wrapping layouts put an element where the schema allows none, and end before any signature is looked at.",
    ),
    Sharing(
        "response-duplicate-id",
        ("xsw-7", "xsw-7-response"),
        "One layout around two elements.",
    ),
    Sharing(
        "response-replayed",
        ("replayed", "opinsys-replayed"),
        "What counts once is the question that is answered, whatever it was asked in.",
    ),
    Sharing(
        "home-nonce-mismatch",
        ("wilma-wrong-nonce", "wilma-nonce-of-another-login", "opinsys-wrong-nonce", "opinsys-nonce-of-another-login"),
        "A nonce that is not this login's is wrong wherever it comes from; nobody looks for whose it is.",
    ),
    Sharing(
        "home-answer-malformed",
        (
            "wilma-nonce-missing",
            "wilma-nonce-twice",
            "wilma-checksum-missing",
            "wilma-user-twice",
            "wilma-parameter-added",
            "wilma-parameter-in-excess",
        ),
        "An answer has one form, and what does not have it is not looked into.",
    ),
    Sharing(
        "home-checksum-invalid",
        ("wilma-wrong-checksum", "wilma-checksum-by-another-secret", "wilma-user-changed"),
        "A checksum that does not fit does not say whether secret, address or checksum is another.",
    ),
    Sharing(
        "home-token-algorithm",
        ("opinsys-unsigned", "opinsys-hmac-with-public-key", "opinsys-rs512"),
        "One algorithm is allowed; every other is refused before any key is looked at.",
    ),
    Sharing(
        "home-token-signature-invalid",
        (
            "opinsys-foreign-key",
            "opinsys-foreign-key-in-header",
            "opinsys-subject-changed",
            "opinsys-signature-value-changed",
            "opinsys-signature-cut-off",
        ),
        "A signature that the one key does not verify does not say whether key or content is another.",
    ),
    Sharing(
        "home-token-malformed",
        ("opinsys-cut-off", "opinsys-critical-header"),
        "What is not the one form of a token is not looked into.",
    ),
    Sharing(
        "home-token-claim-missing",
        ("opinsys-audience-missing", "opinsys-subject-missing", "opinsys-nonce-missing", "opinsys-expiry-missing"),
        "Every claim is needed; the log says which one is missing.",
    ),
    Sharing(
        "home-token-expired",
        ("opinsys-expired", "opinsys-long-lived"),
        "A token ends by its own end or by the longest life that one has, whichever comes first.",
    ),
)
"""In the order of the table of faults."""
