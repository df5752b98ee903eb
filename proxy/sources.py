# SPDX-License-Identifier: Apache-2.0
"""Which sources a request leaves to choose from (facts-mpassid 5).

A service names sources by `urn:mpass.id:authnsource:<flow>` and groups of them by `urn:mpass.id:authntag:<tag>` among
its requested authentication context classes. Classes outside `urn:mpass.id:` are ignored: ordinary SP libraries send
one that means something else (design 6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from proxy.settings import TrustedSource

SOURCE_CLASS: Final = "urn:mpass.id:authnsource:"
TAG_CLASS: Final = "urn:mpass.id:authntag:"


def is_source_request(class_ref: str) -> bool:
    """Tell whether a requested class names sources, existing or not."""
    return class_ref.startswith("urn:mpass.id:")


def requested_sources(
    sources: Mapping[str, TrustedSource], classes: Sequence[str]
) -> tuple[Mapping[str, TrustedSource], bool]:
    """Return the sources that `classes` leave, by flow name, and whether they narrowed anything."""
    if not classes:
        return sources, False  # the same mapping: a login must not cost more where there are more sources
    wanted = set(classes)
    return {flow: source for flow, source in sources.items() if not wanted.isdisjoint(_classes_of(source))}, True


def _classes_of(source: TrustedSource) -> set[str]:
    configuration = source.configuration
    return {f"{SOURCE_CLASS}{configuration.source.flow}", *(f"{TAG_CLASS}{tag}" for tag in configuration.tags)}
