# SPDX-License-Identifier: Apache-2.0
"""Changing what an answer says of the person: attributes written as the provider's kind writes its own."""

from __future__ import annotations

from dataclasses import replace

from idp_simulators.saml.answers import Answer
from idp_simulators.saml.messages import Attribute


def sent_attributes(answer: Answer) -> tuple[Attribute, ...]:
    """Return the attributes of every statement."""
    return tuple(attribute for statement in answer.assertion.statements for attribute in statement)


def written(answer: Answer, name: str, *values: str) -> Attribute:
    """Return an attribute with the NameFormat that the kind of the answer gives its attributes, or leaves out."""
    return replace(next(iter(sent_attributes(answer)), Attribute("", ())), name=name, values=values, markup=())


def sent_instead(answer: Answer, *attributes: Attribute) -> Answer:
    """Return the answer with these attributes, and without any other of their names."""
    names = {attribute.name for attribute in attributes}
    return answer.with_assertion(statements=((*_without(answer, names), *attributes),))


def not_sent(answer: Answer, name: str) -> Answer:
    """Return the answer without the attribute of this name."""
    return answer.with_assertion(statements=(_without(answer, {name}),))


def _without(answer: Answer, names: set[str]) -> tuple[Attribute, ...]:
    return tuple(attribute for attribute in sent_attributes(answer) if attribute.name not in names)
