# SPDX-License-Identifier: Apache-2.0
"""An ordinary SAML client that others have written signs people in: Apache with mod_auth_mellon, plugged in by its file.

It is configured as for MPASSid with the host changed: its IdP metadata is what the proxy serves at its entity ID, and
one line of the declaration and `testbed apply` are all that the testbed needs, while it runs.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from click.testing import CliRunner

from testbed.cli import main
from testbed.flow.login import LoginPlan, walk
from testbed.flow.page import Page, PageKind
from testbed.flow.people import find_person
from testbed.stacks.local import LocalStack
from tests.builders import mellon, stacks
from tests.builders.loopback_process import free_port
from tests.builders.mellon import Mellon

pytestmark = [
    pytest.mark.thirdparty,
    pytest.mark.skipif(not mellon.is_installed(), reason=mellon.MISSING),
]

RECEIVES = "uid, given_name, surname, learner_id, school_info, role"


@contextmanager
def plugged_in(
    stack: LocalStack, declaration: Path, *key_uses: str | None, sign: str = "both", receives: str = RECEIVES
) -> Iterator[Mellon]:
    """Run mellon as `my-service` of the testbed, with its certificate once for each of `key_uses`."""
    idp_metadata = httpx.get(stack.endpoints.proxy.idp_entity_id, trust_env=False).content
    with mellon.running(free_port(), idp_metadata, key_uses) as service:
        line = f"  my-service: {{metadata: {service.metadata_file}, sign: {sign}, receives: [{receives}]}}\n"
        declaration.write_text(declaration.read_text("utf-8").replace("services:\n", "services:\n" + line, 1), "utf-8")
        applied = CliRunner().invoke(main, ["apply", *options(stack, declaration)], catch_exceptions=False)
        assert (applied.exit_code, applied.stderr) == (0, "")
        yield service


def options(stack: LocalStack, declaration: Path) -> list[str]:
    port_base = urlsplit(stack.origins.proxy).port
    return ["--federation", str(declaration), "--state", str(stack.state), "--port-base", str(port_base)]


def sign_in(stack: LocalStack, service: Mellon, person: str) -> tuple[list[Page], httpx.Response]:
    """Sign a person in through the whole chain, without JavaScript; return the pages, and what mellon then shows."""
    plan = LoginPlan(find_person(stack.federation, person), "my-service")
    with stack.client() as browser:
        pages = list(walk(stack, plan, browser, service.private_url))
        shown = browser.get(service.private_url)
    assert (shown.status_code, shown.text) == (200, "signed in\n"), (pages[-1].body.decode(), service.log())
    return pages, shown


def response_to_the_service(pages: list[Page], service: Mellon) -> bytes:
    """Return the XML of the response that the proxy handed to the browser."""
    forms = [form for page in pages if page.kind is PageKind.SAML_POST for form in page.forms]
    [response] = [form.fields["SAMLResponse"] for form in forms if form.action == service.acs_url]
    return base64.b64decode(response)


TWO_SCHOOLS = {
    "uid": ["MPASSOID.0939fb6ebecc4684241e81282e841f47bff48694"],
    "given_name": ["Testi31"],
    "surname": ["Oppilas31"],
    "learner_id": ["1.2.246.562.98.10000000314"],
    "school_info": [
        "30076;Mansikkalan testi peruskoulu",
        "1.2.246.562.99.00000000002;Mansikkalan testi peruskoulu",
        "1.2.246.562.99.00000000003;Mansikkalan testi ammattioppilaitos, Metsolan toimipiste",
        "30078;Mansikkalan testi ammattioppilaitos",
        "1.2.246.562.99.00000000004;Mansikkalan testi ammattioppilaitos",
    ],
    "role": [
        "1.2.246.562.99.00000000001;30076;9F;Oppilas;1;1.2.246.562.99.00000000002;",
        "1.2.246.562.99.00000000001;30078;9G;Oppilas;1;1.2.246.562.99.00000000004;1.2.246.562.99.00000000003",
    ],
}
"""What `receives` holds of a pupil of two schools; mellon would show a class level too, if there were one."""


@pytest.mark.parametrize("sign", ["both", "response", "assertion"])
def test_exports_the_attributes_of_a_signed_answer(running: LocalStack, declaration: Path, sign: str):
    """Whatever of the answer is signed, the application gets the attributes that the declaration says, and no others."""
    with plugged_in(running, declaration, "signing", sign=sign) as service:
        pages, shown = sign_in(running, service, "demo_u0031")

    assert b"<saml:EncryptedAssertion" not in response_to_the_service(pages, service)
    assert mellon.exported(shown) == TWO_SCHOOLS


@pytest.mark.parametrize(
    "uses",
    [
        pytest.param(("signing", "encryption"), id="with a key to encrypt for"),
        pytest.param((None,), id="with a key for everything"),
    ],
)
def test_exports_the_attributes_of_an_encrypted_answer(
    running: LocalStack, declaration: Path, uses: tuple[str | None, ...]
):
    """A service that publishes a key to encrypt for gets an encrypted assertion, and reads it."""
    with plugged_in(running, declaration, *uses) as service:
        pages, shown = sign_in(running, service, "demo_u0031")

    assert b"<saml:EncryptedAssertion" in response_to_the_service(pages, service)
    assert mellon.exported(shown) == TWO_SCHOOLS


def test_exports_letters_as_they_are(running: LocalStack, declaration: Path):
    """Nordic letters of a name arrive whole."""
    with plugged_in(running, declaration, "signing", receives="uid, surname") as service:
        _, shown = sign_in(running, service, "demo_u0010")

    assert mellon.exported(shown)["surname"] == ["OppilasåäöÅÄÖ10"]


def test_knows_a_person_by_a_name_for_once(running: LocalStack, declaration: Path):
    """The NameID is transient: another one at each login."""
    with plugged_in(running, declaration, "signing") as service:
        shown = [sign_in(running, service, "demo_u0031")[1] for _ in range(2)]

    names = {mellon.name_id(response) for response in shown}
    assert (len(names), "" in names) == (2, False)


def test_is_refused_once_it_is_unplugged(running: LocalStack, declaration: Path):
    """Without its line in the declaration the proxy knows the service no more, at once."""
    with plugged_in(running, declaration, "signing") as service:
        CliRunner().invoke(main, ["apply", *options(running, stacks.SHIPPED)], catch_exceptions=False)
        plan = LoginPlan(find_person(running.federation, "demo_u0031"), "my-service")
        with running.client() as browser:
            *_, last = walk(running, plan, browser, service.private_url)

    assert last.error_fields["reason"] == "service-unknown"
