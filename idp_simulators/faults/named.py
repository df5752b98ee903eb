# SPDX-License-Identifier: Apache-2.0
"""What every named fault is: one change of a right answer, and its twin, the same change with a value inside the bounds.

The fault must lead to its reason id, the twin to a session: a proxy that refuses everything passes no pair. What is
changed, and what a change may look at, is each form's own: a SAML message, Wilma's redirect, Opinsys's token, the
answer of a data service.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from federation.data_faults import DATA_FAULTS
from federation.model import IdpKind
from federation.reasons import REASONS

AnswerT = TypeVar("AnswerT")
SceneT = TypeVar("SceneT")


@dataclass(frozen=True)
class NamedFault(Generic[AnswerT, SceneT]):
    """A named fault: what is wrong, by which clause, and the reason id the proxy must give."""

    id: str
    sentence: str
    clause: str
    because: str
    change: Callable[[AnswerT, SceneT], AnswerT]
    twin_sentence: str
    twin: Callable[[AnswerT, SceneT], AnswerT]
    needs_another_provider: bool = False
    kinds: frozenset[IdpKind] = frozenset()
    """The kinds of identity provider that it exists for: it waits for no other's answers."""
    needs_force_authn: bool = False
    """Whether it is one only in answer to a request with ForceAuthn; any other login takes it for right."""
    needs_sockets: bool = False
    """Whether it, and its twin, only work where there is a connection that can be slow or break."""
    recorded: str | None = None
    """What the proxy's event says, where the login goes on without data and ends by `because` later."""

    def __post_init__(self) -> None:
        """Refuse an id that `federation.reasons` or `federation.data_faults` does not hold."""
        if self.because not in REASONS:
            message = f"fault {self.id}: no reason {self.because!r} in federation.reasons"
            raise LookupError(message)
        if self.recorded is not None and self.recorded not in DATA_FAULTS:
            message = f"fault {self.id}: no {self.recorded!r} in federation.data_faults"
            raise LookupError(message)

    def applied(self, answer: AnswerT, scene: SceneT, *, is_twin: bool) -> AnswerT:
        """Return the answer changed by the fault, or by its twin."""
        return self.twin(answer, scene) if is_twin else self.change(answer, scene)


AnyFault: TypeAlias = NamedFault[Any, Any]
"""A fault of any form."""


def kind_problem(fault: AnyFault, providers: Mapping[str, IdpKind]) -> str | None:
    """Return why none of `providers`, each with its kind, could ever give the fault; `None` where one could."""
    if not providers or fault.kinds.intersection(providers.values()):
        return None
    theirs = ", ".join(f"{key} is of kind {kind}" for key, kind in providers.items())
    return f"{fault.id} exists for kind {', '.join(sorted(fault.kinds))}; {theirs}"
