# SPDX-License-Identifier: Apache-2.0
"""How an Opinsys speaks with the proxy: a signed token that a form posts, and a data service (home-protocols 3)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from flask import Response, request

from federation.endpoints import ProxyEndpoints
from federation.model import IdpKind, Person
from idp_simulators.data_service import DataAnswer
from idp_simulators.faults.opinsys_fault import OpinsysFault, OpinsysScene
from idp_simulators.home_request import HomeRequest, RefusedRequestError
from idp_simulators.nonces import Nonces
from idp_simulators.opinsys.answers import OpinsysAnswer, right_token
from idp_simulators.opinsys.person import document
from idp_simulators.opinsys.requests import check_credentials, read_login_request
from idp_simulators.opinsys.subjects import Subjects
from idp_simulators.opinsys.tokens import by_rsa
from idp_simulators.provider import Desk, HomeProvider, NotSignedIn
from idp_simulators.serving_data import send, serve_person
from idp_simulators.sessions import Session
from party.run_token import AUTHORIZATION

SUBJECT: Final = "subject"
"""The variable part of the data service's addresses."""


@dataclass(frozen=True)
class OpinsysDialogue:
    """One Opinsys: the key it signs with, the secret it shares with the proxy, the ids of its people."""

    key: RSAPrivateKey = field(repr=False)
    secret: bytes = field(repr=False)
    subjects: Subjects
    proxy: ProxyEndpoints
    nonces: Nonces = field(default_factory=Nonces)

    @property
    def redirects_to(self) -> tuple[str, ...]:
        """Nowhere: the answer is a page with a form of its own."""
        return ()

    def read(self, _provider: HomeProvider, now: datetime) -> HomeRequest:
        """Return what the query at hand asks for; raises `RefusedRequestError`."""
        asked = read_login_request(request.query_string.decode("ascii", "replace"), self.proxy, now)
        self.nonces.heard(asked.id)
        return asked

    def signed_in(
        self, desk: Desk, provider: HomeProvider, asked: HomeRequest, session: Session, _person: Person
    ) -> Response:
        """Answer with a token about the person, changed by the fault that waits for it, if any."""
        now = desk.clock()
        token = right_token(
            issuer=provider.endpoints.entity_id,
            audience=self.proxy.sp_entity_id,
            subject=self.subjects.of(session.user_name),
            nonce=asked.id,
            now=now,
            sign=by_rsa(self.key),
        )
        answer = OpinsysAnswer(token)
        taken = desk.faults.take(provider.key, session.user_name, IdpKind.OPINSYS, OpinsysFault)
        if taken is not None:
            scene = OpinsysScene(now, self.nonces.another(asked.id), self.key, desk.stranger)
            answer = taken.fault.applied(answer, scene, is_twin=taken.is_twin)
        label = {} if taken is None else {"fault": taken.label}
        desk.events.emit("authenticated", home_request_id=asked.id, source=provider.flow, **label)
        return _send(desk, provider, asked, {"jwt": answer.token.encoded()}, "Success", answer.deliveries)

    def not_signed_in(self, desk: Desk, provider: HomeProvider, asked: HomeRequest, why: NotSignedIn) -> Response:
        """Answer with the word that the person turned back."""
        return _send(desk, provider, asked, {"error": "access_denied", "nonce": asked.id}, why.value)

    def serve(self, desk: Desk, provider: HomeProvider, _rule: str, parts: Mapping[str, str]) -> Response:
        """Answer what the registry holds of a person; 401 for whoever is not the proxy, 404 for an unknown id."""
        request_id, subject = secrets.token_hex(16), parts[SUBJECT]
        try:
            check_credentials(request.headers.get(AUTHORIZATION), provider.endpoints.opinsys.client_id, self.secret)
        except RefusedRequestError as error:
            desk.events.emit("refused", because=error.refusal.reason_id, source=provider.flow)
            answer = DataAnswer.refusal(HTTPStatus.UNAUTHORIZED, WWW_Authenticate='Basic realm="v3"')
            return send(desk, provider, request_id, answer)
        user_name = self.subjects.user_name(subject)
        if user_name is None:
            return send(desk, provider, request_id, DataAnswer.refusal(HTTPStatus.NOT_FOUND))
        names = provider.municipality.school_names
        return serve_person(
            desk, provider, request_id, user_name, lambda person: document(subject, user_name, person, names)
        )


def _send(
    desk: Desk, provider: HomeProvider, asked: HomeRequest, fields: Mapping[str, str], status: str, deliveries: int = 1
) -> Response:
    desk.events.emit("response-sent", home_request_id=asked.id, source=provider.flow, status=status)
    return desk.hand_over(provider, asked.reply_url, fields, deliveries)
