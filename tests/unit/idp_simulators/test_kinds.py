# SPDX-License-Identifier: Apache-2.0
"""What the kinds shaped as products send, sign, encrypt and accept (facts-mpassid 7)."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from federation.endpoints import IdentityProviderEndpoints
from federation.errors import InputError
from federation.model import AttributeNames, Federation, IdentityProvider, IdpKind, Person
from idp_simulators.kinds import KINDS, adfs, google
from idp_simulators.saml.proxy_metadata import AcceptedProxy, read_proxy_metadata
from proxy.saml.decryption import response_in_plain_text
from proxy.saml.keys import DecryptionKey
from proxy.saml.metadata import read_identity_provider
from proxy.saml.schema import PROTOCOL
from tests.builders.homes import (
    NAMESPACES,
    PUPIL,
    SSO_URL,
    Home,
    ProxyRequest,
    answer_of,
    federation,
    find_text,
    home,
    key_pair,
    proxy_metadata,
)

XMLSOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
WINDOWS = "http://schemas.microsoft.com/ws/2008/06/identity/claims"
EXTENSION = "http://schemas.microsoft.com/identity/claims/extn"
FLOWS = {IdpKind.ENTRA: "EntraMansikkala", IdpKind.ADFS: "AdfsMansikkala", IdpKind.GOOGLE: "GoogleMansikkala"}
STUDENTS = "6f0c2a4e-1d53-4b8f-9a77-2f6f3c1f0001"
OTHERS = "6f0c2a4e-1d53-4b8f-9a77-2f6f3c1f0099"
SUBSTITUTE = Person(
    school_codes=("99904", "99905", "99906"),
    groups=("", "4B", "6C"),
    roles=("teacher", "Sijaisopettaja", "Sijaisopettaja"),
)


def acs_url(kind: IdpKind) -> str:
    return f"https://mpass.localhost/{FLOWS[kind]}/Shibboleth.sso/SAML2/POST"


def declared(kind: IdpKind, **idp: Any) -> Federation:  # noqa: ANN401 -- fields of the model
    """Return a federation whose Mansikkala is of `kind`."""
    base = federation()
    mansikkala = base.education_providers["mansikkala"].model_copy(update={"idp": IdentityProvider(kind=kind, **idp)})
    return base.model_copy(update={"education_providers": {**base.education_providers, "mansikkala": mansikkala}})


def home_of(kind: IdpKind, **idp: Any) -> Home:  # noqa: ANN401 -- fields of the model
    return home(declared(kind, **idp), proxy_metadata(acs_url=acs_url(kind), encryption=ENCRYPTION))


ENCRYPTION = key_pair("proxy-sp").certificate_base64


def request_of(kind: IdpKind) -> ProxyRequest:
    return ProxyRequest(attributes=f' AssertionConsumerServiceURL="{acs_url(kind)}"')


def answer(kind: IdpKind, **idp: Any) -> etree._Element:  # noqa: ANN401 -- fields of the model
    """Return the response that a pupil's login at a provider of `kind` leads to."""
    return answer_of(home_of(kind, **idp).log_in(request=request_of(kind)))


