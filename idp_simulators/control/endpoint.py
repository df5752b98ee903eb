# SPDX-License-Identifier: Apache-2.0
"""The control endpoint for scripts: JSON, with the run's token in the Authorization header of each request.

    GET    /control/faults      what there is, and what waits
    POST   /control/faults      switch one on: an order as in `idp_simulators.control.operations`
    DELETE /control/faults      switch everything off
    GET    /control/exchanges   the last requests and their answers, by ids

Bad input is told in full and changes nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Response, request

from idp_simulators.control.operations import UNTIL_CLEARED, Operations, OrderProblem
from idp_simulators.faults import FAULTS
from idp_simulators.faults.armed import MAX_ARMED, ArmedFault, TooManyArmedError
from idp_simulators.faults.network import NETWORK_FAULTS, has_socket
from party.pages.security_headers import NO_SNIFF, NO_STORE
from party.run_token import AUTHORIZATION, holds_run_token

CONTROL_PATH: Final = "/control/faults"
EXCHANGES_PATH: Final = "/control/exchanges"


@dataclass(frozen=True)
class ControlEndpoint:
    """The endpoint of one app."""

    operations: Operations

    def answer(self) -> Response:
        """Answer the request at hand; 401 without the run's token."""
        if not self._holds_token():
            return _no_token()
        if request.method == "POST":
            return self._switch_on()
        if request.method == "DELETE":
            return _json(HTTPStatus.OK, {"switched_off": self.operations.switch_off()})
        return _json(
            HTTPStatus.OK,
            {
                "faults": _described(),
                "network_faults": _described_network(),
                "waiting": [_waiting(armed) for armed in self.operations.waiting()],
            },
        )

    def exchanged(self) -> Response:
        """Answer with the last exchanges, oldest first; 401 without the run's token."""
        if not self._holds_token():
            return _no_token()
        return _json(HTTPStatus.OK, {"exchanges": self.operations.exchanged()})

    def _holds_token(self) -> bool:
        return holds_run_token(request.headers.get(AUTHORIZATION), self.operations.settings.run_token)

    def _switch_on(self) -> Response:
        try:
            order = json.loads(request.get_data())
        except (ValueError, RecursionError):
            return _bad((OrderProblem("", "no-json", "the body is not JSON"),))
        try:
            armed = self.operations.switch_on(order, has_sockets=has_socket())
        except TooManyArmedError:
            return _json(HTTPStatus.CONFLICT, {"error": f"{MAX_ARMED} faults wait already: DELETE them first"})
        if not isinstance(armed, ArmedFault):
            return _bad(armed)
        return _json(HTTPStatus.CREATED, {"waiting": _waiting(armed)})


def _described() -> list[dict[str, object]]:
    return [
        {
            "id": fault.id,
            "sentence": fault.sentence,
            "clause": fault.clause,
            "because": fault.because,
            "twin": fault.twin_sentence,
            "kinds": sorted(fault.kinds),
            "needs_another_provider": fault.needs_another_provider,
            "needs_force_authn": fault.needs_force_authn,
            "needs_sockets": fault.needs_sockets,
            "recorded": fault.recorded,
        }
        for fault in FAULTS.values()
    ]


def _described_network() -> list[dict[str, object]]:
    return [{"id": fault.id, "sentence": fault.sentence} for fault in NETWORK_FAULTS.values()]


def _waiting(armed: ArmedFault) -> dict[str, object]:
    return {
        "fault": armed.fault.id,
        "twin": armed.is_twin,
        "person": armed.person,
        "provider": armed.provider,
        "times": UNTIL_CLEARED if armed.times is None else armed.times,
    }


def _bad(problems: tuple[OrderProblem, ...]) -> Response:
    texts = [problem.text for problem in problems]
    return _json(HTTPStatus.BAD_REQUEST, {"error": "; ".join(texts), "problems": texts})


def _no_token() -> Response:
    return _json(HTTPStatus.UNAUTHORIZED, {"error": "the run's token is missing: Authorization: Bearer …"})


def _json(status: HTTPStatus, document: dict[str, object]) -> Response:
    body = json.dumps(document, ensure_ascii=False) + "\n"
    response = Response(body, status=status, content_type="application/json")
    response.headers.extend([NO_STORE, NO_SNIFF])
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
