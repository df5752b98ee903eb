# SPDX-License-Identifier: Apache-2.0
"""The run's own token."""

import pytest

from party.run_token import bearer, holds_run_token

TOKEN = bytes.fromhex("00ff10")


def test_accepts_the_run_token() -> None:
    """What `bearer` writes is what is let in."""
    assert bearer(TOKEN) == "Bearer 00ff10"
    assert holds_run_token("Bearer 00ff10", TOKEN)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(None, id="no header"),
        pytest.param("", id="an empty header"),
        pytest.param("Bearer ", id="a scheme without a token"),
        pytest.param("Bearer 00ff11", id="another token"),
        pytest.param("Bearer 00ff1", id="the token's beginning"),
        pytest.param("Bearer 00ff10 ", id="the token and a space"),
        pytest.param("bearer 00ff10", id="the scheme in small letters"),
        pytest.param("Basic 00ff10", id="another scheme"),
        pytest.param("00ff10", id="the token alone"),
        pytest.param("Bearer ä\udcff", id="what is no text"),
    ],
)
def test_refuses_anything_else(header: str | None) -> None:
    """Control addresses and received attributes are for whoever holds the run's token."""
    assert not holds_run_token(header, TOKEN)


def test_refuses_to_compare_with_an_empty_token() -> None:
    """A part that was given no token must not let `Bearer ` in."""
    with pytest.raises(ValueError, match="the run token is empty"):
        holds_run_token("Bearer ", b"")
