# SPDX-License-Identifier: Apache-2.0
"""What `explain` takes, and what it says."""

from __future__ import annotations

import base64
import json
import zlib
from urllib.parse import quote

import pytest

from federation.errors import InputError
from testbed.explain.decode import MAX_MESSAGE, Decoded, decode
from testbed.explain.describe import describe

REQUEST = (
    b'<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
    b' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Destination="https://mpass.localhost/sso"'
    b' IssueInstant="2026-08-12T05:00:00Z"><saml:Issuer>https://publisher.localhost/metadata</saml:Issuer>'
    b"</samlp:AuthnRequest>"
)
RESPONSE = (
    b'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
    b' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_2" InResponseTo="_1"><samlp:Status>'
    b'<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">'
    b'<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"/></samlp:StatusCode></samlp:Status>'
    b'<saml:Assertion ID="_3"><saml:Conditions NotBefore="2026-08-12T05:00:00Z" NotOnOrAfter="2026-08-12T05:05:00Z">'
    b"<saml:AudienceRestriction><saml:Audience>https://publisher.localhost/metadata</saml:Audience>"
    b"</saml:AudienceRestriction></saml:Conditions><saml:AttributeStatement>"
    b'<saml:Attribute Name="urn:mpass.id:uid"><saml:AttributeValue>MPASSOID.0</saml:AttributeValue></saml:Attribute>'
    b"</saml:AttributeStatement></saml:Assertion></samlp:Response>"
)


def deflated(xml: bytes) -> str:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return base64.b64encode(packer.compress(xml) + packer.flush()).decode()


@pytest.mark.parametrize(
    ("content", "decoded"),
    [
        pytest.param(REQUEST, Decoded(REQUEST, "XML"), id="XML"),
        pytest.param(base64.b64encode(REQUEST), Decoded(REQUEST, "base64"), id="base64"),
        pytest.param(deflated(REQUEST).encode(), Decoded(REQUEST, "base64 and DEFLATE"), id="base64 of DEFLATE"),
        pytest.param(
            f"https://x/sso?SAMLRequest={quote(deflated(REQUEST), safe='')}&RelayState=r&SigAlg=a&Signature=s&lang=fi".encode(),
            Decoded(REQUEST, "SAMLRequest, base64 and DEFLATE", "r", "a"),
            id="a signed redirect",
        ),
        pytest.param(
            b"SAMLResponse=" + quote(base64.b64encode(REQUEST), safe="").encode(),
            Decoded(REQUEST, "SAMLResponse, base64"),
            id="a form body",
        ),
    ],
)
def test_decodes_every_form_a_message_travels_in(content: bytes, decoded: Decoded):
    """XML, base64, DEFLATE, URL, form."""
    assert decode(content) == (decoded,)


def test_decodes_a_transcript():
    """Each message of a transcript, in its order."""
    message = {"hop": 2, "from": "publisher", "to": "proxy", "binding": "HTTP-Redirect", "relay_state": None}
    content = json.dumps({"messages": [{**message, "xml": REQUEST.decode()}]}).encode()

    assert decode(content) == (Decoded(REQUEST, "hop 2, publisher → proxy, HTTP-Redirect"),)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        pytest.param(b"\xff\xfe\x00", "not text", id="binary"),
        pytest.param(b"hello world!", "neither XML nor base64", id="prose"),
        pytest.param(b"aGVsbG8=", "neither of XML nor of DEFLATE", id="base64 of prose"),
        pytest.param(b"{}", "not a transcript", id="other JSON"),
        pytest.param(b'{"messages": []}', "without any message", id="an empty transcript"),
        pytest.param(b"[" * 100_000, "neither XML nor base64", id="deep brackets"),
        pytest.param(b'{"messages":' + b"[" * 100_000, "not a transcript", id="deep JSON"),
        pytest.param(b"https://x/?SAMLRequest=a&SAMLRequest=b", "stands 2 times", id="a repeated parameter"),
        pytest.param(deflated(b"<a>" + b"x" * MAX_MESSAGE).encode(), "unpacks to more than", id="a bomb"),
        pytest.param(b"x" * 5_000_001, "larger than any message", id="a big file"),
    ],
)
def test_says_what_it_cannot_decode(content: bytes, complaint: str):
    """What is no message is named, never a traceback."""
    with pytest.raises(InputError, match=complaint):
        decode(content)


@pytest.mark.parametrize(
    ("xml", "complaint"),
    [
        (b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "document type"),
        (b"<a><b></a>", "not well-formed"),
    ],
)
def test_reads_no_document_type_and_no_broken_xml(xml: bytes, complaint: str):
    """A DTD is refused before it is read."""
    with pytest.raises(InputError, match=complaint):
        describe(Decoded(xml, "XML"))


def test_describes_a_request():
    """Who asks whom, when, and how it is signed."""
    assert describe(Decoded(REQUEST, "SAMLRequest, base64 and DEFLATE", "r", "rsa-sha256")) == [
        ("message", "AuthnRequest"),
        ("encoding", "SAMLRequest, base64 and DEFLATE"),
        ("ID", "_1"),
        ("issuer", "https://publisher.localhost/metadata"),
        ("destination", "https://mpass.localhost/sso"),
        ("issued", "2026-08-12T05:00:00Z"),
        ("RelayState", "r"),
        ("signature", "in the URL, rsa-sha256"),
    ]


def test_describes_a_response():
    """Status, conditions, audience and attributes, by the names of the data model."""
    assert describe(Decoded(RESPONSE, "XML")) == [
        ("message", "Response"),
        ("encoding", "XML"),
        ("ID", "_2"),
        ("answers", "_1"),
        ("status", "Responder / AuthnFailed"),
        ("signature", "none"),
        ("assertion", "_3"),
        ("signature", "none"),
        ("valid from", "2026-08-12T05:00:00Z"),
        ("valid until", "2026-08-12T05:05:00Z"),
        ("audience", "https://publisher.localhost/metadata"),
        ("attribute urn:mpass.id:uid (uid)", "MPASSOID.0"),
    ]
