# SPDX-License-Identifier: Apache-2.0
"""A SAML message in words: who sent it to whom, when it counts, who signed what, what it says.

It reads and tells; it verifies nothing, so a message it describes may still be refused. An encrypted assertion stays
closed. What can stand in a line of the terminal is cut to a bearable length.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from lxml import etree

from federation.attributes import BY_SAML_NAME
from testbed.explain.decode import Decoded, parse
from testbed.explain.messages import STATUS_PREFIX

MAX_VALUE: Final = 300

NAMESPACES: Final = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
}

Fact = tuple[str, str]
"""What it is, and what the message says."""


def describe(message: Decoded) -> list[Fact]:
    """Return what the message holds, in the order a person asks; raises `InputError` where it is not XML."""
    root = parse(message.xml)
    facts = [
        ("message", etree.QName(root).localname),
        ("encoding", message.how),
        *_present(
            ("ID", root.get("ID")),
            ("issuer", _text(root, "./saml:Issuer")),
            ("destination", root.get("Destination")),
            ("issued", root.get("IssueInstant")),
            ("answers", root.get("InResponseTo")),
            ("answer to", root.get("AssertionConsumerServiceURL")),
            ("answer by", root.get("ProtocolBinding")),
            ("force sign-in", root.get("ForceAuthn")),
            ("passive", root.get("IsPassive")),
            ("entity ID", root.get("entityID")),
            ("RelayState", message.relay_state),
        ),
        *_requested(root),
        *_status(root),
        *_signature(root, message.signature_algorithm),
    ]
    for assertion in root.iter(f"{{{NAMESPACES['saml']}}}Assertion"):
        facts += _assertion(assertion, is_root=assertion is root)
    encrypted = len(root.findall(".//saml:EncryptedAssertion", NAMESPACES))
    if encrypted:
        facts.append(("encrypted assertions", f"{encrypted}, closed for whoever lacks the key"))
    return facts


def _present(*facts: tuple[str, str | None]) -> list[Fact]:
    return [(name, _short(value)) for name, value in facts if value is not None]


def _requested(root: etree._Element) -> list[Fact]:
    policy = root.find("./samlp:NameIDPolicy", NAMESPACES)
    classes = _texts(root, "./samlp:RequestedAuthnContext/saml:AuthnContextClassRef")
    return _present(
        ("NameID format", policy.get("Format") if policy is not None else None),
        *(("requested context", each) for each in classes),
    )


def _status(root: etree._Element) -> list[Fact]:
    codes = root.iterfind("./samlp:Status//samlp:StatusCode", NAMESPACES)
    names = " / ".join((code.get("Value") or "").removeprefix(STATUS_PREFIX) for code in codes)
    return _present(
        ("status", names or None),
        ("status message", _text(root, "./samlp:Status/samlp:StatusMessage")),
    )


def _signature(element: etree._Element, in_url: str | None = None) -> list[Fact]:
    if in_url:
        return [("signature", _short(f"in the URL, {in_url}"))]
    signature = element.find("./ds:Signature", NAMESPACES)
    if signature is None:
        return [("signature", "none")]
    method = signature.find("./ds:SignedInfo/ds:SignatureMethod", NAMESPACES)
    reference = signature.find("./ds:SignedInfo/ds:Reference", NAMESPACES)
    algorithm = (method.get("Algorithm") if method is not None else None) or "no algorithm"
    covered = reference.get("URI") if reference is not None else None
    reaches = "over this element" if covered == f"#{element.get('ID')}" else f"over {covered!r}, not this element"
    facts = [("signature", _short(f"{algorithm}, {reaches}; not verified here"))]
    certificate = signature.findtext(".//ds:X509Certificate", None, NAMESPACES)
    return [*facts, ("certificate", _certificate(certificate))] if certificate else facts


def _certificate(text: str) -> str:
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode("".join(text.split()), validate=True))
    except (binascii.Error, ValueError):
        return "not readable"
    fingerprint = certificate.fingerprint(hashes.SHA256()).hex()
    return _short(f"{certificate.subject.rfc4514_string()}, SHA-256 {fingerprint}")


def _assertion(assertion: etree._Element, *, is_root: bool) -> list[Fact]:
    conditions = assertion.find("./saml:Conditions", NAMESPACES)
    name_id = assertion.find("./saml:Subject/saml:NameID", NAMESPACES)
    confirmations = assertion.findall(
        "./saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData", NAMESPACES
    )
    statement = assertion.find("./saml:AuthnStatement", NAMESPACES)
    facts = [] if is_root else [("assertion", assertion.get("ID") or "without ID"), *_signature(assertion)]
    if not is_root:
        facts += _present(("assertion issuer", _text(assertion, "./saml:Issuer")))
    if name_id is not None:
        facts += _present(("NameID", name_id.text), ("NameID format", name_id.get("Format")))
    for data in confirmations:
        facts += _present(
            ("recipient", data.get("Recipient")),
            ("confirmed until", data.get("NotOnOrAfter")),
            ("confirms", data.get("InResponseTo")),
        )
    if conditions is not None:
        facts += _present(("valid from", conditions.get("NotBefore")), ("valid until", conditions.get("NotOnOrAfter")))
    facts += [("audience", _short(audience)) for audience in _texts(assertion, ".//saml:Audience")]
    if statement is not None:
        facts += _present(
            ("signed in", statement.get("AuthnInstant")),
            ("context", _text(statement, "./saml:AuthnContext/saml:AuthnContextClassRef")),
        )
    return facts + _attributes(assertion)


def _attributes(assertion: etree._Element) -> list[Fact]:
    facts = []
    for attribute in assertion.findall(".//saml:Attribute", NAMESPACES):
        name = attribute.get("Name") or "without Name"
        known = BY_SAML_NAME.get(name)
        label = f"{name} ({known.name})" if known else name
        values = [_content(value) for value in attribute.iterfind("./saml:AttributeValue", NAMESPACES)]
        facts += [(f"attribute {label}", _short(value)) for value in values or ["without value"]]
    return facts


def _text(element: etree._Element, path: str) -> str | None:
    return next(iter(_texts(element, path)), None)


def _texts(element: etree._Element, path: str) -> list[str]:
    return [_content(found).strip() for found in element.iterfind(path, NAMESPACES)]


def _content(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _short(value: str) -> str:
    return value if len(value) <= MAX_VALUE else f"{value[:MAX_VALUE]}… ({len(value)} characters)"
