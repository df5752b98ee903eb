# SPDX-License-Identifier: Apache-2.0
"""What the SAML adapter hands to the app: a request to send, a verified login, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from federation.reasons import Refusal


@dataclass(frozen=True)
class LoginRequest:
    """A signed AuthnRequest, as the address a browser is sent to."""

    request_id: str
    url: str


@dataclass(frozen=True)
class VerifiedLogin:
    """What a response said, once everything about it was verified.

    `attributes` are by the names of `federation.attributes`, values in the order they came; names the testbed does not
    know are left out. `usable_until` is when the response could no longer be accepted anyway.
    """

    response_id: str
    assertion_id: str
    attributes: dict[str, list[str]]
    name_id: str | None
    name_id_format: str | None
    authn_context: str | None
    issued_by: str
    usable_until: datetime
    session_ends_at: datetime | None


class ResponseNotAcceptedError(Exception):
    """A response failed a check; `refusal.reason_id` names the check, in the words used for the proxy's own checks."""

    def __init__(self, refusal: Refusal) -> None:
        """Keep which check, what was found and what was expected."""
        self.refusal = refusal
        super().__init__(refusal.reason_id)


class LoginRefusedError(Exception):
    """The login service said no, in a response that is verified; statuses are without their common prefix."""

    def __init__(self, response_id: str, top_status: str, second_status: str | None, message: str) -> None:
        """Keep the two levels of status, and the message as plain text."""
        self.response_id = response_id
        self.top_status = top_status
        self.second_status = second_status
        self.message = message
        super().__init__(top_status)


def refuse(check: str, found: str = "", expected: str = "") -> NoReturn:
    """Raise `ResponseNotAcceptedError` for a check that failed."""
    raise ResponseNotAcceptedError(Refusal(check, found, expected))
