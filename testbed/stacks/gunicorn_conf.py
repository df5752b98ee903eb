# SPDX-License-Identifier: Apache-2.0
"""gunicorn's configuration for one part of the local stack, read from the environment that `start` gives it.

Every name at module level that gunicorn knows is a setting. A part ends with whoever started it: the kernel sends it
SIGTERM when a supervisor that was killed can no longer do so.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from party.process import logging_config

SOCKETS_VARIABLE: Final = "TESTBED_SOCKETS"
SUPERVISOR_VARIABLE: Final = "TESTBED_SUPERVISOR"

_PR_SET_PDEATHSIG: Final = 1


def end_with(supervisor: int) -> None:
    """Have the kernel send SIGTERM to this process when `supervisor`, its parent, is gone (prctl(2))."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != supervisor:  # it went before the line above
        sys.exit(1)


def _bind(environ: Mapping[str, str]) -> list[str]:
    return [f"fd://{descriptor}" for descriptor in environ.get(SOCKETS_VARIABLE, "").split(",") if descriptor]


if SUPERVISOR_VARIABLE in os.environ:
    end_with(int(os.environ[SUPERVISOR_VARIABLE]))

_is_proxy = os.environ.get("TESTBED_PART") == "proxy"

bind = _bind(os.environ)
chdir = str(Path(__file__).parents[2])
worker_class = "gthread"
workers = 2 if _is_proxy else 1
threads = 8
preload_app = _is_proxy  # SATOSA takes a second to import: once, not once per worker
timeout = 60
graceful_timeout = 2
keepalive = 2
control_socket_disable = True
accesslog = None
logconfig_dict = logging_config()
