# SPDX-License-Identifier: Apache-2.0
"""Simulated identity providers and the proxy that asks them: valid by default, to be changed in one thing."""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urlencode

import xmlsec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree
from werkzeug.test import Client, TestResponse

from certs.keys import KeyPair, Keys, make_key_pair
from federation.endpoints import Endpoints, Origins
from federation.model import (
    EducationProvider,
    Federation,
    IdentityProvider,
    IdpKind,
    Names,
    Person,
    Publisher,
)
from idp_simulators.app import create_app
from idp_simulators.render import key_entities, render
from idp_simulators.settings import Settings
from party.clock import MovableClock
from party.events import Event, Events

NOW: Final = datetime(2026, 8, 12, 7, 58, tzinfo=UTC)
ORIGINS: Final = Origins.tls()
ENDPOINTS: Final = Endpoints(ORIGINS)
RUN_TOKEN: Final = b"r" * 32
HOME_SECRET: Final = b"h" * 32
"""What each provider that speaks no SAML shares with the proxy."""
PROXY_ENTITY_ID: Final = "https://mpass.localhost/shibboleth"
ACS_URL: Final = "https://mpass.localhost/ShibMansikkala/Shibboleth.sso/SAML2/POST"
SSO_URL: Final = "https://idp.localhost/mansikkala/sso"
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"

PUPIL: Final = Person(
    given_name="Testi1",
    surname="Oppilas1",
    nickname="Kutsumanimi1",
    learner_id="1.2.246.562.98.10000000017",
    school_codes=("30076",),
    groups=("9F",),
    roles=("Oppilas",),
    charges=("1",),
    class_level="9",
    note=Names(fi="Tavallinen oppilas", sv="En vanlig elev", en="An ordinary pupil"),
)
TEACHER: Final = Person(
    given_name="Testi41", surname="Opettaja41", school_codes=("30076", "30078"), roles=("Opettaja",)
)


@cache
def key_pair(entity: str) -> KeyPair:
    """Return the entity's key pair, made once per process."""
    return make_key_pair(entity, NOW)


def federation(**changes: Any) -> Federation:  # noqa: ANN401 -- fields of the model
    """Return two municipalities, Mansikkala with two people and Kuusikoski with one."""
    contact = {"mail": "tuki@example.org", "phone": "09 000 0000", "hours": Names(fi="arkisin 10–14")}
    declared: dict[str, Any] = {
        "education_providers": {
            "mansikkala": EducationProvider(
                name=Names(
                    fi="Mansikkalan testi kunta", sv="Jordgubbsby testkommun", en="Mansikkala test municipality"
                ),
                oid="1.2.246.562.99.00000000001",
                idp=IdentityProvider(kind=IdpKind.SAML),
                colour="#8a1c3b",
                people={"demo_u0001": PUPIL, "demo_u0041": TEACHER},
            ),
            "kuusikoski": EducationProvider(
                name=Names(fi="Kuusikosken kaupunki"),
                oid="1.2.246.562.99.00000000020",
                idp=IdentityProvider(kind=IdpKind.SAML),
                people={"demo_u0100": PUPIL},
            ),
        },
        "services": {},
        "publisher": Publisher.model_validate({"name": Names(fi="Kustantaja"), "contact": contact}),
    }
    return Federation(**{**declared, **changes})


_ENCRYPTION_KEY: Final = """
    <md:KeyDescriptor use="encryption"><ds:KeyInfo><ds:X509Data>
      <ds:X509Certificate>{certificate}</ds:X509Certificate>
    </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"""


def proxy_metadata(**changes: str) -> bytes:
    """Return the proxy's SP metadata: two addresses for answers, the general one being the default.

    `encryption` is a certificate to encrypt to; there is none unless given.
    """
    values = {
        "entity_id": PROXY_ENTITY_ID,
        "certificate": key_pair("proxy-sp").certificate_base64,
        "acs_url": ACS_URL,
        "encryption": "",
        **changes,
    }
    if values["encryption"]:
        values["encryption"] = _ENCRYPTION_KEY.format(certificate=values["encryption"])
    return """\
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"
    entityID="{entity_id}">
  <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" AuthnRequestsSigned="true">
    <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data>
      <ds:X509Certificate>{certificate}</ds:X509Certificate>
    </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>{encryption}
    <md:AssertionConsumerService index="1" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
        Location="{acs_url}"/>
    <md:AssertionConsumerService index="0" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
        Location="https://mpass.localhost/Shibboleth.sso/SAML2/POST"/>
  </md:SPSSODescriptor>
</md:EntityDescriptor>
""".format(**values).encode()


@cache
def settings() -> Settings:
    """Return the settings of an app with both municipalities, as they are rendered and read."""
    return settings_of(federation())


def settings_of(declared: Federation, metadata: bytes | None = None) -> Settings:
    """Return the settings of an app for another declaration, and another metadata of the proxy if given."""
    files = render(declared, ENDPOINTS, metadata or proxy_metadata())
    keys = Keys(
        {
            entity: key_pair(entity)
            for key, provider in declared.education_providers.items()
            for entity in key_entities(key, provider.idp)
        },
        {
            "idp-session": b"s" * 32,
            "run-token": RUN_TOKEN,
            **{f"home-{key}": HOME_SECRET for key in declared.education_providers},
        },
    )
    return Settings.read({path.removeprefix("idp/"): content for path, content in files.items()}, keys)


