# SPDX-License-Identifier: Apache-2.0
"""One simulated identity provider, ready to answer, and what it must be able to do, whatever it speaks.

The journey of a person is the same at every provider: login page, passwords, sessions, faults. How the proxy's request
comes and how the answer goes is a `Dialogue`'s; a `Kind` makes one for each of its providers and says at which
addresses they are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol, TypeVar

from flask import Response

from certs.keys import KeyPair, Keys
from federation.endpoints import IdentityProviderEndpoints
from federation.errors import InputError
from federation.model import IdentityProvider, Names, Person
from federation.people import PeopleRegistry
from idp_simulators.configuration import Municipality
from idp_simulators.faults.armed import ArmedFaults
from idp_simulators.home_request import HomeRequest
from idp_simulators.saml.proxy_metadata import AcceptedProxy
from idp_simulators.sessions import Session
from party.clock import Clock
from party.events import Events

_Held = TypeVar("_Held")


class NotSignedIn(Enum):
    """Why nobody signed in; the value is SAML's second-level status (saml-core-2.0-os 3.2.2.2)."""

    TURNED_BACK = "AuthnFailed"
    NO_PAGE_ALLOWED = "NoPassive"


class HandOver(Protocol):
    """Answers with the page whose form carries something to the proxy."""

    def __call__(self, provider: HomeProvider, url: str, fields: Mapping[str, str], deliveries: int = 1) -> Response:
        """Return the page; a scripted browser sends its form so many times."""


@dataclass(frozen=True)
class Desk:
    """What the app has for every dialogue."""

    origin: str
    clock: Clock
    events: Events
    faults: ArmedFaults
    hand_over: HandOver
    providers: Mapping[str, HomeProvider]
    stranger: Callable[[], KeyPair]
    """A key that nobody knows; it is made when a fault first needs it."""


class Dialogue(Protocol):
    """How one provider speaks with the proxy."""

    @property
    def redirects_to(self) -> tuple[str, ...]:
        """Origins that a form of the login page may end up at by a redirect: Chromium wants them named (design 7)."""

    def read(self, provider: HomeProvider, now: datetime) -> HomeRequest:
        """Return what the request at hand asks for; raises `RefusedRequestError`."""

    def signed_in(
        self, desk: Desk, provider: HomeProvider, asked: HomeRequest, session: Session, person: Person
    ) -> Response:
        """Answer that the session's person signed in, changed by the fault that waits for it, if any."""

    def not_signed_in(self, desk: Desk, provider: HomeProvider, asked: HomeRequest, why: NotSignedIn) -> Response:
        """Answer that nobody signed in."""

    def serve(self, desk: Desk, provider: HomeProvider, rule: str, parts: Mapping[str, str]) -> Response:
        """Answer at one of the kind's other addresses; `parts` are the variable parts of its path."""


@dataclass(frozen=True)
class LoginAddress:
    """Where the proxy sends a person to sign in, below the provider's own address."""

    path: str
    methods: tuple[str, ...] = ("GET",)


@dataclass(frozen=True)
class Equipment:
    """What a dialogue is made from."""

    key: str
    flow: str
    name: Names
    idp: IdentityProvider
    endpoints: IdentityProviderEndpoints
    proxy: AcceptedProxy
    """The proxy as its metadata says; a kind may take less of it."""
    keys: Keys

    def pair(self, entity: str) -> KeyPair:
        """Return a key pair by its entity; raises `InputError` where it is missing."""
        return held(self.keys.pairs, entity)

    def secret(self, name: str) -> bytes:
        """Return a secret by its name; raises `InputError` where it is missing."""
        return held(self.keys.secrets, name)


def held(kept: Mapping[str, _Held], name: str) -> _Held:
    """Return a key or a secret by its name; raises `InputError` where it is missing."""
    try:
        return kept[name]
    except KeyError as error:
        message = f"{name}: the key or secret is missing; run `testbed apply`"
        raise InputError(message) from error


class Kind(Protocol):
    """One kind of identity provider."""

    @property
    def login(self) -> LoginAddress:
        """Where its providers are asked."""

    @property
    def rules(self) -> tuple[str, ...]:
        """What else its providers serve, as rules of paths below their own address."""

    def dialogue(self, equipment: Equipment) -> Dialogue:
        """Return how one provider speaks; raises `InputError` where something that it needs is missing."""


@dataclass(frozen=True)
class HomeProvider:
    """One simulated identity provider, ready to answer."""

    key: str
    flow: str
    municipality: Municipality
    people: PeopleRegistry
    endpoints: IdentityProviderEndpoints
    kind: Kind
    dialogue: Dialogue

    @property
    def login_url(self) -> str:
        """Where the proxy sends a person to sign in."""
        return f"{self.endpoints.base_url}/{self.kind.login.path}"
