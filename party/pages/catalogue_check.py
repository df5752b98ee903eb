# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a party's catalogues, for the test that keeps them whole.

The rules:
- every message stands in fi, sv and en, with a text, translated, once, with the same placeholders and plural forms;
- an id is a dotted key, and no party uses an id of the shared catalogue;
- what a template or a Python source says is there, with the values it takes;
- what is there is said somewhere.

A Python source says an id by writing it out, or by an f-string whose pattern it fits.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from jinja2 import ChoiceLoader, Environment, FileSystemLoader

from federation.model import LANGUAGES, Language
from party.pages.catalogues import PLURAL_FORMS, Message, catalogue_files, read_catalogue
from party.pages.template_names import ANYTHING, names_in

SHARED_PACKAGE: Final = "party"
_ID: Final = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9_-]+)+")
_MSGID: Final = re.compile(r'^msgid "(.+)"$', re.MULTILINE)
_SPEAKERS: Final = frozenset({"_", "message"})
_LOOK_TEXTS: Final = frozenset({"name", "owner", "operator"})

_Catalogues = Mapping[Language, Mapping[str, Message]]


@dataclass(frozen=True)
class _Use:
    """Where something says a message: a written-out id, or the pattern of one that is put together."""

    place: str
    message_id: str | None
    pattern: str
    values: frozenset[str] | None = None


def catalogue_problems(package: str) -> list[str]:
    """Return one line for each fault of the package's catalogues, in a stable order."""
    folder = Path(str(files(package)))
    own = _read(folder / "pages" / "locale")
    shared = _read(Path(str(files(SHARED_PACKAGE))) / "pages" / "locale") if package != SHARED_PACKAGE else {}
    problems = [*_file_problems(folder / "pages" / "locale"), *_message_problems(own)]
    known = {**_any_language(shared), **_any_language(own)}
    problems += [
        f"{one}: is an id of the shared catalogue" for one in _any_language(own) if one in _any_language(shared)
    ]
    said = [*_said_by_templates(folder), *_said_by_sources(folder)]
    for use in said:
        problems += _use_problems(use, known)
    mentioned = _written_out(folder) | {use.message_id for use in said}
    patterns = [re.compile(pattern) for pattern in {use.pattern for use in said} | _f_strings(folder)]
    for message_id in _any_language(own):
        if message_id not in mentioned and not any(pattern.fullmatch(message_id) for pattern in patterns):
            problems.append(f"{message_id}: nothing says it")
    return sorted(set(problems))


def _read(folder: Path) -> _Catalogues:
    return {
        language: {message.id: message for path in paths for message in read_catalogue(path, language)}
        for language in LANGUAGES
        if (paths := catalogue_files(folder, language))
    }


def _any_language(catalogues: _Catalogues) -> dict[str, Message]:
    return {message_id: message for messages in catalogues.values() for message_id, message in messages.items()}


def _file_problems(folder: Path) -> Iterator[str]:
    for language in LANGUAGES:
        paths = catalogue_files(folder, language)
        if not paths:
            yield f"{language}.po: there is no such file"
        texts = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}
        yield from (
            f"{name}: holds an obsolete message (#~); delete it" for name, text in texts.items() if "\n#~" in text
        )
        ids = Counter(one for text in texts.values() for one in _MSGID.findall(text))
        yield from (f"{language}.po: {one} stands there twice" for one, times in ids.items() if times > 1)


def _message_problems(catalogues: _Catalogues) -> Iterator[str]:
    for message_id, example in _any_language(catalogues).items():
        if not _ID.fullmatch(message_id):
            yield f"{message_id}: expected a dotted key of small letters"
        for language, messages in catalogues.items():
            message = messages.get(message_id)
            if message is None:
                yield f"{message_id}: missing in {language}"
                continue
            if not all(message.texts):
                yield f"{message_id}: no text in {language}"
            if message.is_fuzzy:
                yield f"{message_id}: marked fuzzy in {language}"
            if message.is_plural and len(message.texts) != len(PLURAL_FORMS):
                yield f"{message_id}: {len(message.texts)} plural forms in {language}, expected {len(PLURAL_FORMS)}"
            if message.is_plural != example.is_plural:
                yield f"{message_id}: has plural forms in one language and none in another"
            if message.placeholders != example.placeholders:
                yield f"{message_id}: other placeholders in {language} than elsewhere"


def _use_problems(use: _Use, known: Mapping[str, Message]) -> Iterator[str]:
    if use.message_id is None:
        if use.pattern != ANYTHING and not any(re.fullmatch(use.pattern, one) for one in known):
            yield f"{use.place}: no message fits {use.pattern}"
        return
    message = known.get(use.message_id)
    if message is None:
        yield f"{use.place}: no message {use.message_id}"
    elif use.values is not None and use.values != message.wanted_values:
        yield f"{use.place}: {use.message_id} takes {sorted(message.wanted_values)}, given {sorted(use.values)}"


def _said_by_templates(folder: Path) -> Iterator[_Use]:
    own = folder / "pages" / "templates"
    shared = Path(str(files(SHARED_PACKAGE))) / "pages" / "templates"
    loader = ChoiceLoader([FileSystemLoader(own), FileSystemLoader(shared)])
    environment = Environment(loader=loader, autoescape=True)
    for path in sorted(own.rglob("*.html")):
        name = path.relative_to(own).as_posix()
        for call in names_in(environment, name).calls:
            yield _Use(f"{name}:{call.line}", call.message_id, call.pattern, call.values)


def _sources(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def _said_by_sources(folder: Path) -> Iterator[_Use]:
    """Yield the ids that Python hands to `message()` and to `Look`."""
    for path, tree in _sources(folder):
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            place = f"{path.relative_to(folder).as_posix()}:{call.lineno}"
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name in _SPEAKERS:
                arguments = list(call.args)
            elif name == "Look":
                arguments = [*call.args, *(word.value for word in call.keywords if word.arg in _LOOK_TEXTS)]
            else:
                continue
            yield from (_use(place, argument) for argument in arguments if _is_text(argument))


def _use(place: str, argument: ast.expr) -> _Use:
    if isinstance(argument, ast.Constant):
        return _Use(place, str(argument.value), re.escape(str(argument.value)))
    return _Use(place, None, _f_string_pattern(argument))


def _is_text(node: ast.expr) -> bool:
    """Tell whether an argument can be a message id: a text with a dot in it, not a language or a colour."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and "." in node.value
    return isinstance(node, ast.JoinedStr)


def _written_out(folder: Path) -> set[str | None]:
    return {
        node.value
        for _, tree in _sources(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _f_strings(folder: Path) -> set[str]:
    """Return the patterns of f-strings that begin like an id of ours."""
    patterns = {
        _f_string_pattern(node)
        for _, tree in _sources(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
    }
    return {pattern for pattern in patterns if re.match(r"[a-z][a-z0-9-]*\\\.", pattern.replace("\\-", "-"))}


def _f_string_pattern(node: ast.expr) -> str:
    values = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ANYTHING for part in values)
