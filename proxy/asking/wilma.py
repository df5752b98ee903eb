# SPDX-License-Identifier: Apache-2.0
"""Asking a Wilma: by addresses that both ends vouch for with a checksum, then by its data service (home-protocols 2)."""

from __future__ import annotations

from dataclasses import replace

from satosa.response import Response

from federation.reasons import Refusal
from proxy.asking.fetching import fetch
from proxy.asking.nonces import new_nonce
from proxy.asking.parties import Wilma
from proxy.asking.way import Desk, HomeAnswer, party_of, source_asked
from proxy.asking.wilma_data import attributes
from proxy.asking.wilma_messages import data_url, sign_in_url, verify_answer
from proxy.login import Login, LoginRefusedError
from proxy.request import Endpoint, RequestContext, Routes, see_other
from proxy.settings import TrustedSource


class WilmaWay:
    """The address at which Wilmas give people back."""

    party = Wilma

    def __init__(self, desk: Desk) -> None:
        """Hand answers in at `desk`."""
        self._desk = desk

    def endpoints(self) -> Routes:
        """Return the address, which stands below the login's own; only a GET is an answer."""
        return [(r"^login/[^/]+/wilma\Z", Endpoint(self._receive, methods=("GET",)))]

    def ask(self, context: RequestContext, login: Login, source: TrustedSource) -> Response:
        """Send the person to the source's Wilma."""
        runtime, nonce = self._desk.runtime, new_nonce()
        wilma = party_of(source, Wilma)
        url = sign_in_url(wilma, self._return_url(context), nonce, is_forced=login.force_authn)
        context.keep(replace(login, home_request_id=nonce, asked_at=int(runtime.clock().timestamp())))
        runtime.events.emit(
            "home-login-requested", request_id=login.request_id, home_request_id=nonce, source=login.source
        )
        return see_other(url)

    def _receive(self, context: RequestContext) -> Response:
        """Verify what Wilma answered, record it as answered, ask what it holds of the person, and hand that on."""
        login = context.login()
        source = source_asked(self._desk, login, Wilma)
        if source is None:
            return self._desk.put_back(context, login, Refusal("home-answer-unasked"))
        wilma = party_of(source, Wilma)
        answer = verify_answer(
            context.query_string, self._return_url(context), str(login.home_request_id), wilma.secret
        )
        if isinstance(answer, Refusal):
            return self._desk.put_back(context, login, answer)
        if answer.user_name is None:
            context.state.delete = True
            raise LoginRefusedError(Refusal("cancelled-at-home"), login)
        self._desk.consume(context, login)
        runtime = self._desk.runtime
        runtime.events.emit(
            "home-answer-verified",
            request_id=login.request_id,
            home_request_id=login.home_request_id,
            source=login.source,
        )
        held = fetch(self._desk, login, data_url(wilma, answer.user_name), attributes)
        return self._desk.sign_in(context, HomeAnswer(wilma.endpoints.base_url, runtime.clock(), held))

    def _return_url(self, context: RequestContext) -> str:
        return self._desk.runtime.settings.endpoints.wilma_return_url(str(context.state.login_id))
