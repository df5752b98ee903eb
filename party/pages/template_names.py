# SPDX-License-Identifier: Apache-2.0
"""What templates name: the messages they say and the static files they load.

An id that is put together (`_("refusal." ~ reason)`) is known by its pattern only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jinja2 import Environment, nodes

MESSAGE_FUNCTION: Final = "_"
STATIC_FUNCTION: Final = "static"
ANYTHING: Final = ".+"
"""The pattern of a part of an id that is only known when the page is shown."""


@dataclass(frozen=True)
class MessageCall:
    """One place where a template says a message: the id or its pattern, and the names of its values."""

    message_id: str | None
    pattern: str
    values: frozenset[str]
    line: int


@dataclass(frozen=True)
class TemplateNames:
    """Everything one template names."""

    calls: tuple[MessageCall, ...]
    static_files: tuple[str, ...]

    @property
    def messages(self) -> tuple[str, ...]:
        """The ids that are written out."""
        return tuple(call.message_id for call in self.calls if call.message_id is not None)


def names_in(environment: Environment, template: str) -> TemplateNames:
    """Return what a template names; raises `jinja2.TemplateError` where it cannot be read."""
    loader = environment.loader
    if loader is None:
        message = "the environment has no loader"
        raise ValueError(message)
    source, _, _ = loader.get_source(environment, template)
    tree = environment.parse(source)
    return TemplateNames(
        calls=tuple(_message_call(call) for call in _calls(tree, MESSAGE_FUNCTION)),
        static_files=tuple(
            call.args[0].value
            for call in _calls(tree, STATIC_FUNCTION)
            if call.args and isinstance(call.args[0], nodes.Const)
        ),
    )


def _calls(tree: nodes.Template, function: str) -> Iterator[nodes.Call]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == function:
            yield call


def _message_call(call: nodes.Call) -> MessageCall:
    argument = call.args[0] if call.args else nodes.Const("")
    message_id = argument.value if isinstance(argument, nodes.Const) else None
    return MessageCall(
        message_id=message_id,
        pattern=_pattern(argument),
        values=frozenset(keyword.key for keyword in call.kwargs),
        line=call.lineno,
    )


def _pattern(node: nodes.Node) -> str:
    if isinstance(node, nodes.Const):
        return re.escape(str(node.value))
    if isinstance(node, nodes.Concat):
        return "".join(_pattern(part) for part in node.nodes)
    if isinstance(node, nodes.Add):
        return _pattern(node.left) + _pattern(node.right)
    if isinstance(node, nodes.CondExpr) and node.expr2 is not None:
        return f"(?:{_pattern(node.expr1)}|{_pattern(node.expr2)})"
    return ANYTHING
