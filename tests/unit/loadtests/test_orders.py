# SPDX-License-Identifier: Apache-2.0
"""What workers are told is enough to know who comes when, and no two of them do the same."""

from __future__ import annotations

import pytest

from federation.endpoints import PARTS, Origins
from federation.errors import InputError
from loadtests.orders import Orders, briefings_of, shape_document
from loadtests.shapes import STEADY
from tests.builders.stacks import SHIPPED

ORIGINS = Origins.local(24_000)


def orders(workers: int) -> Orders:
    """Return the orders of twenty seconds at five logins a second."""
    return Orders(
        declaration=SHIPPED.read_text("utf-8"),
        origins={part: ORIGINS.of(part) for part in PARTS},
        run_token="00",  # noqa: S106 -- nobody answers
        service="publisher",
        shape=shape_document(STEADY.until(20)),
        peak=5.0,
        seed=3,
        now="2026-08-12T05:00:00+00:00",
        workers=workers,
        mix={"abandons": 0.1, "wrong_password": 0.1, "signed_in": 0.3},
    )


def test_orders_come_over_as_they_were_sent() -> None:
    """They are one text on the way."""
    assert Orders.from_json(orders(2).to_json()) == Orders(**{**vars(orders(2)), "shape": json_shape()})


def test_workers_know_of_a_turn_that_comes_over_with_the_orders() -> None:
    """No message is needed when it comes."""
    turn = {"at": 0.0, "what": "end-contract", "where": "mansikkala"}
    sent = Orders.from_json(Orders(**{**vars(orders(1)), "turns": (turn,)}).to_json())

    without, with_it = (
        {each.expected_end for each in briefings_of(told, 0) if each.provider == "mansikkala"}
        for told in (orders(1), sent)
    )

    assert with_it - without == {"contract-ended"}


def json_shape() -> dict[str, object]:
    """Return the shape as it comes out of JSON."""
    return {"name": "steady", "points": [[0.0, 1.0], [20.0, 1.0]], "clumped": 0.0}


def test_another_text_is_no_orders() -> None:
    """A worker says so instead of doing something else."""
    with pytest.raises(InputError, match="not a load run's orders"):
        Orders.from_json('{"declaration": ""}')


def test_workers_share_the_arrivals_without_overlap() -> None:
    """Together they do what one would do alone: the same people at the same moments."""
    alone = briefings_of(orders(1), 0)
    parts = [briefings_of(orders(3), worker) for worker in range(3)]

    together = sorted((each for part in parts for each in part), key=lambda each: each.number)

    assert len(alone) > 60
    assert together == alone


def test_a_briefing_holds_all_that_is_sent() -> None:
    """Nothing is computed while time counts."""
    of_mansikkala = (each for each in briefings_of(orders(1), 0) if each.provider == "mansikkala")
    briefing = next(each for each in of_mansikkala if each.then is not None)

    assert briefing.service.start_url == "http://localhost:24002/kirjaudu/mpassid?target=%2F&lang=fi"
    assert briefing.then is not None
    assert briefing.then.session_url == "http://localhost:24003/session.json"
    assert (briefing.source, briefing.choice) == ("ShibMansikkala", b"source=ShibMansikkala")
    assert briefing.search == "q=Mansikkalan+testi+kunta"
    assert briefing.expected_end == "session"
    assert briefing.password == f"{briefing.user_name}pwd"
