# SPDX-License-Identifier: Apache-2.0
"""Key pairs for tests of SAML messages, made once per process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.x509.oid import NameOID

from certs.keys import KeyPair, make_key_pair

MADE_AT = datetime(2026, 8, 1, tzinfo=UTC)


@cache
def pair(entity: str) -> KeyPair:
    """Return the RSA-2048 key pair of `entity`, the same one each time."""
    return make_key_pair(entity, MADE_AT)


@cache
def ec_pair(entity: str) -> KeyPair:
    """Return a P-256 key pair."""
    return _pair(entity, ec.generate_private_key(ec.SECP256R1()))


@cache
def short_rsa_pair(entity: str) -> KeyPair:
    """Return an RSA-1024 key pair, which metadata must not hold."""
    return _pair(entity, rsa.generate_private_key(public_exponent=65537, key_size=1024))  # noqa: S505 - to be refused


@cache
def expired_pair(entity: str) -> KeyPair:
    """Return an RSA-2048 key pair whose certificate is over."""
    return make_key_pair(entity, MADE_AT - timedelta(days=5000))


def _pair(entity: str, key: CertificateIssuerPrivateKeyTypes) -> KeyPair:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"TEST ONLY {entity}")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(MADE_AT)
        .not_valid_after(MADE_AT + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    encodings = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return KeyPair(entity, key.private_bytes(*encodings), certificate.public_bytes(serialization.Encoding.PEM))
