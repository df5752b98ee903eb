# SPDX-License-Identifier: Apache-2.0
"""What is done to the system while the load comes: named troubles, each at a share of the run.

A trouble is planned before the run, so that one that cannot be done is refused at once; `plan` makes of each the
moment and the act. Whatever was switched on at the simulators is switched off when the run ends, and what was declared
otherwise (`loadtests.turns`) is put back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from federation.errors import InputError
from federation.model import Federation
from federation.people import login_shares
from federation.suggestion import did_you_mean, quoted
from loadtests.turning import Turning
from loadtests.turns import TURNS, Turn, place_of
from testbed.chaos.faults import Choice, restart_proxies
from testbed.flow.faults import FaultOrder, clear_faults, set_fault
from testbed.stacks.compose.stack import ComposeStack
from testbed.stacks.local import LocalStack

_HALF: Final = 0.5
_RESTART: Final = "replica-restart"
_FAULTS: Final[Mapping[str, Literal["slow", "reset"]]] = MappingProxyType({"idp-slow": "slow", "idp-dead": "reset"})
"""What is switched on at the simulators, by the trouble's name."""
TROUBLES: Final = (*_FAULTS, *TURNS, _RESTART)
"""The names of all troubles."""


@dataclass(frozen=True)
class Trouble:
    """One trouble as a person asks for it: its name, where, and at which share of the run, 0 to 1."""

    name: str
    where: str = ""
    share: float = _HALF

    @classmethod
    def parse(cls, text: str) -> Trouble:
        """Read `NAME[:WHERE][@SHARE]`; raises `InputError` for what is none."""
        rest, _, share = text.partition("@")
        name, _, where = rest.partition(":")
        if name not in TROUBLES:
            message = f"--trouble {quoted(text)}: there is none of this name{did_you_mean(name, TROUBLES)}"
            raise InputError(message)
        try:
            at = float(share) if share else _HALF
        except ValueError:
            at = -1.0
        if not 0 <= at <= 1:
            message = (
                f"--trouble {quoted(text)}: expected a share of the run from 0 to 1 behind @, found {quoted(share)}"
            )
            raise InputError(message)
        return cls(name, where, at)


@dataclass(frozen=True)
class Act:
    """Something to be done `at` seconds after the start; `where` is a key of the declaration, `turn` what it declares."""

    at: float
    what: str
    where: str
    do: Callable[[], object]
    turn: Turn | None = None


@dataclass(frozen=True)
class Plan:
    """What is to be done in the order of time, and how all of it is put right."""

    acts: Sequence[Act] = ()
    calm: Callable[[], None] = lambda: None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What is declared otherwise on the way."""
        return tuple(act.turn for act in self.acts if act.turn is not None)


def plan(
    troubles: Sequence[Trouble],
    stack: LocalStack | ComposeStack | None,
    federation: Federation,
    folder: Path,
    seconds: float,
) -> Plan:
    """Return what is to be done in a run of so many seconds; `folder` is the declaration's.

    Raises `InputError` for a trouble that cannot be had here.
    """
    if not troubles:
        return Plan()
    if stack is None:
        message = "--trouble: can be made on a testbed of this machine only"
        raise InputError(message)
    turning = Turning(stack, federation, folder) if isinstance(stack, LocalStack) else None
    acts: list[Act] = []
    for trouble in sorted(troubles, key=lambda one: one.share):
        at = trouble.share * seconds
        if trouble.name in TURNS:
            acts.append(_turn(trouble, at, federation, turning))
            federation = acts[-1].turn.of(federation) if acts[-1].turn is not None else federation
        elif trouble.name == _RESTART:
            acts.append(_restart(trouble, at, stack))
        else:
            acts.append(_fault(trouble, at, federation, stack))
    _check_no_fault_is_forgotten(acts)

    def calm() -> None:
        if turning is not None:
            turning.take_back()
        clear_faults(stack)

    return Plan(tuple(acts), calm)


def _fault(trouble: Trouble, at: float, federation: Federation, stack: LocalStack | ComposeStack) -> Act:
    provider = trouble.where or _largest(federation)
    if provider not in federation.education_providers:
        hint = did_you_mean(provider, federation.education_providers)
        message = f"--trouble: no education provider {quoted(provider)} in the declaration{hint}"
        raise InputError(message)
    order = FaultOrder(_FAULTS[trouble.name], provider=provider, times=None)
    return Act(at, trouble.name, provider, lambda: set_fault(stack, order))


def _turn(trouble: Trouble, at: float, federation: Federation, turning: Turning | None) -> Act:
    if turning is None:
        message = (
            f"--trouble {trouble.name}: can be made on a testbed of processes only; "
            "one in containers goes by the file that it was brought up with"
        )
        raise InputError(message)
    turn = Turn(at, trouble.name, place_of(trouble.name, federation, trouble.where))
    return Act(at, turn.what, turn.where, lambda: turning.take(turn), turn)


def _restart(trouble: Trouble, at: float, stack: LocalStack | ComposeStack) -> Act:
    if not isinstance(stack, ComposeStack):
        message = (
            f"--trouble {_RESTART}: a testbed of processes has no replicas; "
            "bring one up in containers, by `testbed up --stack compose`"
        )
        raise InputError(message)
    if trouble.where not in {"", "proxy"}:
        message = f"--trouble {_RESTART}: expected proxy, which alone has replicas, found {quoted(trouble.where)}"
        raise InputError(message)
    return Act(at, _RESTART, "proxy", lambda: restart_proxies(stack, Choice()))


def _check_no_fault_is_forgotten(acts: Sequence[Act]) -> None:
    """Refuse a fault before a new key: what the simulators hold in memory goes when they take the key up."""
    names = [act.what for act in acts]
    if "key-rollover" in names:
        last = len(names) - names[::-1].index("key-rollover")
        fault = next((name for name in names[:last] if name in _FAULTS), None)
        if fault is not None:
            message = f"--trouble {fault}: the simulators would forget it at the key-rollover; let it come after that"
            raise InputError(message)


def _largest(federation: Federation) -> str:
    """Return whose people sign in most often."""
    shares = login_shares(federation)
    return max(sorted(shares), key=lambda key: shares[key])
