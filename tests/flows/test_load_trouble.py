# SPDX-License-Identifier: Apache-2.0
"""Troubles are read, placed and timed before a run begins."""

from __future__ import annotations

import pytest

from federation.errors import InputError
from loadtests.trouble import Trouble, plan
from testbed.stacks.in_process import InProcessStack
from tests.builders.stacks import shipped_federation

FEDERATION = shipped_federation()


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


def test_troubles_are_acts_in_the_order_of_time(in_process: InProcessStack) -> None:
    """Where nothing is said they happen at the provider whose people sign in most often."""
    troubles = [Trouble("idp-dead", "kuusikoski", 0.75), Trouble("idp-slow", "", 0.25)]

    acts = plan(troubles, in_process, FEDERATION, 100.0)

    assert [(act.at, act.what, act.where) for act in acts] == [
        (25.0, "idp-slow", "mansikkala"),
        (75.0, "idp-dead", "kuusikoski"),
    ]


def test_a_provider_that_is_not_declared_is_named(in_process: InProcessStack) -> None:
    """Before the run begins."""
    with pytest.raises(InputError, match='did you mean "mansikkala"'):
        plan([Trouble("idp-dead", "mansikala")], in_process, FEDERATION, 100.0)
