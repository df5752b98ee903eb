# SPDX-License-Identifier: Apache-2.0
"""The attribute test for whoever solves it: as text to copy, in English, and as JSON. Pure.

Both hold a person's own values: they are shown to that person, and to who holds the run's token.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sp_stub.rules.attribute_verdicts import JudgedAttribute, Verdict


@dataclass(frozen=True)
class JudgedLogin:
    """What one login brought to a service, judged; `because` is the reason id of a refusal."""

    service: str
    entity_id: str
    at: datetime
    issued_by: str
    authn_context: str | None
    because: str | None
    attributes: tuple[JudgedAttribute, ...]

    @property
    def errors(self) -> int:
        """How many attributes are wrong."""
        return sum(each.verdict is Verdict.ERROR for each in self.attributes)


def report(login: JudgedLogin) -> str:
    """Return the technical report: the login first, then each attribute with its values and what was found."""
    return "\n".join([*_login(login), *(line for each in login.attributes for line in _attribute(each))]) + "\n"


def document(login: JudgedLogin) -> dict[str, Any]:
    """Return the same as JSON."""
    return {
        "service": login.service,
        "entity_id": login.entity_id,
        "at": _time(login.at),
        "because": login.because,
        "issued_by": login.issued_by,
        "authn_context": login.authn_context,
        "errors": login.errors,
        "attributes": [
            {
                "name": each.attribute.name,
                "saml_name": each.attribute.saml_name,
                "friendly_name": each.attribute.friendly_name,
                "mandatory": each.is_mandatory,
                "verdict": each.verdict.value,
                "values": list(each.values),
                "findings": [
                    {"id": one.finding.id, "value": one.value, "clause": one.finding.clause} for one in each.found
                ],
            }
            for each in login.attributes
        ],
    }


def _login(login: JudgedLogin) -> Iterator[str]:
    yield "Attribute test"
    yield f"service: {login.service} {login.entity_id}"
    yield f"time: {_time(login.at)}"
    yield f"issued by: {login.issued_by}"
    yield f"authn context: {login.authn_context or '-'}"
    yield f"outcome: {login.because or 'session'}"
    yield f"errors: {login.errors}"


def _attribute(judged: JudgedAttribute) -> Iterator[str]:
    yield ""
    yield f"{judged.verdict.upper()}  {judged.attribute.saml_name} ({judged.attribute.friendly_name})"
    yield from (f"    value: {value}" for value in judged.values)
    for each in judged.found:
        yield f"    {each.finding.id}: {each.finding.sentence} ({each.finding.clause})"


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
