# SPDX-License-Identifier: Apache-2.0
"""Why a data service gave nothing of a person although they signed in: each way with its id, in one table.

The ids stand in the proxy's event `home-data-missing`; the login goes on without data, as MPASSid's does, and is
stopped by the checks that follow (facts-mpassid 10). None quotes what was asked: an address holds who was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CLAUSE: Final = "home-protocols 4"


@dataclass(frozen=True)
class DataFault:
    """One way in which a data service fails."""

    id: str
    sentence: str
    clause: str = CLAUSE


_FAULTS: Final = (
    DataFault("home-data-busy", "The source holds its share of the proxy's threads already; it was not asked."),
    DataFault("home-data-unreachable", "There was no connection, or it broke off before the answer was whole."),
    DataFault("home-data-timeout", "The whole answer was not there within three seconds."),
    DataFault("home-data-redirect", "The answer leads elsewhere, which is not followed."),
    DataFault("home-data-status", "The answer has another HTTP status than 200."),
    DataFault("home-data-content-type", "The answer is not declared to be JSON."),
    DataFault("home-data-too-large", "The answer is larger than 64 kB."),
    DataFault("home-data-not-json", "The answer is no JSON."),
    DataFault("home-data-wrong-shape", "The answer is JSON of another shape than the protocol's."),
    DataFault(
        "home-data-of-another-person", "The answer tells of another person than was asked for.", "home-protocols 3"
    ),
)

DATA_FAULTS: Final[dict[str, DataFault]] = {fault.id: fault for fault in _FAULTS}
"""Every one by its id."""


@dataclass(frozen=True)
class NoData:
    """There is nothing of the person, because of a fault of the table; `found` never holds a person's data."""

    because: str
    found: str = ""

    def __post_init__(self) -> None:
        """Refuse an id that the table does not hold."""
        if self.because not in DATA_FAULTS:
            message = f"no fault {self.because!r} in federation.data_faults"
            raise LookupError(message)
