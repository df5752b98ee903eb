# SPDX-License-Identifier: Apache-2.0
"""The proxy's own AuthnRequest: its text, its signature, and that others accept it."""

from __future__ import annotations

import base64
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from proxy.saml.issue_request import AuthnRequest, issue_authn_request
from proxy.saml.keys import SigningKey, VerificationKey
from proxy.saml.redirect import read_redirect, verify_redirect
from tests.builders.saml_keys import pair

NOW = datetime(2026, 8, 10, 8, 0, 0, tzinfo=UTC)
REQUEST = AuthnRequest(
    id="_request",
    issue_instant=NOW,
    sp_entity_id="https://proxy.example/shibboleth",
    acs_url="https://proxy.example/ShibA/Shibboleth.sso/SAML2/POST?a&b",
    destination="https://idp.example/sso",
    force_authn=True,
    is_passive=True,
)
KEY = SigningKey.from_pair(pair("proxy-sp"))


def test_asks_for_what_the_profile_has():
    """The whole request, as it is sent."""
    query = parse_qs(urlsplit(issue_authn_request(REQUEST, "login/1", KEY)).query)

    assert zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15).decode() == (
        '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
        ' AssertionConsumerServiceURL="https://proxy.example/ShibA/Shibboleth.sso/SAML2/POST?a&amp;b"'
        ' Destination="https://idp.example/sso" ForceAuthn="true" IsPassive="true" ID="_request"'
        ' IssueInstant="2026-08-10T08:00:00.000Z" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"'
        ' Version="2.0"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">'
        "https://proxy.example/shibboleth</saml:Issuer>"
        '<samlp:NameIDPolicy AllowCreate="true" Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">'
        "</samlp:NameIDPolicy></samlp:AuthnRequest>"
    )
    assert query["RelayState"] == ["login/1"]
    assert query["SigAlg"] == ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"]


@pytest.mark.parametrize(
    ("destination", "start"),
    [
        ("https://idp.example/sso", "https://idp.example/sso?SAMLRequest="),
        ("https://idp.example/sso?tenant=1", "https://idp.example/sso?tenant=1&SAMLRequest="),
    ],
)
def test_keeps_the_destination_s_own_query(destination: str, start: str):
    """An address that has a query already gets the parameters behind it."""
    request = AuthnRequest("_r", NOW, "https://proxy.example", "https://proxy.example/acs", destination)

    assert issue_authn_request(request, "x", KEY).startswith(start)


def test_is_signed_with_its_own_key_from_every_thread():
    """Two faces sign at once, and neither's key gets into the other's signature."""
    entities = ["proxy-sp", "idp"]
    keys = [SigningKey.from_pair(pair(entity)) for entity in entities]
    public = [VerificationKey.from_certificate(pair(entity).certificate_base64) for entity in entities]

    with ThreadPoolExecutor(8) as threads:
        urls = list(threads.map(lambda turn: issue_authn_request(REQUEST, f"relay {turn}", keys[turn % 2]), range(100)))

    for turn, url in enumerate(urls):
        verify_redirect(read_redirect(urlsplit(url).query), [public[turn % 2]])
