# SPDX-License-Identifier: Apache-2.0
"""A certificate for KeyInfo that looks like another one: whoever trusts what a message carries is taken in."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from idp_simulators.saml.signing import Signer

_VALIDITY: Final = timedelta(days=365)


def certificate_like(named: Signer, held: Signer, begins: datetime) -> str:
    """Return a certificate with the name of `named`'s and the key of `held`'s, valid for a year, in base64 DER.

    Nobody checks who issued it, and so a passing key does.
    """
    name = _certificate(named).subject
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(_certificate(held).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + _VALIDITY)
        .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    )
    return b64encode(certificate.public_bytes(Encoding.DER)).decode("ascii")


def _certificate(signer: Signer) -> x509.Certificate:
    return x509.load_der_x509_certificate(b64decode(signer.certificate_base64))
