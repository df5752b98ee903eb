# SPDX-License-Identifier: Apache-2.0
"""Why the proxy refuses what a Wilma or an Opinsys answers: nothing is sent, the person is back at the picker."""

from __future__ import annotations

from typing import Final

from federation.reasons.reason import AUTHN_FAILED, Reason, before_verified

ANSWER_REASONS: Final = (
    before_verified(
        "home-answer-unasked", "No home organisation of this protocol was asked in this login.", "home-protocols 1"
    ),
    before_verified(
        "home-answer-malformed",
        "The answer lacks a part, or has one twice, in another order, in excess or not of its form.",
        "home-protocols 1",
    ),
    before_verified("home-nonce-mismatch", "The answer carries another nonce than this login's.", "home-protocols 1"),
    before_verified(
        "home-checksum-invalid", "The answer's checksum is not made with the shared secret.", "home-protocols 2"
    ),
    before_verified("home-token-malformed", "The token is no compact JWS over a JSON object.", "home-protocols 3"),
    before_verified("home-token-algorithm", "The token is signed by another algorithm than RS256.", "home-protocols 3"),
    before_verified(
        "home-token-signature-invalid", "The token's signature is not by the source's key.", "home-protocols 3"
    ),
    before_verified(
        "home-token-claim-missing", "The token lacks a claim, or has one of another type.", "home-protocols 3"
    ),
    before_verified("home-token-wrong-issuer", "The token was issued by another source.", "home-protocols 3"),
    before_verified("home-token-wrong-audience", "The token is addressed to another party.", "home-protocols 3"),
    before_verified(
        "home-token-expired", "The token is over, or was issued longer ago than one lives.", "home-protocols 3"
    ),
    before_verified("home-token-not-yet-valid", "The token was issued in the future.", "home-protocols 3"),
    Reason(
        "cancelled-at-home",
        "proxy",
        "The person turned back at the home organisation's login.",
        "home-protocols 1",
        AUTHN_FAILED,
    ),
)
