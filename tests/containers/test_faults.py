# SPDX-License-Identifier: Apache-2.0
"""What a login survives: replicas that die or hang, a database that is started anew, a rolling restart; clocks apart.

One stack for all of them, in one process after the other: each test leaves every container well.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest

from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult
from testbed.stacks.compose.stack import ComposeStack
from tests.builders.containers import is_well, mended, wait_until, worked_last
from tests.builders.logins import handed_out_by, send

pytestmark = pytest.mark.containers

SAML_POST = 'data-purpose="saml-post"'


@pytest.fixture
def stack(compose: ComposeStack) -> Iterator[ComposeStack]:
    """Return the running stack; it is well again afterwards."""
    with mended(compose):
        yield compose


def log_in(
    stack: ComposeStack, person: str = "demo_u0001", service: str = "publisher", browser: httpx.Client | None = None
) -> LoginResult:
    return login(stack, LoginPlan(find_person(stack.federation, person), service), browser)


def signed_in_as(stack: ComposeStack, browser: httpx.Client) -> str | None:
    """Return the uid of whom the publisher takes the browser for, None where for nobody."""
    document = browser.get(
        f"{stack.origins.publisher}/session.json", headers={"Authorization": f"Bearer {stack.run_token.hex()}"}
    )
    return document.json()["attributes"]["uid"][0] if document.status_code == 200 else None


def test_goes_on_at_the_other_replica_when_one_is_killed(stack: ComposeStack):
    """The replica that sent the person to the municipality dies; the other one takes the answer."""
    with stack.client() as browser:
        form = handed_out_by("idp", stack, browser, "demo_u0001")
        stack.engine.kill(worked_last(stack, "authn-request-sent"))

        answer = send(browser, form)

    assert (answer.status_code, SAML_POST in answer.text) == (200, True)


def test_goes_on_at_the_other_replica_when_one_hangs(stack: ComposeStack):
    """A replica whose time stands still answers nobody and refuses nobody: the balancer finds the other one."""
    with stack.client() as browser:
        form = handed_out_by("idp", stack, browser, "demo_u0001")
        stack.engine.pause(worked_last(stack, "authn-request-sent"))

        answer = send(browser, form)
        others = [log_in(stack, person).outcome for person in ("demo_u0031", "demo_u0004", "demo_u0005")]

    assert (answer.status_code, SAML_POST in answer.text) == (200, True)
    assert others == ["session"] * 3


def test_refuses_a_response_that_the_other_replica_has_accepted(stack: ComposeStack):
    """The second copy of a response comes where nobody saw the first: the store knows."""
    with stack.client() as browser:
        form = handed_out_by("idp", stack, browser, "demo_u0001")
        cookies = list(browser.cookies.jar)
        first = send(browser, form)
        stack.engine.stop(worked_last(stack, "response-sent"))
        browser.cookies.clear()
        for cookie in cookies:
            browser.cookies.jar.set_cookie(cookie)

        second = send(browser, form)

    assert (first.status_code, SAML_POST in first.text) == (200, True)
    assert (second.status_code, "response-replayed" in second.text) == (400, True)


def test_remembers_a_person_at_every_replica(stack: ComposeStack):
    """Signed in by one replica, into the portal by the other, without another sign-in."""
    with stack.client() as browser:
        first = log_in(stack, browser=browser)
        stack.engine.stop(worked_last(stack, "response-sent"))
        second = log_in(stack, service="portal", browser=browser)

    assert (first.outcome, second.outcome) == ("session", "session")
    assert "idp" not in {hop.receiver for hop in second.hops}


def test_keeps_who_is_signed_in_when_the_identity_providers_stop(stack: ComposeStack):
    """Nobody new signs in; who is in stays in, and gets into the other service."""
    with stack.client() as browser, stack.client() as newcomer:
        log_in(stack, browser=browser)
        before = signed_in_as(stack, browser)
        [simulators] = stack.containers("idp")
        stack.engine.stop(simulators)

        refused = log_in(stack, "demo_u0031", browser=newcomer)
        portal = log_in(stack, service="portal", browser=browser)
        after = signed_in_as(stack, browser)

    assert before is not None
    assert (refused.outcome, portal.outcome, after) == ("error", "session", before)


def test_recovers_when_the_database_is_started_anew(stack: ComposeStack):
    """Publisher and proxy go on by themselves; everybody is still who they were, and nobody is anybody else."""
    with stack.client() as pupil, stack.client() as teacher, stack.client() as stranger:
        log_in(stack, "demo_u0001", browser=pupil)
        log_in(stack, "demo_u0031", browser=teacher)
        before = [signed_in_as(stack, browser) for browser in (pupil, teacher, stranger)]
        [database] = stack.containers("database")

        stack.engine.restart(database)
        wait_until(lambda: log_in(stack, "demo_u0004").outcome == "session", "a login after the restart")
        after = [signed_in_as(stack, browser) for browser in (pupil, teacher, stranger)]

    assert after == before
    assert (before[2], len(set(before))) == (None, 3)


def test_loses_no_login_while_every_replica_is_restarted(stack: ComposeStack):
    """One replica after the other stops and starts while people sign in: each login ends in a session."""
    outcomes: Counter[str] = Counter()
    is_over = threading.Event()

    def keep_signing_in() -> None:
        while not is_over.is_set():
            result = log_in(stack)
            outcomes[f"{result.outcome} {result.because or ''} {result.detail}".strip()] += 1

    people = [threading.Thread(target=keep_signing_in) for _ in range(2)]
    for each in people:
        each.start()
    try:
        for replica in stack.containers("proxy"):
            stack.engine.restart(replica)
            wait_until(
                lambda: all(each.is_done for each in stack.containers("proxy")), "every replica is healthy again"
            )
    finally:
        is_over.set()
        for each in people:
            each.join()

    assert set(outcomes) == {"session"}
    assert outcomes["session"] >= 10


@contextmanager
def publisher_with_clock(stack: ComposeStack, seconds: int) -> Iterator[None]:
    """Run the publisher with another clock; afterwards with its own again."""
    run_publisher(stack, seconds)
    try:
        yield
    finally:
        run_publisher(stack, 0)


def run_publisher(stack: ComposeStack, clock_seconds: int) -> None:
    options = replace(stack.project.options, clock_seconds={"publisher": clock_seconds})
    code, said = replace(stack.project, options=options).run("up", "--detach", "--no-build", "--no-deps", "publisher")
    assert code == 0, said
    wait_until(lambda: is_well(stack), "the publisher is well")


@pytest.mark.parametrize(
    ("seconds", "because"),
    [
        pytest.param(170, None, id="goes on with a skew that is within bounds"),
        pytest.param(600, "request-not-yet-valid", id="names a skew that is not"),
    ],
)
def test_measures_the_skew_of_a_containers_clock(stack: ComposeStack, seconds: int, because: str | None):
    """A publisher whose machine runs ahead asks from the future, and is told so."""
    with publisher_with_clock(stack, seconds):
        result = log_in(stack)

    assert result.because == because
