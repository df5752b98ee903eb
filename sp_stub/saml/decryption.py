# SPDX-License-Identifier: Apache-2.0
"""Decrypts an assertion with the service's key, which is read once per thread.

python3-saml 1.16 makes a keys manager and parses the PEM key for every response, which costs more than all else it
does (20 of 25 ms), and fails with a TypeError on a ciphertext that holds no XML. Every fault of the ciphertext has
one answer: the differences would be an oracle.
"""

from __future__ import annotations

import threading
from typing import Final

import xmlsec
from lxml import etree

from sp_stub.saml.answers import refuse
from sp_stub.saml.signatures import check_encryption

_ENCRYPTED_DATA: Final = "{http://www.w3.org/2001/04/xmlenc#}EncryptedData"
_ASSERTION: Final = "{urn:oasis:names:tc:SAML:2.0:assertion}Assertion"


class AssertionDecryptor:
    """One service's private key, for use by all threads."""

    def __init__(self, private_key_pem: bytes) -> None:
        """Keep the key; it is parsed when a thread first needs it."""
        self._private_key_pem = private_key_pem
        self._thread = threading.local()

    def decrypt(self, encrypted: etree._Element) -> etree._Element:
        """Return the Assertion of an EncryptedAssertion, which is changed; raises `ResponseNotAcceptedError`.

        The algorithms are looked at first. Only a key inside the EncryptedData is used (saml-core-2.0-os 2.3.4).
        """
        check_encryption(encrypted)
        data = encrypted.findall(_ENCRYPTED_DATA)
        if len(data) != 1 or len(encrypted) != 1:
            refuse("encryption-form", f"{len(encrypted)} elements", "one EncryptedData")
        try:
            assertion = xmlsec.EncryptionContext(self._manager()).decrypt(data[0])
        except (xmlsec.Error, etree.XMLSyntaxError, ValueError):
            refuse("assertion-not-decryptable")
        if not etree.iselement(assertion) or assertion.tag != _ASSERTION:
            refuse("assertion-not-decryptable")
        decrypted: etree._Element = assertion
        return decrypted

    def _manager(self) -> xmlsec.KeysManager:
        manager = getattr(self._thread, "manager", None)
        if manager is None:
            manager = xmlsec.KeysManager()
            manager.add_key(xmlsec.Key.from_memory(self._private_key_pem, xmlsec.constants.KeyDataFormatPem))
            self._thread.manager = manager
        return manager
