# SPDX-License-Identifier: Apache-2.0
"""Metadata into values, and what is wrong with a document in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import xmlsec
from lxml import etree

from federation.errors import InputError
from proxy.saml.keys import VerificationKey
from proxy.saml.metadata import AcsEndpoint, RequestedAttribute, read_identity_provider, read_service_provider
from tests.builders.saml_keys import ec_pair, pair, short_rsa_pair
from tests.builders.saml_metadata import (
    ARTIFACT_ACS,
    OTHER_ACS,
    SERVICE,
    SERVICE_ACS,
    provider_metadata,
    service_metadata,
)
from tests.builders.saml_response import Change

POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
SIGNING_KEY = pair("sp").certificate_base64
IDP_KEY = pair("idp").certificate_base64


def test_reads_a_service():
    """Everything that the proxy needs of a service is in its metadata."""
    service = read_service_provider(service_metadata().encode())

    assert service.entity_id == SERVICE
    assert service.acs_endpoints == (
        AcsEndpoint(ARTIFACT_ACS, "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact", 0, None),
        AcsEndpoint(OTHER_ACS, POST, 1, None),
        AcsEndpoint(SERVICE_ACS, POST, 2, is_default=True),
    )
    assert (service.authn_requests_signed, service.want_assertions_signed) == (True, True)
    assert service.name_id_formats == ("urn:oasis:names:tc:SAML:2.0:nameid-format:transient",)
    assert service.requested_attributes == (
        RequestedAttribute("urn:mpass.id:uid", "mpassUsername", is_required=True),
        RequestedAttribute("urn:mpass.id:role", None, is_required=False),
    )
    assert dict(service.display_names) == {"fi": "Kustantaja", "sv": "Förlag"}
    assert (len(service.signing_keys), len(service.encryption_keys)) == (1, 1)


def test_reads_an_identity_provider():
    """Everything that the proxy needs of an identity provider is in its metadata."""
    provider = read_identity_provider(provider_metadata().encode())

    assert provider.entity_id == "https://idp.example/mansikkala/metadata"
    assert dict(provider.sso_urls) == {
        "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect": "https://idp.example/mansikkala/sso",
        POST: "https://idp.example/mansikkala/sso/post",
    }
    assert (provider.want_authn_requests_signed, len(provider.signing_keys)) == (False, 1)
    assert (provider.name_id_formats, dict(provider.display_names)) == ((), {})


def entities(*documents: str, attributes: str = "") -> str:
    """Return an EntitiesDescriptor of these."""
    namespace = 'xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"'
    return f"<md:EntitiesDescriptor {namespace} {attributes}>{''.join(documents)}</md:EntitiesDescriptor>"


def test_finds_the_one_service_among_several_parties():
    """A document of many parties will do where only one of them has the role."""
    document = entities(provider_metadata(), service_metadata())

    assert read_service_provider(document.encode()).entity_id == SERVICE


def test_passes_over_roles_of_other_schemas():
    """ADFS and Entra ID describe themselves for WS-Federation too, by types that SAML's schema does not have."""
    other = (
        '<md:RoleDescriptor xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706" xsi:type="fed:SecurityTokenServiceType"'
        ' protocolSupportEnumeration="http://docs.oasis-open.org/wsfed/federation/200706">'
        "<fed:TokenTypesOffered/></md:RoleDescriptor>"
    )
    document = provider_metadata(("  <md:IDPSSODescriptor", other + "<md:IDPSSODescriptor"))

    assert read_identity_provider(document.encode()).entity_id == "https://idp.example/mansikkala/metadata"


def test_knows_until_when_it_may_be_used():
    """The earliest of the times on the role, the entity and what they stand in."""
    service = service_metadata(
        ("entityID=", 'validUntil="2026-08-10T08:00:00Z" entityID='),
        ("<md:SPSSODescriptor", '<md:SPSSODescriptor validUntil="2026-08-12T08:00:00Z"'),
    )

    document = entities(service, attributes='validUntil="2026-08-11T08:00:00Z"')

    assert read_service_provider(document.encode()).valid_until == datetime(2026, 8, 10, 8, tzinfo=UTC)


