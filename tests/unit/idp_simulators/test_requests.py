# SPDX-License-Identifier: Apache-2.0
"""Reading the proxy's AuthnRequest: what is accepted, and the reason of each refusal."""

import base64
import re
import zlib
from datetime import UTC, datetime

import pytest
from lxml import etree

from federation.errors import InputError
from idp_simulators.home_request import HomeRequest, RefusedRequestError
from idp_simulators.saml.bindings import receive_post, receive_redirect
from idp_simulators.saml.proxy_metadata import read_proxy_metadata
from idp_simulators.saml.requests import read_authn_request
from tests.builders.homes import ACS_URL, NOW, SSO_URL, ProxyRequest, key_pair, proxy_metadata, signed_query

REQUEST = ProxyRequest()
PROXY = read_proxy_metadata(proxy_metadata(), "proxy.xml")


def by_redirect(query: str) -> HomeRequest | str:
    try:
        return read_authn_request(receive_redirect(query), PROXY, SSO_URL, NOW)
    except RefusedRequestError as error:
        return error.refusal.reason_id


def by_post(fields: dict[str, str]) -> HomeRequest | str:
    try:
        return read_authn_request(receive_post(fields.items()), PROXY, SSO_URL, NOW)
    except RefusedRequestError as error:
        return error.refusal.reason_id


def deflated(document: bytes) -> str:
    deflater = zlib.compressobj(wbits=-15)
    return base64.b64encode(deflater.compress(document) + deflater.flush()).decode()


def posted(document: str) -> dict[str, str]:
    return {"SAMLRequest": base64.b64encode(document.encode()).decode()}


ACCEPTED = HomeRequest("_request1", datetime(2026, 8, 12, 7, 58, tzinfo=UTC), ACS_URL, "login-1")


def test_reads_a_signed_request_by_redirect():
    """The request is read with its RelayState, and answered to the address it names."""
    assert by_redirect(REQUEST.query()) == ACCEPTED


def test_reads_a_signed_request_by_post():
    """The same message by POST, signed inside, says the same."""
    assert by_post(REQUEST.form()) == ACCEPTED


def test_answers_to_the_default_address_where_none_is_named():
    """Without an address of its own the metadata's default counts (saml-metadata-2.0-os 2.2.3)."""
    asked = by_redirect(REQUEST.but(attributes="").query())

    assert isinstance(asked, HomeRequest)
    assert asked.reply_url == "https://mpass.localhost/Shibboleth.sso/SAML2/POST"


@pytest.mark.parametrize(
    ("attributes", "forced", "passive"),
    [
        (' ForceAuthn="true"', True, False),
        (' ForceAuthn="1" IsPassive="0"', True, False),
        (' IsPassive="true"', False, True),
    ],
)
def test_reads_what_the_request_forces_or_forbids(attributes: str, *, forced: bool, passive: bool):
    """ForceAuthn and IsPassive are read in both spellings of xs:boolean."""
    asked = by_redirect(REQUEST.but(attributes=attributes).query())

    assert isinstance(asked, HomeRequest)
    assert (asked.force_authn, asked.is_passive) == (forced, passive)


REFUSED_EITHER_WAY = {
    "from another service provider": (REQUEST.but(issuer="https://other.example.org"), "home-request-issuer-unknown"),
    "from nobody": (REQUEST.but(issuer=None), "home-request-issuer-missing"),
    "by another key": (REQUEST.but(signer="idp-kuusikoski"), "home-request-signature-invalid"),
    "not signed": (REQUEST.but(signer=None), "home-request-signature-missing"),
    "for another address": (REQUEST.but(destination=f"{SSO_URL}/"), "home-request-wrong-destination"),
    "for no address": (REQUEST.but(destination=None), "home-request-destination-missing"),
    "190 seconds ahead": (REQUEST.but(issue_instant="2026-08-12T08:01:10Z"), "home-request-not-yet-valid"),
    "490 seconds old": (REQUEST.but(issue_instant="2026-08-12T07:49:50Z"), "home-request-expired"),
    "with a time that does not exist": (REQUEST.but(issue_instant="2026-02-30T07:58:00Z"), "home-request-malformed"),
    "with a time without zone": (REQUEST.but(issue_instant="2026-08-12T07:58:00"), "home-request-malformed"),
    "of SAML 1.1": (REQUEST.but(version="1.1"), "home-request-version-unsupported"),
    "with an ID that is no name": (REQUEST.but(id="1"), "home-request-malformed"),
    "answered elsewhere": (
        REQUEST.but(attributes=f' AssertionConsumerServiceURL="{ACS_URL}/"'),
        "home-request-acs-unknown",
    ),
    "answered by index": (REQUEST.but(attributes=' AssertionConsumerServiceIndex="1"'), "home-request-acs-unknown"),
    "answered by artifact": (
        REQUEST.but(attributes=' ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"'),
        "home-request-binding-unsupported",
    ),
    "with a boolean that is none": (REQUEST.but(attributes=' ForceAuthn="yes"'), "home-request-malformed"),
    "naming the person": (
        REQUEST.but(content="<saml:Subject><saml:NameID>x</saml:NameID></saml:Subject>"),
        "home-request-subject-unsupported",
    ),
    "with a RelayState of 81 bytes": (REQUEST.but(relay_state="å" * 40 + "x"), "home-relay-state-too-large"),
}


