# SPDX-License-Identifier: Apache-2.0
"""What is asked once for each request: one answer from its first line to its last, and a new one for the next."""

from __future__ import annotations

from itertools import count

from flask import Flask

from sp_stub.web.once_a_request import once_a_request


def test_gives_one_answer_for_each_request():
    """Asked three times in a request, answered once; two functions of other names keep apart."""
    app, numbers, others = Flask("app"), count(), count(100)
    ask, other = once_a_request("number", lambda: next(numbers)), once_a_request("other", lambda: next(others))
    answers = []
    for _ in range(2):
        with app.test_request_context():
            answers.append([ask(), ask(), other(), ask()])

    assert answers == [[0, 0, 100, 0], [1, 1, 101, 1]]


def test_keeps_an_answer_of_nothing():
    """None is an answer too."""
    asked = []
    ask = once_a_request("nothing", lambda: asked.append("asked"))
    with Flask("app").test_request_context():
        assert [ask(), ask()] == [None, None]

    assert asked == ["asked"]


def test_asks_each_time_outside_of_a_request():
    """Where no request begins and ends, nothing is remembered."""
    numbers = count()
    ask = once_a_request("number", lambda: next(numbers))

    assert [ask(), ask()] == [0, 1]
