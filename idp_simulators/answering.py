# SPDX-License-Identifier: Apache-2.0
"""From a person who signed in to the message that is posted: the provider's kind, the answer, the fault that waits."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from certs.keys import make_key_pair
from federation.model import Person
from idp_simulators.answers import Answer, Answering, Authentication
from idp_simulators.faults.armed import ArmedFaults
from idp_simulators.faults.fault import OtherProvider, Scene
from idp_simulators.requests import HomeAuthnRequest
from idp_simulators.sessions import Session
from idp_simulators.settings import HomeProvider, Settings
from idp_simulators.signing import Signer
from party.clock import Clock
from party.events import Events


def new_id() -> str:
    """Return a fresh message ID of 128 random bits."""
    return f"_{secrets.token_hex(16)}"


@dataclass(frozen=True)
class Answers:
    """Answers the proxy's requests for every provider, and tells the events of it."""

    settings: Settings
    clock: Clock
    events: Events
    faults: ArmedFaults
    stranger: Callable[[], Signer]

    @classmethod
    def of(cls, settings: Settings, clock: Clock, events: Events, faults: ArmedFaults) -> Answers:
        """Return the answers of an app; the key that nobody knows is made when a fault first needs it."""
        return cls(settings, clock, events, faults, cache(lambda: Signer.of(make_key_pair("idp-stranger", clock()))))

    def signed_in(self, provider: HomeProvider, request: HomeAuthnRequest, session: Session, person: Person) -> Answer:
        """Return the answer that the session's person signed in, changed by the fault that waits for it, if any."""
        now = self.clock()
        answering = self._answering(provider, request, now)
        idp = provider.municipality.idp
        attributes = provider.kind.sent_attributes(idp, session.user_name, person)
        right = answering.success(Authentication(attributes, session.instant, session.index))
        answer = provider.kind.finished(right, idp, provider.proxy)
        taken = self.faults.take(provider.key, session.user_name)
        if taken is not None:
            scene = Scene(answering, self.settings.proxy, self.another_provider(provider.key), self.stranger)
            answer = taken.change(answer, scene)
        label = {} if taken is None else {"fault": taken.label}
        self.events.emit("authenticated", home_request_id=request.id, source=provider.flow, **label)
        self._sent(provider, request, answer)
        return answer

    def not_signed_in(self, provider: HomeProvider, request: HomeAuthnRequest, second_status: str) -> Answer:
        """Return the answer that nobody signed in, with a second-level status code."""
        answer = self._answering(provider, request, self.clock()).refusal(second_status)
        self._sent(provider, request, answer)
        return answer

    def another_provider(self, provider: str) -> OtherProvider | None:
        """Return the first declared provider that is not this one."""
        others = (home for key, home in self.settings.providers.items() if key != provider)
        return next((OtherProvider(other.endpoints.entity_id, other.signer) for other in others), None)

    def _answering(self, provider: HomeProvider, request: HomeAuthnRequest, now: datetime) -> Answering:
        return Answering(
            request=request,
            entity_id=provider.endpoints.entity_id,
            signer=provider.signer,
            audience=self.settings.proxy.entity_id,
            now=now,
            new_id=new_id,
        )

    def _sent(self, provider: HomeProvider, request: HomeAuthnRequest, answer: Answer) -> None:
        self.events.emit(
            "response-sent",
            home_request_id=request.id,
            source=provider.flow,
            response_id=answer.response.id,
            status=answer.response.status[-1],
        )
