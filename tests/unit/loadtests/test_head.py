# SPDX-License-Identifier: Apache-2.0
"""The head of an answer, read by plain search, and which answers a whole parser has to read."""

from __future__ import annotations

import pytest

from loadtests.head import Head

PLAIN = (
    b"HTTP/1.1 303 SEE OTHER\r\nServer: gunicorn\r\nlocation: /materials\r\nContent-Length: 12\r\n"
    b"Set-Cookie: one=1; Path=/\r\nX-Note: Location: nowhere\r\nset-cookie: two=2; Path=/\r\nConnection: keep-alive\r\n"
)


def test_reads_what_a_login_needs() -> None:
    """Names have no case, and a name in another header's value is none."""
    assert Head.read(PLAIN) == Head(303, "/materials", ("one=1; Path=/", "two=2; Path=/"), 12, is_kept=True)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        pytest.param(b"Content-Length: 12", b"Transfer-Encoding: chunked", id="chunks"),
        pytest.param(b"Server: gunicorn", b"Transfer-Encoding: chunked", id="chunks and a length"),
        pytest.param(b"Server: gunicorn", b"Content-Length: 13", id="two lengths"),
        pytest.param(b"Content-Length: 12\r\n", b"", id="no length"),
        pytest.param(b"Content-Length: 12", b"Content-Length: -1", id="a length that is no number"),
        pytest.param(b"HTTP/1.1 303", b"HTTP/1.1 100", id="an answer before the real one"),
        pytest.param(b"HTTP/1.1", b"HTTP/1.0", id="an older version"),
    ],
)
def test_leaves_every_other_framing_to_a_whole_parser(was: bytes, becomes: bytes) -> None:
    """Nothing is guessed about where a body ends."""
    assert Head.read(PLAIN.replace(was, becomes)).length is None


def test_a_connection_that_the_part_closes_is_not_kept() -> None:
    """The next exchange opens another."""
    assert not Head.read(PLAIN.replace(b"keep-alive", b"Close")).is_kept


@pytest.mark.parametrize("head", [b"", b"<html>\r\n", b"HTTP/1.1 abc\r\n", b"HTTP/2 200\r\n"])
def test_refuses_what_is_no_answer(head: bytes) -> None:
    """Something else listens there."""
    with pytest.raises(ValueError, match="no head of an answer"):
        Head.read(head)
