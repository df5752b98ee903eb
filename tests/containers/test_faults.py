# SPDX-License-Identifier: Apache-2.0
"""What a login survives: the faults of `testbed chaos`, caused as it causes them.

One stack for all of them, in one process after the other: each test leaves every container well.
"""

from __future__ import annotations

import re
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from operator import ge
from typing import Self

import httpx
import pytest

from certs.rotation import STEPS
from testbed.chaos.faults import Choice, fault_named, worked_last
from testbed.chaos.mending import mend, wait_until
from testbed.compose_apply import run as apply
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult
from testbed.stacks.compose.stack import ComposeStack
from tests.builders.containers import mended
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


def cause(stack: ComposeStack, fault: str, choice: Choice | None = None) -> None:
    fault_named(fault).cause(stack, choice or Choice())


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
        cause(stack, "kill-proxy")

        answer = send(browser, form)

    assert (answer.status_code, SAML_POST in answer.text) == (200, True)


def test_goes_on_at_the_other_replica_when_one_hangs(stack: ComposeStack):
    """A replica whose time stands still answers nobody and refuses nobody: the balancer finds the other one."""
    with stack.client() as browser:
        form = handed_out_by("idp", stack, browser, "demo_u0001")
        cause(stack, "pause-proxy")

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
        cause(stack, "stop-idp")

        refused = log_in(stack, "demo_u0031", browser=newcomer)
        portal = log_in(stack, service="portal", browser=browser)
        after = signed_in_as(stack, browser)

    assert before is not None
    assert (refused.outcome, portal.outcome, after) == ("error", "session", before)


@pytest.mark.parametrize("person", ["veera.virta", "oona.oja"], ids=["Wilma", "Opinsys"])
def test_refuses_for_want_of_data_when_the_data_services_are_cut_off(stack: ComposeStack, person: str):
    """Their people sign in at home as ever, and are told what is missing; nobody else notices anything."""
    before = log_in(stack, person)
    cause(stack, "cut-data")

    cut_off, others = log_in(stack, person), [log_in(stack).outcome for _ in range(3)]

    assert before.outcome == "session"
    assert (cut_off.outcome, cut_off.at, cut_off.because) == ("refused", "proxy", "learner-id-missing")
    assert others == ["session"] * 3


def test_says_that_the_store_is_away_when_the_database_hangs(stack: ComposeStack):
    """A database that takes connections and answers none keeps nobody waiting; afterwards everything goes on."""
    with stack.client() as browser, stack.client() as late:
        form = handed_out_by("idp", stack, browser, "demo_u0001")
        form_of_later = handed_out_by("idp", stack, late, "demo_u0031")
        cause(stack, "pause-database")

        answer = send(browser, form)
        mend(stack)
        answer_later = send(late, form_of_later)

    assert (answer.status_code, "store-unavailable" in answer.text) == (503, True)
    assert (answer_later.status_code, SAML_POST in answer_later.text) == (200, True)


def test_recovers_when_the_database_is_started_anew(stack: ComposeStack):
    """Publisher and proxy go on by themselves; everybody is still who they were, and nobody is anybody else."""
    with stack.client() as pupil, stack.client() as teacher, stack.client() as stranger:
        log_in(stack, "demo_u0001", browser=pupil)
        log_in(stack, "demo_u0031", browser=teacher)
        before = [signed_in_as(stack, browser) for browser in (pupil, teacher, stranger)]

        cause(stack, "restart-database")
        wait_until(lambda: log_in(stack, "demo_u0004").outcome == "session", "a login after the restart")
        after = [signed_in_as(stack, browser) for browser in (pupil, teacher, stranger)]

    assert after == before
    assert (before[2], len(set(before))) == (None, 3)


class PeopleSigningIn:
    """People who sign in one login after the other, until the block ends."""

    def __init__(self, stack: ComposeStack, count: int) -> None:
        """Let `count` of them begin."""
        self.outcomes: Counter[str] = Counter()
        self._stack = stack
        self._is_over = threading.Event()
        self._ended = [0] * count
        self._threads = [threading.Thread(target=self._keep_signing_in, args=(number,)) for number in range(count)]

    def __enter__(self) -> Self:
        """Begin."""
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let the last logins end."""
        self._is_over.set()
        for each in self._threads:
            each.join()

    def go_on(self) -> None:
        """Return when everybody has ended the login under way, and another one."""
        until = [ended + 2 for ended in self._ended]
        wait_until(lambda: all(map(ge, self._ended, until)), "everybody has signed in once more")

    def _keep_signing_in(self, number: int) -> None:
        while not self._is_over.is_set():
            result = log_in(self._stack)
            self.outcomes[f"{result.outcome} {result.because or ''} {result.detail}".strip()] += 1
            self._ended[number] += 1


def test_loses_no_login_while_every_replica_is_restarted(stack: ComposeStack):
    """One replica after the other stops and starts while people sign in: each login ends in a session."""
    with PeopleSigningIn(stack, 2) as people:
        cause(stack, "restart-proxies")
        people.go_on()

    assert set(people.outcomes) == {"session"}


def test_loses_no_login_while_the_signing_key_is_rotated(stack: ComposeStack):
    """The new key is published, then used, then the old one is removed, while people sign in."""
    before = signing_certificates(stack)
    with PeopleSigningIn(stack, 2) as people:
        said = []
        for step in STEPS:
            said.append(apply(stack.project, (), step))
            # what the old key has signed is used up before it is removed
            people.go_on()
    after = signing_certificates(stack)

    assert set(people.outcomes) == {"session"}
    assert said == ["taken up by proxy, publisher, portal"] * 3
    assert (len(before), len(after), before & after) == (1, 1, set())


def signing_certificates(stack: ComposeStack) -> set[str]:
    with stack.client() as client:
        metadata = client.get(stack.endpoints.proxy.idp_entity_id).text
    return set(re.findall(r"X509Certificate>([^<]+)<", metadata))


def test_measures_the_skew_of_a_containers_clock(stack: ComposeStack):
    """A publisher whose machine runs ahead by little is borne with; by more it asks from the future, and is told so."""
    found = {}
    for seconds in (170, 600):
        cause(stack, "skew-clock", Choice(part="publisher", offset=timedelta(seconds=seconds)))
        found[seconds] = log_in(stack).because

    assert found == {170: None, 600: "request-not-yet-valid"}


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        pytest.param("disk-full", "No space left on device", id="a full disk"),
        pytest.param("read-only", "Read-only file system", id="a folder that may not be written"),
    ],
)
def test_says_where_a_declaration_cannot_be_applied(stack: ComposeStack, fault: str, why: str):
    """The place and the cause in one line; what runs goes on, and nothing of the attempt is left."""
    before = [container.id for container in stack.containers()]

    said = fault_named(fault).cause(stack, Choice())

    assert re.fullmatch(
        rf"apply ended with 2: /state\S*: cannot be written \({why}\); --state names another folder", said
    )
    assert [container.id for container in stack.containers()] == before
    assert log_in(stack).outcome == "session"


def test_leaves_alone_what_a_person_runs_from_an_image_of_the_stack(stack: ComposeStack):
    """Such a container bears the labels of the image, compose's among them; it is none of the stack's."""
    [render] = stack.containers("render")
    name = f"{stack.project.name}-by-hand"
    command = ["docker", "run", "--detach", "--name", name, "--entrypoint", "sleep", render.image, "60"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 -- the engine's own command line
    try:
        assert len(stack.containers("render")) == 1
    finally:
        subprocess.run(["docker", "rm", "--force", name], check=True, capture_output=True)  # noqa: S603, S607 -- as above
