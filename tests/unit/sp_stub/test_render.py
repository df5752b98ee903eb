# SPDX-License-Identifier: Apache-2.0
"""From the declaration to the services' files and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import onelogin.saml2.response
import pytest
from lxml import etree

from certs.keys import Keys
from federation.endpoints import Endpoints, Origins
from federation.errors import InputError
from federation.model import (
    EducationProvider,
    Federation,
    IdentityProvider,
    IdpKind,
    Names,
    Person,
    School,
    SchoolType,
    Service,
)
from federation.values import uid
from sp_stub.config import KnownSchool, ServiceConfig
from sp_stub.render import metadata, render
from sp_stub.settings import Settings
from tests.builders.sp_response import key_pair, proxy_metadata
from tests.builders.sp_service import BUSINESS, service_settings

ENDPOINTS = Endpoints(Origins.tls())
CERTIFICATES = {name: key_pair(name) for name in ("sp-publisher", "sp-portal")}
NAMES = Names(fi="Mansikkalan testi peruskoulu", sv="Jordgubbsby testskola")


def federation() -> Federation:
    school = School(code="30076", oid="1.2.246.562.99.00000000002", name=NAMES, type=SchoolType.BASIC)
    unrelated = school.model_copy(update={"code": "12345"})
    provider = EducationProvider(
        name=Names(fi="Mansikkala"),
        oid="1.2.246.562.99.00000000001",
        idp=IdentityProvider(kind=IdpKind.SAML),
        schools=(school, unrelated),
    )
    return Federation(
        education_providers={"mansikkala": provider},
        services={
            "publisher": Service(simulated="publisher", receives=("uid", "school_info", "role")),
            "portal": Service(simulated="portal", receives=("uid", "role")),
        },
        publisher=BUSINESS,
    )


def expected_metadata(certificate: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://portal.localhost/metadata">
  <md:SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:Extensions>
      <mdui:UIInfo>
        <mdui:DisplayName xml:lang="fi">Kirjahylly</mdui:DisplayName>
        <mdui:DisplayName xml:lang="sv">Bokhyllan</mdui:DisplayName>
        <mdui:DisplayName xml:lang="en">The Bookshelf</mdui:DisplayName>
      </mdui:UIInfo>
    </md:Extensions>
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo><ds:X509Data>
        <ds:X509Certificate>{certificate}</ds:X509Certificate>
      </ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>
    <md:KeyDescriptor use="encryption">
      <ds:KeyInfo><ds:X509Data>
        <ds:X509Certificate>{certificate}</ds:X509Certificate>
      </ds:X509Data></ds:KeyInfo>
      <md:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes128-gcm"/>
      <md:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/>
      <md:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/>
    </md:KeyDescriptor>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat>
    <md:AssertionConsumerService index="0" isDefault="true" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://portal.localhost/acs"/>
    <md:AttributeConsumingService index="0" isDefault="true">
      <md:ServiceName xml:lang="fi">Kirjahylly</md:ServiceName>
      <md:ServiceName xml:lang="sv">Bokhyllan</md:ServiceName>
      <md:ServiceName xml:lang="en">The Bookshelf</md:ServiceName>
      <md:RequestedAttribute Name="urn:mpass.id:uid" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri" FriendlyName="mpassUsername"/>
      <md:RequestedAttribute Name="urn:mpass.id:role" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri" FriendlyName="mpassRole"/>
    </md:AttributeConsumingService>
  </md:SPSSODescriptor>
</md:EntityDescriptor>
"""


def test_renders_the_metadata_of_a_service():
    """The whole document."""
    rendered = metadata(federation(), ENDPOINTS, CERTIFICATES)

    assert sorted(rendered) == ["portal", "publisher"]
    assert rendered["portal"].decode() == expected_metadata(key_pair("sp-portal").certificate_base64)


def test_renders_metadata_that_follows_the_schema():
    """saml-schema-metadata-2.0, as python3-saml ships it."""
    folder = Path(onelogin.saml2.response.__file__).parent / "schemas"
    schema = etree.XMLSchema(file=str(folder / "saml-schema-metadata-2.0.xsd"))

    for document in metadata(federation(), ENDPOINTS, CERTIFICATES).values():
        schema.assertValid(etree.fromstring(document))