@pytest.mark.parametrize(("request_", "reason"), REFUSED_EITHER_WAY.values(), ids=REFUSED_EITHER_WAY)
def test_refuses_a_request(request_: ProxyRequest, reason: str):
    """A request that is wrong in one thing is refused for that, by redirect and by POST."""
    assert (by_redirect(request_.query()), by_post(request_.form())) == (reason, reason)


ACCEPTED_TWINS = {
    "170 seconds ahead": REQUEST.but(issue_instant="2026-08-12T08:00:50Z"),
    "470 seconds old": REQUEST.but(issue_instant="2026-08-12T07:50:10Z"),
    "with milliseconds": REQUEST.but(issue_instant="2026-08-12T07:58:00.123Z"),
    "naming the binding": REQUEST.but(attributes=' ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"'),
    "with a RelayState of 80 bytes": REQUEST.but(relay_state="å" * 40),
    "without RelayState": REQUEST.but(relay_state=None),
    "with an extension": REQUEST.but(content='<samlp:Extensions><x xmlns="urn:x"/></samlp:Extensions>'),
}


@pytest.mark.parametrize("request_", ACCEPTED_TWINS.values(), ids=ACCEPTED_TWINS)
def test_accepts_a_request(request_: ProxyRequest):
    """The twin of each refusal, inside the bounds, is accepted by redirect and by POST."""
    both = (by_redirect(request_.query()), by_post(request_.form()))

    assert [type(asked) for asked in both] == [HomeRequest, HomeRequest]


