# SPDX-License-Identifier: Apache-2.0
"""What every address of a service works with, and what they all ask: who is signed in, by which form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import quote

from flask import Response, request
from flask_wtf.csrf import CSRFProtect

from party.clock import Clock
from sp_stub.accounts.desk import Desk
from sp_stub.data.login_store import LoginStore, StoredAnswer
from sp_stub.data.messages import Messages
from sp_stub.data.people import People
from sp_stub.data.users import User
from sp_stub.logins import Logins
from sp_stub.rules.business import Business
from sp_stub.rules.decision import Decision
from sp_stub.rules.finnish_time import closed_until
from sp_stub.rules.person import Person
from sp_stub.rules.target import local_target
from sp_stub.settings import Settings
from sp_stub.web.answers import Answers
from sp_stub.web.browser import BrowserCookies
from sp_stub.web.doors import Doors
from sp_stub.web.limits import RateLimit, RateLimits
from sp_stub.web.refusals import Refused
from sp_stub.web.support_view import Looking, page_of

LOGIN_PAGE: Final = "/kirjaudu"
NO_SESSION: Final = ""
"""What stands for the session where support looks as somebody: no session of theirs is touched."""


@dataclass(frozen=True)
class Guards:
    """What stands before the views of one service."""

    forms: CSRFProtect
    limits: RateLimits


class Route(NamedTuple):
    """One address: what answers which method of which path.

    A POST needs the token of a form of ours, unless it `is_from_elsewhere`; `limits` says how often it may come.
    """

    method: str
    path: str
    view: Callable[..., Response]
    limits: tuple[RateLimit, ...] = ()
    is_from_elsewhere: bool = False

    @property
    def endpoint(self) -> str:
        """What Flask calls the address."""
        return f"{self.method} {self.path}"

    def guarded(self, guards: Guards) -> Callable[..., Response]:
        """Return the view behind its guards."""
        if self.is_from_elsewhere:
            guards.forms.exempt(self.view)
        return guards.limits.guard(self.view, self.limits)


@dataclass(frozen=True)
class Visit:
    """Somebody who is signed in and may be here, at one page."""

    session: str
    person: Person
    decision: Decision
    business: Business
    now: datetime
    answer: StoredAnswer

    @property
    def user(self) -> User:
        """The person as the service keeps them; raises `LookupError` at a service that keeps nobody (the portal)."""
        if self.answer.user is None:
            message = "this service keeps no people"
            raise LookupError(message)
        return self.answer.user


@dataclass(frozen=True)
class Site:
    """One running service, as its addresses see it."""

    settings: Settings
    answers: Answers
    cookies: BrowserCookies
    logins: Logins
    store: LoginStore
    messages: Messages
    desk: Desk
    people: People
    doors: Doors
    clock: Clock
    looking: Looking | None = None
    """Customer service, and its looks at the service as somebody; the portal has none."""

    def session(self) -> tuple[str | None, StoredAnswer | None]:
        """Return the browser's session id and what it holds, where somebody is signed in or looked at by support."""
        session, answer = self._session()
        page_of(None if answer is None else answer.user)
        return session, answer

    def _session(self) -> tuple[str | None, StoredAnswer | None]:
        look = None if self.looking is None else self.looking.look()
        if self.looking is not None and look is not None:
            return NO_SESSION, self.looking.answer(look)
        session = self.cookies.read(request, "session")
        answer = None if session is None else self.store.answer_of(session, self.clock())
        return session, answer if answer is not None and answer.is_signed_in else None

    def visit(self, otherwise: Callable[[], Response] | None = None, *, before_doors: bool = False) -> Visit | Response:
        """Return who is signed in and what they may use now, or the answer to whoever is not or may not.

        Asked at each page, so that a contract that ends, a block and the hours hold in open sessions too. `otherwise`
        answers who is not signed in; unless given, they are sent to a login that leads back. `before_doors` leaves out
        what is asked of a person before the materials (`sp_stub.web.doors`).
        """
        session, answer = self.session()
        if session is None or answer is None:
            closed = self.closed()
            return (otherwise or self.to_login)() if closed is None else closed
        person, business, now = self.logins.person(answer), self.logins.business(), self.clock()
        decision = self.logins.decide(answer)
        if decision.because is not None:
            refused = Refused(decision.because, opens_at=decision.opens_at)
            return self.answers.refused(request, refused, decision)
        door = None if before_doors else self.doors.stop(answer.user, local_target(with_query(request.path)))
        return Visit(session, person, decision, business, now, answer) if door is None else door

    def closed(self) -> Response | None:
        """Return the page of the service break, `None` while the service is open."""
        # the hours are as declared: who asks for the way in gets it though the database is gone
        hours = self.logins.business().hours if self.looking is None else self.looking.service.business.declared.hours
        opens_at = None if hours is None else closed_until(hours, self.clock())
        return None if opens_at is None else self.answers.refused(request, Refused("service-break", opens_at=opens_at))

    def to_login(self) -> Response:
        """Send the browser to a login that leads back to what it asked for."""
        target = local_target(with_query(request.path))
        return self.answers.to_self(f"{LOGIN_PAGE}/mpassid?target={quote(target, safe='/')}")


def with_query(path: str) -> str:
    """Return a path of ours with the query of the request, so that a deep link loses nothing on the way."""
    query = request.query_string.decode("ascii", "replace")
    quoted = quote(path, safe="/")
    return f"{quoted}?{query}" if query else quoted
