# SPDX-License-Identifier: Apache-2.0
"""Which metadata of somebody's own parts is trusted, and what is said of the rest."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from federation.endpoints import Origins
from federation.loader import loads
from federation.model import Federation
from federation.own_parts import OwnPart, Role
from testbed.own_metadata import judge
from testbed.own_parts import Found, OwnDocuments
from tests.builders.declarations import declaration
from tests.builders.saml_keys import pair
from tests.builders.saml_metadata import SERVICE, provider_metadata, service_metadata
from tests.builders.saml_response import Change
from tests.builders.saml_signed_metadata import signed_metadata

NOW = datetime(2026, 8, 12, 7, 58, tzinfo=UTC)
ORIGINS = Origins.tls()
PUBLISHER = "https://publisher.localhost/metadata"

MINE = OwnPart(Role.SERVICE, "mine", "sp.xml")
HOME = OwnPart(Role.IDENTITY_PROVIDER, "kuusikoski", "https://idp.example/metadata?token=1")

LEFT_OUT = "It is left out until this is put right; everything else is as declared"
COPY = "The last good copy stays in use"


@pytest.fixture
def federation() -> Federation:
    """Declare a service and an identity provider of one's own beside the simulated ones."""
    text = declaration(
        "  portal:",
        "  mine: {metadata: sp.xml, receives: [uid, role]}\n  other: {metadata: other.xml, receives: [uid]}\n  portal:",
    )
    home = "{kind: saml, metadata: 'https://idp.example/metadata?token=1'}\n    allowed_services"
    return loads(text.replace(b"{kind: saml}\n    allowed_services", home.encode()), "federation.yaml")  # fmt: skip


def service(*changes: Change) -> bytes:
    return service_metadata(*changes).encode()


def words(documents: OwnDocuments) -> list[str]:
    return [str(notice) for notice in documents.notices]


def test_trusts_what_is_as_it_should_be(federation: Federation) -> None:
    """Both documents are trusted as they are, a copy of each is kept, and nothing is to be said."""
    found = {MINE: Found(service()), HOME: Found(provider_metadata().encode())}

    documents = judge(federation, ORIGINS, found, NOW)

    assert documents == OwnDocuments(
        services={"mine": service()},
        sources={"kuusikoski": provider_metadata().encode()},
        copies={
            "documents/services/mine.596f7e133f21f1cf.xml": service(),
            "documents/sources/kuusikoski.0cb74e9f64065b20.xml": provider_metadata().encode(),
        },
        notices=(),
    )


VALID_UNTIL = ("entityID=", 'validUntil="2026-08-12T07:58:00Z" entityID=')
STILL_VALID = ("entityID=", 'validUntil="2026-08-12T07:58:01Z" entityID=')

BAD = [
    pytest.param(b"<html>", "metadata: not-xml: found error 77 in line 1, expected well-formed XML; get the document again", id="no XML"),
    pytest.param(b'<!DOCTYPE x [<!ENTITY e "e">]>' + service(), "metadata: doctype: found <!DOCTYPE, expected no document type declaration; get the document again", id="entities"),
    pytest.param(service(("<md:NameIDFormat>", "<md:NameIDFormats/><md:NameIDFormat>")), "metadata: schema-invalid: found SCHEMAV_ELEMENT_CONTENT in line 6, expected the schema of SAML 2.0; get the document again", id="not by the schema"),
    pytest.param(provider_metadata().encode(), "metadata of https://idp.example/mansikkala/metadata: found an identity provider (IDPSSODescriptor), expected a service (SPSSODescriptor); correct the document", id="an identity provider"),
    pytest.param(service(VALID_UNTIL), f"metadata of {SERVICE}: expired: found validUntil 2026-08-12T07:58:00Z, expected a time after 2026-08-12T07:58:00Z; get the document again", id="expired"),
    pytest.param(service((SERVICE, PUBLISHER)), f"metadata of {PUBLISHER}: found the entity ID of services.publisher, expected one that no other party has; give each party its own", id="the publisher's entity ID"),
    pytest.param(service((SERVICE, "https://idp.localhost/mansikkala/metadata")), "metadata of https://idp.localhost/mansikkala/metadata: found the entity ID of education_providers.mansikkala.idp, expected one that no other party has; give each party its own", id="a provider's entity ID"),
    pytest.param(service((SERVICE, "https://mpass.localhost/shibboleth")), "metadata of https://mpass.localhost/shibboleth: found the entity ID of the proxy, expected one that no other party has; give each party its own", id="the proxy's entity ID"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "reason"), BAD)
