# SPDX-License-Identifier: Apache-2.0
"""User names and e-mail addresses: what a person types, as the one form that is looked up. Pure.

Capitals, full-width and other compatible letters, and spaces around are the same name (NFKC and case folding), for
signing in as for counting wrong passwords: who writes a name in another way gets no more tries at it. Mail only ever
goes to an address as it was registered, never to what was typed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_NAME: Final = 254
MAX_DISPLAY_NAME: Final = 100

_USER_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
_MAIL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Control characters, and those that are not seen or turn the reading direction."""


def name_key(typed: str) -> str:
    """Return the form under which a user name or an address is looked up; cut where it is longer than any."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed).casefold())
    return _CONTROL.sub("", folded).strip()[:MAX_NAME]


def is_user_name(text: str) -> bool:
    """Tell whether `text` may be a new account's user name: small letters of ASCII, digits, `.`, `_` and `-`."""
    return _USER_NAME.fullmatch(text) is not None


def is_mail_address(text: str) -> bool:
    """Tell whether `text` is an address mail can be sent to: ASCII, so that no letter looks like another one."""
    return len(text) <= MAX_NAME and text.isascii() and _MAIL.fullmatch(text.casefold()) is not None


def display_name(typed: str) -> str:
    """Return a name as it may stand on pages: without characters that are not seen, spaces made one."""
    return " ".join(_CONTROL.sub("", unicodedata.normalize("NFC", typed)).split())
