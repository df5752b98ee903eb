# SPDX-License-Identifier: Apache-2.0
"""The contact form: what a person may send to customer service, and what is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from federation.reasons import REASONS
from sp_stub.data.messages import ContactMessage

MAX_TEXT: Final = 2000
MAX_MAIL: Final = 254

_MAIL: Final = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+\.[^@\s\x00-\x1f\x7f]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NUMBERS: Final = frozenset(reason.page for reason in REASONS.values() if reason.page is not None)


@dataclass(frozen=True)
class ContactForm:
    """The form as it was filled in; `problems` are message ids by field, empty when it can be sent."""

    reply_to: str = ""
    text: str = ""
    number: int | None = None
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> ContactMessage:
        """The message to keep."""
        return ContactMessage(self.reply_to, self.number, self.text)


def read_contact_form(reply_to: str, text: str, number: str) -> ContactForm:
    """Return what was filled in, with its problems; nothing typed is lost, and control characters never count."""
    mail = _CONTROL.sub("", reply_to).strip()
    words = _CONTROL.sub("", text.replace("\r\n", "\n")).strip()
    problems: dict[str, str] = {}
    if len(mail) > MAX_MAIL or not _MAIL.fullmatch(mail):
        problems["reply_to"] = "contact.problem.reply_to"
    if not words:
        problems["text"] = "contact.problem.text_missing"
    elif len(words) > MAX_TEXT:
        problems["text"] = "contact.problem.text_long"
    return ContactForm(mail, words, error_number(number), problems)


def error_number(text: str | None) -> int | None:
    """Return the number of one of our error pages, `None` for anything else."""
    return next((number for number in _NUMBERS if text == str(number)), None)
