# SPDX-License-Identifier: Apache-2.0
"""Switching faults on and off, and reading back what was asked and answered, for whoever holds the run's token.

    GET    /control/faults      what there is, and what waits
    POST   /control/faults      {"fault": id, "twin": bool, "person": "provider/person" | null, "provider": key | null,
                                 "times": 1 to 1000 | "until-cleared"}; only "fault" must be there, "times" is 1 then
    DELETE /control/faults      switch everything off
    GET    /control/exchanges   the last requests and their answers, by ids

Every answer is JSON; bad input is told in full and changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Response, request

from idp_simulators.exchanges import Exchanges
from idp_simulators.faults import FAULTS
from idp_simulators.faults.armed import MAX_ARMED, ArmedFault, ArmedFaults, TooManyArmedError
from idp_simulators.faults.network import NETWORK_FAULTS, has_socket
from idp_simulators.settings import Settings
from party.pages.security_headers import NO_SNIFF, NO_STORE
from party.run_token import AUTHORIZATION, holds_run_token

CONTROL_PATH: Final = "/control/faults"
EXCHANGES_PATH: Final = "/control/exchanges"

MAX_TIMES: Final = 1000
UNTIL_CLEARED: Final = "until-cleared"

_FIELDS: Final = frozenset({"fault", "twin", "person", "provider", "times"})


@dataclass(frozen=True)
class FaultControl:
    """The control endpoint of one app."""

    settings: Settings
    faults: ArmedFaults
    exchanges: Exchanges

    def answer(self) -> Response:
        """Answer the request at hand; 401 without the run's token."""
        if not self._holds_token():
            return _no_token()
        if request.method == "POST":
            return self._arm()
        if request.method == "DELETE":
            return _json(HTTPStatus.OK, {"switched_off": self.faults.clear()})
        return _json(
            HTTPStatus.OK,
            {
                "faults": _described(),
                "network_faults": _described_network(),
                "waiting": [_waiting(a) for a in self.faults.waiting()],
            },
        )

    def exchanged(self) -> Response:
        """Answer with the last exchanges, oldest first; 401 without the run's token."""
        if not self._holds_token():
            return _no_token()
        return _json(HTTPStatus.OK, {"exchanges": self.exchanges.last()})

    def _holds_token(self) -> bool:
        return holds_run_token(request.headers.get(AUTHORIZATION), self.settings.run_token)

    def _arm(self) -> Response:
        order = read_order(request.get_data(), self.settings, has_sockets=has_socket())
        if not isinstance(order, ArmedFault):
            return _json(HTTPStatus.BAD_REQUEST, {"error": "; ".join(order), "problems": list(order)})
        try:
            self.faults.arm(order)
        except TooManyArmedError:
            return _json(HTTPStatus.CONFLICT, {"error": f"{MAX_ARMED} faults wait already: DELETE them first"})
        return _json(HTTPStatus.CREATED, {"waiting": _waiting(order)})


def read_order(body: bytes, settings: Settings, *, has_sockets: bool) -> ArmedFault | tuple[str, ...]:
    """Return the fault that `body` asks for, or everything that is wrong with it."""
    try:
        order = json.loads(body)
    except (ValueError, RecursionError):
        return ("the body is not JSON",)
    if not isinstance(order, dict):
        return ("the body is not a JSON object",)
    problems = [
        *_form_problems(order),
        *_fault_problems(order, settings, has_sockets=has_sockets),
        *_whose_problems(order, settings),
    ]
    if problems:
        return tuple(problems)
    provider, user_name = _whose(order)
    times = order.get("times", 1)
    return ArmedFault(
        fault=FAULTS.get(order["fault"]) or NETWORK_FAULTS[order["fault"]],
        is_twin=order.get("twin", False),
        provider=provider,
        user_name=user_name,
        times=None if times == UNTIL_CLEARED else times,
    )


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
    times = order.get("times", 1)
    if times != UNTIL_CLEARED and (type(times) is not int or not 1 <= times <= MAX_TIMES):
        yield f"times: found {_shown(times)}; expected 1 to {MAX_TIMES}, or {UNTIL_CLEARED!r}"


def _fault_problems(order: dict[str, Any], settings: Settings, *, has_sockets: bool) -> Iterator[str]:
    name = order.get("fault")
    fault = FAULTS.get(name) if isinstance(name, str) else None
    if fault is not None:
        if fault.needs_another_provider and len(settings.providers) == 1:
            yield f"fault: {fault.id} needs a second education provider in the declaration"
        return
    if not isinstance(name, str) or name not in NETWORK_FAULTS:
        yield f"fault: found {_shown(name)}; expected one of {', '.join((*FAULTS, *NETWORK_FAULTS))}"
        return
    if not has_sockets:
        yield f"fault: {name} needs sockets, which the running testbed has: testbed up"
    if order.get("person") is not None:
        yield f"person: {name} comes before anybody signs in; expected a provider or nothing"
    if order.get("twin", False) is True:
        yield f"twin: {name} is a fault of the network and has none"


def _whose_problems(order: dict[str, Any], settings: Settings) -> Iterator[str]:
    provider, person = order.get("provider"), order.get("person")
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


def _described_network() -> list[dict[str, object]]:
    return [{"id": fault.id, "sentence": fault.sentence} for fault in NETWORK_FAULTS.values()]


def _waiting(armed: ArmedFault) -> dict[str, object]:
    return {
        "fault": armed.fault.id,
        "twin": armed.is_twin,
        "person": None if armed.user_name is None else f"{armed.provider}/{armed.user_name}",
        "provider": armed.provider,
        "times": UNTIL_CLEARED if armed.times is None else armed.times,
    }


def _no_token() -> Response:
    return _json(HTTPStatus.UNAUTHORIZED, {"error": "the run's token is missing: Authorization: Bearer …"})


def _json(status: HTTPStatus, document: dict[str, object]) -> Response:
    body = json.dumps(document, ensure_ascii=False) + "\n"
    response = Response(body, status=status, content_type="application/json")
    response.headers.extend([NO_STORE, NO_SNIFF])
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
