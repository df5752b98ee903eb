# SPDX-License-Identifier: Apache-2.0
"""The named faults of the identity provider simulators: one table, by id."""

from __future__ import annotations

from typing import Final

from idp_simulators.faults import addressing, contents, signatures, times, wrapping
from idp_simulators.faults.fault import Fault

FAULTS: Final[dict[str, Fault]] = {
    fault.id: fault
    for fault in (*signatures.FAULTS, *addressing.FAULTS, *times.FAULTS, *contents.FAULTS, *wrapping.FAULTS)
}
"""Every fault by its id; ids are part of the public surface."""
