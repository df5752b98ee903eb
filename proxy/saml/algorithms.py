# SPDX-License-Identifier: Apache-2.0
"""The algorithms that are allowed, and nothing else is: SHA-256 or better, RSA of PKCS 1 v1.5 or ECDSA to sign.

saml2int SDP-ALG01. RSA-PSS is not read: no product in this federation's reach sends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from cryptography.hazmat.primitives import hashes

KeyKind: TypeAlias = Literal["rsa", "ec"]


@dataclass(frozen=True)
class SignatureAlgorithm:
    """A signature algorithm: the kind of key it needs and the hash it signs."""

    uri: str
    key_kind: KeyKind
    hash: hashes.HashAlgorithm


RSA_SHA256: Final = SignatureAlgorithm("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "rsa", hashes.SHA256())

SIGNATURE_ALGORITHMS: Final[dict[str, SignatureAlgorithm]] = {
    algorithm.uri: algorithm
    for algorithm in (
        RSA_SHA256,
        SignatureAlgorithm("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", "rsa", hashes.SHA384()),
        SignatureAlgorithm("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "rsa", hashes.SHA512()),
        SignatureAlgorithm("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "ec", hashes.SHA256()),
        SignatureAlgorithm("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", "ec", hashes.SHA384()),
        SignatureAlgorithm("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", "ec", hashes.SHA512()),
    )
}

SHA256_DIGEST: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
DIGESTS: Final = frozenset(
    {
        SHA256_DIGEST,
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
        "http://www.w3.org/2001/04/xmlenc#sha512",
    }
)

AES128_GCM: Final = "http://www.w3.org/2009/xmlenc11#aes128-gcm"
AES256_GCM: Final = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
GCM_KEY_BYTES: Final[dict[str, int]] = {AES128_GCM: 16, AES256_GCM: 32}
"""What an assertion may be encrypted with."""
CBC_KEY_BYTES: Final[dict[str, int]] = {
    "http://www.w3.org/2001/04/xmlenc#aes128-cbc": 16,
    "http://www.w3.org/2001/04/xmlenc#aes256-cbc": 32,
}
"""What it may be encrypted with too where the response around it is signed: see `proxy.saml.content_encryption`."""

RSA_OAEP_MGF1P: Final = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
RSA_OAEP: Final = "http://www.w3.org/2009/xmlenc11#rsa-oaep"

# SHA-1 is a building block of OAEP here, where collisions do not matter, and what every product can do.
OAEP_DIGESTS: Final[dict[str, hashes.HashAlgorithm]] = {
    "http://www.w3.org/2000/09/xmldsig#sha1": hashes.SHA1(),  # noqa: S303 - see above
    SHA256_DIGEST: hashes.SHA256(),
    "http://www.w3.org/2001/04/xmldsig-more#sha384": hashes.SHA384(),
    "http://www.w3.org/2001/04/xmlenc#sha512": hashes.SHA512(),
}
MASK_GENERATIONS: Final[dict[str, hashes.HashAlgorithm]] = {
    "http://www.w3.org/2009/xmlenc11#mgf1sha1": hashes.SHA1(),  # noqa: S303 - see above
    "http://www.w3.org/2009/xmlenc11#mgf1sha256": hashes.SHA256(),
    "http://www.w3.org/2009/xmlenc11#mgf1sha384": hashes.SHA384(),
    "http://www.w3.org/2009/xmlenc11#mgf1sha512": hashes.SHA512(),
}
