# SPDX-License-Identifier: Apache-2.0
"""What the proxy asks of a Wilma: to sign somebody in, by the browser, and what it holds of somebody, by itself.

The checksum is looked at before anything else, in constant time. What it is over is the configured address and the
query as it came, so a Host header of somebody's own changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from federation.endpoints import ProxyEndpoints
from idp_simulators.home_request import HomeRequest
from idp_simulators.query import read_flag, read_query
from idp_simulators.return_addresses import LOGIN_ID, checked_nonce, nonce_of
from idp_simulators.wilma.checksum import without_checksum

_RETURN: Final = "returnUrl"
_FORCED: Final = "forcedLogin"


def read_login_request(url: str, secret: bytes, proxy: ProxyEndpoints, now: datetime) -> HomeRequest:
    """Return what the address asks for; raises `RefusedRequestError`."""
    parameters = read_query(without_checksum(url, secret).partition("?")[2], [_RETURN], [_FORCED])
    return_url = parameters[_RETURN]
    return HomeRequest(
        id=nonce_of(return_url, proxy.wilma_return_url(LOGIN_ID)),
        issued=now,
        reply_url=return_url,
        force_authn=read_flag(parameters, _FORCED),
    )


def read_data_request(url: str, secret: bytes) -> tuple[str, str]:
    """Return the nonce and the user name that the address asks about; raises `RefusedRequestError`."""
    parameters = read_query(without_checksum(url, secret).partition("?")[2], ["username", "nonce"])
    return checked_nonce(parameters["nonce"]), parameters["username"]
