# SPDX-License-Identifier: Apache-2.0
"""What a fault is: one change of a right answer, and its twin, the same change with a value inside the bounds.

The fault must lead to its reason id, the twin to a session: a proxy that refuses everything passes no pair.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from federation.reasons import REASONS
from idp_simulators.answers import Answer, Answering
from idp_simulators.proxy_metadata import AcceptedProxy
from idp_simulators.signing import Signer


@dataclass(frozen=True)
class OtherProvider:
    """Another identity provider of the same federation."""

    entity_id: str
    signer: Signer


@dataclass(frozen=True)
class Scene:
    """What a change may look at. `stranger` is a key that no metadata holds; it is made when it is first asked for."""

    answering: Answering
    proxy: AcceptedProxy
    other: OtherProvider | None
    stranger: Callable[[], Signer]

    @property
    def acs_url(self) -> str:
        """Where the answer goes."""
        return self.answering.request.acs_url

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
class Fault:
    """A named fault: what is wrong, by which clause, and the reason id the proxy must give."""

    id: str
    sentence: str
    clause: str
    because: str
    change: Change
    twin_sentence: str
    twin: Change
    needs_another_provider: bool = False
    needs_force_authn: bool = False
    """Whether it is one only in answer to a request with ForceAuthn; any other login takes it for right."""

    def __post_init__(self) -> None:
        """Refuse a reason id that `federation.reasons` does not hold."""
        if self.because not in REASONS:
            message = f"fault {self.id}: no reason {self.because!r} in federation.reasons"
            raise LookupError(message)


def only_response_signed(answer: Answer) -> Answer:
    """Return the answer with its response signed, whatever its kind signs, and the assertion not on its own.

    Nothing is encrypted: that comes after signing, and would change what the response's signature is over.
    """
    signings = tuple(replace(s, element_id=answer.response.id) for s in answer.signings[:1])
    return replace(answer, signings=signings, encryption_key=None)


def only_assertion_signed(answer: Answer) -> Answer:
    """Return the answer with its assertion signed, whatever its kind signs, and the response not on its own."""
    return replace(answer, signings=tuple(replace(s, element_id=answer.assertion.id) for s in answer.signings[:1]))
