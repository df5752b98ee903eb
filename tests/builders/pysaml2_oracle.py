# SPDX-License-Identifier: Apache-2.0
"""pysaml2 as a service provider in its strictest use: the oracle of tests.

Crypto is libxmlsec in this process (put on `sec.crypto`, the one place for it, saml-libraries 2), with certificates and
keys as values, so that nothing writes temporary files. What pysaml2 says only
by returning nothing counts as a refusal, recipients are checked, unsolicited responses are not, and the caller compares
the issuers, which pysaml2 leaves to it (saml-libraries 3). pysaml2 reads the process's clock.
"""

from __future__ import annotations

import logging
import re
import sys
from dataclasses import dataclass
from typing import Any, Final

import xmlsec
from lxml import etree
from saml2 import BINDING_HTTP_POST
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.sigver import CryptoBackend, DecryptError, SignatureError, pem_format

from certs.keys import KeyPair

SKEW_SECONDS: Final = 180


class RefusedByPysaml2Error(Exception):
    """pysaml2, or the caller's part of its strictest use, does not accept the response."""


class InProcessCrypto(CryptoBackend):
    """What the xmlsec1 program does for pysaml2, without the program."""

    def __init__(self, key: KeyPair | None) -> None:
        """Decrypt with `key`."""
        super().__init__()
        self._key = key

    @property
    def version(self) -> str:
        """Of the program that is not there."""
        return "1.3.0"

    def validate_signature(
        self, signedtext: str | bytes, cert_file: str, cert_type: str, node_name: str, node_id: str
    ) -> bool:
        """Verify the first signature below the node of that name and ID, as `xmlsec1 --verify --node-id` does."""
        del cert_type
        root = etree.fromstring(signedtext.encode() if isinstance(signedtext, str) else signedtext)
        namespace, _, local_name = node_name.rpartition(":")
        nodes = list(root.iter(f"{{{namespace}}}{local_name}"))
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(cert_file, xmlsec.constants.KeyDataFormatCertPem)
        try:
            for node in nodes:
                context.register_id(node, "ID")
            node = next(node for node in nodes if node.get("ID") == node_id)
            context.verify(xmlsec.tree.find_node(node, "Signature"))
        except (xmlsec.Error, StopIteration, TypeError) as error:
            raise SignatureError(str(error)) from error
        return True

    def decrypt(self, enctext: str | bytes, key_file: str) -> str:
        """Decrypt the first EncryptedData in its place."""
        del key_file
        root = etree.fromstring(enctext.encode() if isinstance(enctext, str) else enctext)
        data = xmlsec.tree.find_node(root, "EncryptedData", "http://www.w3.org/2001/04/xmlenc#")
        if self._key is None or data is None:
            message = "nothing to decrypt, or nothing to decrypt with"
            raise DecryptError(message)
        manager = xmlsec.KeysManager()
        manager.add_key(xmlsec.Key.from_memory(self._key.private_key_pem, xmlsec.constants.KeyDataFormatPem))
        try:
            xmlsec.EncryptionContext(manager).decrypt(data)
        except xmlsec.Error as error:
            raise DecryptError(str(error)) from error
        return etree.tostring(root, encoding="unicode")


@dataclass(frozen=True)
class Certificate:
    """What pysaml2 takes for an open file: it hands the name on, which here is the certificate itself."""

    name: str


@dataclass(frozen=True)
class TrustedCertificates:
    """The certificates of one identity provider, in the place of pysaml2's metadata store."""

    entity_id: str
    pems: tuple[str, ...]

    def certs(self, entity_id: str | None, _descriptor: str, _use: str) -> list[tuple[str, Certificate]]:
        """Return them for that provider, none for another."""
        return [("", Certificate(pem)) for pem in self.pems] if entity_id == self.entity_id else []


class Pysaml2ServiceProvider:
    """A service provider that trusts one identity provider."""

    def __init__(self, entity_id: str, acs_url: str, idp_metadata: bytes, key: KeyPair | None = None) -> None:
        """Configure pysaml2 from values; with `key` it decrypts as well."""
        for name in ("saml2", "xmlschema"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        metadata = etree.fromstring(idp_metadata)
        self._idp = str(metadata.get("entityID"))
        config: dict[str, Any] = {
            "entityid": entity_id,
            "service": {
                "sp": {
                    "endpoints": {"assertion_consumer_service": [(acs_url, BINDING_HTTP_POST)]},
                    "allow_unsolicited": False,
                    "want_response_signed": False,
                    "want_assertions_signed": False,
                    "want_assertions_or_response_signed": True,
                    "requested_attribute_name_format": None,
                }
            },
            "metadata": {"inline": [idp_metadata.decode()]},
            "accepted_time_diff": SKEW_SECONDS,
            "allow_unknown_attributes": True,
            # The file must exist and is never run: the in-process crypto stands in for it.
            "xmlsec_binary": sys.executable,
        }
        self._client = Saml2Client(SPConfig().load(config))
        self._client.sec.crypto = InProcessCrypto(key)
        self._client.sec.enc_key_files = ["the key of the in-process crypto"]
        self._client.sec.metadata = TrustedCertificates(
            self._idp, tuple(pem_format(element.text) for element in metadata.iter("{*}X509Certificate"))
        )

    def values(self, message: str, request_id: str) -> dict[str, list[str]]:
        """Return the attribute values of an accepted response; raises `RefusedByPysaml2Error` for any other."""
        try:
            response = self._client.parse_authn_request_response(
                message,
                BINDING_HTTP_POST,
                outstanding={request_id: "/"},
                conv_info={"entity_id": "", "remote_addr": "0.0.0.0"},  # noqa: S104 - pysaml2's word for any address
            )
        except Exception as error:  # whatever it raises is its way to refuse
            raise RefusedByPysaml2Error(_first_words(f"{type(error).__name__}: {error}")) from error
        if response is None or response.assertion is None or response.ava is None:
            message = "no assertion"
            raise RefusedByPysaml2Error(message)
        if {
            response.assertion.issuer.text,
            response.response.issuer.text if response.response.issuer else self._idp,
        } != {self._idp}:
            message = "another issuer"
            raise RefusedByPysaml2Error(message)
        return {name: list(values) for name, values in response.ava.items()}


def _first_words(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:160]
