# SPDX-License-Identifier: Apache-2.0
"""What a way of asking a home organisation is, and the desk at which every way hands in its answers.

A way sends a person to their source and takes the answer in at addresses of its own. The rules it keeps:

- an answer counts for the login in the person's state cookie, from the source that was asked, in this browser;
- it is verified before anything of it is used, and `Desk.consume` has recorded it before anybody is signed in;
- what it hands to `Desk.sign_in` was verified, and comes from nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from satosa.response import Response

from federation.reasons import Refusal
from proxy.login import Login
from proxy.request import RequestContext, Routes
from proxy.runtime import Runtime
from proxy.settings import TrustedSource

_Party = TypeVar("_Party")


@dataclass(frozen=True)
class HomeAnswer:
    """What a home organisation said of a person, verified."""

    issuer: str
    """The source's entity ID."""
    authn_instant: datetime
    attributes: Mapping[str, Sequence[str]]
    """By the names that `federation.home_names` has for this source; empty where nothing could be learnt."""
    session_end: datetime | None = None
    """When the home organisation ends its own session, if it says so."""


class Way(Protocol):
    """One protocol that sources speak."""

    @property
    def party(self) -> type[object]:
        """What answers by it: the type of `TrustedSource.party`."""

    def endpoints(self) -> Routes:
        """Return the addresses at which answers arrive."""

    def ask(self, context: RequestContext, login: Login, source: TrustedSource) -> Response:
        """Send the person to `source`; the login is kept with what the answer will be held against."""


class Desk(Protocol):
    """The backend as a way sees it; `runtime` is there from the first request on."""

    runtime: Runtime

    def consume(self, context: RequestContext, login: Login) -> None:
        """Record that the login's question was answered, once for all workers; raises `LoginRefusedError`."""

    def sign_in(self, context: RequestContext, answer: HomeAnswer) -> Response:
        """Let the person through the steps that every login takes, and return what their service is answered."""

    def put_back(self, context: RequestContext, login: Login, refusal: Refusal) -> Response:
        """Refuse an answer, and lead the person back to the school picker, which tells them; the login goes on."""


def party_of(source: TrustedSource, kind: type[_Party]) -> _Party:
    """Return the party of a source that is asked by its own protocol; raises `TypeError` for another one."""
    if not isinstance(source.party, kind):
        message = f"{source.configuration.source.flow} is asked by another protocol"
        raise TypeError(message)
    return source.party


def source_asked(desk: Desk, login: Login, kind: type[object]) -> TrustedSource | None:
    """Return the source that this login was sent to, if it was sent to one whose party is of `kind`."""
    source = desk.runtime.settings.sources.get(login.source or "")
    is_asked = source is not None and login.home_request_id is not None and isinstance(source.party, kind)
    return source if is_asked else None
