# SPDX-License-Identifier: Apache-2.0
"""A service in a container: `python -m sp_stub` answers on http, behind a balancer, until SIGTERM."""

from __future__ import annotations

from party.server import serve
from sp_stub.wsgi import create

serve(create)
