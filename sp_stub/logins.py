# SPDX-License-Identifier: Apache-2.0
"""A login at a service, from its start to what it gave: SAML, the state behind it and the decision, put together.

What a browser holds and how a page looks is left to the callers; every outcome is an event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from federation.model import Language
from federation.reasons import REASONS
from party.clock import Clock
from party.events import Events
from sp_stub.browser import new_id
from sp_stub.decision import Decision, decide
from sp_stub.saml.answers import LoginRefusedError, ResponseNotAcceptedError, VerifiedLogin, refuse
from sp_stub.saml.provider import SamlServiceProvider
from sp_stub.settings import Settings
from sp_stub.store import PendingLogin, Store, StoredAnswer
from sp_stub.target import HOME

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
        store: Store,
        events: Events,
        clock: Clock,
        make_id: Callable[[], str] = new_id,
    ) -> None:
        """Log people in to the service of `settings`."""
        self._settings = settings
        self._provider = provider
        self._store = store
        self._events = events
        self._clock = clock
        self._make_id = make_id
        # Made once: a publisher of a whole country has thousands of schools, and a login asks several times.
        config = settings.config
        self._gate = frozenset(config.publisher.activated_schools) if config.simulated == "publisher" else None
        self._names = {code: names.fi for code, names in config.school_names.items()}
        self._licences = config.licences()

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

    def decide(self, answer: StoredAnswer) -> Decision:
        """Return what a stored answer gives by today's gates and licences."""
        return self._decide(answer.answer["attributes"])

    def _decide(self, attributes: dict[str, list[str]]) -> Decision:
        return decide(attributes, self._gate, self._licences, self._names)

    def _finish_login(self, pending: PendingLogin, login: VerifiedLogin, replaces: str | None) -> LoginOutcome:
        decision = self._decide(login.attributes)
        answer = {
            "attributes": login.attributes,
            "name_id": login.name_id,
            "name_id_format": login.name_id_format,
            "authn_context": login.authn_context,
            "issued_by": login.issued_by,
            "because": decision.because,
        }
        used_once = [
            f"response {login.response_id}",
            f"assertion {login.assertion_id}",
            f"request {pending.request_id}",
        ]
        session = self._accept(
            used_once,
            login.usable_until,
            login.session_ends_at,
            replaces,
            StoredAnswer(decision.outcome == "session", answer),
        )
        if session is None:
            return self._refused("response-consumed", pending)
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
        answer: dict[str, Any] = {
            "attributes": {},
            "name_id": None,
            "name_id_format": None,
            "authn_context": None,
            "issued_by": self._settings.login_service.entity_id,
            "because": "login-refused",
        }
        session = self._accept(
            [f"response {error.response_id}"],
            self._clock(),
            None,
            replaces,
            StoredAnswer(is_signed_in=False, answer=answer),
        )
        if session is None:
            return self._refused("response-consumed", pending)
        status = " / ".join(filter(None, (error.top_status, error.second_status)))
        # The message is shown to whoever solves it, and kept out of the log: nobody knows what may stand in it.
        detail = f"{status}: {error.message}" if error.message else status
        return self._refused("login-refused", pending, session=session, detail=detail, found=status)

    def _accept(
        self,
        used_once: list[str],
        usable_until: datetime,
        ends_at: datetime | None,
        replaces: str | None,
        answer: StoredAnswer,
    ) -> str | None:
        now, session = self._clock(), self._make_id()
        accepted = self._store.accept_answer(
            messages=used_once,
            usable_until=max(usable_until, now + _REMEMBERED),
            session=session,
            replaces=replaces,
            answer=answer,
            ends_at=ends_at,
            now=now,
        )
        return session if accepted else None

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
            session=session,
            because=because,
            request_id=request_id,
            detail=detail or _detail(causes),
            decision=decision or Decision("refused", because, REASONS[because].page),
        )
        fields: dict[str, Any] = {"request_id": request_id, "service": self._settings.service, "because": because}
        self._events.emit("refused", page=outcome.page, **fields, **causes)
        return outcome


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
