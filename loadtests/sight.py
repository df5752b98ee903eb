# SPDX-License-Identifier: Apache-2.0
"""Right person, right session: whom a service saw, compared with who signed in.

Two national outages of November 2019 came from a fault that showed only when several people signed in within the same
fraction of a second (facts-mpassid 12). So each login's uid and schools are looked at, not a sample's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from loadtests.exchange import Answer, ExchangeError
from loadtests.expectation import Expectation


@dataclass(frozen=True)
class Sight:
    """The uid that a service received, empty where it received none, and the codes of the schools it acts on."""

    uid: str
    schools: tuple[str, ...]


def sight_of(answer: Answer) -> Sight | None:
    """Return whom the session document tells of, None where the service has no session.

    Raises `ExchangeError` where the answer is neither: a check that cannot be made must not pass.
    """
    if answer.status == HTTPStatus.NOT_FOUND:
        return None
    try:
        found = json.loads(answer.page)
        return Sight(found["person_uid"] or "", tuple(map(str, found["schools"])))
    except (ValueError, TypeError, KeyError) as error:
        kind = f"no-session-document-{answer.status}"
        raise ExchangeError(kind) from error


def is_right_person(sight: Sight | None, expected: Expectation, *, has_session: bool) -> bool | None:
    """Tell whether the service saw the person who signed in; None where it saw nobody and had no session.

    A session that the service knows nothing of is somebody else's, or nobody's.
    """
    if sight is None:
        return False if has_session else None
    if not sight.uid and not has_session:
        return None
    return sight.uid == (expected.uid or "") and sorted(sight.schools) == sorted(expected.schools)
