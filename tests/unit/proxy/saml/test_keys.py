# SPDX-License-Identifier: Apache-2.0
"""Keys: what is taken and what is not, and that none shows itself."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from federation.errors import InputError
from proxy.saml.algorithms import SIGNATURE_ALGORITHMS
from proxy.saml.keys import DecryptionKey, SigningKey, VerificationKey
from tests.builders.saml_keys import ec_pair, pair

ECDSA_SHA256 = SIGNATURE_ALGORITHMS["http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"]
RSA_SHA256 = SIGNATURE_ALGORITHMS["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"]


def test_show_nothing_of_themselves():
    """A key that ends up in a log says nothing."""
    for key in (SigningKey.from_pair(pair("idp")), DecryptionKey.from_pair(pair("idp"))):
        assert "private" not in repr(key).lower()


@pytest.mark.parametrize("kind", [SigningKey, DecryptionKey])
def test_of_our_own_are_rsa(kind: type[SigningKey | DecryptionKey]):
    """The proxy's own keys are RSA; another kind is an error at start."""
    with pytest.raises(InputError, match="found another kind, expected RSA"):
        kind.from_pair(ec_pair("proxy-ec"))


def test_verify_an_elliptic_signature_as_xml_writes_it():
    """The two numbers of an ECDSA signature stand side by side, not in DER."""
    private_key = load_pem_private_key(ec_pair("sp-ec").private_key_pem, None)
    assert isinstance(private_key, ec.EllipticCurvePrivateKey)
    der = private_key.sign(b"text", ec.ECDSA(hashes.SHA256()))
    side_by_side = b"".join(number.to_bytes(32) for number in decode_dss_signature(der))
    key = VerificationKey.from_certificate(ec_pair("sp-ec").certificate_base64)

    assert key.verifies(side_by_side, b"text", ECDSA_SHA256)
    assert not key.verifies(der, b"text", ECDSA_SHA256)
    assert not key.verifies(side_by_side, b"other", ECDSA_SHA256)
    assert not key.verifies(side_by_side, b"text", RSA_SHA256)
    assert not key.verifies(b"", b"text", ECDSA_SHA256)
