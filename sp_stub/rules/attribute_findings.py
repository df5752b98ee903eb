# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with one attribute as a service received it: each finding with id, sentence and clause, in one table.

The ids stand in the report, in the JSON and, as `attribute-test.finding.<id>`, in the catalogues.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Finding:
    """One kind of finding; one that is no fault is only reported, and the value is good."""

    id: str
    sentence: str
    clause: str
    is_fault: bool = True


@dataclass(frozen=True)
class Found:
    """A finding about one value; empty where a value is missing."""

    finding: Finding
    value: str = ""


_FINDINGS: Final = (
    Finding("missing", "A mandatory value is missing.", "facts-mpassid 2"),
    Finding("several", "More than one value of an attribute that has at most one.", "facts-mpassid 2"),
    Finding("text", "Not a text: empty, or with control characters.", "facts-mpassid 2"),
    Finding("uid", "Expected MPASSOID. and 40 hexadecimal digits.", "facts-mpassid 1"),
    Finding("learner-id", "Expected 1.2.246.562.24. or 1.2.246.562.98. and 11 digits.", "facts-mpassid 2"),
    Finding(
        "check-digit", "The check digit does not match; reported, not enforced.", "facts-mpassid 2", is_fault=False
    ),
    Finding("test-learner-id", "A test person's learner id (class 98).", "facts-mpassid 2", is_fault=False),
    Finding("school-info", "Expected a school's five-digit code or OID, a semicolon and its name.", "facts-mpassid 4"),
    Finding("school-info-pair", "A school's code came without its OID, or the other way round.", "facts-mpassid 4"),
    Finding("provider-info", "Expected the education provider's OID, a semicolon and its name.", "facts-mpassid 4"),
    Finding("role-fields", "Expected seven fields separated by semicolons.", "facts-mpassid 4"),
    Finding("role-organisations", "Expected OIDs of provider and school, and a five-digit code.", "facts-mpassid 4"),
    Finding("role-name", "Not a role of MPASSid's list, or not with its number.", "facts-mpassid 2"),
    Finding("class-level", "Expected an integer from 0 to 10.", "facts-mpassid 2"),
    Finding("charge", "Expected 0 or 1, a semicolon and the school's code or OID.", "facts-mpassid 4"),
    Finding("organisation", "Expected an organisation's OID.", "facts-mpassid 2"),
)

FINDINGS: Final[dict[str, Finding]] = {finding.id: finding for finding in _FINDINGS}
"""Every finding by its id."""


def found(finding_id: str, value: str = "") -> Found:
    """Return a finding of the table; raises `KeyError` for an id that it does not hold."""
    return Found(FINDINGS[finding_id], value)
