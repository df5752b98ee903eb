# SPDX-License-Identifier: Apache-2.0
"""What a Wilma and an Opinsys answer, written from docs/home-protocols.md alone: right unless something is changed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certs.keys import KeyPair, make_key_pair

NOW: Final = datetime(2026, 8, 12, 7, 58, tzinfo=UTC)
NONCE: Final = "AbCdEfGhIjKlMnOpQrStUv-_"
SECRET: Final = bytes(range(32))
RETURN_URL: Final = "https://mpass.localhost/login/0123456789abcdefghijkl/wilma"
SOURCE: Final = "https://idp.localhost/koivuranta"
PROXY: Final = "https://mpass.localhost/shibboleth"
SUBJECT: Final = "5e884898da28047151d0e56f8dc62927"

VEERA: Final[dict[str, Any]] = {
    "firstName": "Veera",
    "lastName": "Virta",
    "nickName": None,
    "cryptid": "virtavee",
    "learnerId": "1.2.246.562.98.10000000017",
    "classLevel": "3",
    "learningMaterialsCharge": None,
    "roles": [{"school": "04647", "group": "3A", "role": "student"}],
}
"""What a Wilma's data service holds of a pupil."""

OONA: Final[dict[str, Any]] = {
    "id": SUBJECT,
    "uid_source": "oona.oja",
    "first_name": "Oona",
    "last_name": "Oja",
    "nickname": None,
    "learner_id": "1.2.246.562.98.10000000025",
    "class_level": "5",
    "learning_materials_charge": None,
    "schools": [
        {
            "code": "04647",
            "name": "Keskuskoulu",
            "roles": ["student"],
            "groups": [{"name": "Kuoro", "type": "other"}, {"name": "5B", "type": "teaching group"}],
        }
    ],
}
"""What an Opinsys's data service holds of a pupil."""


def checksum(url: str, secret: bytes = SECRET) -> str:
    """Return what vouches for an address."""
    return hmac.new(secret, url.encode("utf-8"), hashlib.sha256).hexdigest()


def wilma_query(said: str = f"nonce={NONCE}&username=virtavee", secret: bytes = SECRET, url: str = RETURN_URL) -> str:
    """Return the query of an answer that says `said`, with its checksum."""
    return f"{said}&h={checksum(f'{url}?{said}', secret)}"


@cache
def opinsys_pair() -> KeyPair:
    """Return an Opinsys's key pair, made once per process."""
    return make_key_pair("idp-koivuranta", NOW)


def claims(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    """Return the claims of a token issued now; None takes one away."""
    issued = int(NOW.timestamp())
    right = {
        "iss": SOURCE,
        "aud": PROXY,
        "sub": SUBJECT,
        "nonce": NONCE,
        "jti": "token-1",
        "iat": issued,
        "exp": issued + 60,
    }
    return {name: value for name, value in {**right, **changes}.items() if value is not None}


def token(said: Any = None, header: dict[str, Any] | None = None, pair: KeyPair | None = None) -> str:  # noqa: ANN401 -- JSON
    """Return a compact JWS over `said`, signed by RS256 with the key of `pair`."""
    signed = (
        f"{_segment({'typ': 'JWT', 'alg': 'RS256', **(header or {})})}.{_segment(claims() if said is None else said)}"
    )
    key = load_pem_private_key((pair or opinsys_pair()).private_key_pem, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey)
    return f"{signed}.{base64url(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def hmac_token(key: bytes) -> str:
    """Return a token that is signed by HS256 with `key`, such as a public key that everybody knows."""
    signed = f"{_segment({'typ': 'JWT', 'alg': 'HS256'})}.{_segment(claims())}"
    return f"{signed}.{base64url(hmac.digest(key, signed.encode(), 'sha256'))}"


def unsigned_token() -> str:
    """Return a token that says to need no signature."""
    return f"{_segment({'typ': 'JWT', 'alg': 'none'})}.{_segment(claims())}."


def base64url(content: bytes) -> str:
    """Return bytes as JOSE writes them."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _segment(value: Any) -> str:  # noqa: ANN401 -- JSON
    return base64url(json.dumps(value).encode())
