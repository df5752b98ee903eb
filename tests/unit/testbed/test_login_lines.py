# SPDX-License-Identifier: Apache-2.0
"""One line per login, from the events of all parts."""

from __future__ import annotations

from datetime import UTC, datetime

from party.events import Event
from testbed.login_lines import MAX_LOGINS, LoginLines

AT = datetime(2026, 8, 12, 7, 58, tzinfo=UTC)
CLOCK = f"{AT.astimezone():%H:%M:%S}"


def event(part: str, name: str, **fields: str | int) -> Event:
    return Event(AT, part, name, fields)


def lines_of(*events: Event) -> list[str]:
    lines = LoginLines()
    return [line for each in events if (line := lines.feed(each)) is not None]


STARTED = event("proxy", "authn-request-received", request_id="r", service="publisher")
CHOSEN = event("proxy", "source-chosen", request_id="r", source="ShibMansikkala")
SENT = event("proxy", "authn-request-sent", request_id="r", home_request_id="h", source="ShibMansikkala")


def test_tells_of_a_session_with_its_source():
    """The service knows the outcome, the proxy the source; the line has both."""
    session = event("publisher", "session-started", request_id="r", service="publisher", schools=1, materials=3)

    assert lines_of(STARTED, CHOSEN, session) == [
        f"{CLOCK}  publisher  ShibMansikkala       session  1 school, 3 materials"
    ]


def test_tells_of_the_publishers_refusal_with_its_page():
    """The number on the page stands beside the reason."""
    refused = event(
        "publisher", "refused", request_id="r", service="publisher", because="school-not-activated", page=105
    )

    assert lines_of(STARTED, CHOSEN, refused) == [
        f"{CLOCK}  publisher  ShibMansikkala       refused  publisher: school-not-activated (105)"
    ]


def test_tells_of_the_proxys_refusal_once():
    """What the service then says of the proxy's error status is the same ending."""
    at_proxy = event("proxy", "refused", request_id="r", because="learner-id-missing")
    at_service = event("publisher", "refused", request_id="r", service="publisher", because="login-refused", page=111)

    assert lines_of(STARTED, CHOSEN, at_proxy, at_service) == [
        f"{CLOCK}  publisher  ShibMansikkala       refused  proxy: learner-id-missing"
    ]


def test_ties_the_identity_providers_refusal_to_its_login():
    """The identity provider knows the proxy's request only; the proxy said which login that belongs to."""
    refused = event("idp", "refused", home_request_id="h", because="wrong-password")

    assert lines_of(STARTED, SENT, refused) == [
        f"{CLOCK}  publisher  ShibMansikkala       refused  idp: wrong-password"
    ]


def test_tells_of_a_refusal_without_login():
    """A message that belongs to no login is told of all the same."""
    refused = event("proxy", "refused", because="request-missing")

    assert lines_of(refused) == [f"{CLOCK}  -          -                    refused  proxy: request-missing"]


def test_forgets_the_oldest_login_under_way():
    """What is never finished does not grow for ever."""
    lines = LoginLines()
    for number in range(MAX_LOGINS + 1):
        lines.feed(event("proxy", "authn-request-received", request_id=str(number), service="publisher"))

    ended = lines.feed(event("portal", "session-started", request_id="0", service="portal", schools=2, materials=0))

    assert ended == f"{CLOCK}  portal     -                    session  2 schools, 0 materials"
