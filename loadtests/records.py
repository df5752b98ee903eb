# SPDX-License-Identifier: Apache-2.0
"""What one login of a run left behind, as workers send it to the master and a run's folder keeps it: a line of JSON.

Times are seconds from the start of the schedule. Nothing personal stands here: of the person only the education
provider, of the outcome only ids of reasons.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from pydantic import ConfigDict

from federation.errors import InputError

STEPS: Final = ("service-start", "picker", "home-page", "home-answer", "proxy-answer", "session", "single-sign-on")
"""The steps of a login in their order: each is one or more exchanges, named after what it ends with.

The last is a second login of somebody who is signed in already, at another service; it is no part of the whole login.
"""

ABANDONED: Final = "abandoned"
"""The outcome of a login whose person closes the browser at the school picker; no fault of the chain's."""


@dataclass(frozen=True)
class Record:
    """One login: when it was to begin, did begin and ended, what each step took, and how it ended against the model.

    `is_right_outcome` is whether it ended as the model says; `is_right_person` whether the service saw the person who
    signed in, and `None` where it saw nobody. `failure` is a short id where the chain broke off (a status, a page that
    was not expected, a timeout). `turned_by` names the turns of the declaration that change how this person's login
    must end, with spaces in between.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    """For who reads a file that somebody else may have written."""

    number: int
    provider: str
    behaviour: str
    scheduled: float
    started: float
    finished: float
    steps: Mapping[str, float] = field(default_factory=dict)
    outcome: str = "session"
    because: str | None = None
    expected: str = "session"
    is_right_outcome: bool = True
    is_right_person: bool | None = None
    failure: str | None = None
    tries: int = 1
    worker: int = 0
    turned_by: str = ""

    @property
    def latency(self) -> float:
        """Seconds from the scheduled moment to the end: waiting for the system counts, however it waited."""
        return self.finished - self.scheduled

    @property
    def lateness(self) -> float:
        """Seconds by which the generator began too late."""
        return self.started - self.scheduled

    def to_json(self) -> str:
        """Return the record as one line."""
        return json.dumps(vars(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, line: str) -> Record:
        """Read what `to_json` wrote; raises `InputError` for anything else."""
        try:
            found: dict[str, Any] = json.loads(line)
            return cls(**found)
        except (ValueError, TypeError) as error:
            message = f"not the record of a login: {error}"
            raise InputError(message) from error


def read_records(lines: Iterable[str], source: str) -> Iterator[Record]:
    """Give the records of a file; raises `InputError` with the line that is none.

    The last line of a run that was broken off may be half written: it is left out.
    """
    pending: tuple[int, str] | None = None
    for number, line in enumerate(lines, 1):
        if pending is not None:
            yield _read(*pending, source)
        pending = (number, line) if line.strip() else None
    if pending is not None and pending[1].endswith("\n"):
        yield _read(*pending, source)


def _read(number: int, line: str, source: str) -> Record:
    try:
        return Record.from_json(line)
    except InputError as error:
        message = f"{source}:{number}: {error}"
        raise InputError(message) from error
