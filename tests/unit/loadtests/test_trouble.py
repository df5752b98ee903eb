# SPDX-License-Identifier: Apache-2.0
"""Troubles are read and planned before a run: in the order of time, and what cannot be had here is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from federation.endpoints import Origins
from federation.errors import InputError
from loadtests.trouble import Trouble, plan
from loadtests.turns import Turn
from testbed.stacks.local import LocalStack
from tests.builders import stacks

FEDERATION = stacks.shipped_federation()
STACK = LocalStack(FEDERATION, Origins.local(24_000), b"", Path("nowhere"))


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("idp-dead", Trouble("idp-dead", "", 0.5)),
        ("idp-slow:mansikkala", Trouble("idp-slow", "mansikkala", 0.5)),
        ("idp-slow:mansikkala@0.3", Trouble("idp-slow", "mansikkala", 0.3)),
        ("idp-dead@0", Trouble("idp-dead", "", 0.0)),
    ],
)
def test_reads_what_where_and_when(text: str, trouble: Trouble) -> None:
    """Half of the run, and the largest provider, unless said otherwise."""
    assert Trouble.parse(text) == trouble


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("idp-ded", "did you mean"),
        ("idp-dead@2", "a share of the run from 0 to 1"),
        ("idp-dead@soon", "a share of the run from 0 to 1"),
        ("idp-dead@nan", "a share of the run from 0 to 1"),
    ],
)
def test_refuses_what_is_none(text: str, says: str) -> None:
    """Before anything begins."""
    with pytest.raises(InputError, match=says):
        Trouble.parse(text)


def test_acts_come_in_the_order_of_time_and_turns_are_told() -> None:
    """What changes how logins end is told to who expects it; a fault is not."""
    texts = ("idp-dead:kuusikoski@0.9", "activate-school:90103@0.5", "key-rollover@0.25")
    planned = plan([Trouble.parse(text) for text in texts], STACK, FEDERATION, Path(), 40.0)

    assert [(act.at, act.what, act.where) for act in planned.acts] == [
        (10.0, "key-rollover", "mansikkala"),
        (20.0, "activate-school", "90103"),
        (36.0, "idp-dead", "kuusikoski"),
    ]
    assert planned.turns == (Turn(10.0, "key-rollover", "mansikkala"), Turn(20.0, "activate-school", "90103"))


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        pytest.param(["replica-restart"], "a testbed of processes has no replicas", id="replicas are containers"),
        pytest.param(["idp-dead@0.1", "key-rollover"], "let it come after", id="a fault that would be forgotten"),
        pytest.param(["end-contract", "end-contract:mansikkala@0.9"], "contract goes on", id="the same turn twice"),
        pytest.param(["idp-slow:mansikala"], "did you mean", id="a name that there is not"),
    ],
)
def test_a_trouble_that_cannot_be_had_is_refused(texts: list[str], says: str) -> None:
    """Before anything begins."""
    with pytest.raises(InputError, match=says):
        plan([Trouble.parse(text) for text in texts], STACK, FEDERATION, Path(), 40.0)


def test_no_trouble_is_made_at_somebody_elses_testbed() -> None:
    """There is nothing of this machine to do it to."""
    with pytest.raises(InputError, match="on a testbed of this machine only"):
        plan([Trouble.parse("idp-dead")], None, FEDERATION, Path(), 40.0)
