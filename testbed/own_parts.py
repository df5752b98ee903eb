# SPDX-License-Identifier: Apache-2.0
"""The documents of parts that are somebody's own, as values, and how they are had before anything is rendered.

Rendering stays pure: it is given these documents. Fetching them is `testbed.documents`', judging them
`testbed.own_metadata`'; both are imported only where a declaration has such a part, because they take libraries and
schemas that a start without one need not wait for.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from federation.endpoints import Origins
from federation.errors import TestbedError
from federation.model import Federation
from federation.own_parts import OwnPart, Role, own_parts

DOCUMENTS: Final = "documents"
"""The folder of copies, below the state folder."""

_FOLDERS: Final = {Role.SERVICE: "services", Role.IDENTITY_PROVIDER: "sources"}


@dataclass(frozen=True)
class Found:
    """What was found where one part's documents are; `problem` says why there is no document."""

    document: bytes | None = None
    problem: str | None = None
    is_unanswered: bool = False
    """Whether the problem is an address that gave no document, rather than a document that is wrong."""
    certificate: bytes | None = None
    certificate_problem: str | None = None
    copy: bytes | None = None
    """The last good document, as it was kept."""


@dataclass(frozen=True)
class Notice:
    """Something about one part that a person should know; a fault means that it is not as declared."""

    part: OwnPart
    text: str
    is_fault: bool = False

    def __str__(self) -> str:
        """Return it as one line, by the part's place in the declaration."""
        return f"{self.part.place} ({self.part.shown_address}): {self.text}"

    def as_json(self) -> dict[str, str | bool]:
        """Return it as commands print it with `--json`."""
        return {"part": self.part.place, "notice": self.text, "is_fault": self.is_fault}


@dataclass(frozen=True)
class OwnDocuments:
    """The metadata of the parts that are trusted, by key, and what is to be said of them and of the others."""

    services: Mapping[str, bytes]
    sources: Mapping[str, bytes]
    """By education provider."""
    copies: Mapping[str, bytes]
    """What is kept for a time when a document cannot be had, by path below the state folder."""
    notices: tuple[Notice, ...] = ()

    @property
    def faults(self) -> tuple[Notice, ...]:
        """The notices of parts that are not as declared."""
        return tuple(notice for notice in self.notices if notice.is_fault)


NO_DOCUMENTS: Final = OwnDocuments({}, {}, {})
"""Where no part is somebody's own, or none is to be trusted."""


def check_is_as_declared(own: OwnDocuments) -> None:
    """Raise `TestbedError`, by which a command ends with 1, where a part is not as declared; its notice says why."""
    if own.faults:
        places = ", ".join(dict.fromkeys(notice.part.place for notice in own.faults))
        message = f"not as declared: {places}; see above"
        raise TestbedError(message)


def copy_path(part: OwnPart) -> str:
    """Return where a part's last good document is kept, below the state folder."""
    address = hashlib.sha256(part.metadata.encode()).hexdigest()[:16]
    return f"{DOCUMENTS}/{_FOLDERS[part.role]}/{part.key}.{address}.xml"


def read_own_documents(
    federation: Federation, folder: Path, state: Path, origins: Origins, now: datetime
) -> OwnDocuments:
    """Fetch and judge the metadata of every part that is somebody's own; writes nothing and raises nothing for a bad one.

    Files are looked for from `folder`, the declaration's; copies of good documents lie in `state`.
    """
    parts = own_parts(federation)
    if not parts:
        return NO_DOCUMENTS
    found = importlib.import_module("testbed.documents").find_documents(parts, folder, state)
    documents: OwnDocuments = importlib.import_module("testbed.own_metadata").judge(federation, origins, found, now)
    return documents
