# SPDX-License-Identifier: Apache-2.0
"""A service and an identity provider of one's own in the chain: trusted by their metadata files, and nobody else is."""

from __future__ import annotations

import base64
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from certs.keys import Keys
from federation.model import Federation, Service
from party.run_token import AUTHORIZATION, bearer
from proxy.saml.algorithms import RSA_SHA256
from proxy.saml.keys import VerificationKey
from testbed.flow.login import LoginPlan, walk
from testbed.flow.page import Page
from testbed.flow.people import PersonRef, find_person
from testbed.own_parts import read_own_documents
from testbed.stacks.in_process import ORIGINS, InProcessStack, in_process_stack
from tests.builders import saml_request, saml_response, stacks
from tests.builders.pysaml2_oracle import Pysaml2ServiceProvider
from tests.builders.saml_keys import pair
from tests.builders.saml_metadata import SERVICE, SERVICE_ACS, provider_metadata, service_metadata

SSO = "https://mpass.localhost/idp/profile/SAML2/Redirect/SSO"
FLOW_ACS = "https://mpass.localhost/ShibKuusikoski/Shibboleth.sso/SAML2/POST"
IDP_ORIGIN = "https://idp.example"
PUPIL = "mansikkala/demo_u0001"


def with_service(federation: Federation, receives: tuple[str, ...] = ("uid", "role")) -> Federation:
    """Return the federation with `mine`, by the file sp.xml."""
    mine = Service(metadata="sp.xml", receives=receives, redirects_to=("https://app.example",))
    return federation.model_copy(update={"services": {**federation.services, "mine": mine}})


def with_provider(federation: Federation) -> Federation:
    """Return the federation in which kuusikoski has an identity provider of its own, by the file idp.xml."""
    kuusikoski = federation.education_providers["kuusikoski"]
    own = kuusikoski.model_copy(update={"idp": kuusikoski.idp.model_copy(update={"metadata": "idp.xml"})})
    providers = {**federation.education_providers, "kuusikoski": own}
    return federation.model_copy(update={"education_providers": providers})


def stack_of(federation: Federation, keys: Keys, folder: Path, now: datetime) -> InProcessStack:
    """Return a stack that trusts the files of one's own parts in `folder`, as far as they are there."""
    own = read_own_documents(federation, folder, folder / "state", ORIGINS, now)
    return in_process_stack(federation, keys, now, own)


def request_of_mine(now: datetime, acs_url: str = SERVICE_ACS) -> str:
    """Return the address that my service sends a browser to."""
    document = (
        saml_request.DOCUMENT.replace(saml_request.SSO, SSO)
        .replace(SERVICE_ACS, acs_url)
        .replace("2026-08-10T08:00:00Z", f"{now:%Y-%m-%dT%H:%M:%SZ}")
    )
    return f"{SSO}?{saml_request.signed_query(document)}&lang=fi"


def handed_over(stack: InProcessStack, start_url: str, client: httpx.Client, person: str = PUPIL) -> Page:
    """Return the page that hands my service its response, or the one that the login ends at before."""
    plan = LoginPlan(find_person(stack.federation, person), "mine")
    for page in walk(stack, plan, client, start_url):
        form = page.form("saml-post")
        if form is not None and form.action == SERVICE_ACS:
            return page
    return page


@pytest.fixture
def now() -> datetime:
    """Return the process's own time, which the oracle reads too."""
    return datetime.now(UTC).replace(microsecond=0)


def test_gives_a_service_of_ones_own_its_answer_at_its_acs(keys: Keys, tmp_path: Path, now: datetime) -> None:
    """What `receives` holds arrives at the metadata's ACS, encrypted for its key, with the RelayState; nothing else."""
    (tmp_path / "sp.xml").write_text(service_metadata())
    stack = stack_of(with_service(stacks.shipped_federation()), keys, tmp_path, now)

    with stack.client() as browser:
        form = handed_over(stack, request_of_mine(now), browser).form("saml-post")
        idp_metadata = browser.get(stack.endpoints.proxy.idp_entity_id).content

    assert form is not None
    assert form.fields["RelayState"] == "relay"
    reader = Pysaml2ServiceProvider(SERVICE, SERVICE_ACS, idp_metadata, pair("sp-encryption"))
    assert reader.values(form.fields["SAMLResponse"], "_request") == {
        "urn:mpass.id:uid": ["MPASSOID.77e0511a2168e6e4dab42771a9a550a5c3658583"],
        "urn:mpass.id:role": ["1.2.246.562.99.00000000001;30076;9F;Oppilas;1;1.2.246.562.99.00000000002;"],
    }


