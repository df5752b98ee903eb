# SPDX-License-Identifier: Apache-2.0
"""What `--expect` accepts and when it is met."""

from __future__ import annotations

import pytest

from federation.errors import InputError
from testbed.flow.result import Expectation, LoginResult

REFUSED = LoginResult("a/b", "publisher", "in-process", "refused", "proxy", "learner-id-missing")
SESSION = LoginResult("a/b", "publisher", "in-process", "session")


@pytest.mark.parametrize(
    ("text", "result", "is_met"),
    [
        pytest.param("session", SESSION, True, id="a session where one is expected"),
        pytest.param("session", REFUSED, False, id="a refusal where a session is expected"),
        pytest.param("refused", REFUSED, True, id="any refusal"),
        pytest.param("refused:learner-id-missing", REFUSED, True, id="the refusal by its reason"),
        pytest.param("refused:learner-id-invalid", REFUSED, False, id="a refusal by another reason"),
        pytest.param("error", REFUSED, False, id="a refusal where an error is expected"),
    ],
)
def test_is_met_by_the_outcome(text: str, result: LoginResult, is_met: bool):  # noqa: FBT001 -- a column of the table
    """An expectation is compared with outcome and, where it names one, reason."""
    assert Expectation.parse(text).is_met_by(result) is is_met


@pytest.mark.parametrize("text", ["", "seession", "session:wrong-audience", "refused:no-such-reason"])
def test_refuses_what_can_never_be_met(text: str):
    """A slip in --expect is wrong input, not a failed login."""
    with pytest.raises(InputError, match="--expect"):
        Expectation.parse(text)
