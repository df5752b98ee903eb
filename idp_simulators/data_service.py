# SPDX-License-Identifier: Apache-2.0
"""The answers of a data service: what the registry holds of a person, as JSON, changed by the fault that waits.

Only the proxy asks here, by itself, and never a browser; there are no pages and no cookies.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Final, TypeAlias

from flask import Response

from party.pages.security_headers import NO_SNIFF, NO_STORE

JSON: Final = "application/json"

Sending: TypeAlias = Callable[[Response], Response]
"""A change of how an answer travels: slowly, in pieces, or not at all."""


@dataclass(frozen=True)
class DataAnswer:
    """An answer on its way; `document` is what the JSON says."""

    status: str
    document: object
    content_type: str = JSON
    body: Callable[[object], bytes] = field(default=lambda document: json.dumps(document, ensure_ascii=False).encode())
    headers: tuple[tuple[str, str], ...] = ()
    sending: Sending = field(default=lambda response: response)

    @classmethod
    def of(cls, document: object) -> DataAnswer:
        """Return the right answer that holds `document`."""
        return cls(_line(HTTPStatus.OK), document)

    @classmethod
    def refusal(cls, status: HTTPStatus, **headers: str) -> DataAnswer:
        """Return an answer that holds nothing of a person."""
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return cls(_line(status), {"error": status.phrase}, headers=named)

    def with_status(self, status: HTTPStatus) -> DataAnswer:
        """Return the same answer under another status."""
        return replace(self, status=_line(status))

    def response(self) -> Response:
        """Return the answer as it is sent."""
        response = Response(self.body(self.document), status=self.status, content_type=self.content_type)
        response.headers.extend([NO_STORE, NO_SNIFF, *self.headers])
        return self.sending(response)


def _line(status: HTTPStatus) -> str:
    return f"{status.value} {status.phrase}"
