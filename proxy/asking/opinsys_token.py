# SPDX-License-Identifier: Apache-2.0
"""Opinsys's token: a JWS that says who signed in, for one login (home-protocols 3, RFC 7515, RFC 7519). Pure.

A token is accepted when each of these holds, in this order; each refusal has its own reason id:

- it is a compact JWS over a JSON object, and demands no extension (RFC 7515 4.1.11): `home-token-malformed`;
- it says to be signed by RS256 (RFC 8725 3.1): `home-token-algorithm`;
- it is, by the key that was configured, whatever key its header names: `home-token-signature-invalid`;
- every claim is there and of its type: `home-token-claim-missing`;
- it comes from the source that was asked: `home-token-wrong-issuer`;
- it is for this proxy: `home-token-wrong-audience`;
- it is neither over nor older than a token gets: `home-token-expired`; nor from the future: `home-token-not-yet-valid`;
- its nonce is the login's: `home-nonce-mismatch`.

PyJWT parses and verifies the signature; claims are checked here, by the proxy's clock.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from federation.reasons import Refusal
from proxy.asking.nonces import is_same
from proxy.saml.instants import CLOCK_SKEW

ALGORITHM: Final = "RS256"
LIFETIME: Final = timedelta(seconds=60)
MAX_TOKEN: Final = 8 * 1024

Claims: TypeAlias = Mapping[str, Any]

_TYPES: Final[Mapping[str, type]] = {
    "iss": str,
    "aud": str,
    "sub": str,
    "nonce": str,
    "jti": str,
    "iat": int,
    "exp": int,
}
_JWS: Final = jwt.PyJWS(algorithms=[ALGORITHM])


@dataclass(frozen=True)
class ExpectedToken:
    """The one token that is expected: for this login, from the source that was asked."""

    issuer: str
    audience: str
    nonce: str
    key: RSAPublicKey


def verify_token(token: str, expected: ExpectedToken, now: datetime) -> str | Refusal:
    """Return the opaque id of who signed in, or why the token is not accepted at `now`."""
    claims = _verified_claims(token, expected.key)
    if isinstance(claims, Refusal):
        return claims
    refusal = (
        _check_types(claims)
        or _check_parties(claims, expected)
        or _check_times(claims, now)
        or _check_nonce(claims, expected)
    )
    return refusal or str(claims["sub"])


def _check_types(claims: Claims) -> Refusal | None:
    wrong = next((name for name, kind in _TYPES.items() if type(claims.get(name)) is not kind), None)
    if wrong is None:
        return None
    return Refusal("home-token-claim-missing", found=wrong, expected=", ".join(_TYPES))


def _check_parties(claims: Claims, expected: ExpectedToken) -> Refusal | None:
    if claims["iss"] != expected.issuer:
        return Refusal("home-token-wrong-issuer", expected=expected.issuer)
    if claims["aud"] != expected.audience:
        return Refusal("home-token-wrong-audience", expected=expected.audience)
    return None


def _check_times(claims: Claims, now: datetime) -> Refusal | None:
    """Hold the token to its own end and to the longest life that one has, with the skew that SAML is allowed."""
    moment, skew = now.timestamp(), CLOCK_SKEW.total_seconds()
    if moment >= min(claims["exp"], claims["iat"] + LIFETIME.total_seconds()) + skew:
        return Refusal("home-token-expired", expected=f"within {LIFETIME} of its issue, {CLOCK_SKEW} of skew allowed")
    if claims["iat"] > moment + skew:
        return Refusal("home-token-not-yet-valid", expected=f"at most {CLOCK_SKEW} ahead")
    return None


def _check_nonce(claims: Claims, expected: ExpectedToken) -> Refusal | None:
    return None if is_same(claims["nonce"], expected.nonce) else Refusal("home-nonce-mismatch")


def _verified_claims(token: str, key: RSAPublicKey) -> Claims | Refusal:
    """Return the claims once the signature is verified; nothing of a token is used before."""
    if len(token) > MAX_TOKEN:
        return Refusal("home-token-malformed", found=f"{len(token)} characters", expected=f"at most {MAX_TOKEN}")
    try:
        decoded = _JWS.decode_complete(token, key, algorithms=[ALGORITHM])
        claims = json.loads(decoded["payload"])
    except jwt.InvalidAlgorithmError:
        return Refusal("home-token-algorithm", expected=ALGORITHM)
    except jwt.InvalidSignatureError:
        return Refusal("home-token-signature-invalid")
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        return Refusal("home-token-malformed", expected="a compact JWS over a JSON object")
    if not isinstance(claims, dict) or "crit" in decoded["header"]:
        return Refusal("home-token-malformed", expected="a compact JWS over a JSON object, without crit")
    return claims
