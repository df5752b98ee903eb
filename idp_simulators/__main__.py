# SPDX-License-Identifier: Apache-2.0
"""The identity provider simulators in a container: `python -m idp_simulators` answers on http, behind a balancer, until SIGTERM."""

from __future__ import annotations

from idp_simulators.wsgi import create
from party.server import serve

serve(create)
