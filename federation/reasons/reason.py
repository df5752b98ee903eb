# SPDX-License-Identifier: Apache-2.0
"""One way a login can be refused: a row of the tables beside this module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

At: TypeAlias = Literal["idp", "proxy", "publisher", "portal"]
TopStatus: TypeAlias = Literal["Requester", "Responder"]

STATUS_PREFIX: Final = "urn:oasis:names:tc:SAML:2.0:status:"


@dataclass(frozen=True)
class Reason:
    """One way a login can be refused.

    `status` is the SAML status (top and second level, without their common prefix) that the service is sent once it
    is known and verified; `None` where nothing may be sent. `page` is the number on the publisher's page.
    """

    id: str
    at: At
    sentence: str
    clause: str
    status: tuple[TopStatus, str] | None = None
    page: int | None = None


AUTHN_FAILED: Final[tuple[TopStatus, str]] = ("Responder", "AuthnFailed")


def before_verified(reason_id: str, sentence: str, clause: str) -> Reason:
    """Return a reason of the proxy's of which nothing is sent anywhere: nobody is known yet who could be told."""
    return Reason(reason_id, "proxy", sentence, clause)


def told_the_service(reason_id: str, sentence: str, clause: str) -> Reason:
    """Return a reason of the proxy's of which the service is told AuthnFailed."""
    return Reason(reason_id, "proxy", sentence, clause, status=AUTHN_FAILED)
