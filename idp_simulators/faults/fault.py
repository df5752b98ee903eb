# SPDX-License-Identifier: Apache-2.0
"""Faults of a SAML message: what a change of an answer may look at, and what several changes begin with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from federation.model import IdpKind
from idp_simulators.faults.named import NamedFault
from idp_simulators.saml.answers import Answer, Answering
from idp_simulators.saml.proxy_metadata import AcceptedProxy
from idp_simulators.saml.signing import Signer

SAML_KINDS: Final = frozenset({IdpKind.SAML, IdpKind.ENTRA, IdpKind.ADFS, IdpKind.GOOGLE})
"""The kinds of identity provider that answer by a SAML response."""


@dataclass(frozen=True)
class OtherProvider:
    """Another identity provider of the same federation."""

    entity_id: str
    signer: Signer


@dataclass(frozen=True)
class Scene:
    """What a change may look at. `stranger` is a key that no metadata holds; it is made when it is first asked for."""

    answering: Answering
    names: Mapping[str, str]
    """The provider's attribute name for each field of the registry."""
    proxy: AcceptedProxy
    other: OtherProvider | None
    stranger: Callable[[], Signer]

    @property
    def acs_url(self) -> str:
        """Where the answer goes."""
        return self.answering.request.reply_url

    @property
    def another_provider(self) -> OtherProvider:
        """The other provider of a fault that needs one; who switches a fault on has checked that there is one."""
        if self.other is None:
            message = "this fault needs a federation with two education providers"
            raise LookupError(message)
        return self.other

    @property
    def another_acs_url(self) -> str:
        """Another address of the same proxy: of another source where there is one, else a slash longer."""
        return next((url for url in self.proxy.acs_urls if url != self.acs_url), f"{self.acs_url}/")


Change: TypeAlias = Callable[[Answer, Scene], Answer]


@dataclass(frozen=True)
class Fault(NamedFault[Answer, Scene]):
    """A named fault of a SAML message."""

    kinds: frozenset[IdpKind] = SAML_KINDS


def only_response_signed(answer: Answer) -> Answer:
    """Return the answer with its response signed, whatever its kind signs, and the assertion not on its own.

    Nothing is encrypted: that comes after signing, and would change what the response's signature is over.
    """
    signings = tuple(replace(s, element_id=answer.response.id) for s in answer.signings[:1])
    return replace(answer, signings=signings, encryption_key=None)


def only_assertion_signed(answer: Answer) -> Answer:
    """Return the answer with its assertion signed, whatever its kind signs, and the response not on its own."""
    return replace(answer, signings=tuple(replace(s, element_id=answer.assertion.id) for s in answer.signings[:1]))
