# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of a declaration, for editors: the model's types, forms and descriptions.

What looks at more than one place (references, unique codes) stands in `federation.validation` and not here.
"""

from __future__ import annotations

from typing import Any, Final

from federation.attributes import ATTRIBUTES
from federation.model import Federation

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return the schema; the same for every run, with the attributes a service may receive as its choices."""
    schema = Federation.model_json_schema()
    receives = schema["$defs"]["Service"]["properties"]["receives"]
    receives["items"]["enum"] = [attribute.name for attribute in ATTRIBUTES]
    receives["uniqueItems"] = True
    schema["$defs"]["Service"]["oneOf"] = [{"required": ["simulated"]}, {"required": ["metadata"]}]
    schema |= {"$schema": DIALECT, "title": "A declaration of the MPASSid testbed"}
    return schema
