# SPDX-License-Identifier: Apache-2.0
"""`/session.json`: what a service received and what it made of it, for tests and `testbed login`. Pure."""

from __future__ import annotations

from typing import Any

from federation.reasons import REASONS
from sp_stub.data.login_store import StoredAnswer
from sp_stub.rules.decision import Decision
from sp_stub.rules.person import first_value


def session_document(service: str, answer: StoredAnswer, decision: Decision) -> dict[str, Any]:
    """Return the document; a login that the login service refused shows that and no decision of ours."""
    received = answer.answer
    refused_there = received["because"] == "login-refused"
    because = received["because"] if refused_there else decision.because
    return {
        "service": service,
        "person_uid": first_value(received["attributes"], "uid"),
        "attributes": received["attributes"],
        "schools": [school.code for school in decision.schools],
        "not_activated": [school.code for school in decision.not_activated],
        "ended": [school.code for school in decision.ended],
        "materials": list(decision.materials),
        "outcome": "refused" if refused_there else decision.outcome,
        "because": because,
        "page": None if because is None else REASONS[because].page,
        "name_id": received["name_id"],
        "name_id_format": received["name_id_format"],
        "authn_context": received["authn_context"],
        "issued_by": received["issued_by"],
    }
