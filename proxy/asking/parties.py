# SPDX-License-Identifier: Apache-2.0
"""The home organisations that speak no SAML, as the proxy trusts them: addresses, and what proves that they answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from federation.endpoints import OpinsysEndpoints, WilmaEndpoints
from federation.errors import InputError
from proxy.saml.metadata import IdentityProvider


@dataclass(frozen=True)
class Wilma:
    """A Wilma: both ends prove themselves with the secret that they share."""

    endpoints: WilmaEndpoints
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class Opinsys:
    """An Opinsys: it signs with `key`; its data service asks the proxy for a password."""

    endpoints: OpinsysEndpoints
    key: RSAPublicKey
    secret: bytes = field(repr=False)

    @property
    def password(self) -> str:
        """The password of Basic authentication: the secret in lower-case hexadecimal (home-protocols 3)."""
        return self.secret.hex()


Party: TypeAlias = IdentityProvider | Wilma | Opinsys
"""Whoever answers for an education provider, by its protocol."""


def read_certificate(document: bytes, place: str) -> RSAPublicKey:
    """Return the RSA key of a certificate in PEM; raises `InputError` that names `place` for anything else."""
    try:
        key = x509.load_pem_x509_certificate(document).public_key()
    except ValueError as error:
        message = f"{place}: expected a certificate in PEM; run `testbed apply`"
        raise InputError(message) from error
    if not isinstance(key, RSAPublicKey):
        message = f"{place}: expected the certificate of an RSA key; run `testbed apply`"
        raise InputError(message)
    return key


def sign_in_urls(party: Party) -> tuple[str, ...]:
    """Return the addresses to which a person is sent to sign in."""
    match party:
        case Wilma():
            return (party.endpoints.login_url,)
        case Opinsys():
            return (party.endpoints.sso_url,)
        case _:
            return tuple(party.sso_urls.values())
