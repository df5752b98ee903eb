# SPDX-License-Identifier: Apache-2.0
"""Asking by SAML: our AuthnRequest by redirect, the identity provider's response by POST (design 4, hops 5 to 7).

A response is accepted only for the request in the person's state cookie, at the address of the source it was sent to.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from satosa.response import Response

from federation.reasons import Refusal
from proxy.asking.way import Desk, HomeAnswer, party_of, source_asked
from proxy.login import Login, LoginRefusedError
from proxy.own_metadata import CONTENT_TYPE
from proxy.request import Endpoint, RequestContext, Routes, see_other
from proxy.saml.expectation import ExpectedResponse
from proxy.saml.issue_request import AuthnRequest, issue_authn_request
from proxy.saml.metadata import IdentityProvider
from proxy.saml.post import read_posted
from proxy.saml.response import verify_response
from proxy.settings import TrustedSource

REDIRECT_BINDING: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"


class SamlWay:
    """MPASSid's SP face: its metadata and ACS addresses."""

    party = IdentityProvider

    def __init__(self, desk: Desk) -> None:
        """Hand answers in at `desk`."""
        self._desk = desk

    def endpoints(self) -> Routes:
        """Return the addresses that identity providers use."""
        return [
            (r"^Shibboleth\.sso/Metadata\Z", Endpoint(self._serve_metadata)),
            (r"^([A-Za-z0-9]+/)?Shibboleth\.sso/SAML2/POST\Z", Endpoint(self._receive_response, methods=("POST",))),
        ]

    def ask(self, context: RequestContext, login: Login, source: TrustedSource) -> Response:
        """Send the person to the source's identity provider with our signed AuthnRequest."""
        runtime = self._desk.runtime
        flow = source.configuration.source.flow
        now = runtime.clock()
        home_request_id = f"_{secrets.token_hex(16)}"
        request = AuthnRequest(
            id=home_request_id,
            issue_instant=now,
            sp_entity_id=runtime.settings.endpoints.sp_entity_id,
            acs_url=runtime.settings.endpoints.flow_acs_url(flow),
            destination=party_of(source, IdentityProvider).sso_urls[REDIRECT_BINDING],
            force_authn=login.force_authn,
        )
        url = issue_authn_request(request, str(context.state.login_id), runtime.settings.sp_key)
        context.keep(replace(login, home_request_id=home_request_id, asked_at=int(now.timestamp())))
        runtime.events.emit(
            "authn-request-sent", request_id=login.request_id, home_request_id=home_request_id, source=flow
        )
        return see_other(url)

    def _receive_response(self, context: RequestContext) -> Response:
        """Verify what an identity provider posted, record it as answered, and hand the person's values on."""
        posted = read_posted(context.body, "SAMLResponse")
        if isinstance(posted, Refusal):
            raise LoginRefusedError(posted)
        login = context.login()
        source = self._source_asked(context, login)
        verified = verify_response(posted.message, self._expected(context, login, source), self._desk.runtime.clock())
        if isinstance(verified, Refusal):
            raise LoginRefusedError(verified, login)
        self._desk.consume(context, login)
        self._desk.runtime.events.emit(
            "response-verified",
            request_id=login.request_id,
            home_request_id=login.home_request_id,
            source=login.source,
        )
        answer = HomeAnswer(
            issuer=verified.issuer,
            authn_instant=verified.authn_instant,
            attributes=dict(verified.attributes),
            session_end=verified.session_not_on_or_after,
        )
        return self._desk.sign_in(context, answer)

    def _source_asked(self, context: RequestContext, login: Login) -> TrustedSource:
        """Return the source that was asked; raises `LoginRefusedError` at another one's ACS, or before any."""
        source = source_asked(self._desk, login, IdentityProvider)
        flow, _, rest = context.path.partition("/")
        if source is None:
            raise LoginRefusedError(Refusal("in-response-to-missing"), login)
        if rest.startswith("Shibboleth.sso/") and flow != source.configuration.source.flow:
            raise LoginRefusedError(Refusal("wrong-acs", found=flow, expected=source.configuration.source.flow), login)
        return source

    def _expected(self, context: RequestContext, login: Login, source: TrustedSource) -> ExpectedResponse:
        settings = self._desk.runtime.settings
        return ExpectedResponse(
            identity_provider=party_of(source, IdentityProvider),
            request_id=str(login.home_request_id),
            acs_url=f"{settings.endpoints.origin}/{context.path}",
            sp_entity_id=settings.endpoints.sp_entity_id,
            requested_at=datetime.fromtimestamp(login.asked_at or 0, UTC),
            force_authn=login.force_authn,
            decryption_keys=(settings.decryption_key,),
        )

    def _serve_metadata(self, _context: RequestContext) -> Response:
        return Response(self._desk.runtime.settings.sp_face_metadata, content=CONTENT_TYPE)
