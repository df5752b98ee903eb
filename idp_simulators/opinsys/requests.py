# SPDX-License-Identifier: Apache-2.0
"""What the proxy asks of an Opinsys: to sign somebody in, by the browser, and what it holds of somebody, by itself."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from typing import Final

from federation.endpoints import ProxyEndpoints
from federation.reasons import Refusal
from idp_simulators.home_request import HomeRequest, RefusedRequestError
from idp_simulators.query import read_flag, read_query
from idp_simulators.return_addresses import LOGIN_ID, check_return_address, checked_nonce

_RETURN: Final = "return_to"
_NONCE: Final = "nonce"
_FORCE: Final = "force"


def read_login_request(query: str, proxy: ProxyEndpoints, now: datetime) -> HomeRequest:
    """Return what the query asks for; raises `RefusedRequestError`. It is not signed: the answer is."""
    parameters = read_query(query, [_RETURN, _NONCE], [_FORCE])
    check_return_address(parameters[_RETURN], proxy.opinsys_return_url(LOGIN_ID))
    return HomeRequest(
        id=checked_nonce(parameters[_NONCE]),
        issued=now,
        reply_url=parameters[_RETURN],
        force_authn=read_flag(parameters, _FORCE),
    )


def check_credentials(header: str | None, client_id: str, secret: bytes) -> None:
    """Check Basic authentication (RFC 7617), in the same time for every wrong one; raises `RefusedRequestError`."""
    right = base64.b64encode(f"{client_id}:{secret.hex()}".encode()).decode("ascii")
    scheme, _, found = (header or "").partition(" ")
    fits = hmac.compare_digest(right.encode(), found.strip().encode("utf-8", "surrogateescape"))
    if scheme.lower() != "basic" or not fits:
        raise RefusedRequestError(Refusal("home-data-credentials-wrong"))
