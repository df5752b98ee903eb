# SPDX-License-Identifier: Apache-2.0
"""What a service receives: exactly the attributes it is declared to receive, and nothing else (design 4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def release(values: Mapping[str, tuple[str, ...]], receives: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the values whose attribute stands in `receives`, in the order they were built; an empty one never."""
    return {name: held for name, held in values.items() if name in receives and held}
