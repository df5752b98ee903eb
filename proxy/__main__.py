# SPDX-License-Identifier: Apache-2.0
"""The proxy in a container: `python -m proxy` answers on http, behind a balancer, until SIGTERM."""

from __future__ import annotations

from party.server import serve
from proxy.wsgi import create

serve(create)
