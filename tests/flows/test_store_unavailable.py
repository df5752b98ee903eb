# SPDX-License-Identifier: Apache-2.0
"""The proxy's store fails in the middle of a login: nobody signs in by half, and the next try goes through (design 7)."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest

from certs.keys import Keys
from proxy.store import MemoryStore, StoreUnavailableError
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult
from testbed.stacks.in_process import InProcessStack, in_process_stack
from tests.builders.logins import handed_out_by, send
from tests.builders.stacks import NOW, shipped_federation


class FailingStore(MemoryStore):
    """A store of which one operation does not answer."""

    broken = ""

    def consume(self, request_id: str, now: datetime, until: datetime) -> bool:
        """Record, unless that is what is broken."""
        self._fail_at("consume")
        return super().consume(request_id, now, until)

    def put_session(self, name: str, sealed: bytes, idle_end: datetime, end: datetime) -> None:
        """Keep, unless that is what is broken."""
        self._fail_at("put_session")
        super().put_session(name, sealed, idle_end, end)

    def use_session(self, name: str, now: datetime, idle_end: datetime) -> bytes | None:
        """Resume, unless that is what is broken."""
        self._fail_at("use_session")
        return super().use_session(name, now, idle_end)

    def end_session(self, name: str) -> None:
        """Forget, unless that is what is broken."""
        self._fail_at("end_session")
        super().end_session(name)

    def check(self) -> None:
        """Answer, unless that is what is broken."""
        self._fail_at("check")

    def _fail_at(self, operation: str) -> None:
        if self.broken == operation:
            message = f"/home/maija/.testbed/data/proxy.sqlite: {operation}"
            raise StoreUnavailableError(message)


@pytest.fixture
def store() -> FailingStore:
    """Return a store that works until it is told not to."""
    return FailingStore()


@pytest.fixture
def stack(keys: Keys, store: FailingStore) -> InProcessStack:
    """Run the shipped federation on that store."""
    return in_process_stack(shipped_federation(), keys, NOW, store=store)


def log_in(stack: InProcessStack, browser: httpx.Client, service: str) -> LoginResult:
    """Log one person in with a browser that keeps its cookies."""
    return login(stack, LoginPlan(find_person(stack.federation, "demo_u0001"), service), browser)


@pytest.mark.parametrize(
    ("operation", "signed_in_before"), [("consume", False), ("put_session", False), ("use_session", True)]
)
def test_signs_nobody_in_by_half(
    stack: InProcessStack, store: FailingStore, operation: str, *, signed_in_before: bool
) -> None:
    """Whichever operation fails, the service is told that the login failed; once the store is back, it succeeds."""
    with stack.client() as browser:
        if signed_in_before:
            log_in(stack, browser, "portal")
        store.broken = operation
        failed = log_in(stack, browser, "publisher")
        store.broken = ""
        again = log_in(stack, browser, "publisher")

    assert (failed.because, failed.saml_status) == ("store-unavailable", ("Responder", "AuthnFailed"))
    assert again.outcome == "session"


def test_takes_the_same_response_once_the_store_is_back(stack: InProcessStack, store: FailingStore) -> None:
    """A response that could not be recorded has not been used: reloading the page is enough."""
    with stack.client() as browser:
        form = handed_out_by("idp", stack, browser, "demo_u0001")
        store.broken = "consume"
        failed = send(browser, form)
        store.broken = ""
        reloaded = send(browser, form)

    assert (failed.status_code, reloaded.status_code) == (503, 200)


def test_says_that_a_logout_did_not_happen(stack: InProcessStack, store: FailingStore) -> None:
    """A session that could not be ended is not called ended, and the browser can try again."""
    with stack.client() as browser:
        log_in(stack, browser, "portal")
        store.broken = "end_session"
        failed = browser.get(f"{stack.origins.proxy}/idp/profile/Logout")
        store.broken = ""
        again = browser.get(f"{stack.origins.proxy}/idp/profile/Logout")

    assert (failed.status_code, again.status_code) == (503, 200)
    assert [event.fields["had_session"] for event in stack.events() if event.name == "logged-out"] == [True]


def test_is_not_ready_and_says_no_more_than_why(stack: InProcessStack, store: FailingStore) -> None:
    """Anybody may ask whether the proxy is ready; where its store is on the machine is nobody's business."""
    store.broken = "check"
    with stack.client() as browser:
        answer = browser.get(f"{stack.origins.proxy}/readyz")

    assert (answer.status_code, answer.json()["reason"]) == (503, "store-unavailable")
    assert "maija" not in answer.text
