# SPDX-License-Identifier: Apache-2.0
"""What a generated login reads of a page, by plain search: an HTML parser costs more than all the rest of a login. Pure.

Only the marks that every part puts on its pages for machines are looked for, in a page whose size is bounded already.
What is not there is not guessed: `None`, and the login ends as one that found an unexpected page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import quote_plus

_MOST_FIELDS: Final = 20
_BASE64: Final = re.compile(r"[A-Za-z0-9+/=_-]*")
_HIDDEN: Final = b'<input type="hidden" name="'


@dataclass(frozen=True)
class PostedForm:
    """A form to be posted: where to (None: to the page's own address), and its hidden fields."""

    action: str | None
    fields: Mapping[str, str]

    def body(self, **more: str) -> bytes:
        """Return what is sent, with more fields beside the hidden ones."""
        return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in {**self.fields, **more}.items()).encode(
            "ascii"
        )


def kind_of(page: bytes) -> str:
    """Return the `data-page` of the page's main part, empty where it has none."""
    main = page.find(b"<main ")
    if main < 0:
        return ""
    return _attribute(page, b"data-page", main, page.find(b">", main)) or ""


def reason_of(page: bytes) -> str | None:
    """Return the reason id that an error page gives, None where it gives none."""
    mark = b'data-field="reason">'
    start = page.find(mark)
    end = page.find(b"<", start)
    return page[start + len(mark) : end].decode("utf-8", "replace").strip() if start >= 0 and end >= 0 else None


def form_of(page: bytes, purpose: str) -> PostedForm | None:
    """Return the form with this `data-purpose`, None where there is none or it does not end."""
    mark = page.find(f'data-purpose="{purpose}"'.encode("ascii"))
    if mark < 0:
        return None
    begin, head, end = page.rfind(b"<form", 0, mark), page.find(b">", mark), page.find(b"</form>", mark)
    if begin < 0 or head < 0 or end < 0:
        return None
    fields: dict[str, str] = {}
    at = page.find(_HIDDEN, head, end)
    while at >= 0 and len(fields) < _MOST_FIELDS:
        close = page.find(b">", at, end)
        name, value = _attribute(page, b"name", at, close), _attribute(page, b"value", at, close)
        if name is not None:
            fields[name] = value or ""
        at = page.find(_HIDDEN, close, end)
    return PostedForm(_attribute(page, b"action", begin, head), fields)


def _quoted(text: str) -> str:
    """Return a name or value of a form as it is sent: a message in base64 at once, because quoting costs by letter."""
    if _BASE64.fullmatch(text):
        return text.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return quote_plus(text)


def _attribute(page: bytes, name: bytes, start: int, end: int) -> str | None:
    """Return an attribute's value between `start` and `end`, which are within one tag."""
    mark = b" " + name + b'="'
    at = page.find(mark, start, end)
    if at < 0:
        return None
    begin = at + len(mark)
    close = page.find(b'"', begin, end)
    if close < 0:
        return None
    text = page[begin:close].decode("utf-8", "replace")
    return unescape(text) if "&" in text else text
