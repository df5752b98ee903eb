# SPDX-License-Identifier: Apache-2.0
"""Opening encrypted content: what cannot be right for the algorithm opens to nothing, and never breaks."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from proxy.saml.content_encryption import opened

AES128_CBC = "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
AES256_GCM = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
KEY = b"k" * 16


def cbc(padded: bytes) -> bytes:
    """Encrypt what has its padding already."""
    encryptor = Cipher(AES(KEY), CBC(b"i" * 16)).encryptor()
    return b"i" * 16 + encryptor.update(padded) + encryptor.finalize()


@pytest.mark.parametrize(
    ("padded", "plain"),
    [
        pytest.param(b"0123456789" + b"abcde\x06", b"0123456789", id="padded by anything, as xmlenc has it"),
        pytest.param(b"0123456789" + b"\x06" * 6, b"0123456789", id="padded as PKCS 7 has it"),
        pytest.param(b"0123456789abcde\x01", b"0123456789abcde", id="one byte"),
        pytest.param(b"abcdefghijklmno\x10", b"", id="a whole block"),
        pytest.param(b"0123456789abcde\x00", None, id="no byte"),
        pytest.param(b"0123456789abcde\x11", None, id="more than a block"),
    ],
)
def test_takes_the_padding_off(padded: bytes, plain: bytes | None):
    """The last byte says how many bytes were added (xmlenc-core1 5.2)."""
    assert opened(AES128_CBC, KEY, cbc(padded)) == plain


@pytest.mark.parametrize(
    ("algorithm", "key", "cipher_text"),
    [
        pytest.param(AES128_CBC, KEY, b"", id="nothing by CBC"),
        pytest.param(AES128_CBC, KEY, b"i" * 16, id="an initialisation vector alone"),
        pytest.param(AES128_CBC, KEY, b"i" * 33, id="half a block"),
        pytest.param(AES128_CBC, b"k" * 32, b"i" * 32, id="a longer key by CBC"),
        pytest.param(AES256_GCM, b"k" * 32, b"", id="nothing by GCM"),
        pytest.param(AES256_GCM, b"k" * 32, b"n" * 40, id="another tag"),
        pytest.param(AES256_GCM, KEY, b"n" * 40, id="a shorter key by GCM"),
    ],
)
def test_opens_to_nothing(algorithm: str, key: bytes, cipher_text: bytes):
    """No input breaks it."""
    assert opened(algorithm, key, cipher_text) is None
