# SPDX-License-Identifier: Apache-2.0
"""What the simulators take from the proxy's SP metadata: who it is, where answers may go, whose signatures count.

Read once at start, from the rendered file. A key is taken from here and from nowhere else (saml2int IIP-MD06).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlsplit

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from federation.errors import InputError
from idp_simulators.saml.encryption import EncryptionKey
from idp_simulators.saml.xml_reading import DoctypeError, Element, NotXmlError, read_xml

POST_BINDING: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"

_NAMESPACES: Final = {
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}


@dataclass(frozen=True)
class VerificationKey:
    """One public key in the two forms that the two bindings need."""

    rsa: rsa.RSAPublicKey
    xmlsec: Any = field(repr=False)


@dataclass(frozen=True)
class AcceptedProxy:
    """The one service provider that these identity providers answer.

    `acs_urls` are in the order of the metadata's default, then by index; the first is the default.
    """

    entity_id: str
    acs_urls: tuple[str, ...]
    keys: tuple[VerificationKey, ...]
    encryption_key: EncryptionKey | None = None
    """What an assertion for it is encrypted with; `None` where its metadata has no such key."""

    @property
    def origin(self) -> str:
        """Scheme, host and port of its addresses."""
        parts = urlsplit(self.acs_urls[0])
        return f"{parts.scheme}://{parts.netloc}"

    def with_acs_urls(self, acs_urls: tuple[str, ...]) -> AcceptedProxy:
        """Return the same proxy with other addresses for answers."""
        return replace(self, acs_urls=acs_urls)


def read_proxy_metadata(document: bytes, name: str) -> AcceptedProxy:
    """Return what the document says; raises `InputError`, naming the file `name`, where it is not a usable SP's."""
    try:
        root = read_xml(document)
    except (DoctypeError, NotXmlError) as error:
        raise _unusable(name, "an EntityDescriptor in XML without a DOCTYPE") from error
    entity_id = root.get("entityID")
    descriptor = root.find("md:SPSSODescriptor", _NAMESPACES)
    if etree.QName(root).localname != "EntityDescriptor" or not entity_id or descriptor is None:
        raise _unusable(name, "an EntityDescriptor with an entityID and an SPSSODescriptor")
    acs_urls = _acs_urls(descriptor)
    if not acs_urls:
        raise _unusable(name, "an AssertionConsumerService with the HTTP-POST binding")
    keys = tuple(_key(certificate, name) for certificate in _certificates(descriptor, "signing"))
    if not keys:
        raise _unusable(name, "a signing certificate")
    encryption_keys = (_key(certificate, name).rsa for certificate in _certificates(descriptor, "encryption"))
    return AcceptedProxy(entity_id, acs_urls, keys, next(map(EncryptionKey, encryption_keys), None))


def _acs_urls(descriptor: Element) -> tuple[str, ...]:
    services = [
        service
        for service in descriptor.iterfind("md:AssertionConsumerService", _NAMESPACES)
        if service.get("Binding") == POST_BINDING and service.get("Location")
    ]
    services.sort(key=lambda service: service.get("isDefault") not in {"true", "1"})
    return tuple(str(service.get("Location")) for service in services)


def _certificates(descriptor: Element, use: str) -> list[str]:
    """Return the certificates of keys for `use`: the attribute says so, or says nothing (saml-metadata-2.0-os 2.4.1.1)."""
    return [
        certificate.text or ""
        for key in descriptor.iterfind("md:KeyDescriptor", _NAMESPACES)
        if key.get("use") in {None, use}
        for certificate in key.iterfind("ds:KeyInfo/ds:X509Data/ds:X509Certificate", _NAMESPACES)
    ]


def _key(certificate_base64: str, name: str) -> VerificationKey:
    try:
        der = base64.b64decode("".join(certificate_base64.split()), validate=True)
        public_key = x509.load_der_x509_certificate(der).public_key()
    except (binascii.Error, ValueError) as error:
        raise _unusable(name, "a certificate in base64 DER") from error
    if not isinstance(public_key, rsa.RSAPublicKey):
        raise _unusable(name, "a certificate of an RSA key")
    return VerificationKey(public_key, xmlsec.Key.from_memory(der, xmlsec.constants.KeyDataFormatCertDer))


def _unusable(name: str, expected: str) -> InputError:
    return InputError(f"{name}: expected {expected}; run `testbed apply` to write it again")
