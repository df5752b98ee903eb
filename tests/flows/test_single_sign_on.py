# SPDX-License-Identifier: Apache-2.0
"""One sign-in, several services: what the proxy remembers, for whom and for how long (design 7)."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urljoin

import httpx
import pytest

from certs.keys import Keys
from testbed.flow.login import LoginPlan, login, walk
from testbed.flow.page import Page, PageKind
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult
from testbed.stacks.in_process import InProcessStack
from tests.builders import stacks
from tests.builders.service_requests import asking, attribute


def log_in(stack: InProcessStack, browser: httpx.Client, person: str, service: str) -> LoginResult:
    """Log a person in with a browser that keeps its cookies."""
    return login(stack, LoginPlan(find_person(stack.federation, person), service), browser)


def asked_home(stack: InProcessStack) -> int:
    """Return how often an identity provider was asked so far."""
    return sum(event.name == "authn-request-sent" for event in stack.events())


def end_sessions_of_services(browser: httpx.Client) -> None:
    """Drop the services' and the identity provider's cookies: only the proxy remembers the browser."""
    for cookie in list(browser.cookies.jar):
        if not cookie.domain.startswith("mpass."):
            browser.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)


def test_opens_a_second_service_without_asking_again(fresh_stack: InProcessStack):
    """Signed in at the publisher, the person gets into the portal with no picker and no login page."""
    with fresh_stack.client() as browser:
        first = log_in(fresh_stack, browser, "demo_u0001", "publisher")
        second = log_in(fresh_stack, browser, "demo_u0001", "portal")

    assert (first.outcome, second.outcome) == ("session", "session")
    assert [hop.receiver for hop in second.hops] == ["portal", "proxy", "portal", "portal"]
    assert asked_home(fresh_stack) == 1


def test_releases_to_each_service_its_own_attributes(fresh_stack: InProcessStack):
    """The session does not widen what a service receives."""
    with fresh_stack.client() as browser:
        log_in(fresh_stack, browser, "demo_u0001", "publisher")
        portal = log_in(fresh_stack, browser, "demo_u0001", "portal")

    assert sorted(portal.attributes) == sorted(fresh_stack.federation.services["portal"].receives)


def test_asks_the_providers_gate_anew(fresh_stack: InProcessStack):
    """A service that the education provider does not allow stays closed to a person who is signed in."""
    with fresh_stack.client() as browser:
        portal = log_in(fresh_stack, browser, "hopeaniemi/helmi.hopeinen", "portal")
        publisher = log_in(fresh_stack, browser, "hopeaniemi/helmi.hopeinen", "publisher")

    assert portal.outcome == "session"
    assert (publisher.at, publisher.because) == ("proxy", "service-not-allowed")


def test_asks_anew_where_the_providers_secret_has_expired(keys: Keys):
    """A person is not remembered past the last day of their source's secret; their choice of it is refused, with words."""
    shipped = stacks.shipped_federation()
    suvantojoki = shipped.education_providers["suvantojoki"]
    last_day = suvantojoki.idp.model_copy(update={"secret_expires": stacks.NOW.date().isoformat()})
    providers = {**shipped.education_providers, "suvantojoki": suvantojoki.model_copy(update={"idp": last_day})}
    stack = stacks.in_process(shipped.model_copy(update={"education_providers": providers}), keys)
    stack.advance(timedelta(hours=15, minutes=40))
    with stack.client() as browser:
        at_night = log_in(stack, browser, "sanni.suvanto", "publisher")
        stack.advance(timedelta(minutes=10))
        before_midnight = log_in(stack, browser, "sanni.suvanto", "portal")
        stack.advance(timedelta(minutes=15))
        end_sessions_of_services(browser)
        after_midnight = log_in(stack, browser, "sanni.suvanto", "publisher")

    assert (at_night.outcome, before_midnight.outcome, asked_home(stack)) == ("session", "session", 1)
    assert (after_midnight.at, after_midnight.because) == ("proxy", "source-secret-expired")


def test_offers_a_remembered_person_who_is_refused_to_log_out(fresh_stack: InProcessStack):
    """They are stopped because of who they are, so the page leads to where somebody else can take their place."""
    with fresh_stack.client() as browser:
        log_in(fresh_stack, browser, "hopeaniemi/helmi.hopeinen", "portal")
        *_, page = walk(fresh_stack, LoginPlan(find_person(fresh_stack.federation, "helmi.hopeinen")), browser)
        out = browser.get(action_of(page))
        *_, other = walk(fresh_stack, LoginPlan(find_person(fresh_stack.federation, "demo_u0001")), browser)

    assert (page.error_fields["reason"], page.form("continue") is not None) == ("service-not-allowed", True)
    assert ('data-page="logged-out"' in out.text, other.kind) == (True, PageKind.MATERIALS)


def test_offers_who_just_signed_in_and_is_refused_no_logout(fresh_stack: InProcessStack):
    """Nobody is remembered, so there is nothing to end."""
    with fresh_stack.client() as browser:
        *_, page = walk(fresh_stack, LoginPlan(find_person(fresh_stack.federation, "demo_u0022")), browser)

    assert (page.error_fields["reason"], b'data-purpose="action"' in page.body) == ("learner-id-missing", False)


