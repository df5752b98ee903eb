# SPDX-License-Identifier: Apache-2.0
"""A fake login service: responses to a simulated service's requests, valid by default, wrong in one thing on demand.

It shares no code with the proxy or with the service: plain text, signed with python-xmlsec.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from xml.sax.saxutils import escape, quoteattr

import xmlsec
from lxml import etree

from certs.keys import KeyPair, make_key_pair
from federation.attributes import BY_NAME, NAME_FORMAT_URI

NOW = datetime(2026, 8, 12, 5, 0, tzinfo=UTC)
PUBLISHER = "https://publisher.localhost"
PROXY = "https://mpass.localhost/idp/shibboleth"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
PUPIL = {
    "uid": ["MPASSOID.391ea8eb34f1e27024ab1342603537bdbd494900"],
    "given_name": ["Testi1"],
    "surname": ["Oppilas1"],
    "school_info": [
        "30076;Mansikkalan testi peruskoulu",
        "1.2.246.562.99.00000000002;Mansikkalan testi peruskoulu",
    ],
    "role": ["1.2.246.562.99.00000000001;30076;9F;Oppilas;1;1.2.246.562.99.00000000002;"],
}


@cache
def key_pair(entity: str) -> KeyPair:
    """Return a key pair, made once per test process."""
    return make_key_pair(entity, NOW)


@dataclass(frozen=True)
class FakeResponse:
    """One response; every field is what a good one holds, `None` leaves the thing out."""

    in_response_to: str | None = "id-request"
    response_id: str = "id-response"
    assertion_id: str = "id-assertion"
    destination: str | None = f"{PUBLISHER}/acs"
    recipient: str | None = f"{PUBLISHER}/acs"
    confirmed_request: str | None = "id-request"
    method: str = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    audiences: Sequence[Sequence[str]] = ((f"{PUBLISHER}/metadata",),)
    issuer: str = PROXY
    assertion_issuer: str = PROXY
    version: str = "2.0"
    now: datetime = NOW
    issued: timedelta = timedelta(0)
    not_before: timedelta | None = timedelta(0)
    not_on_or_after: timedelta | None = timedelta(minutes=5)
    confirmed_until: timedelta | None = timedelta(minutes=5)
    confirmed_from: timedelta | None = None
    authenticated: timedelta = timedelta(minutes=-3)
    session_until: timedelta | None = None
    status: Sequence[str] = ("Success",)
    status_message: str | None = None
    attributes: Mapping[str, Sequence[str]] = field(default_factory=lambda: PUPIL)
    extra_attributes: str = ""
    extra_conditions: str = ""
    key: KeyPair = field(default_factory=lambda: key_pair("proxy-idp"))
    sign_response: bool = True
    sign_assertion: bool = True
    signature_method: str = xmlsec.constants.TransformRsaSha256.href
    digest_method: str = xmlsec.constants.TransformSha256.href
    encrypt_to: KeyPair | None = None
    content_encryption: str = xmlsec.constants.TransformAes128Gcm.href
    key_encryption: str = xmlsec.constants.TransformRsaOaep.href

    def but(self, **changes: object) -> FakeResponse:
        """Return the same response with these things changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # the fields' own types hold

    def at(self, offset: timedelta | None) -> str:
        """Return a time in the message."""
        return (self.now + (offset or timedelta(0))).strftime("%Y-%m-%dT%H:%M:%SZ")

    def xml(self) -> bytes:
        """Return the signed message."""
        root = etree.fromstring(self._text())
        assertion = root.find(f"{{{SAML}}}Assertion")
        if assertion is not None and self.sign_assertion:
            self._sign(assertion)
        if assertion is not None and self.encrypt_to is not None:
            root = self._encrypted(root, assertion, self.encrypt_to)
        if self.sign_response:
            self._sign(root)
        return etree.tostring(root)

    def form_value(self) -> str:
        """Return the message as a form carries it."""
        return encoded(self.xml())

    def _text(self) -> str:
        succeeded = self.status[0] == "Success"
        return (
            f'<samlp:Response xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" ID="{self.response_id}"'
            f' Version="{self.version}" IssueInstant="{self.at(self.issued)}"'
            f"{_attribute('Destination', self.destination)}{_attribute('InResponseTo', self.in_response_to)}>"
            f"<saml:Issuer>{escape(self.issuer)}</saml:Issuer>{self._status()}"
            f"{self._assertion() if succeeded else ''}</samlp:Response>"
        )

    def _status(self) -> str:
        second = f'<samlp:StatusCode Value="{STATUS}{self.status[1]}"/>' if len(self.status) > 1 else ""
        message = (
            ""
            if self.status_message is None
            else f"<samlp:StatusMessage>{escape(self.status_message)}</samlp:StatusMessage>"
        )
        code = f'<samlp:StatusCode Value="{STATUS}{self.status[0]}">{second}</samlp:StatusCode>'
        return f"<samlp:Status>{code}{message}</samlp:Status>"

    def _assertion(self) -> str:
        return (
            f'<saml:Assertion ID="{self.assertion_id}" Version="2.0" IssueInstant="{self.at(self.issued)}">'
            f"<saml:Issuer>{escape(self.assertion_issuer)}</saml:Issuer>{self._subject()}{self._conditions()}"
            f'<saml:AuthnStatement AuthnInstant="{self.at(self.authenticated)}"'
            f"{_attribute('SessionNotOnOrAfter', self._optional(self.session_until))}>"
            "<saml:AuthnContext><saml:AuthnContextClassRef>urn:mpass.id:authnsource:ShibMansikkala"
            "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
            f"{self._attribute_statement()}</saml:Assertion>"
        )

    def _subject(self) -> str:
        return (
            '<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">AAdzZWNyZXQ'
            f'</saml:NameID><saml:SubjectConfirmation Method="{self.method}"><saml:SubjectConfirmationData'
            f"{_attribute('Recipient', self.recipient)}{_attribute('InResponseTo', self.confirmed_request)}"
            f"{_attribute('NotBefore', self._optional(self.confirmed_from))}"
            f"{_attribute('NotOnOrAfter', self._optional(self.confirmed_until))}"
            "/></saml:SubjectConfirmation></saml:Subject>"
        )

    def _conditions(self) -> str:
        restrictions = "".join(
            "<saml:AudienceRestriction>"
            + "".join(f"<saml:Audience>{escape(audience)}</saml:Audience>" for audience in restriction)
            + "</saml:AudienceRestriction>"
            for restriction in self.audiences
        )
        return (
            f"<saml:Conditions{_attribute('NotBefore', self._optional(self.not_before))}"
            f"{_attribute('NotOnOrAfter', self._optional(self.not_on_or_after))}>"
            f"{restrictions}{self.extra_conditions}</saml:Conditions>"
        )

    def _attribute_statement(self) -> str:
        attributes = "".join(attribute(name, values) for name, values in self.attributes.items())
        content = attributes + self.extra_attributes
        return f"<saml:AttributeStatement>{content}</saml:AttributeStatement>" if content else ""

    def _optional(self, offset: timedelta | None) -> str | None:
        return None if offset is None else self.at(offset)

    def _sign(self, element: etree._Element) -> None:
        sign(element, self.key, self.signature_method, self.digest_method)

    def _encrypted(self, root: etree._Element, assertion: etree._Element, to: KeyPair) -> etree._Element:
        manager = xmlsec.KeysManager()
        manager.add_key(xmlsec.Key.from_memory(to.certificate_pem, xmlsec.KeyFormat.CERT_PEM))
        data = xmlsec.template.encrypted_data_create(
            root, _transform(self.content_encryption), type=xmlsec.EncryptionType.ELEMENT, ns="xenc"
        )
        xmlsec.template.encrypted_data_ensure_cipher_value(data)
        key_info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="ds")
        wrapped = xmlsec.template.add_encrypted_key(key_info, _transform(self.key_encryption))
        xmlsec.template.encrypted_data_ensure_cipher_value(wrapped)
        context = xmlsec.EncryptionContext(manager)
        bits = 256 if "aes256" in self.content_encryption else 128
        context.key = xmlsec.Key.generate(xmlsec.KeyData.AES, bits, xmlsec.KeyDataType.SESSION)
        encrypted = context.encrypt_xml(data, assertion)
        wrapper = etree.Element(f"{{{SAML}}}EncryptedAssertion")
        encrypted.getparent().replace(encrypted, wrapper)
        wrapper.append(encrypted)
        return etree.fromstring(etree.tostring(root))


