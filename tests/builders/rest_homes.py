# SPDX-License-Identifier: Apache-2.0
"""A simulated Wilma and a simulated Opinsys, and the proxy that asks them: right by default, to be changed in one thing.

The proxy's side of both protocols is written here anew, from docs/home-protocols.md alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any, Final
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from werkzeug.test import TestResponse

from federation.model import Federation, IdentityProvider, IdpKind, Names, Person, School, SchoolType
from tests.builders.homes import HOME_SECRET, Home, federation, hidden, home, key_pair

NONCE: Final = "abcdefghijklmnopqrstuv-_"
LOGIN_ID: Final = "ABCDEFGHIJKLMNOPQRSTUV"
WILMA: Final = "https://idp.localhost/mansikkala"
OPINSYS: Final = "https://idp.localhost/mansikkala"
WILMA_RETURN: Final = f"https://mpass.localhost/login/{LOGIN_ID}/wilma?nonce={NONCE}"
OPINSYS_RETURN: Final = f"https://mpass.localhost/login/{LOGIN_ID}/opinsys"
SCHOOL: Final = School(
    code="30076",
    oid="1.2.246.562.99.00000000002",
    name=Names(fi="Mansikkalan testi peruskoulu"),
    type=SchoolType.BASIC,
)


def declared(kind: IdpKind, **people: Person) -> Federation:
    """Return a federation whose Mansikkala is of `kind`, with one school, and with more people if given."""
    base = federation()
    before = base.education_providers["mansikkala"]
    changes = {
        "idp": IdentityProvider(kind=kind),
        "schools": (SCHOOL,),
        "people": {**before.people, **people},
    }
    providers = {**base.education_providers, "mansikkala": before.model_copy(update=changes)}
    return base.model_copy(update={"education_providers": providers})


def rest_home(kind: IdpKind, **people: Person) -> Home:
    """Return a fresh app whose Mansikkala is of `kind`."""
    return home(declared(kind, **people))


def signed(url: str, secret: bytes = HOME_SECRET) -> str:
    """Return a URL of Wilma's protocol with its checksum."""
    return f"{url}&h={hmac.new(secret, url.encode(), hashlib.sha256).hexdigest()}"


def wilma_request(return_url: str = WILMA_RETURN, more: str = "", secret: bytes = HOME_SECRET) -> str:
    """Return the address that the proxy sends a person to."""
    return signed(f"{WILMA}/mpass/login?returnUrl={quote(return_url, safe='')}{more}", secret)


def wilma_data(user_name: str = "demo_u0001", secret: bytes = HOME_SECRET) -> str:
    """Return the address at which the proxy asks for a person."""
    return signed(f"{WILMA}/external/mpass?username={quote(user_name, safe='')}&nonce={NONCE}", secret)


def opinsys_request(return_to: str = OPINSYS_RETURN, nonce: str = NONCE, more: str = "") -> str:
    """Return the address that the proxy sends a person to."""
    return f"{OPINSYS}/v3/sso?return_to={quote(return_to, safe='')}&nonce={nonce}{more}"


def begin(at: Home, url: str) -> TestResponse:
    """Arrive with the proxy's request, and follow to the login page."""
    return at.client.get(url, follow_redirects=True)


def log_in(at: Home, url: str, user_name: str = "demo_u0001") -> TestResponse:
    """Log in with the documented password."""
    return at.submit(begin(at, url), username=user_name, password=f"{user_name}pwd")


def token_of(page: TestResponse) -> str:
    """Return the token that a page carries to the proxy."""
    return hidden(page, "jwt")


def claims_of(token: str) -> dict[str, Any]:
    """Return what the token claims, its signature unlooked at."""
    claims: dict[str, Any] = json.loads(from_base64url(token.split(".")[1]))
    return claims


def is_signed_by(token: str, entity: str) -> bool:
    """Tell whether the token is signed with RS256 by an entity's key."""
    content, _, signature = token.rpartition(".")
    key = x509.load_pem_x509_certificate(key_pair(entity).certificate_pem).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    try:
        key.verify(from_base64url(signature), content.encode(), padding.PKCS1v15(), hashes.SHA256())
    except Exception:  # noqa: BLE001 -- whatever is wrong with it
        return False
    return True


def from_base64url(text: str) -> bytes:
    """Return what base64url without padding stands for."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def credentials(
    secret: bytes = HOME_SECRET, client: str = "uid=mpass,ou=System Accounts,dc=edu,dc=mansikkala,dc=fi"
) -> dict[str, str]:
    """Return the header by which the proxy is known to an Opinsys's data service."""
    return {"Authorization": "Basic " + base64.b64encode(f"{client}:{secret.hex()}".encode()).decode()}
