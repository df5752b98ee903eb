# SPDX-License-Identifier: Apache-2.0
"""The named faults of the identity provider simulators: one table, by id."""

from __future__ import annotations

from typing import Final

from idp_simulators.faults import (
    addressing,
    algorithms,
    bounds,
    conditions,
    contents,
    data,
    encryption,
    opinsys,
    signatures,
    times,
    values,
    wilma,
    wrapping,
)
from idp_simulators.faults.named import AnyFault

GROUPS: Final[dict[str, tuple[AnyFault, ...]]] = {
    "signatures": signatures.FAULTS,
    "algorithms": algorithms.FAULTS,
    "encryption": encryption.FAULTS,
    "addressing": addressing.FAULTS,
    "times": times.FAULTS,
    "conditions": conditions.FAULTS,
    "contents": contents.FAULTS,
    "values": values.FAULTS,
    "bounds": bounds.FAULTS,
    "wrapping": wrapping.FAULTS,
    "wilma": wilma.FAULTS,
    "opinsys": opinsys.FAULTS,
    "data": data.FAULTS,
}
"""The faults by what they are about, in the order of the tables."""

ROWS: Final[tuple[AnyFault, ...]] = tuple(fault for group in GROUPS.values() for fault in group)
FAULTS: Final[dict[str, AnyFault]] = {fault.id: fault for fault in ROWS}
"""Every fault by its id; ids are part of the public surface."""