def test_leaves_out_a_service_whose_metadata_is(federation: Federation, document: bytes, reason: str) -> None:
    """Without a good copy this one part is left out, by name and reason, and the other stays."""
    found = {MINE: Found(document), HOME: Found(provider_metadata().encode())}

    documents = judge(federation, ORIGINS, found, NOW)

    assert (documents.services, list(documents.sources)) == ({}, ["kuusikoski"])
    assert words(documents) == [f"services.mine (sp.xml): {reason}. {LEFT_OUT}"]
    assert [notice.is_fault for notice in documents.notices] == [True]


@pytest.mark.parametrize(("document", "reason"), BAD)
def test_goes_on_with_the_copy_of_a_service_whose_metadata_is(
    federation: Federation, document: bytes, reason: str
) -> None:
    """The last good copy stays in use and is kept; that is a fault all the same."""
    documents = judge(federation, ORIGINS, {MINE: Found(document, copy=service())}, NOW)

    assert documents.services == {"mine": service()}
    assert documents.copies == {"documents/services/mine.596f7e133f21f1cf.xml": service()}
    assert words(documents) == [f"services.mine (sp.xml): {reason}. {COPY}"]
    assert len(documents.faults) == 1


def test_trusts_metadata_until_the_last_moment(federation: Federation) -> None:
    """The twin of the expired one: a second more."""
    assert judge(federation, ORIGINS, {MINE: Found(service(STILL_VALID))}, NOW).notices == ()


def test_leaves_out_an_identity_provider_that_cannot_be_redirected_to(federation: Federation) -> None:
    """The proxy asks by HTTP-Redirect; the message shows no query of the address."""
    document = provider_metadata(("bindings:HTTP-Redirect", "bindings:SOAP")).encode()

    documents = judge(federation, ORIGINS, {HOME: Found(document)}, NOW)

    assert words(documents) == [
        (
            "education_providers.kuusikoski.idp (https://idp.example/metadata): metadata of "
            "https://idp.example/mansikkala/metadata: found no SingleSignOnService for HTTP-Redirect, expected one; "
            f"correct the document. {LEFT_OUT}"
        )
    ]


def test_leaves_out_the_second_of_two_with_one_entity_id(federation: Federation) -> None:
    """The first keeps it, and the second is told whose it is."""
    other = OwnPart(Role.SERVICE, "other", "other.xml")

    documents = judge(federation, ORIGINS, {MINE: Found(service()), other: Found(service())}, NOW)

    assert list(documents.services) == ["mine"]
    assert words(documents) == [
        (
            f"services.other (other.xml): metadata of {SERVICE}: found the entity ID of services.mine, expected one that "
            f"no other party has; give each party its own. {LEFT_OUT}"
        )
    ]


NO_ANSWER = Found(problem="does not answer (timed out)", is_unanswered=True)


def test_works_without_a_network_on_the_last_good_copy(federation: Federation) -> None:
    """An address that does not answer is said, and is no fault while its copy is good."""
    found = {MINE: Found(problem=NO_ANSWER.problem, is_unanswered=True, copy=service())}

    documents = judge(federation, ORIGINS, found, NOW)

    assert (documents.services, documents.faults) == ({"mine": service()}, ())
    assert words(documents) == [f"services.mine (sp.xml): does not answer (timed out). {COPY}"]


def test_leaves_out_what_has_never_answered(federation: Federation) -> None:
    """Without a copy there is nothing to trust."""
    documents = judge(federation, ORIGINS, {MINE: NO_ANSWER}, NOW)

    assert (documents.services, documents.copies, len(documents.faults)) == ({}, {}, 1)
    assert words(documents) == [f"services.mine (sp.xml): does not answer (timed out). {LEFT_OUT}"]


def test_does_not_use_a_copy_that_has_expired(federation: Federation) -> None:
    """A copy is judged as a document is; it is kept all the same."""
    found = {MINE: Found(problem="does not answer (timed out)", is_unanswered=True, copy=service(VALID_UNTIL))}

    documents = judge(federation, ORIGINS, found, NOW)

    assert (documents.services, list(documents.copies)) == ({}, ["documents/services/mine.596f7e133f21f1cf.xml"])
    assert words(documents) == [
        (
            "services.mine (sp.xml): does not answer (timed out). The last good copy is of no use any more: metadata of "
            f"{SERVICE}: expired: found validUntil 2026-08-12T07:58:00Z, expected a time after 2026-08-12T07:58:00Z; "
            f"get the document again. {LEFT_OUT}"
        )
    ]