def action_of(page: Page) -> str:
    """Return where the page's button leads."""
    found = re.search(rb'href="([^"]+)" data-purpose="action"', page.body)
    assert found is not None
    return urljoin(page.url, found[1].decode())


@pytest.mark.parametrize(
    ("pauses", "asked"),
    [
        pytest.param([29], 1, id="within thirty minutes"),
        pytest.param([31], 2, id="after thirty idle minutes"),
        pytest.param([25, 25], 1, id="with use in between"),
        pytest.param([25, 25, 15], 2, id="after sixty minutes in all"),
    ],
)
def test_forgets_in_time(fresh_stack: InProcessStack, pauses: list[int], asked: int):
    """A session ends thirty minutes after its last use, and sixty after its beginning."""
    with fresh_stack.client() as browser:
        log_in(fresh_stack, browser, "demo_u0001", "publisher")
        for minutes in pauses:
            fresh_stack.advance(timedelta(minutes=minutes))
            end_sessions_of_services(browser)
            assert log_in(fresh_stack, browser, "demo_u0001", "portal").outcome == "session"

    assert asked_home(fresh_stack) == asked


def test_never_shows_the_next_pupil_the_former_one(fresh_stack: InProcessStack):
    """After logging out everywhere, the next pupil at the same browser is themselves."""
    with fresh_stack.client() as browser:
        log_in(fresh_stack, browser, "demo_u0001", "publisher")
        page = browser.get(f"{fresh_stack.origins.proxy}/idp/profile/Logout")
        end_sessions_of_services(browser)
        second = log_in(fresh_stack, browser, "demo_u0002", "publisher")

    assert 'data-page="logged-out"' in page.text
    assert second.attributes["given_name"] == ["Testi2"]


def test_does_not_remember_who_was_refused(fresh_stack: InProcessStack):
    """A person stopped at the proxy can choose another account at once."""
    with fresh_stack.client() as browser:
        refused = log_in(fresh_stack, browser, "demo_u0022", "publisher")
        end_sessions_of_services(browser)
        other = log_in(fresh_stack, browser, "demo_u0001", "publisher")

    assert refused.because == "learner-id-missing"
    assert other.outcome == "session"


def test_ends_with_the_sign_in_of_another_person_even_if_refused(fresh_stack: InProcessStack, keys: Keys):
    """Who signs in where somebody else is remembered is never taken for them afterwards, even when stopped."""
    with fresh_stack.client() as browser:
        log_in(fresh_stack, browser, "demo_u0001", "publisher")
        fresh_stack.advance(timedelta(minutes=1))
        with asking(browser, keys.pairs["sp-publisher"], attribute('ForceAuthn="true"')):
            end_sessions_of_services(browser)
            refused = log_in(fresh_stack, browser, "demo_u0022", "publisher")
        end_sessions_of_services(browser)
        next_one = log_in(fresh_stack, browser, "demo_u0002", "portal")

    assert refused.because == "learner-id-missing"
    assert next_one.outcome == "session"
    assert asked_home(fresh_stack) == 3


def test_ends_with_the_logout_even_for_a_copied_cookie(fresh_stack: InProcessStack):
    """Logging out ends the session in the store, not only in the browser."""
    with fresh_stack.client() as browser, fresh_stack.client() as thief:
        log_in(fresh_stack, browser, "demo_u0001", "publisher")
        for cookie in browser.cookies.jar:
            if cookie.domain.startswith("mpass."):
                thief.cookies.jar.set_cookie(cookie)
        browser.get(f"{fresh_stack.origins.proxy}/idp/profile/Logout")
        log_in(fresh_stack, thief, "demo_u0002", "portal")

    assert asked_home(fresh_stack) == 2


@pytest.mark.parametrize(
    ("target", "location"),
    [
        pytest.param("https://portal.localhost/", "https://portal.localhost/", id="to a known service"),
        pytest.param("https://portal.localhost/x?y=1", "https://portal.localhost/x?y=1", id="to a page of it"),
        pytest.param("https://evil.example/", None, id="not to a stranger"),
        pytest.param("//evil.example/", None, id="not without a scheme"),
        pytest.param("https://portal.localhost@evil.example/", None, id="not behind a user name"),
        pytest.param("https://portal.localhost\\.evil.example/", None, id="not over a backslash"),
        pytest.param("https://portal.localhost\t.evil.example/", None, id="not over a tab"),
        pytest.param("https://portal.localhost/\r\nX: y", None, id="not with a line break"),
        pytest.param("javascript:alert(1)", None, id="not to a script"),
        pytest.param("http://portal.localhost/", None, id="not to another scheme"),
    ],
)
def test_returns_from_logout_to_known_services_only(in_process: InProcessStack, target: str, location: str | None):
    """`return` is followed to a registered service and to nobody else."""
    with in_process.client() as browser:
        response = browser.get(f"{in_process.origins.proxy}/idp/profile/Logout", params={"return": target})

    assert response.headers.get("location") == location
    assert response.status_code == (303 if location else 200)
