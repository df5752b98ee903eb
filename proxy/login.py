# SPDX-License-Identifier: Apache-2.0
"""One login as the proxy's two faces see it: what is kept of the service's request, and how a login is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from satosa.exception import SATOSAError
from satosa.state import State

from federation.reasons import Refusal


@dataclass(frozen=True)
class Login:
    """What a login in progress must remember between the requests of one browser.

    Everything in it has been verified; `acs_url` is one of the service's metadata. `source` and `home_request_id` (the
    ID of our AuthnRequest, or our nonce) are there once the person has chosen a school.
    """

    request_id: str
    service: str
    acs_url: str
    relay_state: str | None = None
    classes: tuple[str, ...] = ()
    """The requested authentication context classes that name sources or tags."""
    wants_persistent_name: bool = False
    force_authn: bool = False
    is_passive: bool = False
    """The service forbids any page, so a refusal goes to it at once (saml-core-2.0-os 3.4.1)."""
    source: str | None = None
    """The chosen source's flow name."""
    home_request_id: str | None = None
    asked_at: int | None = None
    """When the home organisation was asked, in seconds since 1970."""
    put_back_because: str | None = None
    """The reason id of the answer that put the person back at the school picker, until they choose again."""

    def to_values(self) -> dict[str, Any]:
        """Return the login as JSON-able values, without what is empty: they travel in a cookie."""
        return {name: value for name, value in vars(self).items() if value not in (None, False, ())}

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Login:
        """Return the login that `to_values` was asked for."""
        return replace(cls(**values), classes=tuple(values.get("classes", ())))


class LoginState(State):  # type: ignore[misc]  # SATOSA ships no types
    """SATOSA's state of one login, kept by our cookie instead of SATOSA's own.

    `login_id` names it (None: this request belongs to no login); `problem` says why a login that the request names
    could not be opened.
    """

    def __init__(
        self,
        login_id: str | None = None,
        started: datetime | None = None,
        values: Mapping[str, Any] | None = None,
        problem: str | None = None,
    ) -> None:
        """Take what a cookie held; SATOSA's constructor would read its own cookie format."""
        self.data: dict[str, Any] = dict(values or {})
        self.delete = False
        self.login_id = login_id
        self.started = started
        self.problem = problem
        self._kept = dict(self.data)

    @property
    def is_changed(self) -> bool:
        """Whether the browser's cookie does not hold this state yet."""
        return self.data != self._kept

    @property
    def session_id(self) -> str | None:
        """The ID of the service's request, which SATOSA puts into its log lines."""
        login = self.data.get("login")
        return login["request_id"] if login else None


class LoginRefusedError(SATOSAError):  # type: ignore[misc]  # SATOSA ships no types
    """A check refused the login.

    With `login` the service is known and verified, and is told; without it nothing is sent anywhere. With
    `picker_path` the login goes on, and the person is led back to the school picker there.
    """

    def __init__(self, refusal: Refusal, login: Login | None = None, picker_path: str | None = None) -> None:
        """Keep what was refused, whose login it was, and where it may go on."""
        self.refusal = refusal
        self.login = login
        self.picker_path = picker_path
        super().__init__(refusal.reason_id)
