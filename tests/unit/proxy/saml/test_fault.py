# SPDX-License-Identifier: Apache-2.0
"""Every shared fault is a reason of the table, on either side, and repeats little of what it found."""

from __future__ import annotations

import pytest

from federation.reasons import REASONS, Refusal
from proxy.saml.fault import Flaw, Message, MessageFault


@pytest.mark.parametrize("message", ["request", "response"])
@pytest.mark.parametrize("flaw", Flaw)
def test_has_a_reason_for(flaw: Flaw, message: Message):
    """A flaw with its message's kind in front is a reason id."""
    assert f"{message}-{flaw}" in REASONS


def test_repeats_no_more_than_200_characters():
    """A refusal goes into events and pages; a foreign value must not fill them."""
    refusal = MessageFault(Flaw.DUPLICATE_ID, "x" * 201, "each ID once").refusal("response")

    assert refusal == Refusal("response-duplicate-id", "x" * 200 + "…", "each ID once")
