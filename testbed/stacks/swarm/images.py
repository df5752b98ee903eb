# SPDX-License-Identifier: Apache-2.0
"""The names of the images of a stack: each pinned, by a tag or a digest, so that every node runs the same one.

A tag that moves (`latest`, or none) would be another image on each node and after each restart; it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from federation.errors import InputError

VERSION: Final = "0.1.0"
"""That of the checkout, which the images are built from and tagged with (compose.yaml)."""
OWN: Final[Mapping[str, str]] = {
    "proxy": f"mpass-testbed/proxy:{VERSION}",
    "idp": f"mpass-testbed/idp:{VERSION}",
    "publisher": f"mpass-testbed/service:{VERSION}",
    "portal": f"mpass-testbed/service:{VERSION}",
}
OF_OTHERS: Final[Mapping[str, str]] = {"balancer": "haproxy:2.6", "database": "postgres:15-bookworm"}

_REFERENCE: Final = re.compile(
    r"[a-z0-9][a-zA-Z0-9.-]*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*"  # registry, path
    r"(:(?P<tag>[\w][\w.-]{0,127}))?(@sha256:(?P<digest>[0-9a-f]{64}))?",
    re.ASCII,
)
_PREFIX: Final = re.compile(r"[a-z0-9][a-zA-Z0-9.-]*(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*", re.ASCII)


def image_names(registry: str | None = None, chosen: Iterable[str] = ()) -> dict[str, str]:
    """Return the image of each service of a stack.

    Those of our own are named below `registry` where one is given; `chosen` holds `SERVICE=IMAGE`, taken as they stand.
    Raises `InputError` for a service there is none of, and for a name that is none or is not pinned.
    """
    names = {**OWN, **OF_OTHERS}
    if registry is not None:
        prefix = registry.rstrip("/")
        if not _PREFIX.fullmatch(prefix):
            message = f"--registry: found {registry!r}, expected a host with or without a path, as in registry.example.org/mpass"
            raise InputError(message)
        names |= {service: f"{prefix}/{name.partition('/')[2]}" for service, name in OWN.items()}
    for choice in chosen:
        service, _, name = choice.partition("=")
        if service not in names:
            message = f"--image: {service!r} is no service; expected one of {', '.join(names)}, as in proxy=NAME:TAG"
            raise InputError(message)
        names[service] = _checked(service, name)
    return names


def _checked(service: str, name: str) -> str:
    found = _REFERENCE.fullmatch(name)
    if found is None:
        message = f"--image {service}: {name!r} is no name of an image; expected NAME:TAG or NAME@sha256:DIGEST"
        raise InputError(message)
    if not found["digest"] and found["tag"] in {None, "latest"}:
        message = (
            f"--image {service}: {name!r} may be another image tomorrow; "
            "expected a tag other than latest, or a digest (NAME@sha256:…)"
        )
        raise InputError(message)
    return name
