# SPDX-License-Identifier: Apache-2.0
"""HTTP-Redirect on the raw query: what is signed is what was sent, and nothing stands twice."""

from __future__ import annotations

import base64
import zlib
from urllib.parse import quote, quote_plus

import pytest
from cryptography.hazmat.primitives import hashes

from proxy.saml.authn_request import RefusedRequest, VerifiedAuthnRequest, verify_authn_request_redirect
from tests.builders.saml_keys import pair
from tests.builders.saml_metadata import SERVICE, service
from tests.builders.saml_request import (
    DOCUMENT,
    NOW,
    SSO,
    deflated,
    lower_case_escape,
    signed_query,
    unsigned_query,
)

SIGNED = signed_query()
SHA_1 = hashes.SHA1()  # noqa: S303 - to be refused


def outcome_of(query: str) -> VerifiedAuthnRequest | RefusedRequest:
    """Return what becomes of a query."""
    return verify_authn_request_redirect(query, {SERVICE: service()}, SSO, NOW)


def because(query: str) -> str | None:
    """Return the reason that a query is refused for, or `None` where it is served."""
    outcome = outcome_of(query)
    return outcome.refusal.reason_id if isinstance(outcome, RefusedRequest) else None


def parameters(query: str) -> dict[str, str]:
    """Return the raw parameters by name."""
    return dict(pair.split("=", 1) for pair in query.split("&"))


def in_order(*names: str) -> str:
    """Return the signed query's parameters in another order."""
    raw = parameters(SIGNED)
    return "&".join(f"{name}={raw[name]}" for name in names)


def raw_deflate(data: bytes) -> str:
    """Return a query whose SAMLRequest is any data."""
    return f"SAMLRequest={quote_plus(base64.b64encode(data).decode())}"


