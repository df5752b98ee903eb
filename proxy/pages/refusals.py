# SPDX-License-Identifier: Apache-2.0
"""Which words and which HTTP status a refusal is shown with.

A person needs to know what happened and what to do, not which of fifty checks said no: many reasons share a text. The
reason id itself stands in the folded part of the page, for whoever will solve it.
"""

from __future__ import annotations

from typing import Final

from federation.reasons import REASONS

_OWN_TEXTS: Final = frozenset(
    {
        "learner-id-missing",
        "learner-id-invalid",
        "test-learner-id-not-allowed",
        "school-of-another-provider",
        "service-not-allowed",
        "source-not-available",
        "source-secret-expired",
        "no-matching-source",
        "login-cancelled",
        "login-expired",
        "source-unknown",
        "service-unknown",
        "store-unavailable",
        "status-not-success",
        "response-replayed",
    }
)

_PUT_BACK: Final = ("home-answer-", "home-nonce-", "home-checksum-", "home-token-")
"""How the reasons begin for which a person is put back at the school picker."""

_LOST_LOGIN: Final = frozenset({"login-not-found", "login-state-altered"})

_STATUS: Final = {
    "store-unavailable": "503 Service Unavailable",
    "request-too-large": "413 Content Too Large",
    "response-too-large": "413 Content Too Large",
}

_FORBIDDEN: Final = frozenset(
    {
        "learner-id-missing",
        "learner-id-invalid",
        "test-learner-id-not-allowed",
        "school-of-another-provider",
        "service-not-allowed",
        "source-not-available",
        "source-secret-expired",
        "service-unknown",
        "status-not-success",
    }
)


def text_of(reason_id: str) -> str:
    """Return the key of the text a reason is told with: its own, or the one of its family."""
    if reason_id in _OWN_TEXTS:
        return reason_id
    if reason_id in _LOST_LOGIN:
        return "login-lost"
    if reason_id == "cancelled-at-home":
        return "login-cancelled"
    if reason_id.startswith(_PUT_BACK):
        return "home-answer-refused"
    # What an identity provider sent is answered with AuthnFailed; what a service sent is not answered at all.
    return "bad-response" if REASONS[reason_id].status == ("Responder", "AuthnFailed") else "bad-request-of-service"


def http_status(reason_id: str) -> str:
    """Return the HTTP status line of a refusal's page: always 4xx, 503 where the fault is the proxy's own."""
    return _STATUS.get(reason_id) or ("403 Forbidden" if reason_id in _FORBIDDEN else "400 Bad Request")
