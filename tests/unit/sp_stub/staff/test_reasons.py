# SPDX-License-Identifier: Apache-2.0
"""A reason: on one line, bounded, and never empty."""

from __future__ import annotations

import pytest

from sp_stub.staff.reasons import Reason, read_reason


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (" Rehtori  pyysi.\r\nKirje 12.8. ", Reason("Rehtori pyysi. Kirje 12.8.")),
        ("", Reason("", "missing")),
        (" \t\u200b\u202e", Reason("", "missing")),
        ("ä" * 500, Reason("ä" * 500)),
        ("ä" * 501, Reason("ä" * 501, "long")),
    ],
)
def test_reads(typed: str, reason: Reason):
    """Line breaks and signs that are not seen become spaces; what is too long is kept for its writer to mend."""
    assert read_reason(typed) == reason
