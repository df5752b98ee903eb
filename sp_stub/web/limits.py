# SPDX-License-Identifier: Apache-2.0
"""How often somebody may do something: limits for routes, counted by Flask-Limiter in this process.

A whole school has one address at 7:58, so what counts is the browser or the account; an address has a wide limit of its
own where passwords are guessed. Who holds the run's token is a script and not counted. What is counted by is hashed,
and no log quotes it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from flask import Flask, request
from flask_limiter import Limiter

from party.clock import Clock
from party.run_token import AUTHORIZATION, holds_run_token
from sp_stub.data.hashing import keyed_hash
from sp_stub.settings import Settings
from sp_stub.web.browser import BrowserCookies
from sp_stub.web.form_token import browser_of_form
from sp_stub.web.limit_storage import SCHEME

if TYPE_CHECKING:
    from flask import Response

View: TypeAlias = "Callable[..., Response]"
Key: TypeAlias = Callable[[BrowserCookies], str | None]
"""What a request is counted by; None where this limit does not hold for it."""

TOO_MANY: Final = "too-many-requests"
_ACCOUNT_LENGTH: Final = 254


@dataclass(frozen=True)
class RateLimit:
    """So many requests in so much time, such as `10 per 5 minutes`, for each key; `fault` is the page beyond that."""

    amount: str
    key: Key
    fault: str = TOO_MANY


def by_form(_cookies: BrowserCookies) -> str | None:
    """Count by the browser that holds the form's token."""
    return browser_of_form()


def by_login_browser(cookies: BrowserCookies) -> str | None:
    """Count by the browser that has started a login before; a new one has no count yet."""
    return cookies.read(request, "browser")


def by_address(_cookies: BrowserCookies) -> str | None:
    """Count by the network address."""
    return request.remote_addr


def all_together(_cookies: BrowserCookies) -> str | None:
    """Count everybody's requests as one."""
    return "all"


def password_limits(account_field: str) -> tuple[RateLimit, ...]:
    """Return the limits of a form that takes a password, where `account_field` names whose password it is.

    They slow down who guesses: one account from many browsers, many accounts from one browser or one address. Locking
    an account after wrong passwords is left to the account.
    """

    def by_account(_cookies: BrowserCookies) -> str | None:
        name = request.form.get(account_field, "").strip().casefold()
        return name[:_ACCOUNT_LENGTH] or None

    return (
        RateLimit("20 per 5 minutes", by_account),
        RateLimit("40 per 5 minutes", by_form),
        RateLimit("1000 per 5 minutes", by_address),
    )


class RateLimits:
    """The limits of one running service."""

    def __init__(self, app: Flask, settings: Settings, cookies: BrowserCookies, clock: Clock) -> None:
        """Count for `app`, the service of `settings`, by `clock`."""
        self._settings = settings
        self._cookies = cookies
        self._clock = clock
        self._limiter = Limiter(
            lambda: "",  # every limit has a key of its own
            app=app,
            storage_uri=f"{SCHEME}://",
            storage_options={"clock": clock},  # type: ignore[dict-item]  # our storage takes more than text
            strategy="fixed-window",
            headers_enabled=False,
            swallow_errors=False,
        )

    def guard(self, view: View, limits: tuple[RateLimit, ...]) -> View:
        """Return `view` with `limits` before it; beyond one of them it raises 429 with the limit's fault in it."""
        for number, limit in enumerate(limits):
            view = self._limiter.limit(
                limit.amount,
                key_func=partial(self._hashed, limit, number),
                exempt_when=partial(self._is_not_counted, limit),
                error_message=limit.fault,
            )(view)
        return view

    def retry_after(self) -> int:
        """Return how many seconds the person whose request was just refused has to wait, at least one."""
        refused = self._limiter.current_limit
        reset_at = refused.window.reset_time if refused is not None else 0.0
        return max(1, math.ceil(reset_at - self._clock().timestamp()))

    def _hashed(self, limit: RateLimit, number: int) -> str:
        return keyed_hash(self._settings.session_secret, f"limit {number} {limit.key(self._cookies)}")

    def _is_not_counted(self, limit: RateLimit) -> bool:
        return limit.key(self._cookies) is None or holds_run_token(
            request.headers.get(AUTHORIZATION), self._settings.run_token
        )
