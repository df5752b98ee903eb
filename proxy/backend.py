# SPDX-License-Identifier: Apache-2.0
"""The proxy towards identity providers: the choice of a source, our AuthnRequest, their response (design 4, hops 4 to 7).

A response is accepted only for the request in the person's state cookie, from the source it was sent to, once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from satosa.backends.base import BackendModule
from satosa.internal import AuthenticationInformation, InternalData
from satosa.response import Response

from federation.gates import check_secret, check_source
from federation.reasons import Refusal
from proxy.login import Login, LoginRefusedError
from proxy.micro_services.step import HOME_VALUES
from proxy.own_metadata import CONTENT_TYPE
from proxy.picker.page import Offer, picker_page, suggestions
from proxy.request import Endpoint, RequestContext, Routes, see_other
from proxy.runtime import Runtime
from proxy.saml.expectation import ExpectedResponse
from proxy.saml.issue_request import AuthnRequest, issue_authn_request
from proxy.saml.post import read_posted
from proxy.saml.response import VerifiedAssertion, verify_response
from proxy.settings import TrustedSource
from proxy.sources import requested_sources
from proxy.sso_session import SsoSession
from proxy.store import StoreUnavailableError

REDIRECT_BINDING: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"

REMEMBERED: Final = timedelta(hours=1)
"""How long an answered request is remembered: longer than any response to it could be accepted."""


class SourceBackend(BackendModule):  # type: ignore[misc]  # SATOSA ships no types
    """MPASSid's SP face: `/shibboleth`, its metadata and ACS addresses, and the school picker in front of it."""

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

    def register_endpoints(self) -> Routes:
        """Return the addresses that identity providers use, and the picker's."""
        return [
            (r"^Shibboleth\.sso/Metadata\Z", Endpoint(self._serve_metadata)),
            (r"^([A-Za-z0-9]+/)?Shibboleth\.sso/SAML2/POST\Z", Endpoint(self._receive_response, methods=("POST",))),
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

    def _resumed(self, context: RequestContext, login: Login, sources: Collection[str]) -> SsoSession | None:
        """Return the person's session, unless the service wants a fresh sign-in or another source."""
        session_id = context.cookies.get(self.runtime.session_cookie)
        if session_id is None or login.force_authn:
            return None
        try:
            session = self.runtime.sso_sessions.resume(session_id, self.runtime.clock())
        except StoreUnavailableError as error:
            raise LoginRefusedError(Refusal("store-unavailable"), login) from error
        return session if session is not None and session.source in sources else None

    def _go_on(self, context: RequestContext, login: Login, session: SsoSession) -> Response:
        """Hand a remembered person to SATOSA as if they had just signed in, at the time they really did."""
        context.keep(replace(login, source=session.source))
        context.decorate(HOME_VALUES, session.home_values)
        self.runtime.events.emit("session-resumed", request_id=login.request_id, source=session.source)
        auth_info = AuthenticationInformation(timestamp=session.authn_instant.isoformat(), issuer=session.issuer)
        return self.auth_callback_func(context, InternalData(auth_info=auth_info))

    def _pick_school(self, context: RequestContext) -> Response:
        login = context.login()
        if context.request_method != "POST":
            return picker_page(context, self.runtime.pages, self.runtime.picker, self._offer_to(login))
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
        """Send the person to the source's identity provider with our signed AuthnRequest."""
        configuration = source.configuration
        runtime = self.runtime
        flow = configuration.source.flow
        runtime.events.emit("source-chosen", request_id=login.request_id, source=flow)
        asking = replace(login, source=flow)
        now = runtime.clock()
        refusal = check_source(configuration.gate, login.service) or check_secret(configuration.gate, now.date())
        if refusal is not None:
            context.state.delete = True
            raise LoginRefusedError(refusal, asking)
        home_request_id = f"_{secrets.token_hex(16)}"
        request = AuthnRequest(
            id=home_request_id,
            issue_instant=now,
            sp_entity_id=runtime.settings.endpoints.sp_entity_id,
            acs_url=runtime.settings.endpoints.flow_acs_url(flow),
            destination=source.identity_provider.sso_urls[REDIRECT_BINDING],
            force_authn=login.force_authn,
        )
        url = issue_authn_request(request, str(context.state.login_id), runtime.settings.sp_key)
        context.keep(replace(asking, home_request_id=home_request_id, asked_at=int(now.timestamp())))
        runtime.events.emit(
            "authn-request-sent", request_id=login.request_id, home_request_id=home_request_id, source=flow
        )
        return see_other(url)

    def _receive_response(self, context: RequestContext) -> Response:
        """Verify what an identity provider posted, record it as answered, and hand the person's values to SATOSA."""
        posted = read_posted(context.body, "SAMLResponse")
        if isinstance(posted, Refusal):
            raise LoginRefusedError(posted)
        login = context.login()
        source = self._source_asked(context, login)
        verified = verify_response(posted.message, self._expected(context, login, source), self.runtime.clock())
        if isinstance(verified, Refusal):
            raise LoginRefusedError(verified, login)
        self._consume(context, login)
        self.runtime.events.emit(
            "response-verified",
            request_id=login.request_id,
            home_request_id=login.home_request_id,
            source=login.source,
        )
        context.home_session_end = verified.session_not_on_or_after
        return self.auth_callback_func(context, _internal_response(verified))

    def _source_asked(self, context: RequestContext, login: Login) -> TrustedSource:
        """Return the source that was asked; raises `LoginRefusedError` at another one's ACS, or before any."""
        flow, _, rest = context.path.partition("/")
        if login.source is None or login.source not in self.runtime.settings.sources:
            raise LoginRefusedError(Refusal("in-response-to-missing"), login)
        if rest.startswith("Shibboleth.sso/") and flow != login.source:
            raise LoginRefusedError(Refusal("wrong-acs", found=flow, expected=login.source), login)
        return self.runtime.settings.sources[login.source]

    def _expected(self, context: RequestContext, login: Login, source: TrustedSource) -> ExpectedResponse:
        settings = self.runtime.settings
        return ExpectedResponse(
            identity_provider=source.identity_provider,
            request_id=str(login.home_request_id),
            acs_url=f"{settings.endpoints.origin}/{context.path}",
            sp_entity_id=settings.endpoints.sp_entity_id,
            requested_at=datetime.fromtimestamp(login.asked_at or 0, UTC),
            force_authn=login.force_authn,
            decryption_keys=(settings.decryption_key,),
        )

    def _consume(self, context: RequestContext, login: Login) -> None:
        """Record our request as answered, here and for every other worker; the login in the browser ends with it.

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

    def _sources_for(self, login: Login) -> tuple[Mapping[str, TrustedSource], bool]:
        return requested_sources(self.runtime.settings.sources, login.classes)

    def _offer_to(self, login: Login) -> Offer:
        sources, is_narrowed = self._sources_for(login)
        return Offer(sources.keys(), is_narrowed)

    def _serve_metadata(self, _context: RequestContext) -> Response:
        return Response(self.runtime.settings.sp_face_metadata, content=CONTENT_TYPE)


def _internal_response(verified: VerifiedAssertion) -> InternalData:
    """Return the verified assertion in SATOSA's terms; its values are copied from nowhere else."""
    return InternalData(
        auth_info=AuthenticationInformation(
            auth_class_ref=verified.authn_context_class,
            timestamp=verified.authn_instant.isoformat(),
            issuer=verified.issuer,
        ),
        attributes={name: list(values) for name, values in verified.attributes},
    )
