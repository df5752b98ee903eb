# SPDX-License-Identifier: Apache-2.0
"""A person's values as the registry holds them, by field, in the order of the table of names.

- A value that the registry does not hold has no field; an empty one in a list is kept, because it counts.
- The user id is the user name unless the registry says otherwise; a declared empty one is not there at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from federation.home_names import home_names
from federation.model import IdentityProvider, Person
from federation.multivalue import SEPARATOR
from idp_simulators.saml.messages import Attribute

_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def held_values(user_name: str, person: Person, idp: IdentityProvider) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give field, attribute name and values of everything the registry holds of `person`."""
    for field, name in home_names(idp).items():
        values = _values(user_name, person, field)
        if values:
            yield field, name, tuple(_NOT_IN_XML.sub(_REPLACEMENT, value) for value in values)


def joined_attribute(name: str, values: tuple[str, ...]) -> Attribute:
    """Return a claim as Microsoft's products write it: one value joined by `;`, no NameFormat (facts-mpassid 3)."""
    return Attribute(name, (SEPARATOR.join(values),), name_format=None)


def _values(user_name: str, person: Person, field: str) -> tuple[str, ...]:
    if field == "user_id":
        user_id = user_name if person.user_id is None else person.user_id
        return (user_id,) if user_id else ()
    value: str | tuple[str, ...] | None = getattr(person, field)
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value
