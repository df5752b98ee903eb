# SPDX-License-Identifier: Apache-2.0
"""A form counts only from a page of ours: Flask-WTF's token, tied to the browser by Flask's signed session cookie.

- The cookie holds a random number and nothing of a person; it is given only with a page that has a form.
- A token is good as long as the browser keeps the cookie: somebody may go for lunch in the middle of a form.
- The Referer is not asked for on https, because browsers of careful people send none. What it would guard against, a
  cookie set by a neighbour on http, cannot happen to a cookie whose name begins with `__Host-`.

Templates put the token in by the macro `form` of `forms.html`.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from flask import Flask, session
from flask_wtf.csrf import CSRFProtect

from party.cookies import cookie_attributes, cookie_name
from sp_stub.settings import Settings

FORM_TOKEN: Final = "csrf_token"  # noqa: S105  # the name of a field
"""The field in which a form carries its token."""
_RANDOM: Final = "csrf_token"
"""Where Flask-WTF keeps the browser's random number in the session."""


def protect_forms(app: Flask, settings: Settings) -> CSRFProtect:
    """Have every POST of `app` refused with `CSRFError` unless it carries its browser's token, or is exempt."""
    origin = settings.config.origin
    attributes = cookie_attributes(origin, cross_site=False)
    app.config.update(
        # a key of its own: what is made with the session secret itself stands for something else
        SECRET_KEY=hmac.new(settings.session_secret, b"form cookie", hashlib.sha256).digest(),
        SESSION_COOKIE_NAME=cookie_name(settings.simulated, origin, "form"),
        SESSION_COOKIE_PATH=attributes["path"],
        SESSION_COOKIE_HTTPONLY=attributes["httponly"],
        SESSION_COOKIE_SECURE=attributes["secure"],
        SESSION_COOKIE_SAMESITE=attributes["samesite"],
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    return CSRFProtect(app)


def browser_of_form() -> str | None:
    """Return the random number of the browser that sent a form of ours; None where it holds none."""
    number = session.get(_RANDOM)
    return number if isinstance(number, str) else None


def forget_form_token() -> None:
    """Make the browser's tokens worthless, as when somebody signs out of a shared device."""
    session.clear()
