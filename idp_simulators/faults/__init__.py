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
    encryption,
    signatures,
    times,
    values,
    wrapping,
)
from idp_simulators.faults.fault import Fault

ROWS: Final[tuple[Fault, ...]] = (
    *signatures.FAULTS,
    *algorithms.FAULTS,
    *encryption.FAULTS,
    *addressing.FAULTS,
    *times.FAULTS,
    *conditions.FAULTS,
    *contents.FAULTS,
    *values.FAULTS,
    *bounds.FAULTS,
    *wrapping.FAULTS,
)
FAULTS: Final[dict[str, Fault]] = {fault.id: fault for fault in ROWS}
"""Every fault by its id; ids are part of the public surface."""
