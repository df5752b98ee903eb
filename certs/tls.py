# SPDX-License-Identifier: Apache-2.0
"""TLS of the testbed: a test CA that is good for one domain only, and one certificate per host name.

The rules:
- Every subject says TEST ONLY.
- The CA may vouch for names below its domain and for nothing else (a critical name constraint, RFC 5280 4.2.1.10): who
  trusts it in a browser risks nothing but this testbed.
- A host's certificate lasts ninety days and is made anew, with a fresh key, when thirty are left.

What SAML messages are signed with is `certs.keys`'; TLS keys are P-256, which every TLS client of today knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CA_VALIDITY: Final = timedelta(days=730)
HOST_VALIDITY: Final = timedelta(days=90)
RENEWED_BEFORE_END: Final = timedelta(days=30)
_BACKDATED: Final = timedelta(days=1)


@dataclass(frozen=True)
class TlsPair:
    """A private key and the certificate for it."""

    private_key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate

    @property
    def private_key_pem(self) -> bytes:
        """The key in PEM (PKCS 8), not encrypted."""
        return self.private_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def certificate_pem(self) -> bytes:
        """The certificate in PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def ends_at(self) -> datetime:
        """Until when the certificate is good."""
        return self.certificate.not_valid_after_utc

    def is_due(self, now: datetime) -> bool:
        """Tell whether a host's certificate is to be made anew."""
        return now > self.ends_at - RENEWED_BEFORE_END

    def is_over(self, now: datetime) -> bool:
        """Tell whether nobody accepts the certificate any more."""
        return now > self.ends_at

    def vouches_for(self, host: TlsPair) -> bool:
        """Tell whether the host's certificate was signed by this CA."""
        try:
            host.certificate.verify_directly_issued_by(self.certificate)
        except Exception:  # noqa: BLE001 -- cryptography raises one of three kinds; each means no
            return False
        return True

    def permits(self, host_name: str) -> bool:
        """Tell whether this CA may vouch for `host_name`."""
        try:
            constraints = self.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        except x509.ExtensionNotFound:
            return False
        domains = (subtree.value for subtree in constraints.permitted_subtrees or ())
        return any(host_name == domain or host_name.endswith(f".{domain}") for domain in domains)


def make_ca(domain: str, now: datetime) -> TlsPair:
    """Return a fresh test CA for `domain` and the names below it, valid from a day before `now` for two years."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"TEST ONLY CA for {domain}")
    certificate = (
        _builder(key.public_key(), name, name, now, CA_VALIDITY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints([x509.DNSName(domain)], None), critical=True)
        .add_extension(_usage(is_ca=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return TlsPair(key, certificate)


def make_host_pair(host_name: str, ca: TlsPair, now: datetime) -> TlsPair:
    """Return a fresh key and certificate for `host_name`, signed by `ca`; it never outlasts the CA."""
    key = ec.generate_private_key(ec.SECP256R1())
    left = ca.ends_at - now
    certificate = (
        _builder(
            key.public_key(), _name(f"TEST ONLY {host_name}"), ca.certificate.subject, now, min(HOST_VALIDITY, left)
        )
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host_name)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_usage(is_ca=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.private_key.public_key()), critical=False)
        .sign(ca.private_key, hashes.SHA256())
    )
    return TlsPair(key, certificate)


def _builder(
    public_key: ec.EllipticCurvePublicKey, subject: x509.Name, issuer: x509.Name, now: datetime, validity: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + validity)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "MPASSid testbed, TEST ONLY"),
            # a common name takes 64 characters; what counts is the subject's alternative name
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        ]
    )


def _usage(*, is_ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )
