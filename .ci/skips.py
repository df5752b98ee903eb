# SPDX-License-Identifier: Apache-2.0
"""Fails when a test was skipped for a reason that is not on the list below.

A skip is for a machine that lacks something. Where everything can be installed, a skip hides a test that nobody runs.
Reads the JUnit files that pytest wrote; no test at all counts as a fault too, and so does an expected failure.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ALLOWED: tuple[str, ...] = ()
"""Regular expressions that match a whole allowed reason, each with a comment that says why it may stand."""


@dataclass(frozen=True)
class Skip:
    """A test that did not run, and the reason it gave."""

    test: str
    reason: str


def skips(report: Path) -> tuple[int, list[Skip]]:
    """Return the number of tests in a JUnit file, and those skipped; raises `ParseError` where it is not whole."""
    # pytest has just written the file itself
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314 -- not a stranger's XML
    skipped = [
        Skip(f"{case.get('classname')}::{case.get('name')}", mark.get("message") or "no reason")
        for case in cases
        for mark in case.iter("skipped")
    ]
    return len(cases), skipped


def problems(reports: Sequence[Path], allowed: Sequence[str] = ALLOWED) -> list[str]:
    """Return one line for each skip that is not allowed, and for each report without tests."""
    found = []
    for report in reports:
        if not report.exists():
            found.append(f"{report}: there is no such report")
            continue
        count, skipped = skips(report)
        if count == 0:
            found.append(f"{report}: no test ran")
        found += [
            f"{skip.test}: skipped: {skip.reason}"
            for skip in skipped
            if not any(re.fullmatch(pattern, skip.reason) for pattern in allowed)
        ]
    return found


def main() -> int:
    """Read the reports named on the command line; 1 where one has a problem."""
    reports = [Path(name) for name in sys.argv[1:]]
    found = problems(reports) if reports else ["usage: skips.py REPORT..."]
    print("\n".join(found) or f"no test was skipped in {len(reports)} reports")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
