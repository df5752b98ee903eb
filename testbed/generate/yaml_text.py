# SPDX-License-Identifier: Apache-2.0
"""A federation as the text of a declaration, one line per school and licence: what a person would have written.

It is the inverse of `federation.loader`: reading the text gives the same federation. What has its default is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from federation.document import Kind
from federation.model import EducationProvider, Federation
from federation.tree_builder import kind_of

_PLAIN: Final = re.compile(r"[^\W\d_](?:[\w -]*\w)?")
"""What needs no quotes: words that begin with a letter, without YAML's own marks."""
_CODES_IN_A_LINE: Final = 12


def declaration_text(federation: Federation, comment: str) -> str:
    """Return the declaration's text; `comment` stands above it, line by line."""
    lines = [
        "# SPDX-License-Identifier: Apache-2.0",
        *(f"# {line}".rstrip() for line in comment.splitlines()),
        "",
        "education_providers:",
        *(line for item in federation.education_providers.items() for line in _provider(*item)),
        "",
        "services:",
        *(f"  {key}: {_flow(_declared(service))}" for key, service in federation.services.items()),
        "",
        *_publisher(_declared(federation.publisher)),
        "",
        f"rules: {_flow(_declared(federation.rules))}",
    ]
    return "\n".join(lines) + "\n"


def _declared(part: Any) -> dict[str, Any]:  # noqa: ANN401 -- any part of the model
    """Return what stands in the declaration of a part: what differs from its default."""
    declared: dict[str, Any] = part.model_dump(mode="json", exclude_defaults=True)
    return declared


def _provider(key: str, provider: EducationProvider) -> Iterator[str]:
    declared = _declared(provider)
    yield f"  {key}:"
    for name, value in declared.items():
        if name in {"schools", "people"}:
            continue
        yield f"    {name}: {_flow(value)}"
    yield from _block("schools", declared, 4)
    if "people" in declared:
        yield "    people:"
        yield from (f"      {_text(user_name)}: {_flow(person)}" for user_name, person in declared["people"].items())


def _publisher(declared: Mapping[str, Any]) -> Iterator[str]:
    yield "publisher:"
    for name in ("name", "contact"):
        yield f"  {name}: {_flow(declared[name])}"
    codes = declared.get("activated_schools", [])
    if codes:
        yield "  activated_schools:"
        yield "    ["
        for start in range(0, len(codes), _CODES_IN_A_LINE):
            yield "      " + ", ".join(_text(code) for code in codes[start : start + _CODES_IN_A_LINE]) + ","
        yield "    ]"
    if declared.get("products"):
        yield "  products:"
        yield from (f"    {key}: {_flow(product)}" for key, product in declared["products"].items())
    yield from _block("licences", declared, 2)
    written = {"name", "contact", "activated_schools", "products", "licences"}
    yield from (f"  {name}: {_flow(value)}" for name, value in declared.items() if name not in written)


def _block(name: str, declared: Mapping[str, Any], indent: int) -> Iterator[str]:
    """Give a list with one item on each line, nothing where there is no item."""
    if declared.get(name):
        yield f"{'':{indent}}{name}:"
        yield from (f"{'':{indent}}  - {_flow(item)}" for item in declared[name])


def _flow(value: Any) -> str:  # noqa: ANN401 -- any JSON value
    """Return a value on one line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{_text(key)}: {_flow(held)}" for key, held in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case str():
            return _text(value)
        case _:
            return json.dumps(value)


def _text(text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) is not None and kind_of(text) is Kind.TEXT
    return text if is_plain else json.dumps(text, ensure_ascii=False)
