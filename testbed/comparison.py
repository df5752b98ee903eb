# SPDX-License-Identifier: Apache-2.0
"""What one login costs in federations of different sizes: `bench --providers`.

The federations are parts of one generated country (`testbed.generate.sizes`), the logins are made in turn in one
process, and what counts is the ratio of all parts' CPU time to that of the first size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from federation.errors import TestbedError
from testbed.bench import Measurement, measure_in_turn
from testbed.flow.login import LoginPlan
from testbed.flow.people import PersonRef
from testbed.generate.sizes import federations_of_sizes, shared_keys
from testbed.stacks.in_process import in_process_stack


@dataclass(frozen=True)
class Comparison:
    """The measurements by the number of education providers; the first is what the others are compared with."""

    person: PersonRef
    measurements: Mapping[int, Measurement]

    def ratios(self) -> dict[int, float]:
        """Return how dear a login is at each size, the first being 1; the client is not in it."""
        first = next(iter(self.measurements.values())).parts_total
        return {size: measured.parts_total / first for size, measured in self.measurements.items()}

    def check(self, at_most: float) -> None:
        """Raise `TestbedError` where a login costs more than `at_most` times the first."""
        over = {size: ratio for size, ratio in self.ratios().items() if ratio > at_most}
        if over:
            found = ", ".join(f"{ratio:.2f} times with {size:,} education providers" for size, ratio in over.items())
            message = f"a login costs {found}; expected at most {at_most:g} times"
            raise TestbedError(message)

    def as_json(self) -> dict[str, Any]:
        """Return the object that `bench --providers --json` prints."""
        return {
            "person": str(self.person),
            "providers": {str(size): measured.as_json() for size, measured in self.measurements.items()},
            "ratio": {str(size): round(ratio, 3) for size, ratio in self.ratios().items()},
        }


def compare_sizes(sizes: Sequence[int], service: str, logins: int, now: datetime) -> Comparison:
    """Measure the same person's login at each size; raises `InputError` for a size that cannot be."""
    found = federations_of_sizes(sizes, service)
    keys = shared_keys(found.federations[max(sizes)], now)
    stacks = {size: in_process_stack(federation, keys, now) for size, federation in found.federations.items()}
    return Comparison(found.person, measure_in_turn(stacks, LoginPlan(found.person, service), logins))