def test_renders_one_folder_for_each_service():
    """Configuration and the login service's metadata."""
    files = render(federation(), ENDPOINTS, b"<proxy/>")

    assert sorted(files) == [
        "portal/config.json",
        "portal/metadata/proxy.xml",
        "publisher/config.json",
        "publisher/metadata/proxy.xml",
    ]
    assert files["portal/metadata/proxy.xml"] == b"<proxy/>"


def test_renders_the_same_bytes_again():
    """Same input, same bytes."""
    assert render(federation(), ENDPOINTS, b"<p/>") == render(federation(), ENDPOINTS, b"<p/>")


def test_tells_a_service_whose_each_school_is():
    """Any school may be activated, and a contract is with its education provider; an office is its school's."""
    config = ServiceConfig.from_json(render(federation(), ENDPOINTS, b"")["publisher/config.json"])
    school = KnownSchool(name=NAMES, type=SchoolType.BASIC, customer="mansikkala")

    assert config.schools == {"30076": school, "12345": school}
    assert config.customers == {"mansikkala": Names(fi="Mansikkala")}
    assert config.publisher == BUSINESS
    assert config.origin == "https://publisher.localhost"


def test_tells_a_service_the_uids_of_administrators():
    """A reference becomes the uid that the person will sign in with, at the customer that they are of."""
    provider = federation().education_providers["mansikkala"]
    people = {"aino": Person(user_id="aino-1"), "eino": Person(), "ei.kukaan": Person(user_id="")}
    declared = federation().model_copy(
        update={
            "education_providers": {"mansikkala": provider.model_copy(update={"people": people})},
            "publisher": BUSINESS.model_copy(
                update={"administrators": ("mansikkala/aino", "mansikkala/eino", "mansikkala/ei.kukaan")}
            ),
        }
    )

    config = ServiceConfig.from_json(render(declared, ENDPOINTS, b"")["publisher/config.json"])

    assert config.administrators == {
        uid("saml_mansikkala", "aino-1"): "mansikkala",
        uid("saml_mansikkala", "eino"): "mansikkala",
    }


def test_reads_back_what_was_rendered():
    """Settings come from the files and the keys, and the metadata is the one that was rendered."""
    files = render(federation(), ENDPOINTS, proxy_metadata())
    own = {path.partition("/")[2]: content for path, content in files.items() if path.startswith("portal/")}
    keys = Keys(CERTIFICATES, {"run-token": b"t" * 32, "portal-session": b"s" * 32})

    settings = Settings.read(own, keys)

    assert (settings.service, settings.simulated, settings.run_token) == ("portal", "portal", b"t" * 32)
    assert settings.login_service.sso_redirect_url == "https://mpass.localhost/idp/profile/SAML2/Redirect/SSO"
    assert settings.metadata == metadata(federation(), ENDPOINTS, CERTIFICATES)["portal"]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "config.json: missing"),
        ({"config.json": b"{"}, "config.json: not a service's configuration"),
        ({"config.json": b"[]"}, "config.json: not a service's configuration"),
        ({"config.json": service_settings().config.to_json()}, "metadata/proxy.xml: missing"),
        (
            {"config.json": service_settings().config.to_json(), "metadata/proxy.xml": b"<a"},
            "metadata/proxy.xml: not well-formed",
        ),
        (
            {"config.json": service_settings().config.to_json(), "metadata/proxy.xml": b"<a/>"},
            "metadata/proxy.xml: expected a signing certificate",
        ),
        (
            {"config.json": service_settings().config.to_json(), "metadata/proxy.xml": proxy_metadata()},
            "no key or secret 'sp-publisher'",
        ),
    ],
)
def test_says_what_is_missing(files: dict[str, bytes], told: str):
    """A broken folder is an input error that says what to do."""
    with pytest.raises(InputError) as caught:
        Settings.read(files, Keys({}, {}))

    assert told in str(caught.value)
    assert "testbed apply" in str(caught.value)


def test_shows_no_secret_of_its_settings():
    """A repr in a log gives nothing away."""
    settings = replace(service_settings(), run_token=b"RUN-TOKEN", session_secret=b"SESSION-SECRET")

    assert "RUN-TOKEN" not in repr(settings)
    assert "SESSION-SECRET" not in repr(settings)
    assert "PRIVATE KEY" not in repr(settings)
