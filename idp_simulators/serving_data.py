# SPDX-License-Identifier: Apache-2.0
"""Serving a data service's answers: whose fault waits, and the events that tell of it.

An account without MPASS data is not known to a data service, as it signs in nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from flask import Response, request

from federation.model import Person
from idp_simulators.data_service import DataAnswer
from idp_simulators.faults.data_fault import DataScene, DataServiceFault
from idp_simulators.provider import Desk, HomeProvider


def serve_person(
    desk: Desk, provider: HomeProvider, request_id: str, user_name: str, document: Callable[[Person], object]
) -> Response:
    """Answer what the registry holds of `user_name`, 404 where nobody has that name."""
    person = provider.people.person(user_name)
    if person is None or not person.mpass_data:
        return send(desk, provider, request_id, DataAnswer.refusal(HTTPStatus.NOT_FOUND))
    kind = provider.municipality.idp.kind
    answer = DataAnswer.of(document(person))
    taken = desk.faults.take(provider.key, user_name, kind, DataServiceFault)
    if taken is None:
        return send(desk, provider, request_id, answer)
    scene = DataScene(f"{desk.origin}{request.path}", kind)
    changed = taken.fault.applied(answer, scene, is_twin=taken.is_twin)
    return send(desk, provider, request_id, changed, taken.label)


def send(desk: Desk, provider: HomeProvider, request_id: str, answer: DataAnswer, fault: str | None = None) -> Response:
    """Send the answer, and tell the events of it."""
    label = {} if fault is None else {"fault": fault}
    desk.events.emit("data-sent", home_request_id=request_id, source=provider.flow, status=answer.status, **label)
    return answer.response()
