# SPDX-License-Identifier: Apache-2.0
"""A compact JWS (RFC 7515 7.1) built by hand, because wrong ones must be built too.

Header and claims are values; who signs and how is a function, so that a fault can sign by another key, by another
algorithm or not at all.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final, TypeAlias

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

RS256: Final = "RS256"

Sign: TypeAlias = Callable[[bytes], bytes]
"""From the signing input to the signature's bytes."""
Edit: TypeAlias = Callable[[str], str]
"""A change of the finished token."""
Written: TypeAlias = Callable[[Mapping[str, object]], str]
"""How the claims are written as JSON."""


def compact(claims: Mapping[str, object]) -> str:
    """Return the claims as JSON without spaces."""
    return json.dumps(claims, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Token:
    """A token on its way."""

    header: Mapping[str, object]
    claims: Mapping[str, object]
    sign: Sign = field(repr=False)
    written: Written = compact
    edits: tuple[Edit, ...] = ()

    def with_header(self, **changes: object) -> Token:
        """Return the token with some parts of its header replaced."""
        return replace(self, header={**self.header, **changes})

    def with_claims(self, **changes: object) -> Token:
        """Return the token with some claims replaced; `None` leaves one out."""
        claims = {name: value for name, value in {**self.claims, **changes}.items() if value is not None}
        return replace(self, claims=claims)

    def signed(self, algorithm: str, sign: Sign) -> Token:
        """Return the token signed otherwise, as its header says."""
        return replace(self.with_header(alg=algorithm), sign=sign)

    def with_edit(self, edit: Edit) -> Token:
        """Return the token with one more change after signing."""
        return replace(self, edits=(*self.edits, edit))

    def encoded(self) -> str:
        """Return the token as it is sent."""
        signed = f"{base64url(compact(self.header).encode())}.{base64url(self.written(self.claims).encode())}"
        token = f"{signed}.{base64url(self.sign(signed.encode()))}"
        for edit in self.edits:
            token = edit(token)
        return token


def base64url(content: bytes) -> str:
    """Return base64url without padding (RFC 7515 2)."""
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")


def by_rsa(key: rsa.RSAPrivateKey, algorithm: hashes.HashAlgorithm | None = None) -> Sign:
    """Sign by RSASSA-PKCS1-v1_5, with SHA-256 unless another hash is given (RFC 7518 3.3)."""
    chosen = algorithm or hashes.SHA256()
    return lambda content: key.sign(content, padding.PKCS1v15(), chosen)


def by_hmac(secret: bytes) -> Sign:
    """Sign by HMAC with SHA-256 (RFC 7518 3.2)."""
    return lambda content: hmac.digest(secret, content, sha256)


def by_nobody(_content: bytes) -> bytes:
    """Leave the token unsigned (RFC 7518 3.6)."""
    return b""