def test_takes_a_key_without_a_use_for_both():
    """A KeyDescriptor that names no use serves to verify and to encrypt."""
    service = read_service_provider(service_metadata((' use="signing"', "")).encode())

    assert (len(service.signing_keys), len(service.encryption_keys)) == (1, 2)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            (SIGNING_KEY, "\n".join(SIGNING_KEY[i : i + 64] for i in range(0, len(SIGNING_KEY), 64))), id="wrapped"
        ),
        pytest.param((SIGNING_KEY, ec_pair("sp-ec").certificate_base64), id="elliptic curve"),
        pytest.param((' AuthnRequestsSigned="true"', ' AuthnRequestsSigned="1"'), id="a boolean as a number"),
    ],
)
def test_reads_a_service_with(change: Change):
    """Forms that other products write."""
    service = read_service_provider(service_metadata(change).encode())

    assert (len(service.signing_keys), service.authn_requests_signed) == (1, True)


NO_ADDRESS = "expected http or https, a host name or IPv4 address, perhaps a port, no fragment"

SERVICE_FAULTS = [
    ("no XML", (service_metadata(), "hello"), "not-xml"),
    ("a document type", ("<md:EntityDescriptor", "<!DOCTYPE x><md:EntityDescriptor"), "doctype"),
    ("an element of another name", ("<md:NameIDFormat>", "<md:NameIDFormats/><md:NameIDFormat>"), "schema-invalid"),
    (
        "an identity provider",
        (service_metadata(), provider_metadata()),
        "metadata of https://idp.example/mansikkala/metadata: found an identity provider (IDPSSODescriptor), expected a service (SPSSODescriptor)",
    ),
    (
        "no address for HTTP-POST",
        ("bindings:HTTP-POST", "bindings:HTTP-Artifact"),
        f"metadata of {SERVICE}: found no AssertionConsumerService for HTTP-POST, expected at least one",
    ),
    (
        "one index twice",
        ('index="1"', 'index="2"'),
        "found two AssertionConsumerServices with one index, expected each index once",
    ),
    ("a script for an address", (SERVICE_ACS, "javascript:alert(1)"), "found the address 'javascript:alert(1)"),
    ("an address with a fragment", (SERVICE_ACS, SERVICE_ACS + "#x"), NO_ADDRESS),
    ("an address without a host", (SERVICE_ACS, "https:///acs"), NO_ADDRESS),
    ("a host that would write policy", (SERVICE_ACS, "https://a.example;script-src/acs"), NO_ADDRESS),
    ("a host with a user", (SERVICE_ACS, "https://a@publisher.example/acs"), NO_ADDRESS),
    (
        "a time that cannot be read",
        ("entityID=", 'validUntil="2026-08-10T08:00:00" entityID='),
        f"metadata of {SERVICE}: found the validUntil '2026-08-10T08:00:00', expected UTC, as in 2026-08-10T08:00:00Z",
    ),
    (
        "a short key",
        (SIGNING_KEY, short_rsa_pair("short").certificate_base64),
        "RSA key of 1024 bits, expected at least 2048",
    ),
    ("a broken key", (SIGNING_KEY, "AAAA"), f"metadata of {SERVICE}: a certificate cannot be read"),
    (
        "a curve to encrypt for",
        (pair("sp-encryption").certificate_base64, ec_pair("sp-ec").certificate_base64),
        "a certificate to encrypt for holds an EC key, expected RSA",
    ),
    (
        "two services",
        (service_metadata(), entities(service_metadata(), service_metadata((SERVICE, "https://other.example")))),
        "metadata: found an EntitiesDescriptor in which 2 entities have an SPSSODescriptor, expected one EntityDescriptor",
    ),
    (
        "an extension that holds one",
        (
            service_metadata(),
            entities(
                '<md:Extensions><x:held xmlns:x="urn:x">',
                service_metadata(),
                "</x:held></md:Extensions>",
                provider_metadata(),
            ),
        ),
        "metadata: found an EntitiesDescriptor in which 0 entities have an SPSSODescriptor, expected one EntityDescriptor",
    ),
    (
        "other parties",
        (service_metadata(), entities(provider_metadata())),
        "metadata: found an EntitiesDescriptor in which 0 entities have an SPSSODescriptor, expected one EntityDescriptor",
    ),
]


