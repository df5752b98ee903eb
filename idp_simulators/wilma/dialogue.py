# SPDX-License-Identifier: Apache-2.0
"""How a Wilma speaks with the proxy: redirects with checksums, and a data service (home-protocols 2)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from flask import Response, request

from federation.endpoints import ProxyEndpoints
from federation.model import IdpKind, Person
from idp_simulators.data_service import DataAnswer
from idp_simulators.faults.wilma_fault import WilmaFault, WilmaScene
from idp_simulators.home_request import HomeRequest, RefusedRequestError
from idp_simulators.nonces import Nonces
from idp_simulators.provider import Desk, HomeProvider, NotSignedIn
from idp_simulators.serving_data import send, serve_person
from idp_simulators.sessions import Session
from idp_simulators.wilma.answers import WilmaAnswer
from idp_simulators.wilma.person import document
from idp_simulators.wilma.requests import read_data_request, read_login_request
from party.pages.security_headers import NO_STORE


@dataclass(frozen=True)
class WilmaDialogue:
    """One Wilma and the secret that it shares with the proxy."""

    secret: bytes = field(repr=False)
    proxy: ProxyEndpoints
    nonces: Nonces = field(default_factory=Nonces)

    @property
    def redirects_to(self) -> tuple[str, ...]:
        """The proxy's origin, because the answer is a redirect."""
        return (self.proxy.origin,)

    def read(self, provider: HomeProvider, now: datetime) -> HomeRequest:
        """Return what the address at hand asks for; raises `RefusedRequestError`."""
        asked = read_login_request(_asked_url(provider.endpoints.wilma.login_url), self.secret, self.proxy, now)
        self.nonces.heard(asked.id)
        return asked

    def signed_in(
        self, desk: Desk, provider: HomeProvider, asked: HomeRequest, session: Session, _person: Person
    ) -> Response:
        """Send the browser back with the user name, changed by the fault that waits for it, if any."""
        answer = WilmaAnswer.success(asked.reply_url, session.user_name, self.secret)
        taken = desk.faults.take(provider.key, session.user_name, IdpKind.WILMA, WilmaFault)
        if taken is not None:
            scene = WilmaScene(asked.id, self.nonces.another(asked.id))
            answer = taken.fault.applied(answer, scene, is_twin=taken.is_twin)
        label = {} if taken is None else {"fault": taken.label}
        desk.events.emit("authenticated", home_request_id=asked.id, source=provider.flow, **label)
        return _send(desk, provider, asked, answer, "Success")

    def not_signed_in(self, desk: Desk, provider: HomeProvider, asked: HomeRequest, why: NotSignedIn) -> Response:
        """Send the browser back with the word that the person turned back."""
        return _send(desk, provider, asked, WilmaAnswer.cancelled(asked.reply_url, self.secret), why.value)

    def serve(self, desk: Desk, provider: HomeProvider, _rule: str, _parts: Mapping[str, str]) -> Response:
        """Answer what the registry holds of a person; 403 for a wrong checksum."""
        try:
            nonce, user_name = read_data_request(_asked_url(provider.endpoints.wilma.data_url), self.secret)
        except RefusedRequestError as error:
            desk.events.emit("refused", because=error.refusal.reason_id, source=provider.flow)
            return send(desk, provider, secrets.token_hex(16), DataAnswer.refusal(HTTPStatus.FORBIDDEN))
        return serve_person(desk, provider, nonce, user_name, lambda person: document(user_name, person))


def _asked_url(address: str) -> str:
    """Return the address that was asked, as the proxy wrote it: never by the Host header."""
    return f"{address}?{request.query_string.decode('ascii', 'replace')}"


def _send(desk: Desk, provider: HomeProvider, asked: HomeRequest, answer: WilmaAnswer, status: str) -> Response:
    desk.events.emit("response-sent", home_request_id=asked.id, source=provider.flow, status=status)
    response = Response(status=HTTPStatus.SEE_OTHER)
    response.headers["Location"] = answer.url()
    response.headers.extend([NO_STORE, ("Referrer-Policy", "no-referrer")])
    return response
