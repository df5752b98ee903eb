# SPDX-License-Identifier: Apache-2.0
"""Key pairs and secrets as values, and how one is made.

Where they are kept is `certs.folder`'s. Every certificate's subject says TEST ONLY, so that none is ever taken for a
real one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

RSA_BITS: Final = 2048
VALIDITY: Final = timedelta(days=3650)
SECRET_BYTES: Final = 32

PROXY_IDP: Final = "proxy-idp"
"""The proxy towards services."""
PROXY_SP: Final = "proxy-sp"
"""The proxy towards identity providers."""


def idp_entity(provider: str) -> str:
    """Return the name of a simulated identity provider's key pair."""
    return f"idp-{provider}"


def next_idp_entity(provider: str) -> str:
    """Return the name of the key pair that a simulated identity provider rolls over to; no provider has such a key."""
    return f"{idp_entity(provider)}.next"


def home_secret(provider: str) -> str:
    """Return the name of the secret that the proxy shares with an education provider that speaks no SAML."""
    return f"home-{provider}"


def service_entity(service: str) -> str:
    """Return the name of a simulated service's key pair."""
    return f"sp-{service}"


@dataclass(frozen=True)
class KeyPair:
    """One entity's RSA key and self-signed certificate, both PEM."""

    entity: str
    private_key_pem: bytes = field(repr=False)
    certificate_pem: bytes

    @property
    def certificate_base64(self) -> str:
        """The certificate as it stands in metadata: base64 DER without armour or line breaks."""
        lines = self.certificate_pem.decode("ascii").splitlines()
        return "".join(line for line in lines if line and not line.startswith("-----"))


@dataclass(frozen=True)
class Keys:
    """The key pairs by entity and the secrets by name that one part, or the whole testbed, holds."""

    pairs: Mapping[str, KeyPair]
    secrets: Mapping[str, bytes] = field(repr=False)

    def with_secrets(self, more: Mapping[str, bytes]) -> Keys:
        """Return these keys, and more secrets."""
        return Keys(self.pairs, {**self.secrets, **more})

    def only(self, entities: Iterable[str], secret_names: Iterable[str]) -> Keys:
        """Return what one part may hold: just these key pairs and secrets."""
        return Keys({name: self.pairs[name] for name in entities}, {name: self.secrets[name] for name in secret_names})


def make_key_pair(entity: str, now: datetime) -> KeyPair:
    """Return a fresh RSA-2048 key pair with a self-signed certificate, valid from a day before `now` for ten years."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "MPASSid testbed, TEST ONLY"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"TEST ONLY {entity}"),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + VALIDITY)
        .sign(key, hashes.SHA256())
    )
    return KeyPair(
        entity=entity,
        private_key_pem=key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        certificate_pem=certificate.public_bytes(serialization.Encoding.PEM),
    )


def make_secret() -> bytes:
    """Return a fresh random secret of 32 bytes."""
    return secrets.token_bytes(SECRET_BYTES)
