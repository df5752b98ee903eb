# SPDX-License-Identifier: Apache-2.0
"""A declaration from a file: a `Federation`, or every problem of the file at once.

Nothing but `DeclarationError` leaves here, whatever the file holds. What is wrong as YAML is `federation.yaml_reader`'s
to find, as a value `federation.model`'s, between places `federation.validation`'s; this module puts them together.
"""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from federation.document import Mapping, Node, described, plain
from federation.errors import DeclarationError, Problem
from federation.model import Federation
from federation.model_problems import model_problems
from federation.validation import validation_problems
from federation.yaml_reader import read_document

MAX_BYTES: Final = 8 * 1024 * 1024
_MEGABYTE: Final = 1024 * 1024
_KEYS: Final = "education_providers, services and publisher"


def load(path: Path) -> Federation:
    """Return the federation that a file declares; raises `DeclarationError` with every problem of the file.

    The size is looked at before anything is read, and only a regular file is read.
    """
    source = str(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise _refused(source, "is a directory, expected a file; name the file in it")
        if not stat.S_ISREG(status.st_mode):
            raise _refused(source, "is no regular file; save the declaration to a file and name that")
        _check_size(source, status.st_size)
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise _refused(source, "there is no such file; name another with --federation") from error
    except OSError as error:
        raise _refused(source, f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise _refused(repr(source), "is no name of a file") from error
    return loads(content, source)


def loads(text: bytes, source: str) -> Federation:
    """Return the federation that `text` declares; `source` is what errors call it.

    Raises `DeclarationError` with every problem, in the order of the lines.
    """
    _check_size(source, len(text))
    document, problems = read_document(text)
    if document is None:
        raise DeclarationError(source, problems or [Problem(0, "", f"is empty, expected the keys {_KEYS}")])
    if not isinstance(document, Mapping):
        found = Problem(document.line, "", f"got {described(document)}, expected a mapping with the keys {_KEYS}")
        raise DeclarationError(source, problems or [found])
    federation, found_by_model = _validated(document)
    problems = list(dict.fromkeys([*problems, *found_by_model, *validation_problems(document)]))
    if problems or federation is None:
        raise DeclarationError(source, problems)
    return federation


def _validated(document: Node) -> tuple[Federation | None, list[Problem]]:
    """Return the model of a document, or what the model refuses.

    It goes through JSON, because that is where pydantic's strict mode takes lists for tuples and names for enums.
    """
    try:
        return Federation.model_validate_json(json.dumps(plain(document))), []
    except ValidationError as error:
        return None, model_problems(document, error)


def _check_size(source: str, size: int) -> None:
    if size > MAX_BYTES:
        found = f"{size / _MEGABYTE:.1f} MB"
        raise _refused(source, f"is {found} large, expected at most {MAX_BYTES // _MEGABYTE} MB; declare fewer people")


def _refused(source: str, message: str) -> DeclarationError:
    return DeclarationError(source, [Problem(0, "", message)])
