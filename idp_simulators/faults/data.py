# SPDX-License-Identifier: Apache-2.0
"""Faults of a data service's answer: status, type, content, size, and how it travels (home-protocols 4).

The proxy records each by an id of its own and goes on without data, so every one of them ends the login for want of a
learner id (facts-mpassid 10). How an answer travels shows only where there are sockets.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any, Final, TypeAlias, cast

from flask import Response

from federation.model import IdpKind
from idp_simulators.data_service import DataAnswer
from idp_simulators.faults.data_fault import DataScene, DataServiceFault
from idp_simulators.faults.network import reset, waited

MOST_READ: Final = 64 * 1024

SLOW_SECONDS: Final = 4.0
SLOW_WITHIN_SECONDS: Final = 1.0
PIECES: Final = 12
TRICKLE_SECONDS: Final = 0.5
TRICKLE_WITHIN_SECONDS: Final = 0.1

_CLAUSE: Final = "home-protocols 4"
_BECAUSE: Final = "learner-id-missing"

_Change: TypeAlias = Callable[[DataAnswer, DataScene], DataAnswer]


def _status(status: HTTPStatus) -> _Change:
    return lambda answer, _scene: answer.with_status(status)


def _in_other_words(answer: DataAnswer, _scene: DataScene) -> DataAnswer:
    """Say 200 with a reason phrase that nobody reads (RFC 9112 4)."""
    return replace(answer, status="200 Hyvin menee")


def _typed(content_type: str) -> _Change:
    return lambda answer, _scene: replace(answer, content_type=content_type)


def _written(write: Callable[[object], bytes]) -> _Change:
    return lambda answer, _scene: replace(answer, body=write)


def _cut_off(document: object) -> bytes:
    return json.dumps(document).encode()[:-1]


def _indented(document: object) -> bytes:
    return json.dumps(document, indent=4).encode()


def _person(document: object) -> dict[str, Any]:
    """Return the person of either service's document."""
    return cast("dict[str, Any]", document[0] if isinstance(document, list) else document)


def _with_person(answer: DataAnswer, **changes: object) -> DataAnswer:
    """Return the answer with some values of its person replaced."""
    changed = {**_person(answer.document), **changes}
    return replace(answer, document=[changed] if isinstance(answer.document, list) else changed)


def _learner_id_as_number(answer: DataAnswer, scene: DataScene) -> DataAnswer:
    name = "learnerId" if scene.kind is IdpKind.WILMA else "learner_id"
    return _with_person(answer, **{name: 12462})


def _wrapped(answer: DataAnswer, _scene: DataScene) -> DataAnswer:
    """Put the document into an object of its own."""
    return replace(answer, document={"result": answer.document})


def _with_unknown_key(answer: DataAnswer, _scene: DataScene) -> DataAnswer:
    return _with_person(answer, favouriteColour={"name": "sininen"})


def _two_people(answer: DataAnswer, _scene: DataScene) -> DataAnswer:
    person = _person(answer.document)
    return replace(answer, document=[person, person])


def _nobody(answer: DataAnswer, _scene: DataScene) -> DataAnswer:
    return replace(answer, document=[])


def _another_person(answer: DataAnswer, _scene: DataScene) -> DataAnswer:
    return _with_person(answer, id=str(_person(answer.document)["id"])[::-1])


def _padded(size: int) -> _Change:
    """Fill the body up with spaces, which JSON allows around a document (RFC 8259 2)."""
    return lambda answer, _scene: replace(answer, body=lambda document: json.dumps(document).encode().ljust(size))


def _redirected(answer: DataAnswer, scene: DataScene) -> DataAnswer:
    return replace(answer.with_status(HTTPStatus.FOUND), headers=(("Location", scene.url),))


def _with_location(answer: DataAnswer, scene: DataScene) -> DataAnswer:
    return replace(answer, headers=(("Location", scene.url),))


def _sent(sending: Callable[[Response], Response]) -> _Change:
    return lambda answer, _scene: replace(answer, sending=sending)


def _late(seconds: float, response: Response) -> Response:
    return response if waited(seconds) else reset()


def _trickling(seconds: float, response: Response) -> Response:
    """Send the right body in a few pieces, with so many seconds before each."""
    body = response.get_data()
    size = len(body) // PIECES + 1

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), size):
            if not waited(seconds):
                return
            yield body[start : start + size]

    trickling = Response(pieces(), status=response.status, content_type=response.content_type)
    trickling.headers["Content-Length"] = str(len(body))
    return trickling


def _broken_off(response: Response) -> Response:
    """Promise the whole body and break off a byte before its end."""
    body = response.get_data()

    def most() -> Iterator[bytes]:
        yield body[:-1]
        raise ConnectionResetError(errno.ECONNRESET, "a fault that was switched on")

    broken = Response(most(), status=response.status, content_type=response.content_type)
    broken.headers["Content-Length"] = str(len(body))
    return broken


