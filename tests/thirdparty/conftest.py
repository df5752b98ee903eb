# SPDX-License-Identifier: Apache-2.0
"""A testbed that runs on loopback for the third parties of a module to be plugged into."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from testbed.stacks.local import LocalStack
from testbed.state_folder import StateFolder
from tests.builders import stacks


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """Run the shipped federation as real processes; what is plugged in comes later, by `testbed apply`."""
    federation, keys = stacks.shipped_federation(), tmp_path_factory.mktemp("keys")
    StateFolder(keys).ensure_keys(federation, datetime.now(UTC))
    with stacks.local(federation, tmp_path_factory.mktemp("state"), keys) as stack:
        yield stack


@pytest.fixture
def declaration(tmp_path: Path) -> Path:
    """Return a copy of the shipped declaration to plug a part into."""
    copy = tmp_path / "federation.yaml"
    copy.write_text(stacks.SHIPPED.read_text("utf-8"), "utf-8")
    return copy