QUERY = REQUEST.query()
BAD_QUERIES = {
    "nothing": ("", "home-request-missing"),
    "an empty message": ("SAMLRequest=", "home-request-missing"),
    "the message twice": (f"{QUERY}&SAMLRequest=x", "home-request-parameter-repeated"),
    "RelayState twice": (f"{QUERY}&RelayState=x", "home-request-parameter-repeated"),
    "a response beside it": (f"{QUERY}&SAMLResponse=x", "home-request-malformed"),
    "no base64": ("SAMLRequest=%21%21", "home-request-not-decodable"),
    "bytes that are no text": ("SAMLRequest=%ff%fe", "home-request-not-decodable"),
    "base64 of no DEFLATE": ("SAMLRequest=AAAA", "home-request-not-decodable"),
    "another encoding": (f"{QUERY}&SAMLEncoding=urn%3Ax", "home-request-not-decodable"),
    "too long": ("SAMLRequest=" + "A" * 16_385, "home-request-too-large"),
    "a bomb": ("SAMLRequest=" + deflated(b" " * 10_000_000).replace("+", "%2B"), "home-request-too-large"),
    "no XML": ("SAMLRequest=" + deflated(b"hello").replace("+", "%2B"), "home-request-not-xml"),
    "another message": ("SAMLRequest=" + deflated(b"<a/>").replace("+", "%2B"), "home-request-malformed"),
    "an entity": (
        "SAMLRequest=" + deflated(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>').replace("+", "%2B"),
        "home-request-doctype",
    ),
    "UTF-16": ("SAMLRequest=" + deflated("<a/>".encode("utf-16")).replace("+", "%2B"), "home-request-not-xml"),
    "an altered RelayState": (QUERY.replace("login-1", "login-2"), "home-request-signature-invalid"),
    "a removed RelayState": (QUERY.replace("&RelayState=login-1", ""), "home-request-signature-invalid"),
    "a signature that is no base64": (
        QUERY.split("&Signature")[0] + "&Signature=%21",
        "home-request-signature-invalid",
    ),
    "the signature of SHA-1": (
        REQUEST.but(algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1").query(),
        "home-request-signature-algorithm",
    ),
}


@pytest.mark.parametrize(("query", "reason"), BAD_QUERIES.values(), ids=BAD_QUERIES)
def test_refuses_a_query_with(query: str, reason: str):
    """What is wrong with the binding is refused before anything else is looked at."""
    assert by_redirect(query) == reason


def test_accepts_a_query_with_a_parameter_behind_the_signature():
    """`lang` is appended last, outside what is signed (facts-mpassid 5)."""
    assert by_redirect(f"{QUERY}&lang=sv") == ACCEPTED


def test_accepts_a_query_spelled_in_lower_case_hexadecimal():
    """The signature is over the query as it came: who signs lower-case escapes is right too."""
    signed = QUERY.split("&Signature")[0]
    lower = re.sub("%[0-9A-F]{2}", lambda escape: escape[0].lower(), signed)

    assert (lower != signed, by_redirect(signed_query(lower, "proxy-sp"))) == (True, ACCEPTED)


def with_signature(edit: str, replacement: str) -> dict[str, str]:
    document = base64.b64decode(REQUEST.form()["SAMLRequest"]).decode()
    assert edit in document
    return posted(document.replace(edit, replacement))


BAD_POSTS = {
    "a changed address": (with_signature("ShibMansikkala", "ShibKuusikoski"), "home-request-signature-invalid"),
    "a reference to the whole document": (with_signature('URI="#_request1"', 'URI=""'), "home-request-signature-form"),
    "an SHA-1 digest": (
        with_signature("http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2000/09/xmldsig#sha1"),
        "home-request-signature-algorithm",
    ),
    "an RSA-SHA1 signature": (
        with_signature("2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#rsa-sha1"),
        "home-request-signature-algorithm",
    ),
    "an Object in the signature": (
        with_signature("</ds:Signature>", "<ds:Object/></ds:Signature>"),
        "home-request-signature-form",
    ),
    "another transform": (
        with_signature("xmldsig#enveloped-signature", "xmldsig#base64"),
        "home-request-signature-form",
    ),
    "a DOCTYPE": (posted("<!DOCTYPE a><a/>"), "home-request-doctype"),
    "no base64": ({"SAMLRequest": "<a/>"}, "home-request-not-decodable"),
    "nothing": ({}, "home-request-missing"),
    "deep nesting": (posted("<a>" * 1000 + "</a>" * 1000), "home-request-not-xml"),
}


@pytest.mark.parametrize(("fields", "reason"), BAD_POSTS.values(), ids=BAD_POSTS)
def test_refuses_a_form_with(fields: dict[str, str], reason: str):
    """A signature inside counts only in the one form that SAML allows (saml-core-2.0-os 5.4)."""
    assert by_post(fields) == reason


def test_refuses_a_request_wrapped_around_a_signed_one():
    """A signature over an inner element does not make the outer one signed."""
    signed = base64.b64decode(REQUEST.form()["SAMLRequest"]).decode()
    outer = REQUEST.but(id="_outer", content=f"<samlp:Extensions>{signed}</samlp:Extensions>").xml()

    assert by_post(posted(outer)) == "home-request-signature-form"


def test_accepts_a_second_key_of_the_metadata():
    """During a rollover the proxy signs with either of two keys."""
    second = key_pair("idp-kuusikoski").certificate_base64
    document = proxy_metadata().replace(
        b'<md:AssertionConsumerService index="1"',
        b'<md:KeyDescriptor><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>'
        + second.encode()
        + b'</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:AssertionConsumerService index="1"',
    )
    proxy = read_proxy_metadata(document, "proxy.xml")
    received = receive_redirect(REQUEST.but(signer="idp-kuusikoski").query())

    assert read_authn_request(received, proxy, SSO_URL, NOW) == ACCEPTED


BAD_METADATA = {
    "no XML": b"hello",
    "a DOCTYPE": b"<!DOCTYPE a><a/>",
    "another document": b"<a/>",
    "no address for answers": proxy_metadata().replace(b"HTTP-POST", b"HTTP-Artifact"),
    "no key": proxy_metadata().replace(b'use="signing"', b'use="encryption"'),
    "a broken certificate": proxy_metadata(certificate="AAAA"),
}


@pytest.mark.parametrize("document", BAD_METADATA.values(), ids=BAD_METADATA)
def test_names_the_file_of_metadata_with(document: bytes):
    """Metadata of the proxy that cannot be used is an input error that names the file."""
    with pytest.raises(InputError, match=r"^metadata/proxy\.xml: expected "):
        read_proxy_metadata(document, "metadata/proxy.xml")


def test_builds_what_the_tests_mean():
    """The builder's own message is well-formed: a broken one would be refused for the wrong reason."""
    assert etree.fromstring(REQUEST.xml()).get("ID") == "_request1"
