# SPDX-License-Identifier: Apache-2.0
"""What the browser carries for the simulators, closed with AES-GCM: it can be neither read nor altered nor made there.

Any worker that holds the secret opens it, also after a restart. What it is for is bound into the encryption, so that a
session never opens as a login in progress.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAX_SEALED: Final = 2000

_NONCE_BYTES: Final = 12


class BrokenSealError(ValueError):
    """The text was not closed by this secret for this purpose."""


class Seal:
    """Closes and opens texts for one purpose."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        """Use `secret`, 32 bytes."""
        self._cipher = AESGCM(secret)
        self._purpose = purpose.encode()

    def close(self, content: object) -> str:
        """Return `content`, anything JSON can hold, as text that a URL and a cookie can carry."""
        nonce = os.urandom(_NONCE_BYTES)
        plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, plain, self._purpose)).decode().rstrip("=")

    def open(self, sealed: str) -> object:
        """Return what was closed; raises `BrokenSealError`."""
        if len(sealed) > MAX_SEALED:
            raise BrokenSealError
        try:
            packed = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
            plain = self._cipher.decrypt(packed[:_NONCE_BYTES], packed[_NONCE_BYTES:], self._purpose)
        except (binascii.Error, InvalidTag, ValueError) as error:
            raise BrokenSealError from error
        content: object = json.loads(plain)
        return content
