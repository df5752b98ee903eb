# SPDX-License-Identifier: Apache-2.0
"""`testbed login`: one login through the whole chain, without a screen."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from federation.errors import TestbedError
from federation.loader import load
from federation.model import Federation
from party.clock import system_clock
from testbed.columns import columns, listed
from testbed.flow.faults import REPLAYED, arm_fault
from testbed.flow.login import LoginPlan
from testbed.flow.login import login as log_in
from testbed.flow.people import check_is_simulated, find_person, find_simulated_service
from testbed.flow.result import Expectation, LoginResult
from testbed.flow.transcript import write_transcript
from testbed.options import COMPOSE, SWARM, federation_option, json_option, print_json, state_option
from testbed.stacks.in_process import in_process_stack
from testbed.stacks.local import running_stack
from testbed.stacks.protocol import Stack
from testbed.stacks.swarm.stack import deployed_stack
from testbed.state_folder import StateFolder
from testbed.verb import Verb


@click.command(
    cls=Verb,
    short_help="Take one login through the whole chain.",
    examples=[
        "testbed login demo_u0001",
        "testbed login demo_u0022 --expect refused:learner-id-missing",
        "testbed login demo_u0001 --stack local --json",
        "testbed login demo_u0001 --fault wrong-audience --transcript transcript",
        "testbed login demo_u0001 --decline-terms --expect refused:terms-not-accepted",
    ],
)
@click.argument("person")
@click.option("--service", default="publisher", show_default=True, help="Where to sign in.")
@click.option("--fault", help="A named fault of the person's identity provider, for this one response.")
@click.option(
    "--stack",
    "stack_name",
    type=click.Choice(["in-process", "local", COMPOSE, SWARM]),
    default="in-process",
    show_default=True,
    help="Everything in this process, the parts that `up` runs, or what was deployed on a swarm.",
)
@click.option(
    "--decline-terms", is_flag=True, help="Decline the service's terms of use where they come up; else accept."
)
@click.option("--expect", default="session", show_default=True, help="session, refused, refused:REASON or error.")
@click.option(
    "--transcript",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write messages and events there; they hold the test person's data.",
)
@federation_option
@state_option
@json_option
def login(  # noqa: PLR0913 -- one parameter per option
    *,
    person: str,
    service: str,
    fault: str | None,
    stack_name: str,
    decline_terms: bool,
    expect: str,
    transcript: Path | None,
    federation_file: Path,
    state: Path,
    as_json: bool,
) -> None:
    """Log PERSON in and tell what came of it; ends with 0 when it came out as --expect says, else 1.

    PERSON is provider/person, or the bare user name where only one education provider has it.
    """
    expectation = Expectation.parse(expect)
    federation = load(federation_file)
    plan = LoginPlan(
        find_person(federation, person), service, replays_response=fault in REPLAYED, declines_terms=decline_terms
    )
    check_is_simulated(federation, plan.person)
    find_simulated_service(federation, service)
    stack = _stack(stack_name, federation, state.absolute())
    if fault is not None:
        arm_fault(stack, plan.person, fault)
    result = log_in(stack, plan)
    if as_json:
        print_json(result.as_json())
    else:
        _print(result)
    if transcript is not None:
        path = write_transcript(transcript, result, stack.events())
        click.echo(f"transcript: {path} (holds the test person's data; readable by you alone)", err=True)
    if not expectation.is_met_by(result):
        message = f"expected {expectation}, got {_outcome(result)}"
        raise TestbedError(message)


def _stack(name: str, federation: Federation, state: Path) -> Stack:
    if name == "local":
        return running_stack(state, federation)
    if name == COMPOSE:
        # the engine's library is for those who have an engine
        stack: Stack = importlib.import_module("testbed.stacks.compose.stack").running_compose_stack(state, federation)
        return stack
    if name == SWARM:
        return deployed_stack(state, federation)
    now = system_clock()
    return in_process_stack(federation, StateFolder(state).ensure_keys(federation, now), now)


def _print(result: LoginResult) -> None:
    click.echo(
        columns(
            (str(number), hop.sender, hop.receiver, hop.method, str(hop.status), hop.what)
            for number, hop in enumerate(result.hops, start=1)
        )
    )
    click.echo(f"\n{result.person} at {result.service}: {_outcome(result)}, {result.milliseconds} ms")
    facts = {
        "the service was told": [" / ".join(each for each in result.saml_status or () if each)],
        "schools": [", ".join(result.schools)],
        "not activated": [", ".join(result.not_activated)],
        "materials": [", ".join(result.materials)],
        "what went wrong": [result.detail],
    }
    told = [(name, held) for name, held in facts.items() if held != [""]]
    if told or result.attributes:
        click.echo(listed([*told, *result.attributes.items()]))


def _outcome(result: LoginResult) -> str:
    if result.outcome != "refused":
        return result.outcome
    number = f" ({result.page})" if result.page else ""
    return f"refused at {result.at}: {result.because}{number}"
