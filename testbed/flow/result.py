# SPDX-License-Identifier: Apache-2.0
"""What a login came to: the object that `login --json` prints (design 5), and what `--expect` compares with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from federation.errors import InputError
from federation.reasons import REASONS
from federation.suggestion import did_you_mean, quoted
from testbed.flow.browser import Hop, SeenMessage

Outcome: TypeAlias = Literal["session", "refused", "error"]

OUTCOMES: Final = ("session", "refused", "error")


@dataclass(frozen=True)
class LoginResult:
    """One login from its start to its end.

    `not_activated` and `ended` (by contract) are the codes that the service knows of but does not act on, `detail` says in words what went wrong
    where `outcome` is `error`, `messages` are the SAML messages the browser carried. None stands in the JSON object.
    """

    person: str
    service: str
    stack: str
    outcome: Outcome
    at: str | None = None
    because: str | None = None
    page: int | None = None
    saml_status: tuple[str, str | None] | None = None
    attributes: dict[str, list[str]] = field(default_factory=dict)
    schools: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    hops: tuple[Hop, ...] = ()
    milliseconds: int = 0
    not_activated: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    detail: str = ""
    messages: tuple[SeenMessage, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the object of the public surface, its keys in the documented order."""
        return {
            "person": self.person,
            "service": self.service,
            "stack": self.stack,
            "outcome": self.outcome,
            "at": self.at,
            "because": self.because,
            "page": self.page,
            "saml_status": list(self.saml_status) if self.saml_status else None,
            "attributes": self.attributes,
            "schools": list(self.schools),
            "materials": list(self.materials),
            "hops": [hop.as_json() for hop in self.hops],
            "milliseconds": self.milliseconds,
        }


@dataclass(frozen=True)
class Expectation:
    """`session`, `refused`, `error`, or `refused:<reason id>`."""

    outcome: str
    because: str | None = None

    @classmethod
    def parse(cls, text: str) -> Expectation:
        """Read the value of `--expect`; raises `InputError` for an outcome or a reason that does not exist."""
        outcome, _, because = text.partition(":")
        if outcome not in OUTCOMES or (because and outcome != "refused"):
            message = f"--expect {quoted(text)}: expected session, refused, refused:REASON or error"
            raise InputError(message)
        if because and because not in REASONS:
            message = f"--expect {quoted(text)}: there is no reason {quoted(because)}{did_you_mean(because, REASONS)}"
            raise InputError(message)
        return cls(outcome, because or None)

    def is_met_by(self, result: LoginResult) -> bool:
        """Tell whether the login came out as expected."""
        return result.outcome == self.outcome and self.because in (None, result.because)

    def __str__(self) -> str:
        """Return the form the option takes."""
        return f"{self.outcome}:{self.because}" if self.because else self.outcome
