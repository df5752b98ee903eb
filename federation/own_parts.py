# SPDX-License-Identifier: Apache-2.0
"""Parts that are somebody's own: which ones a declaration has, and what it may say of them.

Problems are found in the document, as `federation.validation` does. The rules:

- a service is either simulated or has metadata;
- metadata is a file, or an address on http or https that holds no user name and no password, because it is shown;
- a certificate to verify metadata with is a file, and stands beside metadata, as `redirects_to` does.

Nothing is read here: fetching documents is `testbed.documents`', judging them `testbed.own_parts`'.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from federation.document import Kind, Node, Scalar, Step, dotted, entries, entry, text, value
from federation.errors import Problem
from federation.model import Federation, MayBeOwn
from federation.suggestion import quoted

_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class Role(StrEnum):
    """What a party is in the federation."""

    SERVICE = "service"
    IDENTITY_PROVIDER = "identity provider"


@dataclass(frozen=True)
class OwnPart:
    """One part that is somebody's own, and where its documents are."""

    role: Role
    key: str
    metadata: str
    certificate: str | None = None

    @property
    def place(self) -> str:
        """Where it stands in the declaration."""
        return f"services.{self.key}" if self.role is Role.SERVICE else f"education_providers.{self.key}.idp"

    @property
    def shown_address(self) -> str:
        """Where its metadata is, for people: a URL without its query, which may hold a secret."""
        return self.metadata.partition("?")[0] if is_url(self.metadata) else self.metadata


def own_parts(federation: Federation) -> tuple[OwnPart, ...]:
    """Return every part that is somebody's own: services first, each in the order of the declaration."""
    places: list[tuple[Role, str, MayBeOwn]] = [
        *((Role.SERVICE, key, service) for key, service in federation.services.items()),
        *((Role.IDENTITY_PROVIDER, key, each.idp) for key, each in federation.education_providers.items()),
    ]
    return tuple(
        OwnPart(role, key, declared.metadata, declared.metadata_certificate)
        for role, key, declared in places
        if declared.metadata is not None
    )


def is_url(place: str) -> bool:
    """Tell whether `place` is an address rather than the name of a file."""
    return _URL.match(place) is not None


def own_part_problems(document: Node) -> Iterator[Problem]:
    """Find what a declaration may not say of a part that is somebody's own."""
    for service in entries(value(document, "services")):
        steps = ("services", service.key)
        yield from _either_or(service.node, service.line, steps)
        yield from _documents(service.node, steps)
    for provider in entries(value(document, "education_providers")):
        yield from _documents(value(provider.node, "idp"), ("education_providers", provider.key, "idp"))


def _either_or(service: Node, line: int, steps: tuple[Step, ...]) -> Iterator[Problem]:
    simulated, metadata = _written(service, "simulated"), _written(service, "metadata")
    if simulated and metadata:
        message = "is both simulated and somebody's own; remove `simulated` or `metadata`"
        yield Problem(line, dotted(steps), message)
    elif not simulated and not metadata and entries(service):
        message = "says neither `simulated: publisher` or `portal`, nor `metadata: FILE-or-URL` of your own; add one"
        yield Problem(line, dotted(steps), message)


def _written(holder: Node, key: str) -> bool:
    found = entry(holder, key)
    return found is not None and not (isinstance(found.node, Scalar) and found.node.kind is Kind.NOTHING)


def _documents(holder: Node | None, steps: tuple[Step, ...]) -> Iterator[Problem]:
    metadata, certificate = value(holder, "metadata"), value(holder, "metadata_certificate")
    address = text(metadata)
    if metadata is not None and address is not None:
        for message in _address_problems(address):
            yield Problem(metadata.line, dotted((*steps, "metadata")), message)
    redirects = entry(holder, "redirects_to")
    if redirects is not None and metadata is None:
        message = "is for a part of your own, by `metadata`; remove it"
        yield Problem(redirects.line, dotted((*steps, "redirects_to")), message)
    if certificate is None:
        return
    here = dotted((*steps, "metadata_certificate"))
    if metadata is None:
        yield Problem(certificate.line, here, "is to verify `metadata` with, and there is none; remove it")
    if is_url(text(certificate) or ""):
        message = "is an address, expected a file: a key that comes the same way as what it signed proves nothing"
        yield Problem(certificate.line, here, message)


def _address_problems(address: str) -> Iterator[str]:
    if not is_url(address):
        return
    try:
        parts = urlsplit(address)
        host, user, _ = parts.hostname, parts.username, parts.port
    except ValueError:
        yield "is no address that can be read; expected a file, or an http or https URL"
        return
    if parts.scheme.lower() not in {"http", "https"} or not host:
        yield f"got {quoted(address)}, expected a file, or an http or https URL"
    elif user is not None:
        yield "holds a user name or password, and is shown to people; give an address without"
