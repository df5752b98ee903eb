# SPDX-License-Identifier: Apache-2.0
"""Kind `saml`: a municipality's own SAML identity provider, with the default attribute names (facts-mpassid 7).

- Each value is an AttributeValue of its own, in the order of the registry; the multi-value rules are the proxy's.
- A value that the registry does not hold makes no Attribute; an empty one in a list is sent, because it counts.
- The user id is the user name unless the registry says otherwise; a declared empty one is not sent at all.
"""

from __future__ import annotations

import re
from typing import Final

from federation.attributes import HOME_ATTRIBUTES
from federation.model import Person
from idp_simulators.messages import Attribute

_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def sent_attributes(user_name: str, person: Person) -> tuple[Attribute, ...]:
    """Return what the identity provider says of `person`, in the order of `HOME_ATTRIBUTES`."""
    return tuple(
        Attribute(name, tuple(_NOT_IN_XML.sub(_REPLACEMENT, value) for value in values))
        for field, name in HOME_ATTRIBUTES.items()
        if (values := _values(user_name, person, field))
    )


def _values(user_name: str, person: Person, field: str) -> tuple[str, ...]:
    if field == "user_id":
        user_id = user_name if person.user_id is None else person.user_id
        return (user_id,) if user_id else ()
    value: str | tuple[str, ...] | None = getattr(person, field)
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value
