# SPDX-License-Identifier: Apache-2.0
"""A fault of Wilma's redirect: its form, and what a change may look at."""

from __future__ import annotations

from dataclasses import dataclass

from federation.model import IdpKind
from idp_simulators.faults.named import NamedFault
from idp_simulators.wilma.answers import WilmaAnswer


@dataclass(frozen=True)
class WilmaScene:
    """What a change may look at."""

    nonce: str
    """The nonce of the login that is answered."""
    another_nonce: str
    """The nonce of the last other login here, a fresh one where there was none."""


@dataclass(frozen=True)
class WilmaFault(NamedFault[WilmaAnswer, WilmaScene]):
    """A named fault of Wilma's redirect."""

    kinds: frozenset[IdpKind] = frozenset({IdpKind.WILMA})