def test_takes_the_attributes_from_the_declaration_and_not_from_metadata(
    keys: Keys, tmp_path: Path, now: datetime
) -> None:
    """The metadata asks for uid and role, the declaration gives the surname alone."""
    (tmp_path / "sp.xml").write_text(service_metadata())
    stack = stack_of(with_service(stacks.shipped_federation(), ("surname",)), keys, tmp_path, now)

    with stack.client() as browser:
        handed_over(stack, request_of_mine(now), browser)

    built = next(event for event in stack.events() if event.name == "attributes-built")
    assert built.fields["released"] == ["surname"]


def test_names_the_origins_of_metadata_in_its_policy(keys: Keys, tmp_path: Path, now: datetime) -> None:
    """A form may lead to where trusted metadata says that services and providers are, or redirect, and nowhere else."""
    (tmp_path / "sp.xml").write_text(service_metadata((SERVICE_ACS, "https://SP.example:8443/acs")))
    (tmp_path / "idp.xml").write_text(provider_metadata())
    federation = with_provider(with_service(stacks.shipped_federation()))
    stack = stack_of(federation, keys, tmp_path, now)

    with stack.client() as browser:
        policy = browser.get("https://mpass.localhost/nowhere").headers["content-security-policy"]

    assert policy.partition("form-action ")[2] == (
        "'self' https://app.example https://idp.example https://idp.localhost https://portal.localhost "
        "https://publisher.example https://publisher.localhost https://sp.example:8443"
    )


def test_does_not_know_a_service_whose_metadata_is_not_there(keys: Keys, tmp_path: Path, now: datetime) -> None:
    """It alone is left out: a login at the publisher is as ever."""
    stack = stack_of(with_service(stacks.shipped_federation()), keys, tmp_path, now)

    with stack.client() as browser:
        page = handed_over(stack, request_of_mine(now), browser)
    with stack.client() as browser:
        *_, last = walk(stack, LoginPlan(find_person(stack.federation, PUPIL)), browser)

    assert (page.error_fields["reason"], last.kind) == ("service-unknown", "materials")


def test_runs_without_a_simulated_service_that_is_not_declared(keys: Keys, tmp_path: Path, now: datetime) -> None:
    """One's own may take the place of the portal."""
    federation = stacks.shipped_federation()
    services = {key: service for key, service in federation.services.items() if key != "portal"}
    stack = stack_of(federation.model_copy(update={"services": services}), keys, tmp_path, now)

    with stack.client() as browser:
        *_, last = walk(stack, LoginPlan(find_person(stack.federation, PUPIL)), browser)

    assert (last.kind, "portal" in stack.parts) == ("materials", False)


def test_sends_nobody_to_an_acs_that_metadata_does_not_have(keys: Keys, tmp_path: Path, now: datetime) -> None:
    """A signed request does not choose an address of its own."""
    (tmp_path / "sp.xml").write_text(service_metadata())
    stack = stack_of(with_service(stacks.shipped_federation()), keys, tmp_path, now)

    with stack.client() as browser:
        page = handed_over(stack, request_of_mine(now, "https://publisher.example/other"), browser)

    assert page.error_fields["reason"] == "request-acs-unknown"


class OwnIdentityProvider:
    """Answers every AuthnRequest that reaches it for one person, and remembers what it was asked."""

    def __init__(self, now: datetime, session_end: datetime | None = None) -> None:
        """Answer at `now`, for a session that ends at `session_end` where there is one."""
        self.asked: list[httpx.Request] = []
        self._now = now
        self._session_end = session_end

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Return the page that posts the response back."""
        self.asked.append(request)
        query = parse_qs(request.url.query.decode())
        document = self._document(saml_request_id(query["SAMLRequest"][0]))
        response = saml_response.message(saml_response.signed(document))
        fields = {"SAMLResponse": response, "RelayState": query["RelayState"][0]}
        inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
        page = f'<form data-purpose="saml-post" method="post" action="{FLOW_ACS}">{inputs}</form>'
        return httpx.Response(200, html=page)

    def _document(self, request_id: str) -> str:
        held = {"mpassUserIdentity": "own", "learnerId": "1.2.246.562.98.20000000313", "userRole": "Oppilas", "schoolCode": "30076"}  # fmt: skip
        attributes = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
            for name, value in held.items()
        )
        head, _, rest = saml_response.DOCUMENT.partition("<saml:Attribute Name")
        document = f"{head}{attributes}</saml:AttributeStatement>{rest.partition('</saml:AttributeStatement>')[2]}"
        times = {"08:00:00": 0, "08:05:00": 300, "07:59:59": -1, "07:59:58": -2}
        for time, offset in times.items():
            at = self._now + timedelta(seconds=offset)
            document = document.replace(f"2026-08-10T{time}Z", f"{at:%Y-%m-%dT%H:%M:%SZ}")
        changes = {saml_response.ACS: FLOW_ACS, saml_response.PROXY: "https://mpass.localhost/shibboleth"}
        if self._session_end is not None:
            end = f"{self._session_end:%Y-%m-%dT%H:%M:%SZ}"
            changes["<saml:AuthnStatement "] = f'<saml:AuthnStatement SessionNotOnOrAfter="{end}" '
        for old, new in changes.items():
            document = document.replace(old, new)
        return document.replace(f'InResponseTo="{saml_response.REQUEST_ID}"', f'InResponseTo="{request_id}"')


def saml_request_id(encoded: str) -> str:
    """Return the ID of a redirected AuthnRequest."""
    return inflated(encoded).partition('ID="')[2].partition('"')[0]


def inflated(encoded: str) -> str:
    return zlib.decompress(base64.b64decode(encoded), -15).decode()


def browser_of(stack: InProcessStack, own: OwnIdentityProvider) -> httpx.Client:
    """Return a browser that reaches the parts and one's own identity provider."""
    parts = {stack.origins.of(part): httpx.WSGITransport(app) for part, app in stack.parts.items()}
    return httpx.Client(mounts={**parts, IDP_ORIGIN: httpx.MockTransport(own)}, trust_env=False)


