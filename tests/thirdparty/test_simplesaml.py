# SPDX-License-Identifier: Apache-2.0
"""An identity provider that others have written signs people in: SimpleSAMLphp, plugged in by the address of its metadata.

Kuusikoski's people sign in there instead of at the simulated one; one line of the declaration and `testbed apply` are
all that the testbed needs, while it runs.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from click.testing import CliRunner
from lxml import etree

from certs.folder import KeyFolder
from party.run_token import AUTHORIZATION, bearer
from testbed.cli import main
from testbed.flow.browser import Browser
from testbed.flow.login import LoginPlan, walk
from testbed.flow.page import ACCEPT, Form, Page, PageKind
from testbed.flow.people import PersonRef
from testbed.stacks.local import LocalStack
from testbed.stacks.protocol import part_at
from tests.builders import simplesaml
from tests.builders.homes import NAMESPACES
from tests.builders.loopback_process import free_port
from tests.builders.service_requests import asking, attribute
from tests.builders.simplesaml import SimpleSaml

pytestmark = [
    pytest.mark.thirdparty,
    pytest.mark.skipif(not simplesaml.is_installed(), reason=simplesaml.MISSING),
]

TEACHER = {
    "mpassUserIdentity": "aino",
    "firstName": "Aino",
    "surname": "Kiertäväinen",
    "learnerId": "1.2.246.562.98.20000000016",
    "schoolCode": ["04647", "90101"],
    "userRole": "Opettaja",
}
PEOPLE = {
    "aino:salasana": TEACHER,
    "nolla:salasana": {name: values for name, values in TEACHER.items() if name != "learnerId"},
}


@contextmanager
def plugged_in(stack: LocalStack, declaration: Path, **options: bool) -> Iterator[SimpleSaml]:
    """Run SimpleSAMLphp as Kuusikoski's identity provider, with these options towards the proxy."""
    with stack.client() as client:
        proxy_metadata = client.get(f"{stack.origins.proxy}/Shibboleth.sso/Metadata").content
    named = {name.replace("_", "."): value for name, value in options.items()}
    with simplesaml.running(free_port(), proxy_metadata, PEOPLE, named) as idp:
        before, kuusikoski, after = declaration.read_text("utf-8").partition("\n  kuusikoski:\n")
        after = after.replace("idp: {kind: saml}", f'idp: {{kind: saml, metadata: "{idp.metadata_url}"}}', 1)
        declaration.write_text(before + kuusikoski + after, "utf-8")
        apply(stack, declaration)
        yield idp


def apply(stack: LocalStack, declaration: Path) -> None:
    """Let the proxy fetch the metadata anew."""
    port_base = str(urlsplit(stack.origins.proxy).port)
    options = ["--federation", str(declaration), "--state", str(stack.state), "--port-base", port_base]
    applied = CliRunner().invoke(main, ["apply", *options], catch_exceptions=False)
    assert (applied.exit_code, applied.stderr) == (0, "")


def arrive(stack: LocalStack, client: httpx.Client, service: str = "publisher") -> Page:
    """Go from the service through the school picker, and return the page of SimpleSAMLphp."""
    *_, page = walk(stack, LoginPlan(PersonRef("kuusikoski", "aino"), service), client)
    return page


def submit(stack: LocalStack, client: httpx.Client, page: Page, field: str, **values: str) -> Page:
    """Send the form of `page` that has `field`."""
    form = page.form_with_field(field)
    assert form is not None, (page.url, page.body.decode())
    return send(stack, client, page, form, values, field)


def send(stack: LocalStack, client: httpx.Client, page: Page, form: Form, values: Mapping[str, str], what: str) -> Page:
    """Send a form of `page`, with these values in it."""
    browser = Browser(client, lambda url: part_at(stack.origins, url))
    browser.return_to(page)
    return browser.submit(form, values, what)


def sign_in(stack: LocalStack, client: httpx.Client, user: str = "aino", page: Page | None = None) -> list[Page]:
    """Sign in at SimpleSAMLphp and go on as far as the chain goes; return the pages from its response on."""
    login = page or arrive(stack, client)
    pages = [submit(stack, client, login, "password", username=user, password="salasana")]  # noqa: S106 -- a test person's
    while pages[-1].kind is not PageKind.REFUSAL and pages[-1].form_with_field("SAMLResponse") is not None:
        pages.append(submit(stack, client, pages[-1], "SAMLResponse"))
    terms = pages[-1].terms_form()
    if terms is not None:
        pages.append(send(stack, client, pages[-1], terms, ACCEPT, "terms"))
    return pages


def received(stack: LocalStack, client: httpx.Client) -> dict[str, object]:
    """Return what the publisher knows of the person in this browser."""
    headers = {AUTHORIZATION: bearer(stack.run_token)}
    session = client.get(stack.endpoints.service("publisher").session_url, headers=headers).json()
    attributes = session["attributes"]
    return {"schools": session["schools"]} | {
        name: attributes[name] for name in ("given_name", "surname", "learner_id")
    }


def response(page: Page) -> etree._Element:
    """Return the response that SimpleSAMLphp's page carries."""
    form = page.form_with_field("SAMLResponse")
    assert form is not None
    return etree.fromstring(base64.b64decode(form.fields["SAMLResponse"]))


