# SPDX-License-Identifier: Apache-2.0
"""Switching faults on and off, for whoever holds the run's token.

    GET    /control/faults   what there is, and what waits
    POST   /control/faults   {"fault": id, "twin": bool, "person": "provider/person" | null, "provider": key | null}
    DELETE /control/faults   switch everything off

Every answer is JSON; bad input is told in full and changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Response, request

from idp_simulators.faults import FAULTS
from idp_simulators.faults.armed import MAX_ARMED, ArmedFault, ArmedFaults, TooManyArmedError
from idp_simulators.settings import Settings
from party.pages.security_headers import NO_SNIFF, NO_STORE
from party.run_token import AUTHORIZATION, holds_run_token

CONTROL_PATH: Final = "/control/faults"

_FIELDS: Final = frozenset({"fault", "twin", "person", "provider"})


@dataclass(frozen=True)
class FaultControl:
    """The control endpoint of one app."""

    settings: Settings
    faults: ArmedFaults

    def answer(self) -> Response:
        """Answer the request at hand; 401 without the run's token."""
        if not holds_run_token(request.headers.get(AUTHORIZATION), self.settings.run_token):
            return _json(HTTPStatus.UNAUTHORIZED, {"error": "the run's token is missing: Authorization: Bearer …"})
        if request.method == "POST":
            return self._arm()
        if request.method == "DELETE":
            return _json(HTTPStatus.OK, {"switched_off": self.faults.clear()})
        return _json(HTTPStatus.OK, {"faults": _described(), "waiting": [_waiting(a) for a in self.faults.waiting()]})

    def _arm(self) -> Response:
        order = read_order(request.get_data(), self.settings)
        if not isinstance(order, ArmedFault):
            return _json(HTTPStatus.BAD_REQUEST, {"error": "; ".join(order), "problems": list(order)})
        try:
            self.faults.arm(order)
        except TooManyArmedError:
            return _json(HTTPStatus.CONFLICT, {"error": f"{MAX_ARMED} faults wait already: DELETE them first"})
        return _json(HTTPStatus.CREATED, {"waiting": _waiting(order)})


def read_order(body: bytes, settings: Settings) -> ArmedFault | tuple[str, ...]:
    """Return the fault that `body` asks for, or everything that is wrong with it."""
    try:
        order = json.loads(body)
    except (ValueError, RecursionError):
        return ("the body is not JSON",)
    if not isinstance(order, dict):
        return ("the body is not a JSON object",)
    problems = [*_form_problems(order), *_reference_problems(order, settings)]
    if problems:
        return tuple(problems)
    provider, user_name = _whose(order)
    return ArmedFault(FAULTS[order["fault"]], order.get("twin", False), provider, user_name)


def _whose(order: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return provider and user name: of the person where there is one."""
    if not isinstance(order.get("person"), str):
        return order.get("provider"), None
    provider, _, user_name = order["person"].partition("/")
    return provider, user_name


def _form_problems(order: dict[str, Any]) -> Iterator[str]:
    for field in sorted(order.keys() - _FIELDS):
        yield f"unknown field {_shown(field)}; expected {', '.join(sorted(_FIELDS))}"
    if not isinstance(order.get("twin", False), bool):
        yield f"twin: found {_shown(order['twin'])}; expected true or false"


def _reference_problems(order: dict[str, Any], settings: Settings) -> Iterator[str]:
    name, provider, person = order.get("fault"), order.get("provider"), order.get("person")
    fault = FAULTS.get(name) if isinstance(name, str) else None
    if fault is None:
        yield f"fault: found {_shown(name)}; expected one of {', '.join(FAULTS)}"
    elif fault.needs_another_provider and len(settings.providers) == 1:
        yield f"fault: {fault.id} needs a second education provider in the declaration"
    if provider is not None and (not isinstance(provider, str) or provider not in settings.providers):
        yield f"provider: found {_shown(provider)}; expected an education provider of the declaration"
    if person is None:
        return
    key, user_name = _whose(order) if isinstance(person, str) else (None, None)
    home = None if key is None else settings.providers.get(key)
    if home is None or home.people.person(user_name or "") is None:
        yield f"person: found {_shown(person)}; expected provider/person of the declaration"
    elif provider not in {None, key}:
        yield f"person: {person} is not of provider {_shown(provider)}"


def _shown(value: object) -> str:
    return repr(value)[:100]


def _described() -> list[dict[str, object]]:
    return [
        {
            "id": fault.id,
            "sentence": fault.sentence,
            "clause": fault.clause,
            "because": fault.because,
            "twin": fault.twin_sentence,
            "needs_another_provider": fault.needs_another_provider,
            "needs_force_authn": fault.needs_force_authn,
        }
        for fault in FAULTS.values()
    ]


def _waiting(armed: ArmedFault) -> dict[str, object]:
    person = None if armed.user_name is None else f"{armed.provider}/{armed.user_name}"
    return {"fault": armed.fault.id, "twin": armed.is_twin, "person": person, "provider": armed.provider}


def _json(status: HTTPStatus, document: dict[str, object]) -> Response:
    body = json.dumps(document, ensure_ascii=False) + "\n"
    response = Response(body, status=status, content_type="application/json")
    response.headers.extend([NO_STORE, NO_SNIFF])
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
