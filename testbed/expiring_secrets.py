# SPDX-License-Identifier: Apache-2.0
"""Client secrets and signing certificates of education providers: which have expired, which should be renewed now.

An expired one stops every login of its provider; it is to be renewed a week ahead at least (facts-mpassid 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Literal, TypeAlias

from pydantic import ValidationError

from federation.gates import SourceGate, check_secret
from proxy.configuration import ProxyConfiguration

RENEW_AHEAD: Final = timedelta(days=7)

SecretState: TypeAlias = Literal["ok", "expires-soon", "expired"]


@dataclass(frozen=True)
class Secret:
    """What one education provider's identity provider proves itself with."""

    provider: str
    expires: str
    state: SecretState

    @property
    def advice(self) -> str:
        """What it means and what to do, for the terminal; empty while nothing is to be done."""
        match self.state:
            case "expired":
                return f"its secret expired on {self.expires}: nobody of it signs in until it is renewed"
            case "expires-soon":
                return f"its secret expires on {self.expires}: renew it now, or nobody of it signs in afterwards"
            case _:
                return ""


def secrets_in_use(state: Path, today: date) -> tuple[Secret, ...]:
    """Return the secrets that the proxy of a state folder knows of; none where its configuration cannot be read.

    A proxy whose configuration is broken says so itself.
    """
    try:
        configuration = ProxyConfiguration.model_validate_json((state / "proxy" / "config.json").read_bytes())
    except (OSError, ValidationError):
        return ()
    return tuple(
        Secret(source.gate.provider, source.gate.secret_expires, secret_state(source.gate, today))
        for source in configuration.sources
        if source.gate.secret_expires is not None
    )


def secret_state(gate: SourceGate, today: date) -> SecretState:
    """Tell whether a source's secret holds today, and whether it holds for long enough."""
    if check_secret(gate, today) is not None:
        return "expired"
    return "ok" if check_secret(gate, today + RENEW_AHEAD) is None else "expires-soon"
