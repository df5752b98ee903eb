# SPDX-License-Identifier: Apache-2.0
"""How a chosen password is kept: salted, by scrypt (RFC 7914), with what it cost written beside it.

A password is compared in NFC, so that the same letters typed on another keyboard are the same password. Nothing that
is not a hash of ours verifies.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import unicodedata
from typing import Final

SALT_BYTES: Final = 16

_COST: Final = 14
_BLOCK_SIZE: Final = 8
_KEY_BYTES: Final = 32
_MAX_MEMORY: Final = 64 * 1024 * 1024
_SCHEME: Final = f"scrypt${_COST}${_BLOCK_SIZE}$1"


def hash_password(password: str, salt: bytes) -> str:
    """Return what is kept of `password`; `salt` is random and `SALT_BYTES` long."""
    return "$".join((_SCHEME, _text(salt), _text(_key(password, salt))))


def is_password_of_hash(kept: str, typed: str) -> bool:
    """Tell whether `typed` is the password that `kept` was made of; takes the same time for every wrong one."""
    scheme, salt, key = _pieces(kept)
    return hmac.compare_digest(_key(typed, salt), key) and scheme == _SCHEME


def _pieces(kept: str) -> tuple[str, bytes, bytes]:
    scheme, _, rest = kept.rpartition("$")[0].rpartition("$")
    try:
        return scheme, base64.b64decode(rest, validate=True), base64.b64decode(kept.rpartition("$")[2], validate=True)
    except binascii.Error:
        return "", b"", b""


def _key(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        unicodedata.normalize("NFC", password).encode(),
        salt=salt,
        n=2**_COST,
        r=_BLOCK_SIZE,
        p=1,
        maxmem=_MAX_MEMORY,
        dklen=_KEY_BYTES,
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
