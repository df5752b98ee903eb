# SPDX-License-Identifier: Apache-2.0
"""The head of an answer, as far as a generated login needs it: cut out by plain search, because parsers cost. Pure.

What is not the plainest answer (a length, and nothing else that frames the body) says so, and is left to a whole parser.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_VERSION: Final = b"HTTP/1.1 "
_STATUS: Final = slice(9, 12)
_FIRST_FINAL: Final = b"200"


@dataclass(frozen=True)
class Head:
    """Status, where it leads, cookies; `length` is the body's, None where a whole parser has to find its end."""

    status: int
    location: str | None
    cookies: tuple[str, ...]
    length: int | None
    is_kept: bool

    @classmethod
    def read(cls, head: bytes) -> Head:
        """Read what stands before the empty line, its last line end included; raises `ValueError` for no answer."""
        if not head.startswith(b"HTTP/1.") or not head[_STATUS].isdigit():
            message = "no head of an answer"
            raise ValueError(message)
        lower = head.lower()
        locations = _values(head, lower, b"\r\nlocation:")
        lengths = _values(head, lower, b"\r\ncontent-length:")
        is_plain = (
            head.startswith(_VERSION)
            and head[_STATUS] >= _FIRST_FINAL
            and len(lengths) == 1
            and lengths[0].isascii()
            and lengths[0].isdigit()
            and b"\r\ntransfer-encoding:" not in lower
        )
        return cls(
            status=int(head[_STATUS]),
            location=locations[0] if locations else None,
            cookies=_values(head, lower, b"\r\nset-cookie:"),
            length=int(lengths[0]) if is_plain else None,
            is_kept="close" not in ",".join(_values(lower, lower, b"\r\nconnection:")),
        )


def _values(head: bytes, lower: bytes, mark: bytes) -> tuple[str, ...]:
    """Return the values of a header in the order of the answer; names have no case (RFC 9110 5.1)."""
    at = lower.find(mark)
    if at < 0:
        return ()
    found = []
    while at >= 0:
        at += len(mark)
        found.append(head[at : head.find(b"\r\n", at)].decode("latin-1").strip())
        at = lower.find(mark, at)
    return tuple(found)
