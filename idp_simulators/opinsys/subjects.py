# SPDX-License-Identifier: Apache-2.0
"""Opaque ids of people: always the same for one person, and nothing of the user name can be read from it.

It is the user name under a deterministic, authenticated encryption (RFC 5297), so that nobody has to be looked up in a
list, however many people there are.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha512

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV


@dataclass(frozen=True)
class Subjects:
    """The ids of one provider's people."""

    cipher: AESSIV

    @classmethod
    def with_secret(cls, secret: bytes, provider: str) -> Subjects:
        """Return the ids of a provider whose simulator holds `secret`."""
        return cls(AESSIV(hmac.digest(secret, f"subjects of {provider}".encode(), sha512)))

    def of(self, user_name: str) -> str:
        """Return a person's id, in hexadecimal."""
        return self.cipher.encrypt(user_name.encode(), None).hex()

    def user_name(self, subject: str) -> str | None:
        """Return whose id it is, `None` for one that was never given."""
        try:
            return self.cipher.decrypt(bytes.fromhex(subject), None).decode()
        except (ValueError, InvalidTag):
            return None
