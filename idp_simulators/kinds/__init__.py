# SPDX-License-Identifier: Apache-2.0
"""The kinds of identity provider: what each sends of a person, one module per kind behind one function.

A kind is a function from a user name and the registry's entry to the attributes of the assertion. It decides names,
order and how several values are written, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from federation.model import IdpKind, Person
from idp_simulators.kinds import saml
from idp_simulators.messages import Attribute

SentAttributes: TypeAlias = Callable[[str, Person], tuple[Attribute, ...]]

KINDS: Final[dict[IdpKind, SentAttributes]] = {IdpKind.SAML: saml.sent_attributes}
"""Every kind that a declaration may name."""
