# SPDX-License-Identifier: Apache-2.0
"""SAML as one provider speaks it: an AuthnRequest comes by redirect or by POST, a Response goes back by POST."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from flask import Response, request

from federation.home_names import home_names
from federation.model import IdentityProvider, Person
from idp_simulators.faults.fault import Fault, OtherProvider, Scene
from idp_simulators.home_request import HomeRequest
from idp_simulators.provider import Desk, HomeProvider, NotSignedIn
from idp_simulators.saml.answers import Answer, Answering, Authentication
from idp_simulators.saml.bindings import ReceivedRequest, receive_post, receive_redirect
from idp_simulators.saml.messages import Attribute
from idp_simulators.saml.proxy_metadata import AcceptedProxy
from idp_simulators.saml.requests import read_authn_request
from idp_simulators.saml.signing import Signer
from idp_simulators.sessions import Session

METADATA_TYPE: Final = "application/samlmetadata+xml"

SentAttributes: TypeAlias = Callable[[IdentityProvider, str, Person], tuple[Attribute, ...]]
"""From the integration, a user name and the registry's entry to the attributes of the assertion."""

Finished: TypeAlias = Callable[[Answer, IdentityProvider, AcceptedProxy], Answer]
"""From a right answer, response and assertion signed, to the answer as the kind gives it."""


def new_id() -> str:
    """Return a fresh message ID of 128 random bits."""
    return f"_{secrets.token_hex(16)}"


@dataclass(frozen=True)
class SamlDialogue:
    """One provider's messages: `whole_proxy` is the proxy as its metadata says, `proxy` what the kind takes of it."""

    sent_attributes: SentAttributes
    finished: Finished
    signer: Signer
    whole_proxy: AcceptedProxy
    proxy: AcceptedProxy
    metadata: bytes

    @property
    def redirects_to(self) -> tuple[str, ...]:
        """Nowhere: the answer is a page with a form of its own."""
        return ()

    def read(self, provider: HomeProvider, now: datetime) -> HomeRequest:
        """Return what the AuthnRequest at hand asks for; raises `RefusedRequestError`."""
        return read_authn_request(_received(), self.proxy, provider.login_url, now)

    def signed_in(
        self, desk: Desk, provider: HomeProvider, asked: HomeRequest, session: Session, person: Person
    ) -> Response:
        """Answer with an assertion about the person, changed by the fault that waits for it, if any."""
        answering = self._answering(provider, asked, desk.clock())
        idp = provider.municipality.idp
        attributes = self.sent_attributes(idp, session.user_name, person)
        right = answering.success(Authentication(attributes, session.instant, session.index))
        answer = self.finished(right, idp, self.proxy)
        taken = desk.faults.take(provider.key, session.user_name, idp.kind, Fault)
        if taken is not None:
            other, stranger = _another(desk, provider.key), lambda: Signer.of(desk.stranger())
            scene = Scene(answering, home_names(idp), self.whole_proxy, other, stranger)
            answer = taken.fault.applied(answer, scene, is_twin=taken.is_twin)
        label = {} if taken is None else {"fault": taken.label}
        desk.events.emit("authenticated", home_request_id=asked.id, source=provider.flow, **label)
        return _send(desk, provider, asked, answer)

    def not_signed_in(self, desk: Desk, provider: HomeProvider, asked: HomeRequest, why: NotSignedIn) -> Response:
        """Answer with an error status and no assertion."""
        return _send(desk, provider, asked, self._answering(provider, asked, desk.clock()).refusal(why.value))

    def serve(self, _desk: Desk, _provider: HomeProvider, _rule: str, _parts: Mapping[str, str]) -> Response:
        """Answer with the EntityDescriptor."""
        return Response(self.metadata, content_type=METADATA_TYPE)

    def _answering(self, provider: HomeProvider, asked: HomeRequest, now: datetime) -> Answering:
        return Answering(
            request=asked,
            entity_id=provider.endpoints.entity_id,
            signer=self.signer,
            audience=self.proxy.entity_id,
            now=now,
            new_id=new_id,
        )


def _received() -> ReceivedRequest:
    if request.method == "POST":
        return receive_post(request.form.items(multi=True))
    return receive_redirect(request.query_string.decode("ascii", "replace"))


def _send(desk: Desk, provider: HomeProvider, asked: HomeRequest, answer: Answer) -> Response:
    """Answer with the form that carries the response to the proxy (saml-bindings-2.0-os 3.5.4)."""
    desk.events.emit(
        "response-sent",
        home_request_id=asked.id,
        source=provider.flow,
        response_id=answer.response.id,
        status=answer.response.status[-1],
    )
    fields = {"SAMLResponse": answer.encoded()}
    if asked.relay_state is not None:
        fields["RelayState"] = asked.relay_state
    return desk.hand_over(provider, asked.reply_url, fields, answer.deliveries)


def _another(desk: Desk, provider: str) -> OtherProvider | None:
    """Return the first declared provider that speaks SAML and is not this one."""
    for key, other in desk.providers.items():
        if key != provider and isinstance(other.dialogue, SamlDialogue):
            return OtherProvider(other.endpoints.entity_id, other.dialogue.signer)
    return None
