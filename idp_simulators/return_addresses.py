# SPDX-License-Identifier: Apache-2.0
"""Whether an answer may go to an address: only to the proxy's own, by origin and form of path (home-protocols 2 and 3).

Anything else would send a person, and the proof of who they are, wherever somebody wrote into a link.
"""

from __future__ import annotations

import re
from typing import Final

from federation.reasons import Refusal
from idp_simulators.home_request import RefusedRequestError

LOGIN_ID: Final = "LOGIN"
"""Stands for the login's id in the form of an address."""
NONCE: Final = re.compile(r"[A-Za-z0-9_-]{24}", re.ASCII)

_LOGIN_ID: Final = r"[A-Za-z0-9_-]{22}"
_NONCE_PARAMETER: Final = "?nonce="


def check_return_address(url: str, form: str) -> None:
    """Check that `url` is of the form, in which `LOGIN` is the id of any login; raises `RefusedRequestError`."""
    before, _, after = form.partition(LOGIN_ID)
    if not re.fullmatch(re.escape(before) + _LOGIN_ID + re.escape(after), url, re.ASCII):
        raise RefusedRequestError(Refusal("home-return-address-unknown", found=url.partition("?")[0][:200]))


def nonce_of(url: str, form: str) -> str:
    """Return the nonce that ends the address, and check the rest; raises `RefusedRequestError`."""
    address, separator, nonce = url.partition(_NONCE_PARAMETER)
    check_return_address(address, form)
    if not separator:
        raise RefusedRequestError(Refusal("home-request-nonce-malformed"))
    return checked_nonce(nonce)


def checked_nonce(nonce: str) -> str:
    """Return the nonce; raises `RefusedRequestError` where it is not 24 letters, digits, hyphens and underscores."""
    if not NONCE.fullmatch(nonce):
        raise RefusedRequestError(Refusal("home-request-nonce-malformed"))
    return nonce