def shape(page: Page) -> Mapping[str, bool]:
    """Return what of SimpleSAMLphp's response is signed and encrypted."""
    paths = {
        "response": "ds:Signature",
        "assertion": "saml:Assertion/ds:Signature",
        "encrypted": "saml:EncryptedAssertion",
    }
    return {name: response(page).find(path, NAMESPACES) is not None for name, path in paths.items()}


SIGNED_IN = {
    "schools": ["04647", "90101"],
    "given_name": ["Aino"],
    "surname": ["Kiertäväinen"],
    "learner_id": ["1.2.246.562.98.20000000016"],
}


@pytest.mark.parametrize(
    ("options", "signed"),
    [
        pytest.param({}, {"response": True, "assertion": True, "encrypted": False}, id="response and assertion"),
        pytest.param(
            {"saml20_sign_assertion": False}, {"response": True, "assertion": False, "encrypted": False}, id="response"
        ),
        pytest.param(
            {"saml20_sign_response": False}, {"response": False, "assertion": True, "encrypted": False}, id="assertion"
        ),
        pytest.param(
            {"assertion_encryption": True}, {"response": True, "assertion": False, "encrypted": True}, id="encrypted"
        ),
    ],
)
def test_signs_a_teacher_of_two_schools_in(
    running: LocalStack, declaration: Path, options: Mapping[str, bool], signed: Mapping[str, bool]
):
    """Whatever of the answer is signed, the publisher receives the names as they are and acts on both schools."""
    with plugged_in(running, declaration, **options), running.client() as browser:
        answer, *_, last = sign_in(running, browser)
        seen = received(running, browser)

    assert (shape(answer), last.kind) == (signed, PageKind.MATERIALS)
    assert seen == SIGNED_IN


def test_refuses_what_is_encrypted_by_cbc_in_an_unsigned_response(running: LocalStack, declaration: Path):
    """SimpleSAMLphp encrypts by CBC, which is read only where a signature covers it."""
    options = {"assertion_encryption": True, "saml20_sign_response": False}
    with plugged_in(running, declaration, **options), running.client() as browser:
        *_, last = sign_in(running, browser)

    assert last.error_fields["reason"] == "encryption-algorithm"


def test_keeps_whoever_types_a_wrong_password(running: LocalStack, declaration: Path):
    """The login page comes again, and the right password then goes on with the same login."""
    with plugged_in(running, declaration) as idp, running.client() as browser:
        page = submit(running, browser, arrive(running, browser), "password", username="aino", password="väärä")  # noqa: S106 -- a wrong one
        *_, last = sign_in(running, browser, page=page)

    assert (page.url.startswith(idp.origin), "Incorrect username or password" in page.body.decode()) == (True, True)
    assert last.kind is PageKind.MATERIALS


def test_signs_in_anew_when_the_service_asks_for_it(running: LocalStack, declaration: Path):
    """ForceAuthn goes through the proxy: SimpleSAMLphp asks for the password although it knows the person."""
    publisher = KeyFolder(running.state).load(["sp-publisher"], []).pairs["sp-publisher"]
    with plugged_in(running, declaration), running.client() as browser:
        first = sign_in(running, browser)
        with asking(browser, publisher, attribute('ForceAuthn="true"')):
            again = arrive(running, browser)
        second = sign_in(running, browser, page=again)

    assert again.form_with_field("password") is not None
    assert [pages[-1].kind for pages in (first, second)] == [PageKind.MATERIALS] * 2


def test_stops_a_person_without_learner_id(running: LocalStack, declaration: Path):
    """The login ends at the proxy by the documented reason."""
    with plugged_in(running, declaration), running.client() as browser:
        *_, last = sign_in(running, browser, "nolla")

    assert last.error_fields["reason"] == "learner-id-missing"


def test_refuses_an_answer_that_nobody_asked_for(running: LocalStack, declaration: Path):
    """A response that SimpleSAMLphp's own start page begins belongs to no login of the proxy."""
    with plugged_in(running, declaration) as idp, running.client() as browser:
        started = Browser(browser, lambda url: part_at(running.origins, url)).open(
            idp.unasked_url(running.endpoints.proxy.sp_entity_id), "a start without the proxy"
        )
        answer, last = sign_in(running, browser, page=started)

    assert response(answer).get("InResponseTo") is None
    assert last.error_fields["reason"] == "login-not-found"


def test_rolls_its_key_over(running: LocalStack, declaration: Path):
    """A key that metadata announced signs at once; one that it did not is refused until `apply` has fetched it."""
    announced, surprise = simplesaml.key_pair(), simplesaml.key_pair()
    ends = []
    with plugged_in(running, declaration) as idp:

        def log_in() -> None:
            with running.client() as browser:
                last = sign_in(running, browser)[-1]
                ends.append(last.error_fields.get("reason", last.kind))

        idp.sign_by(announced)
        log_in()
        apply(running, declaration)
        log_in()
        idp.sign_by(announced, surprise)
        apply(running, declaration)
        idp.sign_by(surprise)
        log_in()

    assert ends == ["response-signature-invalid", PageKind.MATERIALS, PageKind.MATERIALS]
