# SPDX-License-Identifier: Apache-2.0
"""Why the publisher refuses, each with the number of its page."""

from __future__ import annotations

from typing import Final

from federation.reasons.reason import Reason


def _publisher(reason_id: str, page: int, sentence: str, fact: str) -> Reason:
    """Return a reason of the publisher's own rules; `fact` is the section of facts-publisher it follows."""
    return Reason(reason_id, "publisher", sentence, f"facts-publisher, {fact}", page=page)


SERVICE_REASONS: Final = (
    Reason(
        "school-not-activated",
        "publisher",
        "None of the person's schools uses MPASS at this publisher.",
        "facts-publisher, school not activated",
        page=105,
    ),
    Reason(
        "no-school-data", "publisher", "The login brought no school and role to decide by.", "facts-mpassid 2", page=106
    ),
    Reason("no-user-id", "publisher", "The login brought no user id.", "facts-mpassid 2", page=107),
    _publisher(
        "contract-ended",
        108,
        "The contract of the person's municipality or institution has ended.",
        "hours and contracts",
    ),
    _publisher("user-blocked", 109, "The publisher has blocked the user.", "accounts"),
    _publisher("service-break", 110, "The service is closed at this hour.", "hours and contracts"),
    Reason(
        "login-refused",
        "publisher",
        "The login service answered with an error status.",
        "saml-core-2.0-os 3.2.2.2",
        page=111,
    ),
    Reason(
        "response-not-accepted",
        "publisher",
        "The service could not accept the login service's response.",
        "saml-profiles-2.0-os 4.1.4.3",
        page=112,
    ),
    Reason(
        "request-unknown",
        "publisher",
        "The response answers no request of this browser.",
        "saml-profiles-2.0-os 4.1.4.3",
        page=113,
    ),
    Reason(
        "response-consumed",
        "publisher",
        "This response signed somebody in already; it counts once.",
        "saml-profiles-2.0-os 4.1.4.5",
        page=114,
    ),
    _publisher(
        "no-licence",
        115,
        "No school of the person has a licence for the product, or not for their grade.",
        "licences",
    ),
    _publisher("wrong-role", 116, "The part of the product is for teachers.", "licences"),
    _publisher("account-closed", 117, "The account was reported lost, or is closed.", "accounts"),
    _publisher(
        "terms-not-accepted", 118, "The person has not accepted the terms of use that hold now.", "terms and consent"
    ),
    _publisher(
        "guardian-consent-missing",
        119,
        "No guardian has consented, and the person is under 15 with a contract of their own.",
        "terms and consent",
    ),
    _publisher("cookies-needed", 120, "The browser keeps no cookies.", "terms and consent"),
    _publisher("request-belongs-to-school", 121, "What was asked for is the institution's to decide.", "support"),
    _publisher(
        "read-only-view",
        122,
        "Support looks at the service as the user, and may change nothing.",
        "support",
    ),
    _publisher("course-ended", 123, "The course has ended, and its recordings with it.", "licences"),
)