SIGNED = OwnPart(Role.SERVICE, "mine", "sp.xml", "signer.crt")
CERTIFICATE = pair("federation").certificate_pem


def test_trusts_metadata_that_is_signed_by_the_certificate(federation: Federation) -> None:
    """The twin of the next test."""
    found = Found(signed_metadata(service_metadata(), "federation"), certificate=CERTIFICATE)

    assert judge(federation, ORIGINS, {SIGNED: found}, NOW).notices == ()


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        pytest.param(Found(signed_metadata(service_metadata(), "foreign"), certificate=CERTIFICATE), "metadata: signature-invalid: found a signature by another key, or changed content, expected a key of the metadata; get the document again", id="signed by somebody else"),
        pytest.param(Found(signed_metadata(service_metadata(), "federation").replace(b"acs/second", b"acs/fourth"), certificate=CERTIFICATE), "metadata: signature-invalid: found a signature by another key, or changed content, expected a key of the metadata; get the document again", id="changed after it was signed"),
        pytest.param(Found(service(), certificate=CERTIFICATE), "metadata: signature-missing: found no signature, expected a signature; get the document again", id="not signed"),
        pytest.param(Found(service(), certificate=CERTIFICATE, copy=service()), "metadata: signature-missing: found no signature, expected a signature; get the document again. The last good copy is of no use any more: metadata: signature-missing: found no signature, expected a signature; get the document again", id="not signed, nor the copy"),
        pytest.param(Found(service(), certificate=b"hello", copy=service()), "metadata_certificate signer.crt: found something else, expected a certificate in PEM", id="to be verified with no certificate"),
        pytest.param(Found(service(), certificate_problem="metadata_certificate signer.crt: there is no such file", copy=service()), "metadata_certificate signer.crt: there is no such file", id="to be verified with what is not there"),
    ],
)  # fmt: skip
def test_leaves_out_a_service_whose_metadata_should_be_signed_and_is(
    federation: Federation, found: Found, reason: str
) -> None:
    """Where a certificate is declared, nothing is trusted that its key did not sign, a copy neither."""
    documents = judge(federation, ORIGINS, {SIGNED: found}, NOW)

    assert documents.services == {}
    assert words(documents) == [f"services.mine (sp.xml): {reason}. {LEFT_OUT}"]


def test_says_what_metadata_asks_for_in_vain(federation: Federation) -> None:
    """`receives` is the policy; a request is matched by Name, whatever its FriendlyName."""
    asking = (
        (
            '<md:RequestedAttribute Name="urn:mpass.id:uid" FriendlyName="mpassUsername" isRequired="true"/>'
            '<md:RequestedAttribute Name="urn:mpass.id:role"/>'
        ),
        (
            '<md:RequestedAttribute Name="urn:mpass.id:uid" FriendlyName="surname"/>'
            '<md:RequestedAttribute Name="urn:oid:2.5.4.4" FriendlyName="mpassUsername" isRequired="true"/>'
            '<md:RequestedAttribute Name="urn:oid:0.9.2342.19200300.100.1.3" FriendlyName="mail"/>'
        ),
    )

    documents = judge(federation, ORIGINS, {MINE: Found(service(asking))}, NOW)

    assert documents.faults == ()
    assert words(documents) == [
        (
            "services.mine (sp.xml): its metadata requires urn:oid:2.5.4.4, which it does not receive: "
            "`receives` does not hold surname"
        ),
        (
            "services.mine (sp.xml): its metadata asks for urn:oid:0.9.2342.19200300.100.1.3, which it does not receive: "
            "MPASSid has no such attribute"
        ),
    ]


def test_says_that_https_and_http_do_not_go_together(federation: Federation) -> None:
    """A browser keeps cookies from a login that changes between them."""
    documents = judge(federation, Origins.local(), {MINE: Found(service())}, NOW)

    assert (documents.faults, len(documents.notices)) == ((), 1)
    assert words(documents)[0].startswith("services.mine (sp.xml): is on https while the testbed is on http: a browser")
    assert words(documents)[0].endswith("run the testbed with --tls")


def test_says_that_http_and_https_do_not_go_together(federation: Federation) -> None:
    """The other way round it is the same."""
    on_http = service().replace(b"https://", b"http://")

    documents = judge(federation, ORIGINS, {MINE: Found(on_http)}, NOW)

    assert (documents.faults, len(documents.notices)) == ((), 1)
    assert words(documents)[0].startswith("services.mine (sp.xml): is on http while the testbed is on https: a browser")
    assert words(documents)[0].endswith("run the testbed without --tls")
