# SPDX-License-Identifier: Apache-2.0
"""A service that asks for something else: the simulated service's AuthnRequest is changed on its way to the proxy.

The service itself knows nothing of it, so its session and its checks are the real ones; the request is signed anew
with the service's own key, as if it had asked so itself.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, quote, urlsplit

import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certs.keys import KeyPair

RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SSO_PATH = "/idp/profile/SAML2/Redirect/SSO"

Change = Callable[[str], str]


@contextmanager
def asking(browser: httpx.Client, pair: KeyPair, change: Change) -> Iterator[None]:
    """Change every AuthnRequest that `browser` takes to the proxy, and sign it with `pair`."""

    def intercept(request: httpx.Request) -> None:
        if request.url.path == SSO_PATH:
            request.url = httpx.URL(str(request.url.copy_with(query=changed_query(str(request.url), pair, change))))

    browser.event_hooks["request"].append(intercept)
    hooks = browser.event_hooks
    browser.event_hooks = hooks
    yield
    browser.event_hooks = {"request": [], "response": []}


def changed_query(url: str, pair: KeyPair, change: Change) -> bytes:
    """Return the query of a redirected AuthnRequest with its XML changed, signed anew, `lang` last."""
    query = parse_qs(urlsplit(url).query)
    document = zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15).decode()
    changed = change(document)
    if changed == document:
        message = f"the change finds nothing to change in {document}"
        raise AssertionError(message)
    return signed_query(changed, query["RelayState"][0], pair) + b"&lang=fi"


def signed_query(document: str, relay_state: str, pair: KeyPair) -> bytes:
    """Return the signed part of a redirect query (saml-bindings-2.0-os 3.4.4.1)."""
    packer = zlib.compressobj(wbits=-15)
    packed = base64.b64encode(packer.compress(document.encode()) + packer.flush()).decode()
    signed = f"SAMLRequest={quote(packed, '')}&RelayState={quote(relay_state, '')}&SigAlg={quote(RSA_SHA256, '')}"
    key = load_pem_private_key(pair.private_key_pem, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, RSAPrivateKey)
    signature = base64.b64encode(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    return f"{signed}&Signature={quote(signature, '')}".encode()


def insert_before(end: str, text: str) -> Change:
    """Return the change that puts `text` before the first `end`."""
    return lambda document: document.replace(end, text + end, 1)


def attribute(text: str) -> Change:
    """Return the change that sets an attribute of the request."""
    return lambda document: document.replace(" ID=", f" {text} ID=", 1)