@dataclass
class Home:
    """A running app, a browser at it, and what it told."""

    client: Browser
    clock: MovableClock
    events: list[Event] = field(default_factory=list)

    def begin(self, request: ProxyRequest | None = None) -> TestResponse:
        """Arrive with the proxy's request, and follow to the login page."""
        return self.client.get((request or ProxyRequest()).url(), follow_redirects=True)

    def log_in(self, user_name: str = "demo_u0001", request: ProxyRequest | None = None) -> TestResponse:
        """Log in with the documented password, and return the page that carries the answer."""
        page = self.begin(request)
        return self.submit(page, username=user_name, password=f"{user_name}pwd")

    def submit(self, page: TestResponse, **values: str) -> TestResponse:
        """Send the login form of `page` with these values."""
        return self.client.post(page.request.path, data={"login": hidden(page, "login"), **values})


def home(declared: Federation | None = None, metadata: bytes | None = None) -> Home:
    """Return a fresh app with a fresh browser."""
    clock, events = MovableClock(NOW), list[Event]()
    app = create_app(
        settings() if declared is None else settings_of(declared, metadata), clock, Events("idp", clock, events.append)
    )
    return Home(Browser(app), clock, events)


class Browser(Client):
    """A browser that keeps cookies, at the simulators' origin."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:  # noqa: ANN401 -- passed on
        """Send a request; an address without origin is the simulators' own."""
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", ORIGINS.idp)
        return super().open(*args, **kwargs)


def hidden(page: TestResponse, name: str) -> str:
    """Return the value of a page's hidden field."""
    root = etree.fromstring(page.get_data(), etree.HTMLParser())
    return str(root.xpath("string(//input[@type='hidden'][@name=$name]/@value)", name=name))


def answer_of(page: TestResponse) -> etree._Element:
    """Return the Response that a page carries to the proxy."""
    return etree.fromstring(base64.b64decode(hidden(page, "SAMLResponse")))


def find_text(root: etree._Element, path: str) -> str:
    """Return the text at an XPath, with the usual prefixes."""
    return str(root.xpath(f"string({path})", namespaces=NAMESPACES))


NAMESPACES: Final = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "md": "urn:oasis:names:tc:SAML:2.0:metadata",
    "mdui": "urn:oasis:names:tc:SAML:metadata:ui",
}


@dataclass(frozen=True)
class ProxyRequest:
    """What the proxy sends: an AuthnRequest by redirect or by POST, right unless a field says otherwise."""

    id: str = "_request1"
    issuer: str | None = PROXY_ENTITY_ID
    destination: str | None = SSO_URL
    issue_instant: str = "2026-08-12T07:58:00Z"
    version: str = "2.0"
    attributes: str = f' AssertionConsumerServiceURL="{ACS_URL}"'
    content: str = ""
    relay_state: str | None = "login-1"
    signer: str | None = "proxy-sp"
    algorithm: str = RSA_SHA256
    prolog: str = ""
    path: str = "/mansikkala/sso"

    def xml(self, signature: str = "") -> str:
        """Return the message."""
        destination = "" if self.destination is None else f' Destination="{self.destination}"'
        issuer = "" if self.issuer is None else f"<saml:Issuer>{self.issuer}</saml:Issuer>"
        return (
            f'{self.prolog}<samlp:AuthnRequest xmlns:samlp="{NAMESPACES["samlp"]}" xmlns:saml="{NAMESPACES["saml"]}"'
            f' ID="{self.id}" Version="{self.version}" IssueInstant="{self.issue_instant}"{destination}'
            f"{self.attributes}>{issuer}{signature}{self.content}</samlp:AuthnRequest>"
        )

    def deflated(self) -> str:
        """Return the value of SAMLRequest in a redirect."""
        deflater = zlib.compressobj(wbits=-15)
        return base64.b64encode(deflater.compress(self.xml().encode()) + deflater.flush()).decode()

    def query(self) -> str:
        """Return the signed query of a redirect (saml-bindings-2.0-os 3.4.4.1)."""
        fields = {"SAMLRequest": self.deflated()}
        if self.relay_state is not None:
            fields["RelayState"] = self.relay_state
        if self.signer is None:
            return urlencode(fields, quote_via=quote)
        signed = urlencode({**fields, "SigAlg": self.algorithm}, quote_via=quote)
        return signed_query(signed, self.signer)

    def url(self) -> str:
        """Return the whole address of a redirect."""
        return f"{self.path}?{self.query()}"

    def form(self) -> dict[str, str]:
        """Return the fields of a POST, the message signed inside."""
        document = self.xml(_TEMPLATE.format(id=self.id) if self.signer else "")
        if self.signer:
            document = _signed(document, self.signer)
        fields = {"SAMLRequest": base64.b64encode(document.encode()).decode()}
        return fields if self.relay_state is None else {**fields, "RelayState": self.relay_state}

    def but(self, **changes: Any) -> ProxyRequest:  # noqa: ANN401 -- fields of this class
        """Return the request with some fields changed."""
        return replace(self, **changes)


def signed_query(signed: str, signer: str) -> str:
    """Return a query with a signature over its own spelling appended."""
    key = load_pem_private_key(key_pair(signer).private_key_pem, None, unsafe_skip_rsa_key_validation=True)
    value = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr,call-arg,arg-type] # an RSA key
    return f"{signed}&{urlencode({'Signature': base64.b64encode(value).decode()}, quote_via=quote)}"


_TEMPLATE: Final = re.sub(
    r"\n\s*",
    "",
    """
    <ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>
    <ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>
    <ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>
    <ds:Reference URI="#{id}"><ds:Transforms>
    <ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
    <ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>
    <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>
    </ds:SignedInfo><ds:SignatureValue/></ds:Signature>""",
)


def _signed(document: str, signer: str) -> str:
    root = etree.fromstring(document)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(key_pair(signer).private_key_pem, xmlsec.constants.KeyDataFormatPem)
    context.register_id(root, "ID")
    context.sign(root.find("ds:Signature", NAMESPACES))
    return etree.tostring(root, encoding="unicode")
