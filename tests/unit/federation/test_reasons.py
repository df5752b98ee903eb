# SPDX-License-Identifier: Apache-2.0
"""The table of reasons to refuse."""

from __future__ import annotations

from collections import Counter

import pytest

from federation.reasons import REASONS, Refusal


def test_numbers_each_page_of_a_service_once() -> None:
    """An error number leads to one reason."""
    numbers = Counter(reason.page for reason in REASONS.values() if reason.page is not None)

    assert [number for number, times in numbers.items() if times > 1] == []
    assert REASONS["school-not-activated"].page == 105


def test_refuses_by_a_reason_of_the_table_only() -> None:
    """There is no catch-all."""
    with pytest.raises(LookupError, match=r"no reason .because. in federation\.reasons"):
        Refusal("because")


def test_gives_each_reason_a_sentence_and_a_clause() -> None:
    """A transcript can say what and by which rule."""
    assert [reason.id for reason in REASONS.values() if not (reason.sentence.endswith(".") and reason.clause)] == []
