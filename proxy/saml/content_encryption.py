# SPDX-License-Identifier: Apache-2.0
"""Opening encrypted content with its key: AES-GCM, and AES-CBC for whoever has verified it already (xmlenc-core1 5.2).

CBC alone tells whoever can send variants what they hold. Where a signature covers the cipher text and is verified
first, nobody but its sender can send any; some products, SimpleSAMLphp among them, encrypt in no other way.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from proxy.saml.algorithms import CBC_KEY_BYTES, GCM_KEY_BYTES

_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_BLOCK_BYTES: Final = 16


def opened(algorithm: str, key: bytes, cipher_text: bytes) -> bytes | None:
    """Return what was encrypted by one of the algorithms, `None` where key or cipher text cannot be right for it."""
    if len(key) != (GCM_KEY_BYTES | CBC_KEY_BYTES)[algorithm]:
        return None
    return _by_gcm(key, cipher_text) if algorithm in GCM_KEY_BYTES else _by_cbc(key, cipher_text)


def _by_gcm(key: bytes, cipher_text: bytes) -> bytes | None:
    if len(cipher_text) < _NONCE_BYTES + _TAG_BYTES:
        return None
    try:
        return AESGCM(key).decrypt(cipher_text[:_NONCE_BYTES], cipher_text[_NONCE_BYTES:], None)
    except InvalidTag:
        return None


def _by_cbc(key: bytes, cipher_text: bytes) -> bytes | None:
    """Return the plain text without its padding, whose last byte says how long it is and whose others say nothing."""
    if len(cipher_text) < 2 * _BLOCK_BYTES or len(cipher_text) % _BLOCK_BYTES:
        return None
    decryptor = Cipher(AES(key), CBC(cipher_text[:_BLOCK_BYTES])).decryptor()
    padded = decryptor.update(cipher_text[_BLOCK_BYTES:]) + decryptor.finalize()
    padding = padded[-1]
    return padded[:-padding] if 1 <= padding <= _BLOCK_BYTES else None
