# SPDX-License-Identifier: Apache-2.0
"""A fault of a data service's answer: its form, and what a change may look at."""

from __future__ import annotations

from dataclasses import dataclass

from federation.model import IdpKind
from idp_simulators.data_service import DataAnswer
from idp_simulators.faults.named import NamedFault


@dataclass(frozen=True)
class DataScene:
    """Where the answer is given."""

    url: str
    """The address that was asked, without its query."""
    kind: IdpKind


@dataclass(frozen=True)
class DataServiceFault(NamedFault[DataAnswer, DataScene]):
    """A named fault of a data service's answer."""

    kinds: frozenset[IdpKind] = frozenset({IdpKind.WILMA, IdpKind.OPINSYS})
