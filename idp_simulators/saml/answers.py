# SPDX-License-Identifier: Apache-2.0
"""What an identity provider answers: a right response first, as a value that a fault may change before it is sent.

Building and changing are pure; `Answer.encoded` signs, edits, encrypts and encodes, the one costly step, once per login.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from idp_simulators.home_request import HomeRequest
from idp_simulators.saml.encryption import EncryptionKey, with_encrypted_assertion
from idp_simulators.saml.messages import AssertionParts, Attribute, Confirmation, Issuer, ResponseParts, response_text
from idp_simulators.saml.signing import Signer, Signing, sign

MESSAGE_LIFETIME: Final = timedelta(minutes=5)
"""Length of the windows in an answer, as in MPASSid's own sample (facts-mpassid 5)."""

NewId: TypeAlias = Callable[[], str]
"""Makes a fresh ID of at least 128 random bits, that begins with a letter or underscore (saml-core-2.0-os 1.3.4)."""

Edit: TypeAlias = Callable[[str], str]
"""A change of the signed text."""


@dataclass(frozen=True)
class Authentication:
    """That somebody signed in: whose attributes are sent, when it was, and the session it belongs to."""

    attributes: tuple[Attribute, ...]
    instant: datetime
    session_index: str


@dataclass(frozen=True)
class Answer:
    """A response on its way: its parts, who signs what in which order, and what is done to the text afterwards."""

    response: ResponseParts
    signings: tuple[Signing, ...]
    edits: tuple[Edit, ...] = ()
    deliveries: int = 1
    """How often the flow that carries the response is to post it."""
    encryption_key: EncryptionKey | None = None
    """Whom the assertion is encrypted to, after everything else."""

    @property
    def assertion(self) -> AssertionParts:
        """The first assertion; an answer with an error status has none."""
        return self.response.assertions[0]

    def with_response(self, **changes: object) -> Answer:
        """Return the answer with some parts of the response replaced."""
        return replace(self, response=replace(self.response, **changes))  # type: ignore[arg-type] # checked by replace

    def with_assertion(self, **changes: object) -> Answer:
        """Return the answer with some parts of its first assertion replaced."""
        changed = replace(self.assertion, **changes)  # type: ignore[arg-type] # checked by replace
        return self.with_response(assertions=(changed, *self.response.assertions[1:]))

    def with_edit(self, edit: Edit) -> Answer:
        """Return the answer with one more change of its signed text."""
        return replace(self, edits=(*self.edits, edit))

    def signed_at(self, element_id: str) -> Answer:
        """Return the answer with the one signature over `element_id` left."""
        return replace(self, signings=tuple(signing for signing in self.signings if signing.element_id == element_id))

    def encoded(self) -> str:
        """Return the value of SAMLResponse (saml-bindings-2.0-os 3.5.4)."""
        text = sign(response_text(self.response), self.signings)
        for edit in self.edits:
            text = edit(text)
        if self.encryption_key is not None:
            text = with_encrypted_assertion(text, self.encryption_key)
        return base64.b64encode(text.encode()).decode("ascii")


@dataclass(frozen=True)
class Answering:
    """One identity provider answering one request at one moment, with everything a right answer says."""

    request: HomeRequest
    entity_id: str
    signer: Signer
    audience: str
    now: datetime
    new_id: NewId

    def success(self, authentication: Authentication) -> Answer:
        """Return the answer that somebody signed in, response and assertion signed (saml-profiles-2.0-os 4.1.4.2)."""
        assertion = self._assertion(authentication)
        response = replace(self._response(), assertions=(assertion,))
        return Answer(response, (Signing.by(self.signer, assertion.id), Signing.by(self.signer, response.id)))

    def refusal(self, second_status: str) -> Answer:
        """Return the signed answer that nobody signed in: Responder and a second-level code (saml-core-2.0-os 3.2.2.2)."""
        response = replace(self._response(), status=("Responder", second_status))
        return Answer(response, (Signing.by(self.signer, response.id),))

    def _response(self) -> ResponseParts:
        return ResponseParts(
            id=self.new_id(),
            issuer=Issuer(self.entity_id),
            issue_instant=self.now,
            destination=self.request.reply_url,
            in_response_to=self.request.id,
        )

    def _assertion(self, authentication: Authentication) -> AssertionParts:
        end = self.now + MESSAGE_LIFETIME
        return AssertionParts(
            id=self.new_id(),
            issuer=Issuer(self.entity_id),
            issue_instant=self.now,
            name_id=self.new_id(),
            confirmations=(Confirmation(self.request.reply_url, self.request.id, end),),
            not_before=self.now,
            not_on_or_after=end,
            audiences=((self.audience,),),
            authn_instant=authentication.instant,
            session_index=authentication.session_index,
            statements=(authentication.attributes,),
        )
