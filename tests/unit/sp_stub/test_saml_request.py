# SPDX-License-Identifier: Apache-2.0
"""The AuthnRequest of a service, as the login service reads it."""

from __future__ import annotations

import base64
import zlib
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote_plus

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from sp_stub.saml.provider import SamlServiceProvider
from tests.builders.sp_response import NOW, key_pair
from tests.builders.sp_service import service_settings


def request_url(relay_state: str = "relay", language: str = "sv") -> str:
    provider = SamlServiceProvider(service_settings(), lambda: NOW, lambda: "id-fixed")
    return provider.login_request(relay_state, language).url  # type: ignore[arg-type]  # a language by its code


def verify_signature(url: str) -> None:
    """Return when the query is signed by the service, over the bytes as they stand; raises otherwise."""
    signed, _, rest = url.partition("?")[2].partition("&Signature=")
    signature = base64.b64decode(unquote_plus(rest.partition("&")[0]))
    key = x509.load_pem_x509_certificate(key_pair("sp-publisher").certificate_pem).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(signature, signed.encode(), PKCS1v15(), SHA256())


def test_sends_the_parameters_in_the_order_of_the_binding_and_lang_last():
    """SAMLRequest, RelayState, SigAlg, Signature; `lang` is outside the signature (facts-mpassid 5)."""
    names = [pair.partition("=")[0] for pair in request_url().partition("?")[2].split("&")]

    assert names == ["SAMLRequest", "RelayState", "SigAlg", "Signature", "lang"]


def test_is_signed_with_rsa_sha256_by_the_key_in_the_metadata():
    """The signature holds over the raw query, and `lang` does not disturb it."""
    url = request_url()

    verify_signature(url)
    assert "SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&" in url
    assert url.endswith("&lang=sv")


def test_asks_for_a_transient_name_and_nothing_more():
    """The whole message."""
    packed = unquote_plus(request_url().partition("SAMLRequest=")[2].partition("&")[0])
    message = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))

    assert dict(message.attrib) == {
        "ID": "id-fixed",
        "Version": "2.0",
        "IssueInstant": "2026-08-12T05:00:00Z",
        "Destination": "https://mpass.localhost/idp/profile/SAML2/Redirect/SSO",
        "ProtocolBinding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
        "AssertionConsumerServiceURL": "https://publisher.localhost/acs",
    }
    assert [(etree.QName(child).localname, child.text, dict(child.attrib)) for child in message] == [
        ("Issuer", "https://publisher.localhost/metadata", {}),
        (
            "NameIDPolicy",
            None,
            {"Format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient", "AllowCreate": "true"},
        ),
    ]


def test_is_signed_by_its_own_key_in_every_thread():
    """Threads of one service never disturb one another's requests."""
    provider = SamlServiceProvider(service_settings(), lambda: NOW)
    with ThreadPoolExecutor(8) as pool:
        requests = list(pool.map(lambda number: provider.login_request(f"relay-{number}", "fi"), range(80)))

    for number, request in enumerate(requests):
        verify_signature(request.url)
        assert f"&RelayState=relay-{number}&" in request.url
    assert len({request.request_id for request in requests}) == 80
