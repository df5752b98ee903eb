# SPDX-License-Identifier: Apache-2.0
"""Asking an Opinsys: it posts a token that it signed, then its data service is asked (home-protocols 3)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import quote

from satosa.response import Response

from federation.reasons import Refusal
from proxy.asking.fetching import fetch
from proxy.asking.nonces import is_same, new_nonce
from proxy.asking.opinsys_data import attributes
from proxy.asking.opinsys_token import ExpectedToken, verify_token
from proxy.asking.parties import Opinsys
from proxy.asking.way import Desk, HomeAnswer, party_of, source_asked
from proxy.login import Login, LoginRefusedError
from proxy.request import Endpoint, RequestContext, Routes, see_other
from proxy.settings import TrustedSource

_CANCELLED: Final = "access_denied"


class OpinsysWay:
    """The address at which Opinsys posts its tokens."""

    party = Opinsys

    def __init__(self, desk: Desk) -> None:
        """Hand answers in at `desk`."""
        self._desk = desk

    def endpoints(self) -> Routes:
        """Return the address, which stands below the login's own."""
        return [(r"^login/[^/]+/opinsys\Z", Endpoint(self._receive, methods=("POST",)))]

    def ask(self, context: RequestContext, login: Login, source: TrustedSource) -> Response:
        """Send the person to the source's Opinsys."""
        runtime, nonce = self._desk.runtime, new_nonce()
        return_to = quote(runtime.settings.endpoints.opinsys_return_url(str(context.state.login_id)), safe="")
        forced = "&force=true" if login.force_authn else ""
        url = f"{party_of(source, Opinsys).endpoints.sso_url}?return_to={return_to}&nonce={nonce}{forced}"
        context.keep(replace(login, home_request_id=nonce, asked_at=int(runtime.clock().timestamp())))
        runtime.events.emit(
            "home-login-requested", request_id=login.request_id, home_request_id=nonce, source=login.source
        )
        return see_other(url)

    def _receive(self, context: RequestContext) -> Response:
        """Verify the token, record it as answered, ask what Opinsys holds of the person, and hand that on."""
        login = context.login()
        source = source_asked(self._desk, login, Opinsys)
        if source is None:
            return self._desk.put_back(context, login, Refusal("home-answer-unasked"))
        opinsys, runtime = party_of(source, Opinsys), self._desk.runtime
        subject = self._subject(context, login, opinsys)
        if isinstance(subject, Refusal):
            return self._desk.put_back(context, login, subject)
        self._desk.consume(context, login)
        runtime.events.emit(
            "home-answer-verified",
            request_id=login.request_id,
            home_request_id=login.home_request_id,
            source=login.source,
        )
        held = fetch(
            self._desk,
            login,
            opinsys.endpoints.user_url(subject),
            partial(attributes, subject=subject),
            (opinsys.endpoints.client_id, opinsys.password),
        )
        return self._desk.sign_in(context, HomeAnswer(opinsys.endpoints.base_url, runtime.clock(), held))

    def _subject(self, context: RequestContext, login: Login, opinsys: Opinsys) -> str | Refusal:
        """Return who signed in by the form that was posted; raises `LoginRefusedError` where they turned back."""
        posted, nonce = dict(context.form), str(login.home_request_id)
        names = sorted(name for name, _ in context.form)
        if names == ["error", "nonce"] and posted["error"] == _CANCELLED:
            if not is_same(posted["nonce"], nonce):
                return Refusal("home-nonce-mismatch")
            context.state.delete = True
            raise LoginRefusedError(Refusal("cancelled-at-home"), login)
        if names != ["jwt"]:
            return Refusal("home-answer-malformed", expected="jwt, or error=access_denied and nonce, each once")
        runtime = self._desk.runtime
        expected = ExpectedToken(
            issuer=opinsys.endpoints.base_url,
            audience=runtime.settings.endpoints.sp_entity_id,
            nonce=nonce,
            key=opinsys.key,
        )
        return verify_token(posted["jwt"], expected, runtime.clock())