def test_signs_in_a_person_of_an_identity_provider_of_ones_own(keys: Keys, tmp_path: Path) -> None:
    """It receives our AuthnRequest, signed and for its own address, and its answer makes a session at the publisher."""
    (tmp_path / "idp.xml").write_text(provider_metadata())
    stack = stack_of(with_provider(stacks.shipped_federation()), keys, tmp_path, stacks.NOW)
    own = OwnIdentityProvider(stacks.NOW)

    with browser_of(stack, own) as browser:
        *_, last = walk(stack, LoginPlan(PersonRef("kuusikoski", "own")), browser)

    [request] = own.asked
    document = inflated(parse_qs(request.url.query.decode())["SAMLRequest"][0])
    assert f'AssertionConsumerServiceURL="{FLOW_ACS}"' in document
    assert 'Destination="https://idp.example/mansikkala/sso"' in document
    assert is_signed_by(request, keys.pairs["proxy-sp"].certificate_base64)
    assert last.kind == "materials"


def test_ends_sessions_when_the_identity_provider_says_so(keys: Keys, tmp_path: Path) -> None:
    """Both services learn the end, also the second one, whose person the proxy remembers; then the proxy forgets."""
    (tmp_path / "idp.xml").write_text(provider_metadata())
    stack = stack_of(with_provider(stacks.shipped_federation()), keys, tmp_path, stacks.NOW)
    own = OwnIdentityProvider(stacks.NOW, stacks.NOW + timedelta(minutes=2))
    services = [stack.endpoints.service(service) for service in ("publisher", "portal")]
    token = {AUTHORIZATION: bearer(stack.run_token)}

    with browser_of(stack, own) as browser:
        kinds = []
        for service in ("publisher", "portal"):
            *_, last = walk(stack, LoginPlan(PersonRef("kuusikoski", "own"), service), browser)
            kinds.append(last.kind)
            stack.advance(timedelta(seconds=59))
        before = [browser.get(service.session_url, headers=token).status_code for service in services]
        stack.advance(timedelta(seconds=2))
        after = [browser.get(service.session_url, headers=token).status_code for service in services]
        *_, last = walk(stack, LoginPlan(PersonRef("kuusikoski", "own")), browser)

    assert (kinds, before) == (["materials", "materials"], [200, 200])
    assert (after, len(own.asked)) == ([404, 404], 2)


def test_offers_no_school_of_an_identity_provider_whose_metadata_is_not_there(keys: Keys, tmp_path: Path) -> None:
    """Nobody can choose what is not trusted; its schools stay known, for teachers who work there too."""
    stack = stack_of(with_provider(stacks.shipped_federation()), keys, tmp_path, stacks.NOW)

    with stack.client() as browser:
        sources = browser.get("https://mpass.localhost/idp/profile/api/authnsources").json()["response"]

    assert [source["id"] for source in sources if "Kuusikoski" in source["id"]] == []
    assert len(sources) == 10


def is_signed_by(request: httpx.Request, certificate_base64: str) -> bool:
    """Tell whether the query of a redirect is signed by this certificate's key (saml-bindings-2.0-os 3.4.4.1)."""
    signed, _, signature = request.url.query.decode().partition("&Signature=")
    key = VerificationKey.from_certificate(certificate_base64)
    return key.verifies(base64.b64decode(httpx.QueryParams(f"s={signature}")["s"]), signed.encode(), RSA_SHA256)
