# SPDX-License-Identifier: Apache-2.0
"""What is done to the system while the load comes: named troubles, each at a share of the run.

A trouble is planned before the run, so that one that cannot be done is refused at once; `plan` makes of each the
moment and the act. Whatever was switched on at the simulators is switched off when the run ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from federation.errors import InputError
from federation.model import Federation
from federation.people import login_shares
from federation.suggestion import did_you_mean, quoted
from testbed.flow.faults import FaultOrder, clear_faults, set_fault
from testbed.stacks.protocol import Stack

_HALF: Final = 0.5


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
    """Something to be done `at` seconds after the start; `where` it is done is a key of the declaration."""

    at: float
    what: str
    where: str
    do: Callable[[], None]


Plan = Callable[[Stack, Federation, str], tuple[str, Callable[[], None]]]
"""Makes of a trouble's `where` (empty: the usual place) the place and the act; raises `InputError` where it cannot be."""


def plan(troubles: Sequence[Trouble], stack: Stack, federation: Federation, seconds: float) -> list[Act]:
    """Return the acts in the order of time; raises `InputError` for a trouble that cannot be had here."""
    acts = []
    for trouble in troubles:
        where, do = TROUBLES[trouble.name](stack, federation, trouble.where)
        acts.append(Act(trouble.share * seconds, trouble.name, where, do))
    return sorted(acts, key=lambda act: act.at)


def calm(stack: Stack) -> None:
    """Switch off what troubles switched on at the simulators."""
    clear_faults(stack)


def _at_identity_provider(fault: str) -> Plan:
    def planned(stack: Stack, federation: Federation, where: str) -> tuple[str, Callable[[], None]]:
        provider = where or _largest(federation)
        if provider not in federation.education_providers:
            hint = did_you_mean(provider, federation.education_providers)
            message = f"--trouble: no education provider {quoted(provider)} in the declaration{hint}"
            raise InputError(message)

        def do() -> None:
            set_fault(stack, FaultOrder(fault, provider=provider, times=None))

        return provider, do

    return planned


def _largest(federation: Federation) -> str:
    """Return whose people sign in most often."""
    shares = login_shares(federation)
    return max(sorted(shares), key=lambda key: shares[key])


TROUBLES: Final[Mapping[str, Plan]] = MappingProxyType(
    {
        "idp-slow": _at_identity_provider("slow"),
        "idp-dead": _at_identity_provider("reset"),
    }
)
"""Every trouble by its name."""
