# SPDX-License-Identifier: Apache-2.0
"""Every party's words: in three languages, complete, used, fitting (pages.md)."""

from pathlib import Path

import pytest

from party.pages import catalogue_problems

ROOMS = sorted(path.parts[-3] for path in Path(__file__).parents[3].glob("*/pages/locale"))


@pytest.mark.parametrize("room", ROOMS)
def test_every_message_is_there_and_is_said(room: str) -> None:
    """A missing, unused or misfitting message fails here, with its name."""
    assert catalogue_problems(room) == []
