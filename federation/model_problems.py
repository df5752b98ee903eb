# SPDX-License-Identifier: Apache-2.0
"""What the model refuses, said for a person: line, place, what was found, what was expected, what to do.

pydantic names the place and the kind of each error; what was written there comes from the document, so that a number
is shown as a number and with the zeros it was written with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from federation.document import Entry, Kind, Listing, Mapping, Node, Scalar, Step, described, dotted, entry
from federation.errors import Problem
from federation.model import EXPECTED_FORM, Federation
from federation.suggestion import did_you_mean, quoted

CODE_LENGTH: Final = 5
_KEY_OF_MAPPING: Final = "[key]"
_CODE_PLACES: Final = {"code", "office_of", "school", "activated_schools", "school_codes"}
_EXPECTED: Final = {
    "string_type": "a string",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "string_too_short": "some text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
}
"""pydantic's error type and what was expected."""


def model_problems(document: Node, error: ValidationError) -> list[Problem]:
    """Return each error of the model as a problem of the document, each place and message once."""
    found = (_problem(document, details) for details in error.errors(include_url=False, include_input=False))
    return list(dict.fromkeys(problem for problem in found if problem is not None))


@dataclass(frozen=True)
class _Place:
    """Where an error is: the nearest value that exists, its line, and the steps to it."""

    node: Node
    line: int
    steps: tuple[Step, ...]
    missing: str | None = None
    """The key that is not there."""


def _problem(document: Node, details: ErrorDetails) -> Problem | None:
    steps = details["loc"]
    if steps and steps[-1] == _KEY_OF_MAPPING:
        return _key_problem(document, steps[:-1], details)
    place = _locate(document, steps)
    if details["type"] == "extra_forbidden":
        key = str(steps[-1])
        names = _keys_at(place.steps[:-1])
        return Problem(place.line, dotted(place.steps), f"no key {quoted(key)} here{did_you_mean(key, names)}")
    if details["type"] == "missing" and place.missing is not None:
        return Problem(place.line, dotted((*place.steps, place.missing)), "is missing; add it")
    if _is_other_branch(place.node, details):
        return None
    return Problem(place.line, dotted(place.steps), _message(place, details))


def _key_problem(document: Node, steps: Sequence[Step], details: ErrorDetails) -> Problem:
    place = _locate(document, steps)
    expected = _expected_form(details)
    return Problem(place.line, dotted(place.steps), f"got the key {quoted(str(steps[-1]))}, expected {expected}")


def _locate(document: Node, steps: Iterable[Step]) -> _Place:
    """Follow pydantic's steps; those that name a branch of a union lead nowhere in the document and are left out."""
    node, line, followed = document, document.line, list[Step]()
    missing = None
    for step in steps:
        if isinstance(node, Mapping) and isinstance(step, str):
            found: Entry | None = entry(node, step)
            if found is None:
                missing = step
                break
            node, line = found.node, found.line if isinstance(found.node, Mapping) else found.node.line
        elif isinstance(node, Listing) and isinstance(step, int):
            node = node.items[step]
            line = node.line
        else:
            continue
        followed.append(step)
    return _Place(node, line, tuple(followed), missing)


def _is_other_branch(node: Node, details: ErrorDetails) -> bool:
    """Tell whether an error is only about the branch of `all`-or-a-list that was not meant."""
    of_literal = details["type"] == "literal_error"
    return (of_literal and isinstance(node, Listing)) or (
        details["type"] == "tuple_type" and isinstance(node, Scalar) and "tuple" in str(details["loc"][-1])
    )


def _message(place: _Place, details: ErrorDetails) -> str:
    got = f"got {described(place.node)}, expected"
    kind = details["type"]
    if kind in {"enum", "literal_error"}:
        return _choice_message(place, details, got)
    if kind == "string_pattern_mismatch":
        return f"{got} {_expected_form(details)}"
    if kind == "string_too_long":
        return f"{got} at most {details['ctx']['max_length']} characters"
    if kind == "greater_than_equal":
        return f"{got} at least {round(details['ctx']['ge'])}"
    if kind == "less_than_equal":
        return f"{got} at most {round(details['ctx']['le'])}"
    message = f"{got} {_EXPECTED.get(kind) or details['msg']}"
    return message + (_quote_it(place) if kind == "string_type" else "")


def _choice_message(place: _Place, details: ErrorDetails, got: str) -> str:
    names = str(details["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
    if any(str(step).startswith("literal[") for step in details["loc"]):
        return f"{got} all, or a list of names"
    written = place.node.text if isinstance(place.node, Scalar) else ""
    choices = names[0] if len(names) == 1 else f"one of {', '.join(names)}"
    return f"{got} {choices}" + (near if (near := did_you_mean(written, names)).endswith("?") else "")


def _expected_form(details: ErrorDetails) -> str:
    pattern = str(details["ctx"]["pattern"]) if "ctx" in details and "pattern" in details["ctx"] else ""
    return EXPECTED_FORM.get(pattern, details["msg"])


def _quote_it(place: _Place) -> str:
    """Return the advice to quote what YAML took for something else; a code gets back the zeros it has lost."""
    node = place.node
    if not isinstance(node, Scalar) or node.kind not in {Kind.NUMBER, Kind.DATE, Kind.TRUTH}:
        return ""
    names = [step for step in place.steps if isinstance(step, str)]
    is_code = bool(names) and names[-1] in _CODE_PLACES and node.text.isdecimal()
    return f"; quote it: {quoted(node.text.zfill(CODE_LENGTH) if is_code else node.text)}"


def _keys_at(steps: Iterable[Step]) -> list[str]:
    """Return the keys that the model knows at a place."""
    annotation: Any = Federation
    for step in steps:
        model = _inside(annotation, BaseModel)
        if model is not None:
            annotation = model.model_fields[str(step)].annotation
        elif (mapping := _inside(annotation, dict)) is not None:
            annotation = get_args(mapping)[1]
        elif (listing := _inside(annotation, tuple)) is not None:
            annotation = get_args(listing)[0]
    model = _inside(annotation, BaseModel)
    return list(model.model_fields) if model is not None else []


def _inside(annotation: Any, wanted: type) -> Any:  # noqa: ANN401  # annotations have no common type
    """Return the part of an annotation that is a `wanted`, looking through unions."""
    origin = get_origin(annotation) or annotation
    if isinstance(origin, type) and issubclass(origin, wanted):
        return annotation
    if origin in {dict, tuple}:
        return None
    return next((found for part in get_args(annotation) if (found := _inside(part, wanted)) is not None), None)