QUERIES = [
    ("as libraries send it", SIGNED, None),
    ("lower-case hexadecimal", signed_query(escape=lower_case_escape), None),
    ("blanks as %20", signed_query(relay_state="a b", escape=lambda text: quote(text, safe="")), None),
    ("blanks as plus", signed_query(relay_state="a b"), None),
    ("slashes as they are", signed_query(escape=lambda text: quote(text, safe="/:")), None),
    ("an empty RelayState", signed_query(relay_state=""), None),
    ("no RelayState", signed_query(relay_state=None), None),
    ("the language behind", SIGNED + "&lang=fi", None),
    ("the language in front", "lang=sv&" + SIGNED, None),
    ("a foreign parameter twice", SIGNED + "&lang=fi&lang=sv", None),
    ("the parameters in another order", in_order("Signature", "SigAlg", "RelayState", "SAMLRequest"), None),
    (
        "the encoding named",
        SIGNED + "&SAMLEncoding=urn%3Aoasis%3Anames%3Atc%3ASAML%3A2.0%3Abindings%3AURL-Encoding%3ADEFLATE",
        None,
    ),
    (
        "RSA with SHA-384",
        signed_query(algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", digest=hashes.SHA384()),
        None,
    ),
    (
        "RSA with SHA-512",
        signed_query(algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", digest=hashes.SHA512()),
        None,
    ),
    ("another encoding named", SIGNED + "&SAMLEncoding=urn:x", "request-not-decodable"),
    ("SAMLRequest twice", SIGNED + "&SAMLRequest=" + parameters(SIGNED)["SAMLRequest"], "request-parameter-repeated"),
    ("SAMLRequest twice, one encoded", SIGNED + "&%53AMLRequest=x", "request-parameter-repeated"),
    ("RelayState twice", SIGNED + "&RelayState=relay", "request-parameter-repeated"),
    ("SigAlg twice", SIGNED + "&SigAlg=x", "request-parameter-repeated"),
    ("Signature twice", SIGNED + "&Signature=x", "request-parameter-repeated"),
    ("a response beside it", SIGNED + "&SAMLResponse=x", "request-not-alone"),
    ("no SAMLRequest", "lang=fi", "request-missing"),
    ("an empty SAMLRequest", "SAMLRequest=", "request-missing"),
    ("nothing", "", "request-missing"),
    ("SigAlg taken away", in_order("SAMLRequest", "RelayState", "Signature"), "request-signature-form"),
    ("Signature taken away", in_order("SAMLRequest", "RelayState", "SigAlg"), "request-signature-form"),
    ("both taken away", in_order("SAMLRequest", "RelayState"), "request-signature-missing"),
    ("RelayState taken away", in_order("SAMLRequest", "SigAlg", "Signature"), "request-signature-invalid"),
    ("RelayState changed", SIGNED.replace("RelayState=relay", "RelayState=other"), "request-signature-invalid"),
    (
        "RelayState encoded otherwise",
        SIGNED.replace("RelayState=relay", "RelayState=rela%79"),
        "request-signature-invalid",
    ),
    ("RelayState added", signed_query(relay_state=None) + "&RelayState=x", "request-signature-invalid"),
    ("an empty Signature", SIGNED.partition("&Signature=")[0] + "&Signature=", "request-signature-invalid"),
    ("a Signature that is not base64", SIGNED.partition("&Signature=")[0] + "&Signature=!", "request-not-decodable"),
    (
        "RSA with SHA-1",
        signed_query(algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1", digest=SHA_1),
        "request-signature-algorithm",
    ),
    ("an unknown algorithm", signed_query(algorithm="urn:x"), "request-signature-algorithm"),
    (
        "HMAC",
        signed_query(algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        "request-signature-algorithm",
    ),
    (
        "ECDSA by an RSA key",
        signed_query(algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"),
        "request-signature-invalid",
    ),
    ("another hash than it says", signed_query(digest=hashes.SHA512()), "request-signature-invalid"),
    ("a foreign key", signed_query(key=pair("foreign")), "request-signature-invalid"),
    ("characters that are not ASCII", SIGNED + "&lang=ä", "request-not-decodable"),
    ("percent-encoding that is not UTF-8", "SAMLRequest=x&RelayState=%e4", "request-not-decodable"),
    ("base64 with blanks", "SAMLRequest=" + quote_plus(" " + deflated(DOCUMENT)), "request-not-decodable"),
    ("no base64", "SAMLRequest=%21%21", "request-not-decodable"),
    ("no DEFLATE", raw_deflate(b"hello"), "request-not-decodable"),
    ("XML that is not deflated", raw_deflate(DOCUMENT.encode()), "request-not-decodable"),
    ("zlib's own format", raw_deflate(zlib.compress(DOCUMENT.encode())), "request-not-decodable"),
    ("DEFLATE that is cut", raw_deflate(zlib.compress(DOCUMENT.encode(), wbits=-15)[:-9]), "request-not-decodable"),
    (
        "DEFLATE that continues",
        raw_deflate(zlib.compress(DOCUMENT.encode(), wbits=-15) + b"x"),
        "request-not-decodable",
    ),
    ("an inflate bomb", raw_deflate(zlib.compress(b"<a>" + b" " * 10_000_000, wbits=-15)), "request-too-large"),
    ("64 kB and a byte inflated", raw_deflate(zlib.compress(b" " * (64 * 1024 + 1), wbits=-15)), "request-too-large"),
    ("64 kB inflated", raw_deflate(zlib.compress(b" " * 64 * 1024, wbits=-15)), "request-not-xml"),
    ("a query of 16 kB and a character", "a" * (16 * 1024 + 1), "request-too-large"),
]


@pytest.mark.parametrize(("query", "reason_id"), [pytest.param(*row[1:], id=row[0]) for row in QUERIES])
def test_reads_a_query_with(query: str, reason_id: str | None):
    """Every way of writing the same query verifies; what is changed, doubled or too much is refused."""
    assert because(query) == reason_id


@pytest.mark.parametrize("relay_state", ["/materials?a=1&b=2#x", "a b+c", "åäö", ""])
def test_carries_the_relay_state_as_it_was(relay_state: str):
    """RelayState is decoded once and given on."""
    outcome = outcome_of(signed_query(relay_state=relay_state))

    assert isinstance(outcome, VerifiedAuthnRequest)
    assert outcome.relay_state == relay_state


def test_does_not_ask_an_unsigned_query_for_a_signature_that_nobody_promised():
    """A service whose metadata promises nothing may send without."""
    known = {SERVICE: service(('AuthnRequestsSigned="true"', ""))}

    assert isinstance(verify_authn_request_redirect(unsigned_query(), known, SSO, NOW), VerifiedAuthnRequest)
