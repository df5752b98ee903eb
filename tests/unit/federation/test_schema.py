# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of a declaration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from federation.schema import json_schema


def properties(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each property as the name of its part, its own name and its schema."""
    for part, definition in {"Federation": schema, **schema["$defs"]}.items():
        for name, held in definition.get("properties", {}).items():
            yield part, name, held


def test_is_the_same_every_time() -> None:
    """The schema is stable text."""
    assert json.dumps(json_schema()) == json.dumps(json_schema())


def test_says_what_it_is() -> None:
    """Dialect, title and the keys that must be there stand at the top."""
    schema = json_schema()

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "A declaration of the MPASSid testbed"
    assert schema["required"] == ["education_providers", "services", "publisher"]
    assert schema["additionalProperties"] is False


def test_describes_every_part_and_property() -> None:
    """An editor can show what each thing is for."""
    schema = json_schema()

    silent = [f"{part}.{name}" for part, name, held in properties(schema) if "description" not in held]
    silent += [part for part, definition in schema["$defs"].items() if "description" not in definition]

    assert silent == []


def test_offers_the_attributes_a_service_may_receive() -> None:
    """The choices of `receives` are the table of attributes."""
    receives = json_schema()["$defs"]["Service"]["properties"]["receives"]

    assert receives["items"]["enum"] == [
        "uid",
        "given_name",
        "surname",
        "nickname",
        "learner_id",
        "school_info",
        "education_provider_info",
        "role",
        "class_level",
        "learning_materials_charge",
        "original_issuer",
    ]
