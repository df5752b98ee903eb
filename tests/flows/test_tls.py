# SPDX-License-Identifier: Apache-2.0
"""Logins on https: cookies that cross from site to site, and the local stack behind the test CA."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from certs.tls_folder import TlsFolder
from federation.data_faults import NoData
from federation.endpoints import PARTS
from party.loopback import LoopbackTransport
from party.tls import tls_context
from proxy.asking.connections import PooledTransport
from proxy.asking.data_service import DataServices
from testbed.cli import main
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.stacks.in_process import InProcessStack
from testbed.stacks.local import LocalStack
from tests.builders import stacks
from tests.builders.logins import handed_out_by, send


@pytest.fixture(scope="module")
def over_tls(tmp_path_factory: pytest.TempPathFactory, keys_folder: Path) -> Iterator[LocalStack]:
    """Run the shipped federation as real processes that answer on https."""
    state = tmp_path_factory.mktemp("tls")
    with stacks.local(stacks.shipped_federation(), state, keys_folder, is_tls=True) as stack:
        yield stack


def cookies_set(stack: InProcessStack, person: str) -> dict[str, tuple[bool, bool, str]]:
    """Log a person in; return Secure, HttpOnly and SameSite of every cookie that was set, by its purpose."""
    seen: dict[str, tuple[bool, bool, str]] = {}

    def look(response: httpx.Response) -> None:
        for header in response.headers.get_list("set-cookie"):
            for name, cookie in SimpleCookie(header).items():
                part, port, purpose = name.removeprefix("__Host-").split("-", 2)
                assert (name[:7], port, cookie["path"], cookie["domain"]) == ("__Host-", "443", "/", "")
                purpose = "login" if purpose.startswith("login-") else purpose
                seen[f"{part} {purpose}"] = (bool(cookie["secure"]), bool(cookie["httponly"]), cookie["samesite"])

    with stack.client() as browser:
        browser.event_hooks = {"response": [look]}
        result = login(stack, LoginPlan(find_person(stack.federation, person)), browser)
    assert result.outcome == "session", result.detail
    return seen


def test_lets_a_login_cross_sites(in_process: InProcessStack):
    """What must survive a POST from another site is SameSite=None, everything else Lax; all of it Secure and HttpOnly."""
    cookies = cookies_set(in_process, "demo_u0001")

    assert all(cookie[:2] == (True, True) for cookie in cookies.values())
    assert {name for name, cookie in cookies.items() if cookie[2] == "None"} == {
        "mpass login",
        "mpass session",
        "idp browser",
        "idp sessions",
        "publisher browser",
    }
    assert {cookie[2] for cookie in cookies.values()} == {"None", "Lax"}


@pytest.mark.local
def test_signs_in_over_tls(over_tls: LocalStack):
    """The whole chain on https, each part under a host name of its own, every certificate checked."""
    result = login(over_tls, LoginPlan(find_person(over_tls.federation, "demo_u0031")))

    assert (result.outcome, result.schools) == ("session", ("30076", "30078")), result.detail
    assert [over_tls.origins.host_name(part) for part in PARTS] == [
        "mpass.localhost",
        "idp.localhost",
        "publisher.localhost",
        "portal.localhost",
    ]


@pytest.mark.local
@pytest.mark.parametrize(("person", "school"), [("veera.virta", "90901"), ("oona.oja", "91001")])
def test_asks_data_services_over_tls(over_tls: LocalStack, person: str, school: str):
    """The proxy finds a Wilma and an Opinsys by their host name, and takes the test CA's word for them."""
    result = login(over_tls, LoginPlan(find_person(over_tls.federation, person)))

    assert (result.outcome, result.schools) == ("session", (school,)), result.because


@pytest.mark.local
@pytest.mark.parametrize("ca", ["another testbed's", "nobody's"])
def test_asks_no_data_service_that_another_ca_vouches_for(over_tls: LocalStack, tmp_path: Path, ca: str):
    """What the proxy is told of a person by whoever took the port is not read."""
    other = TlsFolder(tmp_path)
    other.ensure([over_tls.origins.host_name("idp")], datetime.now(UTC))
    trusted = tls_context(other.ca_certificate if ca == "another testbed's" else None)
    services = DataServices(PooledTransport(trusted), ["Wilma"])

    found = services.ask("Wilma", f"{over_tls.origins.idp}/koivuranta/external/mpass?username=x")
    services.close()

    assert found == NoData("home-data-unreachable", "ConnectError")


@pytest.mark.local
def test_is_vouched_for_by_its_own_ca_alone(over_tls: LocalStack, tmp_path: Path):
    """A client that trusts another testbed's CA does not talk to this one."""
    other = TlsFolder(tmp_path)
    other.ensure([over_tls.origins.host_name("proxy")], datetime.now(UTC))
    transport = LoopbackTransport(tls_context(other.ca_certificate))

    with (
        httpx.Client(transport=transport, trust_env=False) as client,
        pytest.raises(httpx.ConnectError, match="verify"),
    ):
        client.get(over_tls.endpoints.proxy.idp_entity_id)


@pytest.mark.local
def test_tells_nothing_without_tls(over_tls: LocalStack):
    """Who speaks http to a TLS port gets no page, and the part goes on."""
    with socket.create_connection(("127.0.0.1", over_tls.origins.port("publisher")), timeout=10) as plain:
        plain.sendall(b"GET /kirjaudu HTTP/1.1\r\nHost: publisher.localhost\r\n\r\n")
        answer = plain.recv(100_000)

    assert b"<html" not in answer
    with over_tls.client() as browser:
        assert browser.get(f"{over_tls.origins.publisher}/kirjaudu").status_code == 200


@pytest.mark.local
def test_presents_a_renewed_certificate_at_once(over_tls: LocalStack):
    """`apply --renew` is taken up while a person is in the middle of a login, and the login goes on."""
    before = presented_certificate(over_tls)
    with over_tls.client() as browser:
        form = handed_out_by("idp", over_tls, browser, "demo_u0001")

        options = ["--port-base", str(over_tls.origins.port("proxy")), "--tls", "--renew", "mpass.localhost"]
        applied = CliRunner().invoke(
            main, ["apply", "--federation", str(stacks.SHIPPED), "--state", str(over_tls.state), *options]
        )
        answered = send(browser, form)

    assert applied.stdout == f"{over_tls.state}: 1 TLS certificates made\ntaken up by what runs: proxy\n"
    assert presented_certificate(over_tls) != before
    assert answered.status_code == 200
    assert 'data-purpose="saml-post"' in answered.text


@pytest.mark.local
def test_says_in_its_status_where_it_answers(over_tls: LocalStack):
    """Whoever asks for the status is told https addresses that were checked."""
    status = CliRunner().invoke(main, ["status", "--json", "--state", str(over_tls.state)])

    document = json.loads(status.stdout)
    assert (status.exit_code, document["tls"]) == (0, True)
    assert [part["address"] for part in document["parts"]] == [over_tls.origins.of(part) for part in PARTS]


def presented_certificate(stack: LocalStack) -> bytes | None:
    """Return what the proxy shows to a client that trusts the test CA."""
    address = ("127.0.0.1", stack.origins.port("proxy"))
    with (
        socket.create_connection(address, timeout=10) as plain,
        tls_context(TlsFolder(stack.state).ca_certificate).wrap_socket(
            plain, server_hostname=stack.origins.host_name("proxy")
        ) as connection,
    ):
        return connection.getpeercert(binary_form=True)
