# SPDX-License-Identifier: Apache-2.0
"""`testbed fault` on the testbed that runs, and what faults of the network do to a login and to everybody else's."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from federation.own_parts import OwnPart, Role
from idp_simulators.faults.network import NETWORK_FAULTS
from party.run_token import AUTHORIZATION, bearer
from testbed.cli import main
from testbed.documents import find_documents
from testbed.flow.faults import FaultOrder, clear_faults, set_fault
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult
from testbed.stacks.local import LocalStack
from tests.builders.stacks import SHIPPED

pytestmark = pytest.mark.local

Run = Callable[..., Result]

CLIENT_SECONDS = 3.0


@pytest.fixture
def stack(local: LocalStack) -> Iterator[LocalStack]:
    """Return the running stack, without faults before and after."""
    clear_faults(local)
    yield local
    clear_faults(local)


@pytest.fixture
def run(stack: LocalStack) -> Run:
    """Run `testbed fault` on the stack."""

    def run_with(*arguments: str) -> Result:
        options = ["--federation", str(SHIPPED), "--state", str(stack.state)]
        return CliRunner().invoke(main, ["fault", *arguments, *options])

    return run_with


def outcome(stack: LocalStack, person: str = "demo_u0001", seconds: float = 20.0) -> LoginResult:
    """Log in with a browser that waits so long for an answer."""
    plan = LoginPlan(find_person(stack.federation, person))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with httpx.Client(timeout=seconds, trust_env=False, verify=context) as browser:
        return login(stack, plan, browser)


def test_switches_a_fault_on_for_one_person(stack: LocalStack, run: Run) -> None:
    """The person's next login is refused by the fault's reason, the one after it is not."""
    result = run("set", "wrong-audience", "--person", "demo_u0001")
    because = [outcome(stack).because for _ in range(2)]

    assert (result.exit_code, result.output) == (0, "wrong-audience  mansikkala/demo_u0001  once\n")
    assert because == ["wrong-audience", None]


def test_switches_a_fault_on_until_it_is_cleared(stack: LocalStack, run: Run) -> None:
    """It is there login after login, is listed, and gone after `clear`."""
    run("set", "expired", "--provider", "mansikkala", "--until-cleared")
    because = [outcome(stack).because for _ in range(2)]
    listed = json.loads(run("list", "--json").output)["waiting"]
    cleared = run("clear")

    assert because == ["conditions-expired"] * 2
    assert listed == [
        {"fault": "expired", "twin": False, "person": None, "provider": "mansikkala", "times": "until-cleared"}
    ]
    assert cleared.output == "switched off: 1\n"
    assert outcome(stack).outcome == "session"


def test_switches_a_twin_on_so_many_times(stack: LocalStack, run: Run) -> None:
    """A twin ends in a session."""
    result = run("set", "expired", "--twin", "--times", "3")

    assert result.output == "expired (twin)  anybody  3 times\n"
    assert outcome(stack).outcome == "session"
    assert "expired (twin)  anybody  2 times" in run("list").output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(["wrong-audienc"], 'did you mean "wrong-audience"?', id="a fault that does not exist"),
        pytest.param(["expired", "--person", "demo_u0002x"], "there is none in the declaration", id="nobody"),
        pytest.param(["expired", "--provider", "mansikala"], 'did you mean "mansikkala"?', id="no such provider"),
        pytest.param(["expired", "--times", "0"], "--times", id="no time at all"),
        pytest.param(["expired", "--times", "2", "--until-cleared"], "one of them at most", id="two ends"),
        pytest.param(["slow", "--person", "demo_u0001"], "comes before anybody signs in", id="a slow person"),
        pytest.param(
            ["expired", "--person", "mansikkala/demo_u0001", "--provider", "kuusikoski"],
            "is not of provider",
            id="a person of another provider",
        ),
    ],
)
def test_ends_with_2_and_switches_nothing_on_for(run: Run, arguments: list[str], told: str) -> None:
    """Wrong input is named, and nothing waits."""
    result = run("set", *arguments)

    assert (result.exit_code, json.loads(run("list", "--json").output)["waiting"]) == (2, [])
    assert told in result.stderr


NETWORK = {
    "slow": "idp does not answer",
    "trickling": "idp answered 200 with a page of kind other",
    "error-500": "idp answered 500 with a page of kind other",
    "error-503": "idp answered 503 with a page of kind other",
    "redirect-loop": "more than 40 hops",
    "wrong-content-type": "idp answered 200 with a page of kind other",
    "reset": "idp does not answer",
    "black-hole": "idp does not answer",
}
"""What becomes of the login that meets each; no letter of a page that trickles comes late enough for a time-out."""


def test_knows_every_fault_of_the_network() -> None:
    """None is left out below."""
    assert list(NETWORK) == list(NETWORK_FAULTS)


@pytest.mark.parametrize(("fault", "detail"), NETWORK.items(), ids=NETWORK)
def test_survives(stack: LocalStack, fault: str, detail: str) -> None:
    """The login that meets it ends with the person; others sign in meanwhile, and the same person afterwards."""
    set_fault(stack, FaultOrder(fault, provider="mansikkala", times=None))
    with ThreadPoolExecutor(1) as thread:
        met = thread.submit(outcome, stack, "demo_u0001", CLIENT_SECONDS)
        started = time.monotonic()
        others = outcome(stack, "oona.oppilas", CLIENT_SECONDS)
        seconds = time.monotonic() - started
        result = met.result(timeout=90)
    clear_faults(stack)

    assert (others.outcome, seconds < 2 * CLIENT_SECONDS) == ("session", True)
    assert (result.outcome, result.detail.startswith(detail)) == ("error", True), result.detail
    assert outcome(stack).outcome == "session"


def test_tells_what_was_requested_and_answered(stack: LocalStack) -> None:
    """The exchange of a login is read back with its ids and its fault."""
    set_fault(stack, FaultOrder("expired"))
    outcome(stack)
    with stack.client() as client:
        headers = {AUTHORIZATION: bearer(stack.run_token)}
        last = client.get(f"{stack.origins.idp}/control/exchanges", headers=headers).json()["exchanges"][-1]

    assert (last["source"], last["status"], last["fault"]) == ("ShibMansikkala", "Success", "expired")


METADATA_PROBLEMS = {
    "slow": "does not answer within 2 s",
    "trickling": "does not answer within 2 s",
    "error-500": "answers 500 instead of a document",
    "error-503": "answers 503 instead of a document",
    "redirect-loop": "leads on more than 3 times; give the address at the end",
    "wrong-content-type": None,
    "reset": "does not answer",
    "black-hole": "does not answer within 2 s",
}
"""What `testbed apply` says of an address of metadata that has each; the type of a document is not looked at."""


@pytest.mark.parametrize(("fault", "problem"), METADATA_PROBLEMS.items(), ids=METADATA_PROBLEMS)
def test_does_not_keep_whoever_fetches_metadata(
    stack: LocalStack, tmp_path: Path, fault: str, problem: str | None
) -> None:
    """Metadata is had or it is not, in the time that it is given."""
    url = stack.endpoints.identity_provider("mansikkala").entity_id
    part = OwnPart(Role.IDENTITY_PROVIDER, "oma", url)
    set_fault(stack, FaultOrder(fault, provider="mansikkala", times=None))
    started = time.monotonic()
    found = find_documents([part], tmp_path, tmp_path, seconds=2.0)[part]

    assert time.monotonic() - started < 3.0
    assert found.document is not None if problem is None else str(found.problem).startswith(problem)
