# SPDX-License-Identifier: Apache-2.0
"""What an error page says; how it looks is `templates/error.html`'s.

All texts are in the person's language already. The rules: what happened, in one sentence without jargon; what to do
now; whom to ask; then, folded, what the person who will solve it needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Action:
    """The one thing to do now, as a link."""

    label: str
    url: str


@dataclass(frozen=True)
class ContinueForm:
    """The way on to the service that started the login, as a form that posts `fields`."""

    label: str
    url: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Contact:
    """Whom to ask, and when they answer."""

    mail: str
    phone: str
    hours: str
    form_url: str | None = None


@dataclass(frozen=True)
class ErrorPage:
    """One error page; `number` is a page number people can quote, `detail` one more line for whoever solves it."""

    heading: str
    happened: str
    reason_id: str
    at: datetime
    advice: Sequence[str] = ()
    action: Action | None = None
    continue_form: ContinueForm | None = None
    contact: Contact | None = None
    number: int | None = None
    request_id: str | None = None
    detail: str | None = None
