# SPDX-License-Identifier: Apache-2.0
"""Wilma's messages: addresses whose checksum vouches for everything before it (home-protocols 2). Pure.

An answer is accepted when each of these holds, in this order; each refusal has its own reason id:

- it has the parameters of an answer only, in their order, each once and in its form: `home-answer-malformed`;
- its nonce is the login's: `home-nonce-mismatch`;
- its checksum is the one over the address as it came, made with the shared secret: `home-checksum-invalid`.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from federation.reasons import Refusal
from proxy.asking.nonces import NONCE, is_same, new_nonce
from proxy.asking.parties import Wilma

_ANSWER: Final = re.compile(
    rf"(nonce=({NONCE})&(?:username=((?:[A-Za-z0-9._~@-]|%[0-9A-Fa-f]{{2}}){{1,300}})|cancelled=true))&h=([0-9a-f]{{64}})"
)


@dataclass(frozen=True)
class WilmaAnswer:
    """An answer that Wilma gave: who signed in, or nobody because they turned back."""

    user_name: str | None


def sign_in_url(wilma: Wilma, return_url: str, nonce: str, *, is_forced: bool) -> str:
    """Return where a person is sent to sign in, anew if it `is_forced`."""
    forced = "&forcedLogin=true" if is_forced else ""
    return_to = quote(f"{return_url}?nonce={nonce}", safe="")
    return _with_checksum(f"{wilma.endpoints.login_url}?returnUrl={return_to}{forced}", wilma.secret)


def data_url(wilma: Wilma, user_name: str) -> str:
    """Return where Wilma's data service tells what it holds of a person; the nonce in it is a fresh one."""
    query = f"username={quote(user_name, safe='')}&nonce={new_nonce()}"
    return _with_checksum(f"{wilma.endpoints.data_url}?{query}", wilma.secret)


def verify_answer(query: str, return_url: str, nonce: str, secret: bytes) -> WilmaAnswer | Refusal:
    """Return what Wilma answered, `query` being what came after `return_url` and its question mark."""
    parts = _ANSWER.fullmatch(query)
    if parts is None:
        return Refusal("home-answer-malformed", expected="nonce, then username or cancelled, then h, each once")
    if not is_same(parts[2], nonce):
        return Refusal("home-nonce-mismatch")
    if not is_same(parts[4], _checksum(f"{return_url}?{parts[1]}", secret)):
        return Refusal("home-checksum-invalid")
    if parts[3] is None:
        return WilmaAnswer(None)
    try:
        return WilmaAnswer(unquote(parts[3], errors="strict"))
    except UnicodeDecodeError:
        return Refusal("home-answer-malformed", expected="a user name in UTF-8")


def _with_checksum(url: str, secret: bytes) -> str:
    return f"{url}&h={_checksum(url, secret)}"


def _checksum(url: str, secret: bytes) -> str:
    return hmac.digest(secret, url.encode(), "sha256").hex()
