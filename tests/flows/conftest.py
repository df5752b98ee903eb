# SPDX-License-Identifier: Apache-2.0
"""The stacks that flow tests run on, each started when first asked for and stopped when the session ends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certs.keys import Keys
from testbed.stacks.in_process import InProcessStack
from testbed.stacks.local import LocalStack
from testbed.state_folder import StateFolder
from tests.builders import stacks


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Make the keys of the shipped federation once, in a folder that all workers of the session share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "shared-keys"
    StateFolder(folder).ensure_keys(stacks.shipped_federation(), datetime.now(UTC))
    return folder


@pytest.fixture(scope="session")
def keys(keys_folder: Path) -> Keys:
    """Return the keys of the shipped federation."""
    return StateFolder(keys_folder).ensure_keys(stacks.shipped_federation(), datetime.now(UTC))


@pytest.fixture(scope="session")
def in_process(keys: Keys) -> InProcessStack:
    """Run the shipped federation in this process, shared: a test that moves clocks takes `fresh_stack`."""
    return stacks.in_process(stacks.shipped_federation(), keys)


@pytest.fixture(scope="session")
def in_process_strict(keys: Keys) -> InProcessStack:
    """Run the strict variant in this process."""
    return stacks.in_process(stacks.strict_federation(), keys)


@pytest.fixture
def fresh_stack(keys: Keys) -> InProcessStack:
    """Run the shipped federation in this process, for one test alone."""
    return stacks.in_process(stacks.shipped_federation(), keys)


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory, keys_folder: Path) -> Iterator[LocalStack]:
    """Run the shipped federation as real processes."""
    with stacks.local(stacks.shipped_federation(), tmp_path_factory.mktemp("local"), keys_folder) as stack:
        yield stack


@pytest.fixture(scope="session")
def local_strict(tmp_path_factory: pytest.TempPathFactory, keys_folder: Path) -> Iterator[LocalStack]:
    """Run the strict variant as real processes."""
    with stacks.local(stacks.strict_federation(), tmp_path_factory.mktemp("strict"), keys_folder) as stack:
        yield stack
