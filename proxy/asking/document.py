# SPDX-License-Identifier: Apache-2.0
"""Reading a data service's JSON by the form its protocol gives it; what is not listed there is ignored.

Lists by school are written as one value joined with `;`, as other home organisations send them (facts-mpassid 3): from
there on the rules are the same for all, an empty element among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from federation.multivalue import SEPARATOR


class WrongShapeError(Exception):
    """The document is JSON of another shape; nothing is told of what it is, for it holds a person's data."""


def an_object(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- JSON
    """Return `value` if it is an object; raises `WrongShapeError`."""
    if not isinstance(value, dict):
        raise WrongShapeError
    return value


def a_list(value: Any) -> list[Any]:  # noqa: ANN401 -- JSON
    """Return `value` if it is a list; raises `WrongShapeError`."""
    if not isinstance(value, list):
        raise WrongShapeError
    return value


def a_text(value: Any) -> str:  # noqa: ANN401 -- JSON
    """Return `value` if it is a string; raises `WrongShapeError`."""
    if not isinstance(value, str):
        raise WrongShapeError
    return value


def texts(document: Mapping[str, Any], names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the fields of `names` that hold a string; null or none at all is no value, anything else is wrong."""
    return {name: (a_text(document[name]),) for name in names if document.get(name) is not None}


def joined(values: Iterable[str | None]) -> tuple[str, ...]:
    """Return a list by school as one value; an absent element stays in its place, and no element makes no value."""
    elements = [value or "" for value in values]
    return (SEPARATOR.join(elements),) if elements else ()