def sent(kind: IdpKind, person: Person, **idp: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 -- fields of the model
    integration = IdentityProvider(kind=kind, **idp)
    attributes = KINDS[kind].sent_attributes(integration, "demo_u0001", person)
    assert {attribute.name_format for attribute in attributes} == {None}
    return {attribute.name: attribute.values for attribute in attributes}


def signed_elements(response: etree._Element) -> list[str]:
    signatures = response.iter("{http://www.w3.org/2000/09/xmldsig#}Signature")
    return [etree.QName(signature.getparent()).localname for signature in signatures]


def test_entra_sends_claims():
    """Names are claim URIs, those of the directory's extensions among them."""
    assert sent(IdpKind.ENTRA, PUPIL) == {
        f"{XMLSOAP}/givenname": ("Testi1",),
        f"{XMLSOAP}/surname": ("Oppilas1",),
        f"{EXTENSION}.nickName": ("Kutsumanimi1",),
        f"{EXTENSION}.class": ("9F",),
        f"{EXTENSION}.classLevel": ("9",),
        f"{EXTENSION}.schoolCode": ("30076",),
        f"{WINDOWS}/role": ("Oppilas",),
        f"{EXTENSION}.learnerId": ("1.2.246.562.98.10000000017",),
        f"{EXTENSION}.learningMaterialsCharge": ("1",),
        f"{XMLSOAP}/name": ("demo_u0001",),
    }


def test_adfs_sends_claims():
    """Names are claim URIs."""
    assert sent(IdpKind.ADFS, Person(given_name="Testi1", roles=("Oppilas",))) == {
        f"{XMLSOAP}/givenname": ("Testi1",),
        f"{WINDOWS}/role": ("Oppilas",),
        f"{XMLSOAP}/upn": ("demo_u0001",),
    }


def test_google_sends_short_names():
    """Names are the default ones."""
    assert sent(IdpKind.GOOGLE, Person(given_name="Testi1", roles=("Oppilas",))) == {
        "firstName": ("Testi1",),
        "userRole": ("Oppilas",),
        "mpassUserIdentity": ("demo_u0001",),
    }


@pytest.mark.parametrize("kind", FLOWS)
def test_joins_several_values_in_one(kind: IdpKind):
    """Values stand in one AttributeValue with `;` between them, empty ones too (facts-mpassid 3)."""
    values = set(sent(kind, SUBSTITUTE).values())

    assert values == {
        ("99904;99905;99906",),
        (";4B;6C",),
        ("teacher;Sijaisopettaja;Sijaisopettaja",),
        ("demo_u0001",),
    }


@pytest.mark.parametrize("kind", [kind for kind in IdpKind if kind.is_saml])
def test_sends_by_a_declared_name(kind: IdpKind):
    """An override of the declaration is what goes out."""
    idp = IdentityProvider(kind=kind, attribute_names=AttributeNames(learner_id="oppijanumero"))
    names = {attribute.name for attribute in KINDS[kind].sent_attributes(idp, "demo_u0001", PUPIL)}

    assert [name for name in names if name.lower().endswith(("learnerid", "oppijanumero"))] == ["oppijanumero"]


def test_entra_sends_each_group_as_a_value_of_its_own():
    """Groups are not joined, and those that mean nothing to MPASSid are sent too."""
    claims = sent(IdpKind.ENTRA, Person(roles=(OTHERS, STUDENTS)), student_group=STUDENTS)

    assert claims[f"{WINDOWS}/groups"] == (OTHERS, STUDENTS)


@pytest.mark.parametrize(
    ("kind", "idp", "signed"),
    [
        pytest.param(IdpKind.ENTRA, {}, ["Assertion"], id="entra signs the assertion"),
        pytest.param(IdpKind.GOOGLE, {}, ["Assertion"], id="google signs the assertion by default"),
        pytest.param(
            IdpKind.GOOGLE, {"signs": "response"}, ["Response"], id="google signs the response where declared"
        ),
    ],
)
def test_signs(kind: IdpKind, idp: dict[str, str], signed: list[str]):
    """There is one signature, where the kind or the declaration puts it."""
    assert signed_elements(answer(kind, **idp)) == signed


@pytest.mark.parametrize("kind", FLOWS)
def test_signs_that_nobody_signed_in(kind: IdpKind):
    """An answer without an assertion carries the response's signature, whatever is signed otherwise."""
    away = home_of(kind)
    page = away.begin(request_of(kind))

    assert signed_elements(answer_of(away.submit(page, action="cancel"))) == ["Response"]


@pytest.mark.parametrize("kind", FLOWS)
def test_writes_a_response_that_follows_the_schema(kind: IdpKind):
    """Joined, without NameFormat, encrypted: it is valid SAML all the same."""
    PROTOCOL.check(answer(kind))


def test_adfs_encrypts_its_signed_assertion():
    """AES-256-GCM under RSA-OAEP; inside is an assertion with a signature of its own."""
    response = answer(IdpKind.ADFS)
    methods = [
        method.get("Algorithm") for method in response.iter("{http://www.w3.org/2001/04/xmlenc#}EncryptionMethod")
    ]

    opened = response_in_plain_text(response, [DecryptionKey.from_pair(key_pair("proxy-sp"))], is_verified=False)

    assert methods == [
        "http://www.w3.org/2009/xmlenc11#aes256-gcm",
        "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
    ]
    assert (signed_elements(response), signed_elements(opened)) == ([], ["Assertion"])
    assert find_text(opened, f"//saml:Attribute[@Name='{XMLSOAP}/givenname']/saml:AttributeValue") == "Testi1"


def test_adfs_encrypts_each_answer_with_a_key_of_its_own():
    """Two answers of one person share no cipher text."""
    first, second = answer(IdpKind.ADFS), answer(IdpKind.ADFS)
    values = [
        {element.text for element in each.iter("{http://www.w3.org/2001/04/xmlenc#}CipherValue")}
        for each in (first, second)
    ]

    assert len(values[0] | values[1]) == 4


def test_adfs_does_not_start_without_a_key_to_encrypt_to():
    """Proxy metadata without an encryption key is named when the app starts, not in a login."""
    with pytest.raises(InputError, match="no encryption certificate, which AdfsMansikkala needs"):
        home(declared(IdpKind.ADFS), proxy_metadata(acs_url=acs_url(IdpKind.ADFS)))


@pytest.mark.parametrize("kind", [kind for kind in IdpKind if kind.is_saml])
def test_refuses_an_unsigned_request(kind: IdpKind):
    """Every kind demands signed requests, ADFS among them."""
    away = home_of(kind) if kind in FLOWS else home()

    page = away.begin(ProxyRequest(signer=None))

    assert (page.status_code, away.events[-1].fields["because"]) == (400, "home-request-signature-missing")


@pytest.mark.parametrize(
    ("rollover", "published", "signer"),
    [
        (False, ["idp-mansikkala"], "idp-mansikkala"),
        (True, ["idp-mansikkala", "idp-mansikkala.next"], "idp-mansikkala.next"),
    ],
)
def test_adfs_rolls_over_to_another_key(published: list[str], signer: str, *, rollover: bool):
    """During a rollover, metadata holds the old key and the new one, and the new one signs."""
    away = home_of(IdpKind.ADFS, rollover=rollover)
    metadata = etree.fromstring(away.client.get("/mansikkala/metadata").get_data())
    certificates = metadata.xpath("//ds:X509Certificate/text()", namespaces=NAMESPACES)

    response = answer_of(away.log_in(request=request_of(IdpKind.ADFS)))
    opened = response_in_plain_text(response, [DecryptionKey.from_pair(key_pair("proxy-sp"))], is_verified=False)

    assert certificates == [key_pair(entity).certificate_base64 for entity in published]
    assert find_text(opened, "//saml:Assertion//ds:X509Certificate") == key_pair(signer).certificate_base64


def read(proxy_acs_url: str) -> AcceptedProxy:
    return read_proxy_metadata(proxy_metadata(acs_url=proxy_acs_url), "proxy.xml")


def test_google_takes_its_own_acs_only():
    """The general address of the proxy is not what its administrator has typed in."""
    away = home_of(IdpKind.GOOGLE)
    general = ' AssertionConsumerServiceURL="https://mpass.localhost/Shibboleth.sso/SAML2/POST"'

    page = away.begin(ProxyRequest(attributes=general))

    assert (page.status_code, away.events[-1].fields["because"]) == (400, "home-request-acs-unknown")


def test_google_answers_to_its_acs_where_the_request_names_none():
    """The fixed address is the default."""
    response = answer_of(home_of(IdpKind.GOOGLE).log_in(request=ProxyRequest(attributes="")))

    assert response.get("Destination") == acs_url(IdpKind.GOOGLE)


def test_google_does_not_start_without_its_acs():
    """Proxy metadata that lacks this source's address is named when the app starts."""
    with pytest.raises(InputError, match="no ACS of GoogleMansikkala"):
        google.taken(read(acs_url(IdpKind.ENTRA)), "GoogleMansikkala")


def test_adfs_takes_every_acs_of_the_proxy():
    """Others than Google answer to any address of the metadata."""
    metadata = proxy_metadata(acs_url=acs_url(IdpKind.ADFS), encryption=ENCRYPTION)
    proxy = read_proxy_metadata(metadata, "proxy.xml")

    assert adfs.taken(proxy, "AdfsMansikkala") is proxy


@pytest.mark.parametrize(
    ("kind", "entity_id"),
    [
        ("saml", "https://idp.localhost/mansikkala/metadata"),
        ("entra", "https://idp.localhost/21847925-2373-5c9f-a380-4a6b37c4591a/"),
        ("adfs", "https://idp.localhost/mansikkala/adfs/services/trust"),
        ("google", "https://idp.localhost/mansikkala/o/saml2?idpid=C21847925"),
    ],
)
def test_is_known_by_an_entity_id_in_its_kinds_shape(kind: str, entity_id: str):
    """The issuer looks as the product's does, on our own origin, and is the same on every start."""
    assert IdentityProviderEndpoints("https://idp.localhost", "mansikkala", kind).entity_id == entity_id


@pytest.mark.parametrize("kind", FLOWS)
def test_serves_metadata_that_the_proxy_reads(kind: IdpKind):
    """Metadata stands where every provider's does and names the issuer of the answers."""
    away = home_of(kind)
    provider = read_identity_provider(away.client.get("/mansikkala/metadata").get_data())

    response = answer_of(away.log_in(request=request_of(kind)))

    assert SSO_URL in provider.sso_urls.values()
    assert find_text(response, "/samlp:Response/saml:Issuer") == provider.entity_id