def attribute(name: str, values: Sequence[str]) -> str:
    """Return one attribute of the data model as XML."""
    known = BY_NAME[name]
    return (
        f'<saml:Attribute Name="{known.saml_name}" NameFormat="{NAME_FORMAT_URI}"'
        f' FriendlyName="{known.friendly_name}">'
        + "".join(f"<saml:AttributeValue>{escape(value)}</saml:AttributeValue>" for value in values)
        + "</saml:Attribute>"
    )


def sign(element: etree._Element, key: KeyPair, signature_method: str, digest_method: str) -> None:
    """Sign an element in place, its Signature after the Issuer."""
    signature = xmlsec.template.create(
        element, xmlsec.constants.TransformExclC14N, _transform(signature_method), ns="ds"
    )
    element.insert(1, signature)
    reference = xmlsec.template.add_reference(signature, _transform(digest_method), uri=f"#{element.get('ID')}")
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    xmlsec.tree.add_ids(element, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key.private_key_pem, xmlsec.KeyFormat.PEM)
    context.sign(signature)


def encoded(message: bytes) -> str:
    """Return a message in base64."""
    return base64.b64encode(message).decode("ascii")


def proxy_metadata(*certificates: str) -> bytes:
    """Return the fake login service's metadata, with its own certificate or these."""
    keys = "".join(
        '<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data>'
        f"<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for certificate in certificates or (key_pair("proxy-idp").certificate_base64,)
    )
    return (
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"'
        f' xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{PROXY}">'
        f'<md:IDPSSODescriptor protocolSupportEnumeration="{SAMLP}">{keys}'
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"'
        ' Location="https://mpass.localhost/idp/profile/SAML2/Redirect/SSO"/>'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    ).encode()


def _attribute(name: str, value: str | None) -> str:
    return "" if value is None else f" {name}={quoteattr(value)}"


def _transform(algorithm: str) -> object:
    constants = (getattr(xmlsec.constants, name) for name in dir(xmlsec.constants) if name.startswith("Transform"))
    return next(constant for constant in constants if getattr(constant, "href", None) == algorithm)