def _fault(
    fault_id: str,
    sentence: str,
    recorded: str,
    change: _Change,
    twin_sentence: str,
    twin: _Change,
    **more: Any,  # noqa: ANN401 -- fields of the fault
) -> DataServiceFault:
    return DataServiceFault(
        f"data-{fault_id}",
        sentence,
        _CLAUSE,
        _BECAUSE,
        change,
        twin_sentence,
        twin,
        recorded=f"home-data-{recorded}",
        **more,
    )


_OTHER_WORDS: Final = ("The answer's status is 200, with a reason phrase of its own.", _in_other_words)
_UNKNOWN_KEY: Final = ("The answer says one thing more, which nobody reads.", _with_unknown_key)
_ONLY_WILMA: Final = frozenset({IdpKind.WILMA})
_ONLY_OPINSYS: Final = frozenset({IdpKind.OPINSYS})

FAULTS: Final = (
    _fault(
        "error-500",
        "The data service answers 500, with the right document.",
        "status",
        _status(HTTPStatus.INTERNAL_SERVER_ERROR),
        *_OTHER_WORDS,
    ),
    _fault(
        "forbidden",
        "The data service answers 403, as to a stranger.",
        "status",
        _status(HTTPStatus.FORBIDDEN),
        *_OTHER_WORDS,
    ),
    _fault(
        "not-found",
        "The data service answers 404, as if nobody had that name.",
        "status",
        _status(HTTPStatus.NOT_FOUND),
        *_OTHER_WORDS,
    ),
    _fault(
        "redirect",
        "The data service answers 302, to its own address.",
        "redirect",
        _redirected,
        "The answer is 200 and has a Location, which means nothing there.",
        _with_location,
    ),
    _fault(
        "wrong-content-type",
        "The answer says that it is HTML.",
        "content-type",
        _typed("text/html; charset=utf-8"),
        "The answer says that it is JSON, in capitals and with a charset.",
        _typed("Application/JSON; charset=utf-8"),
    ),
    _fault(
        "not-json",
        "The last letter of the answer is missing.",
        "not-json",
        _written(_cut_off),
        "The answer is written on many lines.",
        _written(_indented),
    ),
    _fault(
        "not-utf-8",
        "The answer is written in UTF-16.",
        "not-json",
        _written(lambda document: json.dumps(document).encode("utf-16")),
        "Every letter beyond ASCII is written as an escape.",
        _written(lambda document: json.dumps(document, ensure_ascii=True).encode()),
    ),
    _fault(
        "number-for-text",
        "The learner id is a number.",
        "wrong-shape",
        _learner_id_as_number,
        *_UNKNOWN_KEY,
    ),
    _fault("wrapped", "The document lies in another object.", "wrong-shape", _wrapped, *_UNKNOWN_KEY),
    _fault("two-people", "The list holds two people.", "wrong-shape", _two_people, *_UNKNOWN_KEY, kinds=_ONLY_WILMA),
    _fault("nobody", "The list is empty.", "wrong-shape", _nobody, *_UNKNOWN_KEY, kinds=_ONLY_WILMA),
    _fault(
        "another-person",
        "The document is about another id than the one that was asked for.",
        "of-another-person",
        _another_person,
        *_UNKNOWN_KEY,
        kinds=_ONLY_OPINSYS,
    ),
    _fault(
        "too-long",
        "The answer is a byte longer than 64 kB.",
        "too-large",
        _padded(MOST_READ + 1),
        "The answer is 64 kB long.",
        _padded(MOST_READ),
    ),
    _fault(
        "slow",
        "The right answer comes after four seconds.",
        "timeout",
        _sent(partial(_late, SLOW_SECONDS)),
        "The right answer comes after one second.",
        _sent(partial(_late, SLOW_WITHIN_SECONDS)),
        needs_sockets=True,
    ),
    _fault(
        "trickling",
        "The right answer comes in twelve pieces, one every half second.",
        "timeout",
        _sent(partial(_trickling, TRICKLE_SECONDS)),
        "The right answer comes in twelve pieces, ten in a second.",
        _sent(partial(_trickling, TRICKLE_WITHIN_SECONDS)),
        needs_sockets=True,
    ),
    _fault(
        "reset",
        "The connection is reset before an answer.",
        "unreachable",
        _sent(lambda _response: reset()),
        "The right answer comes in twelve pieces, one after the other.",
        _sent(partial(_trickling, 0.0)),
        needs_sockets=True,
    ),
    _fault(
        "broken-off",
        "The connection is closed a byte before the answer's end.",
        "unreachable",
        _sent(_broken_off),
        "The right answer comes in twelve pieces, one after the other.",
        _sent(partial(_trickling, 0.0)),
        needs_sockets=True,
    ),
)
