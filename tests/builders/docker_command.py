# SPDX-License-Identifier: Apache-2.0
"""The command line of docker, for what the library cannot: builds by BuildKit, stacks of a swarm."""

from __future__ import annotations

import subprocess
from typing import Final

from testbed.stacks.compose.project import ROOT

_SECONDS: Final = 600


def docker(*arguments: str) -> str:
    """Run it to its end, at the root of the checkout; return what it printed. The test fails when it does not end well."""
    result = subprocess.run(  # noqa: S603 -- arguments written in the tests
        ["docker", *arguments],  # noqa: S607 -- whichever docker the tests run with
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
        cwd=ROOT,
    )
    assert result.returncode == 0, f"docker {' '.join(arguments[:3])}: {result.stderr[-2000:]}"
    return result.stdout
