# SPDX-License-Identifier: Apache-2.0
"""The keys that messages are signed, verified, encrypted and decrypted with.

Each is made once, when the proxy starts, and not changed afterwards: nothing parses PEM in a login, and no call sets
a key on something that threads share (saml-libraries 2 and 6). Where a key may be used for the XML of a message, the
message's module does that; here are the plain operations on bytes.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass, field

import xmlsec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from certs.keys import KeyPair
from federation.errors import InputError
from proxy.saml.algorithms import AES128_GCM, AES256_GCM, RSA_SHA256, KeyKind, SignatureAlgorithm

MIN_RSA_BITS = 2048
MIN_EC_BITS = 256


@dataclass(frozen=True, eq=False)
class SigningKey:
    """The proxy's own private key, with the certificate that its messages carry."""

    certificate_base64: str
    _private_key: rsa.RSAPrivateKey = field(repr=False)

    @classmethod
    def from_pair(cls, pair: KeyPair) -> SigningKey:
        """Return the signing key of `pair`; raises `InputError` where it is no RSA key."""
        return cls(pair.certificate_base64, _private_key(pair))

    def sign(self, text: bytes) -> bytes:
        """Return the RSA-SHA256 signature of `text`."""
        return self._private_key.sign(text, padding.PKCS1v15(), RSA_SHA256.hash)


@dataclass(frozen=True, eq=False)
class DecryptionKey:
    """The proxy's own private key, to read what was encrypted for its certificate."""

    _private_key: rsa.RSAPrivateKey = field(repr=False)

    @classmethod
    def from_pair(cls, pair: KeyPair) -> DecryptionKey:
        """Return the decryption key of `pair`; raises `InputError` where it is no RSA key."""
        return cls(_private_key(pair))

    def unwrap(self, wrapped: bytes, digest: hashes.HashAlgorithm, mask: hashes.HashAlgorithm) -> bytes | None:
        """Return the content key that was wrapped by RSA-OAEP, or `None` where it was not wrapped for this key."""
        try:
            return self._private_key.decrypt(wrapped, padding.OAEP(padding.MGF1(mask), digest, label=None))
        except ValueError:
            return None


@dataclass(frozen=True, eq=False)
class VerificationKey:
    """Another party's public key, out of a certificate in its metadata.

    The certificate is only the key's envelope: its dates and issuer mean nothing in SAML metadata (saml2int
    SDP-MD05), so an expired one verifies as well.
    """

    kind: KeyKind
    _public_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey = field(repr=False)
    xmlsec_key: xmlsec.Key = field(repr=False)
    """For a signature context, which copies it; never changed."""

    @classmethod
    def from_certificate(cls, certificate_base64: str) -> VerificationKey:
        """Return the key of an X.509 certificate (base64 DER, line breaks allowed).

        Raises `InputError` for what is no certificate, RSA below 2048 bits, EC below 256 bits and other kinds of key.
        """
        public_key = _public_key(certificate_base64)
        pem = public_key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        kind: KeyKind = "rsa" if isinstance(public_key, rsa.RSAPublicKey) else "ec"
        return cls(kind, public_key, xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem))

    def verifies(self, signature: bytes, text: bytes, algorithm: SignatureAlgorithm) -> bool:
        """Tell whether `signature` over `text` was made with this key's private half and by `algorithm`."""
        try:
            if isinstance(self._public_key, rsa.RSAPublicKey):
                if algorithm.key_kind != "rsa":
                    return False
                self._public_key.verify(signature, text, padding.PKCS1v15(), algorithm.hash)
            else:
                if algorithm.key_kind != "ec":
                    return False
                # XML signatures write the two numbers side by side, not in DER (xmldsig-core1 6.4.3).
                half = len(signature) // 2
                r, s = int.from_bytes(signature[:half]), int.from_bytes(signature[half:])
                self._public_key.verify(encode_dss_signature(r, s), text, ec.ECDSA(algorithm.hash))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, eq=False)
class EncryptionKey:
    """Another party's public RSA key, to encrypt assertions for it, and the content algorithm it wants with it."""

    _public_key: rsa.RSAPublicKey = field(repr=False)
    content_algorithm: str = AES256_GCM

    @classmethod
    def from_certificate(cls, certificate_base64: str, methods: Collection[str] = ()) -> EncryptionKey:
        """Return the key of an X.509 certificate; raises `InputError` where it holds no RSA key that is long enough.

        `methods` are the party's EncryptionMethods: AES-128-GCM is taken where they name it and not AES-256-GCM; a
        party that names neither gets AES-256-GCM all the same, for CBC is never sent (saml2int SDP-ALG01).
        """
        public_key = _public_key(certificate_base64)
        if not isinstance(public_key, rsa.RSAPublicKey):
            message = "a certificate to encrypt for holds an EC key, expected RSA; give one with an RSA key"
            raise InputError(message)
        wants_the_shorter = AES128_GCM in methods and AES256_GCM not in methods
        return cls(public_key, AES128_GCM if wants_the_shorter else AES256_GCM)

    def wrap(self, content_key: bytes, digest: hashes.HashAlgorithm, mask: hashes.HashAlgorithm) -> bytes:
        """Return `content_key`, wrapped by RSA-OAEP."""
        return self._public_key.encrypt(content_key, padding.OAEP(padding.MGF1(mask), digest, label=None))


def _private_key(pair: KeyPair) -> rsa.RSAPrivateKey:
    # Only keys made here are loaded: the primality check would cost 54 ms each.
    key = serialization.load_pem_private_key(pair.private_key_pem, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey):
        message = f"the key of {pair.entity}: found another kind, expected RSA; delete it and run `testbed apply`"
        raise InputError(message)
    return key


def _public_key(certificate_base64: str) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    try:
        der = base64.b64decode("".join(certificate_base64.split()), validate=True)
        key = x509.load_der_x509_certificate(der).public_key()
    except (binascii.Error, ValueError) as error:
        message = "a certificate cannot be read: expected base64 of DER, as in ds:X509Certificate"
        raise InputError(message) from error
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < MIN_RSA_BITS:
        message = f"a certificate holds an RSA key of {key.key_size} bits, expected at least {MIN_RSA_BITS}"
        raise InputError(message)
    if isinstance(key, ec.EllipticCurvePublicKey) and key.key_size < MIN_EC_BITS:
        message = f"a certificate holds an EC key of {key.key_size} bits, expected at least {MIN_EC_BITS}"
        raise InputError(message)
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        message = f"a certificate holds a {type(key).__name__}, expected an RSA or EC key"
        raise InputError(message)
    return key
