# SPDX-License-Identifier: Apache-2.0
"""What a data service holds of a person who signed in, as attributes; none where it fails, and the event says why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from federation.data_faults import NoData
from proxy.asking.document import WrongShapeError
from proxy.asking.way import Desk
from proxy.login import Login

Attributes: TypeAlias = Mapping[str, Sequence[str]]
Reading: TypeAlias = Callable[[Any], Attributes | NoData]
"""From a JSON document to attributes by the source's names; raises `WrongShapeError`."""


def fetch(desk: Desk, login: Login, url: str, read: Reading, auth: tuple[str, str] | None = None) -> Attributes:
    """Ask the data service of the login's source; the login goes on without data when it fails (facts-mpassid 10)."""
    found = desk.runtime.data.ask(str(login.source), url, auth)
    attributes = found if isinstance(found, NoData) else _read(found, read)
    told = {"request_id": login.request_id, "home_request_id": login.home_request_id, "source": login.source}
    if isinstance(attributes, NoData):
        desk.runtime.events.emit("home-data-missing", **told, because=attributes.because, found=attributes.found)
        return {}
    desk.runtime.events.emit("home-data-received", **told)
    return attributes


def _read(document: Any, read: Reading) -> Attributes | NoData:  # noqa: ANN401 -- JSON
    try:
        return read(document)
    except WrongShapeError:
        return NoData("home-data-wrong-shape")
