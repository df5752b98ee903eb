# SPDX-License-Identifier: Apache-2.0
"""A login in progress at an identity provider: one verified request, waiting for somebody to sign in.

It travels as a sealed text in the login page's address and form, fifteen minutes at most, and opens only for the
provider it was begun at and in the browser that began it: the browser's own random id, from a cookie, is inside. That
makes it the form's protection against requests from other sites too. Nothing of a person is in it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

from federation.reasons import Refusal
from idp_simulators.home_request import HomeRequest, RefusedRequestError
from idp_simulators.sealing import BrokenSealError, Seal

LIFETIME: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Logins:
    """Closes logins in progress into texts, and opens them."""

    seal: Seal

    @classmethod
    def with_secret(cls, secret: bytes) -> Logins:
        """Return the logins of the simulators that share `secret`."""
        return cls(Seal(secret, "login in progress"))

    def begin(self, provider: str, request: HomeRequest, browser: str, now: datetime) -> str:
        """Return the text of a login that `browser` begins now at `provider`."""
        return self.seal.close(
            {
                "provider": provider,
                "browser": browser,
                "began": int(now.timestamp()),
                "id": request.id,
                "issued": int(request.issued.timestamp()),
                "reply": request.reply_url,
                "relay": request.relay_state,
                "force": request.force_authn,
            }
        )

    def resume(self, text: str, provider: str, browser: str | None, now: datetime) -> HomeRequest:
        """Return the request that waits; raises `RefusedRequestError` where there is none for this browser."""
        try:
            content = cast("dict[str, Any]", self.seal.open(text))
        except BrokenSealError as error:
            raise RefusedRequestError(Refusal("home-login-not-found")) from error
        if content["provider"] != provider:
            raise RefusedRequestError(Refusal("home-login-not-found"))
        if browser is None or not hmac.compare_digest(content["browser"].encode(), browser.encode()):
            raise RefusedRequestError(Refusal("home-login-of-another-browser"))
        if not 0 <= now.timestamp() - content["began"] <= LIFETIME.total_seconds():
            raise RefusedRequestError(Refusal("home-login-expired"))
        return HomeRequest(
            id=content["id"],
            issued=datetime.fromtimestamp(content["issued"], UTC),
            reply_url=content["reply"],
            relay_state=content["relay"],
            force_authn=content["force"],
        )
