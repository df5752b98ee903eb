# SPDX-License-Identifier: Apache-2.0
"""An address that shows a refusal again: its language links need one, for most refusals answer a POST.

It holds what the page is made of, sealed as a login's state is: it cannot be read, altered or made elsewhere, and
opens for fifteen minutes. What was found wrong is not in it, because that is for the log alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from proxy.login import Login
from proxy.login_state import StateSeal, StateTooLargeError

REFUSED_PATH: Final = "/refused/"

_PURPOSE: Final = "refusal"
"""In the place of a login's id, whose form it does not have: neither opens as the other."""


@dataclass(frozen=True)
class ShownRefusal:
    """What the page of a refusal is made of."""

    reason_id: str
    at: datetime
    login: Login | None = None
    picker_path: str | None = None
    is_resumed: bool = False
    """Whether the person is remembered from an earlier login."""


def refusal_address(seal: StateSeal, shown: ShownRefusal) -> str | None:
    """Return the path that shows the refusal again, `None` where it does not fit into one."""
    values: dict[str, Any] = {"reason_id": shown.reason_id}
    if shown.login is not None:
        login = shown.login
        needed = Login(login.request_id, login.service, login.acs_url, login.relay_state)
        values["login"] = needed.to_values()
    if shown.picker_path is not None:
        values["picker_path"] = shown.picker_path
    if shown.is_resumed:
        values["is_resumed"] = True
    try:
        return REFUSED_PATH + seal.close(_PURPOSE, values, shown.at)
    except StateTooLargeError:
        return None


def refusal_at(seal: StateSeal, path: str, now: datetime) -> ShownRefusal:
    """Return the refusal that a path shows; raises `StateAlteredError` and `StateExpiredError`."""
    opened = seal.open(_PURPOSE, path.removeprefix(REFUSED_PATH), now)
    shown = ShownRefusal(at=opened.started, **opened.values)
    login = opened.values.get("login")
    return shown if login is None else replace(shown, login=Login.from_values(login))