@pytest.mark.parametrize(("change", "words"), [pytest.param(*row[1:], id=row[0]) for row in SERVICE_FAULTS])
def test_says_what_is_wrong_with_a_service_of(change: Change, words: str):
    """Bad metadata is an error that says where, what was found and what was expected."""
    text = service_metadata()
    text = text.replace(*change) if change[0] == "bindings:HTTP-POST" else service_metadata(change)

    with pytest.raises(InputError) as error:
        read_service_provider(text.encode())

    assert words in str(error.value)


PROVIDER_FAULTS = [
    ("no address for HTTP-Redirect", ("bindings:HTTP-Redirect", "bindings:SOAP"), "found no SingleSignOnService"),
    (
        "no key",
        (
            provider_metadata()[
                provider_metadata().index("<md:KeyDescriptor") : provider_metadata().index("</md:KeyDescriptor>") + 19
            ],
            "",
        ),
        "found no KeyDescriptor for signing",
    ),
    ("a short key", (IDP_KEY, short_rsa_pair("short").certificate_base64), "RSA key of 1024 bits"),
    ("a script for an address", ('https://idp.example/mansikkala/sso"', 'javascript:x"'), "the address 'javascript:x'"),
    (
        "two roles",
        ("</md:EntityDescriptor>", provider_metadata()[provider_metadata().index("<md:IDPSSODescriptor") :]),
        "found 2 IDPSSODescriptor elements",
    ),
]


@pytest.mark.parametrize(("change", "words"), [pytest.param(*row[1:], id=row[0]) for row in PROVIDER_FAULTS])
def test_says_what_is_wrong_with_a_provider_of(change: Change, words: str):
    """The same for an identity provider."""
    with pytest.raises(InputError) as error:
        read_identity_provider(provider_metadata(change).encode())

    assert words in str(error.value)


def signed_metadata(entity: str) -> bytes:
    """Return a provider's metadata, signed."""
    root = etree.fromstring(provider_metadata(("entityID=", 'ID="_metadata" entityID=')).encode())
    signature = xmlsec.template.create(
        root, xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformRsaSha256, ns="ds"
    )
    root.insert(0, signature)
    reference = xmlsec.template.add_reference(signature, xmlsec.constants.TransformSha256, uri="#_metadata")
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformExclC14N)
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(pair(entity).private_key_pem, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)
    return etree.tostring(root)


def test_verifies_signed_metadata_where_a_key_is_given():
    """The twin of the next test."""
    key = VerificationKey.from_certificate(pair("federation").certificate_base64)

    assert (
        read_identity_provider(signed_metadata("federation"), key).entity_id
        == "https://idp.example/mansikkala/metadata"
    )


@pytest.mark.parametrize(
    ("document", "words"),
    [
        pytest.param(signed_metadata("foreign"), "signature-invalid", id="by another key"),
        pytest.param(provider_metadata().encode(), "signature-missing", id="not at all"),
        pytest.param(
            signed_metadata("federation").replace(b"mansikkala/sso", b"mansikkalb/sso"),
            "signature-invalid",
            id="and changed",
        ),
    ],
)
def test_takes_no_metadata_that_is_signed(document: bytes, words: str):
    """Where a key is given, metadata must be signed by it."""
    key = VerificationKey.from_certificate(pair("federation").certificate_base64)

    with pytest.raises(InputError) as error:
        read_identity_provider(document, key)

    assert words in str(error.value)


def test_says_what_a_document_is_too_large_for():
    """A document of 1 MB and a byte is refused before it is parsed."""
    with pytest.raises(InputError) as error:
        read_identity_provider(b" " * (1024 * 1024 + 1))

    assert str(error.value) == (
        "metadata: too-large: found 1048577 bytes, expected at most 1048576 bytes; get the document again"
    )
