# SPDX-License-Identifier: Apache-2.0
"""A fault of Opinsys's token: its form, and what a change may look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from certs.keys import KeyPair
from federation.model import IdpKind
from idp_simulators.faults.named import NamedFault
from idp_simulators.opinsys.answers import OpinsysAnswer


@dataclass(frozen=True)
class OpinsysScene:
    """What a change may look at. `stranger` is a key that nobody knows; it is made when it is first asked for."""

    now: datetime
    another_nonce: str
    """The nonce of the last other login here, a fresh one where there was none."""
    key: RSAPrivateKey = field(repr=False)
    stranger: Callable[[], KeyPair]


@dataclass(frozen=True)
class OpinsysFault(NamedFault[OpinsysAnswer, OpinsysScene]):
    """A named fault of Opinsys's token."""

    kinds: frozenset[IdpKind] = frozenset({IdpKind.OPINSYS})
