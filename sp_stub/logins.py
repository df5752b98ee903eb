# SPDX-License-Identifier: Apache-2.0
"""A login at a service, from its start to what it gave: SAML, the state behind it and the decision, put together.

What a browser holds and how a page looks is left to the callers; every outcome is an event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from federation.model import Language
from federation.reasons import REASONS
from party.clock import Clock
from party.events import Events
from sp_stub.arrivals import arrival_of
from sp_stub.data.login_store import LoginStore, PendingLogin, ReceivedAnswer, StoredAnswer
from sp_stub.data.users import Arrival, User
from sp_stub.rules.account_person import account_person
from sp_stub.rules.business import Business
from sp_stub.rules.decision import Decision, decide, refused
from sp_stub.rules.person import Attributes, Person, mpassid_person
from sp_stub.rules.target import HOME
from sp_stub.saml.answers import LoginRefusedError, ResponseNotAcceptedError, VerifiedLogin, refuse
from sp_stub.saml.provider import SamlServiceProvider
from sp_stub.settings import Settings
from sp_stub.web.browser import new_id

_OF_ANOTHER_REQUEST: Final = frozenset({"wrong-in-response-to", "in-response-to-missing"})
_REMEMBERED: Final = timedelta(hours=1)
"""How long an answer is remembered at least; until then its login is over in any case."""


@dataclass(frozen=True)
class LoginOutcome:
    """How a login ended here.

    `session` is the id to give to the browser, where the answer was verified; `because` is empty for a session.
    `detail` is for the person who will solve it.
    """

    language: Language | None
    target: str = HOME
    session: str | None = None
    because: str | None = None
    request_id: str | None = None
    detail: str | None = None
    decision: Decision = field(default=Decision("refused"))

    @property
    def page(self) -> int | None:
        """The number on the error page."""
        return None if self.because is None else REASONS[self.because].page


class Logins:
    """Starts and finishes the logins of one service."""

    def __init__(  # what a login needs, each of it handed in
        self,
        settings: Settings,
        provider: SamlServiceProvider,
        store: LoginStore,
        events: Events,
        clock: Clock,
        business: Callable[[], Business],
        make_id: Callable[[], str] = new_id,
    ) -> None:
        """Log people in to the service of `settings`; `business` gives what it decides by now."""
        self._settings = settings
        self._provider = provider
        self._store = store
        self._events = events
        self._clock = clock
        self.business = business
        self._make_id = make_id

    def start(self, browser: str, target: str, language: Language) -> str:
        """Return the address to send `browser` to; the login is remembered and leads to `target`."""
        relay_state = self._make_id()
        request = self._provider.login_request(relay_state, language)
        self._store.start_login(browser, relay_state, PendingLogin(request.request_id, target, language), self._clock())
        self._events.emit("login-started", request_id=request.request_id, service=self._settings.service)
        return request.url

    def finish(
        self, browser: str | None, relay_states: list[str], saml_responses: list[str], replaces: str | None
    ) -> LoginOutcome:
        """Verify an answer and decide what it gives; `replaces` is the session the browser holds already.

        An answer that is not verified changes nothing for the browser it came from.
        """
        pending = None
        if browser is not None and len(relay_states) == 1:
            pending = self._store.pending_login(browser, relay_states[0], self._clock())
        if pending is None:
            return self._refused("request-unknown", None)
        try:
            login = self._provider.verify(_only(saml_responses), pending.request_id)
        except ResponseNotAcceptedError as error:
            refusal = error.refusal
            because = "request-unknown" if refusal.reason_id in _OF_ANOTHER_REQUEST else "response-not-accepted"
            return self._refused(
                because, pending, check=refusal.reason_id, found=refusal.found, expected=refusal.expected
            )
        except LoginRefusedError as error:
            return self._finish_refusal(pending, error, replaces)
        return self._finish_login(pending, login, replaces)

    def finish_without_cookies(self) -> LoginOutcome:
        """Refuse an answer from a browser that keeps none of our cookies: nobody can tell who started its login."""
        return self._refused("cookies-needed", None)

    def person(self, answer: StoredAnswer) -> Person:
        """Return whom a stored answer brought, or whose account it is."""
        user = answer.user
        if user is not None and user.uid is None:
            return account_person(user.id, user.name, user.held, self.business().school_names)
        return self._person(answer.answer["attributes"])

    def decide(self, answer: StoredAnswer) -> Decision:
        """Return what a stored answer gives now: by today's gates, contracts and licences, at this hour."""
        return self._decide(self.person(answer), answer.user)

    def _decide(self, person: Person, user: User | None) -> Decision:
        decision = decide(person, self.business(), self._clock())
        stopped = None if user is None else _stopped(user)
        return decision if stopped is None or decision.because == "service-break" else refused(stopped)

    def _person(self, attributes: Attributes) -> Person:
        return mpassid_person(attributes, self.business().school_names)

    def _arrival(self, person: Person, attributes: Attributes) -> Arrival | None:
        """Return what is kept of who comes; the portal keeps nothing but the session."""
        if self._settings.simulated == "portal":
            return None
        return arrival_of(person, attributes, self.business(), self._settings.session_secret)

    def _finish_login(self, pending: PendingLogin, login: VerifiedLogin, replaces: str | None) -> LoginOutcome:
        person = self._person(login.attributes)
        decision = self._decide(person, None)
        answer = {
            "attributes": login.attributes,
            "name_id": login.name_id,
            "name_id_format": login.name_id_format,
            "authn_context": login.authn_context,
            "issued_by": login.issued_by,
            "because": decision.because,
            "request_id": pending.request_id,
        }
        is_signed_in = decision.outcome == "session"
        received = ReceivedAnswer(
            messages=(
                f"response {login.response_id}",
                f"assertion {login.assertion_id}",
                f"request {pending.request_id}",
            ),
            usable_until=max(login.usable_until, self._clock() + _REMEMBERED),
            answer=StoredAnswer(is_signed_in, answer),
            ends_at=login.session_ends_at,
            arrival=self._arrival(person, login.attributes) if is_signed_in else None,
        )
        accepted = self._accept(received, replaces)
        if accepted is None:
            return self._refused("response-consumed", pending)
        session, user = accepted
        decision = decision if user is None else self._decide(person, user)
        if decision.because is not None:
            return self._refused(decision.because, pending, session=session, decision=decision)
        self._events.emit(
            "session-started",
            request_id=pending.request_id,
            service=self._settings.service,
            schools=len(decision.schools),
            materials=len(decision.materials),
        )
        return LoginOutcome(pending.language, pending.target, session, request_id=pending.request_id, decision=decision)

    def _finish_refusal(self, pending: PendingLogin, error: LoginRefusedError, replaces: str | None) -> LoginOutcome:
        """Show the login service's refusal; the request stays open, because a person may go back and go on."""
        status = " / ".join(filter(None, (error.top_status, error.second_status)))
        # The message is shown to whoever solves it, and kept out of the log: nobody knows what may stand in it.
        detail = f"{status}: {error.message}" if error.message else status
        answer: dict[str, Any] = {
            "attributes": {},
            "name_id": None,
            "name_id_format": None,
            "authn_context": None,
            "issued_by": self._settings.login_service.entity_id,
            "because": "login-refused",
            "request_id": pending.request_id,
            "detail": detail,
        }
        received = ReceivedAnswer(
            messages=(f"response {error.response_id}",),
            usable_until=self._clock() + _REMEMBERED,
            answer=StoredAnswer(is_signed_in=False, answer=answer),
        )
        accepted = self._accept(received, replaces)
        if accepted is None:
            return self._refused("response-consumed", pending)
        session, _ = accepted
        return self._refused("login-refused", pending, session=session, detail=detail, found=status)

    def _accept(self, received: ReceivedAnswer, replaces: str | None) -> tuple[str, User | None] | None:
        session = self._make_id()
        accepted = self._store.accept_answer(received, session, replaces, self._clock())
        return None if accepted is None else (session, accepted.user)

    def _refused(
        self,
        because: str,
        pending: PendingLogin | None,
        *,
        session: str | None = None,
        decision: Decision | None = None,
        detail: str | None = None,
        **causes: str,
    ) -> LoginOutcome:
        request_id = None if pending is None else pending.request_id
        outcome = LoginOutcome(
            language=None if pending is None else pending.language,
            target=HOME if pending is None else pending.target,
            session=session,
            because=because,
            request_id=request_id,
            detail=detail or _detail(causes),
            decision=decision or Decision("refused", because, REASONS[because].page),
        )
        fields: dict[str, Any] = {"request_id": request_id, "service": self._settings.service, "because": because}
        self._events.emit("refused", page=outcome.page, **fields, **causes)
        return outcome


def _stopped(user: User) -> str | None:
    """Return why somebody who is known gets in nowhere, whatever their schools."""
    if user.blocked_at is not None:
        return "user-blocked"
    return None if user.closed_at is None else "account-closed"


def _only(values: list[str]) -> str:
    """Return the one value of a form's field: with two, two readers could read two messages."""
    if len(values) != 1:
        refuse("response-parameter-repeated" if values else "response-missing")
    return values[0]


def _detail(causes: dict[str, str]) -> str | None:
    """Return the causes as one line, the check first; `None` where there are none."""
    pieces = [causes.get("check", "")]
    pieces += [f"{name} {causes[name]}" for name in ("found", "expected") if causes.get(name)]
    return "; ".join(filter(None, pieces)) or None
