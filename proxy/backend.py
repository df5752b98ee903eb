# SPDX-License-Identifier: Apache-2.0
"""The proxy towards home organisations: the choice of a source, and the desk where answers come in (design 4, hop 4).

How a source is asked, and what makes its answer acceptable, is `proxy.asking`'s; here each answer counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from satosa.backends.base import BackendModule
from satosa.internal import AuthenticationInformation, InternalData
from satosa.response import Response

from federation.gates import check_secret, check_source
from federation.reasons import Refusal
from proxy.asking.opinsys import OpinsysWay
from proxy.asking.saml import SamlWay
from proxy.asking.way import HomeAnswer, Way
from proxy.asking.wilma import WilmaWay
from proxy.login import Login, LoginRefusedError
from proxy.micro_services.step import HOME_VALUES
from proxy.picker.page import Offer, picker_page, suggestions
from proxy.request import Endpoint, RequestContext, Routes, see_other
from proxy.runtime import Runtime
from proxy.settings import TrustedSource
from proxy.sources import requested_sources
from proxy.sso_session import SsoSession
from proxy.store import StoreUnavailableError

REMEMBERED: Final = timedelta(hours=1)
"""How long an answered question is remembered: longer than any answer to it could be accepted."""


class SourceBackend(BackendModule):  # type: ignore[misc]  # SATOSA ships no types
    """The school picker, and behind it the sources: whom it leads to, and who comes back (`proxy.asking.way.Desk`)."""

    runtime: Runtime

    def __init__(
        self,
        auth_callback_func: Callable[[RequestContext, InternalData], Response],
        internal_attributes: Mapping[str, Any],
        config: Mapping[str, Any],  # noqa: ARG002  # SATOSA passes it; ours comes with the runtime
        base_url: str,
        name: str,
    ) -> None:
        """Take what SATOSA gives a backend; `runtime` is set before the first request."""
        super().__init__(auth_callback_func, internal_attributes, base_url, name)
        ways: tuple[Way, ...] = (SamlWay(self), WilmaWay(self), OpinsysWay(self))
        self._ways = {way.party: way for way in ways}

    def register_endpoints(self) -> Routes:
        """Return the addresses that home organisations use, and the picker's."""
        return [
            *(route for way in self._ways.values() for route in way.endpoints()),
            (r"^login/[^/]+/school\Z", Endpoint(self._pick_school, methods=("GET", "HEAD", "POST"))),
            (r"^login/[^/]+/school/suggestions\Z", Endpoint(self._suggest)),
            (r"^login/[^/]+/cancel\Z", Endpoint(self._cancel, methods=("POST",))),
        ]

    def start_auth(self, context: RequestContext, _internal_request: InternalData) -> Response:
        """Let a remembered person through; send others to the picker, or straight on when one source is left."""
        login = context.login()
        sources, is_narrowed = self._sources_for(login)
        if not sources:
            raise LoginRefusedError(Refusal("no-matching-source", found=" ".join(login.classes)), login)
        session = self._resumed(context, login, sources)
        if session is not None:
            return self._go_on(context, login, session)
        if login.is_passive:
            raise LoginRefusedError(Refusal("no-passive"), login)
        if is_narrowed and len(sources) == 1:
            return self._ask(context, login, *sources.values())
        return see_other(self.runtime.settings.endpoints.picker_url(str(context.state.login_id)))

    def _resumed(
        self, context: RequestContext, login: Login, sources: Mapping[str, TrustedSource]
    ) -> SsoSession | None:
        """Return the person's session, unless the service wants a fresh sign-in or another source.

        A source whose secret has expired since is not asked and not remembered either: whoever chooses it is refused.
        """
        session_id = context.cookies.get(self.runtime.session_cookie)
        if session_id is None or login.force_authn:
            return None
        now = self.runtime.clock()
        try:
            session = self.runtime.sso_sessions.resume(session_id, now)
        except StoreUnavailableError as error:
            raise LoginRefusedError(Refusal("store-unavailable"), login) from error
        source = None if session is None else sources.get(session.source)
        if source is None or check_secret(source.configuration.gate, now.date()) is not None:
            return None
        return session

    def _go_on(self, context: RequestContext, login: Login, session: SsoSession) -> Response:
        """Hand a remembered person to SATOSA as if they had just signed in, at the time they really did."""
        context.keep(replace(login, source=session.source))
        context.decorate(HOME_VALUES, session.home_values)
        context.is_resumed = True
        context.home_session_end = session.home_end
        self.runtime.events.emit("session-resumed", request_id=login.request_id, source=session.source)
        auth_info = AuthenticationInformation(timestamp=session.authn_instant.isoformat(), issuer=session.issuer)
        return self.auth_callback_func(context, InternalData(auth_info=auth_info))

    def _pick_school(self, context: RequestContext) -> Response:
        login = context.login()
        if context.request_method != "POST":
            offer = self._offer_to(login)
            return picker_page(context, self.runtime.pages, self.runtime.picker, offer, login.put_back_because)
        sources, _ = self._sources_for(login)
        chosen = sources.get(context.form_value("source") or "")
        if chosen is None:
            raise LoginRefusedError(Refusal("source-unknown"), picker_path=f"/{context.path}")
        return self._ask(context, login, chosen)

    def _suggest(self, context: RequestContext) -> Response:
        return suggestions(context, self.runtime.pages, self.runtime.picker, self._offer_to(context.login()))

    def _cancel(self, context: RequestContext) -> Response:
        login = context.login()
        context.state.delete = True
        raise LoginRefusedError(Refusal("login-cancelled"), login)

    def _ask(self, context: RequestContext, login: Login, source: TrustedSource) -> Response:
        """Send the person to the source, unless nobody of it may sign in to this service today."""
        configuration = source.configuration
        runtime = self.runtime
        flow = configuration.source.flow
        runtime.events.emit("source-chosen", request_id=login.request_id, source=flow)
        asking = replace(login, source=flow, put_back_because=None)
        refusal = check_source(configuration.gate, login.service) or check_secret(
            configuration.gate, runtime.clock().date()
        )
        if refusal is not None:
            context.state.delete = True
            raise LoginRefusedError(refusal, asking)
        return self._ways[type(source.party)].ask(context, asking, source)

    def consume(self, context: RequestContext, login: Login) -> None:
        """Record our question as answered, here and for every other worker; the login in the browser ends with it.

        So does the session that the browser held, also when the person is refused later on: the next service must not
        get whoever sat here before.
        """
        now = self.runtime.clock()
        former = context.cookies.get(self.runtime.session_cookie)
        try:
            is_first = self.runtime.store.consume(str(login.home_request_id), now, now + REMEMBERED)
            if is_first and former is not None:
                self.runtime.sso_sessions.end(former)
        except StoreUnavailableError as error:
            raise LoginRefusedError(Refusal("store-unavailable"), login) from error
        context.state.delete = True
        if not is_first:
            raise LoginRefusedError(Refusal("response-replayed"), login)

    def sign_in(self, context: RequestContext, answer: HomeAnswer) -> Response:
        """Hand a verified answer to SATOSA; its values are copied from nowhere else."""
        context.home_session_end = answer.session_end
        auth_info = AuthenticationInformation(timestamp=answer.authn_instant.isoformat(), issuer=answer.issuer)
        attributes = {name: list(values) for name, values in answer.attributes.items()}
        return self.auth_callback_func(context, InternalData(auth_info=auth_info, attributes=attributes))

    def put_back(self, context: RequestContext, login: Login, refusal: Refusal) -> Response:
        """Record why an answer was refused, forget what was asked, and lead the person back to the picker.

        What was asked has had its answer: whoever guesses has one try.
        """
        self.runtime.events.emit(
            "refused",
            request_id=login.request_id,
            home_request_id=login.home_request_id,
            service=login.service,
            source=login.source,
            because=refusal.reason_id,
            found=refusal.found,
            expected=refusal.expected,
        )
        again = replace(login, source=None, home_request_id=None, asked_at=None, put_back_because=refusal.reason_id)
        context.keep(again)
        return see_other(self.runtime.settings.endpoints.picker_url(str(context.state.login_id)))

    def _sources_for(self, login: Login) -> tuple[Mapping[str, TrustedSource], bool]:
        return requested_sources(self.runtime.settings.sources, login.classes)

    def _offer_to(self, login: Login) -> Offer:
        sources, is_narrowed = self._sources_for(login)
        return Offer(sources.keys(), is_narrowed)
