# SPDX-License-Identifier: Apache-2.0
"""The publisher's rules through the whole chain: hours, contracts, roles, grades and courses, and who guesses addresses.

The rows that a login alone shows are in `test_decision_table.py`; here a browser goes on after it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from lxml import html

from certs.keys import Keys
from federation.model import Federation
from federation.publisher import Contract, ServiceHours
from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult
from testbed.stacks.in_process import InProcessStack, in_process_stack
from tests.builders import stacks

EVENING = datetime(2026, 8, 12, 20, 50, tzinfo=UTC)
"""Ten minutes before midnight in Finland."""
TEACHERS_PARTS = ("guide", "presentation", "tests", "solutions")


def shipped_but(**publisher: object) -> Federation:
    """Return the shipped federation with these fields of its publisher changed."""
    federation = stacks.shipped_federation()
    return federation.model_copy(update={"publisher": federation.publisher.model_copy(update=publisher)})


def log_in(stack: InProcessStack, browser: httpx.Client, person: str, service: str = "publisher") -> LoginResult:
    return login(stack, LoginPlan(find_person(stack.federation, person), service), browser)


def seen(stack: InProcessStack, browser: httpx.Client, path: str) -> tuple[int, str, str]:
    """Return status, reason and page number of a page of the publisher."""
    response = browser.get(f"{stack.origins.publisher}{path}", follow_redirects=True)
    tree = html.document_fromstring(response.content)
    fields = {each.get("data-field"): each.text_content().strip() for each in tree.xpath("//*[@data-field]")}
    return response.status_code, fields.get("reason", ""), fields.get("error-number", "")


@pytest.mark.parametrize("part", TEACHERS_PARTS)
@pytest.mark.parametrize("address", ["/materials/lukujono/{}", "/kampus/lukujono/{}", "/toinen-aste/lukujono/{}"])
def test_a_pupil_who_guesses_addresses_reaches_no_teachers_part(in_process: InProcessStack, address: str, part: str):
    """The role comes from the registry, through the proxy, signed; no address changes it."""
    with in_process.client() as browser:
        log_in(in_process, browser, "demo_u0001")

        assert seen(in_process, browser, address.format(part)) == (403, "wrong-role", "116")
        assert seen(in_process, browser, f"{address.format(part)}?role=Opettaja")[1] == "wrong-role"


def test_a_teacher_opens_them(in_process: InProcessStack):
    """The twin: the same addresses, a teacher of the same school."""
    with in_process.client() as browser:
        log_in(in_process, browser, "demo_u0040")

        assert [seen(in_process, browser, f"/kampus/lukujono/{part}")[0] for part in TEACHERS_PARTS] == [200] * 4


@pytest.mark.parametrize(
    ("person", "path"),
    [
        pytest.param("demo_u0001", "/toinen-aste/voima-ja-liike", id="another school's product, by its room"),
        pytest.param("demo_u0040", "/materials/tyon-kieli/solutions", id="another school's product, as a teacher"),
        pytest.param("oona.oppilas", "/materials/murtoluvut", id="the own school's product for other grades"),
        pytest.param("oona.oppilas", "/oppimisymparisto/murtoluvut/book?class_level=5", id="with a guessed grade"),
        pytest.param("pekka.poikkeama", "/materials/murtoluvut", id="a product for some grades, without a grade"),
        pytest.param("leo.lukiolainen", "/toinen-aste/voima-ja-liike", id="a licence of a school year that is over"),
        pytest.param("niko.naapuri", "/kampus/lukujono", id="what no school of a teacher has"),
        pytest.param("demo_u0040", "/kurssit/fysiikan-abikurssi/voima", id="another school's course"),
    ],
)
def test_opens_nothing_without_a_licence(in_process: InProcessStack, person: str, path: str):
    """Whatever a person types after signing in."""
    with in_process.client() as browser:
        assert log_in(in_process, browser, person).outcome == "session"

        assert seen(in_process, browser, path) == (403, "no-licence", "115")


def test_knows_the_administrator_by_the_uid_that_the_proxy_makes(in_process: InProcessStack):
    """The declared reference and the signed uid are one person, and nobody else is."""
    shelves = {}
    for person in ("demo_u0041", "demo_u0040"):
        with in_process.client() as browser:
            log_in(in_process, browser, person)
            shelves[person] = browser.get(f"{in_process.origins.publisher}/materials").text

    assert shelves["demo_u0041"].count('data-field="administrator"') == 2
    assert 'data-field="administrator"' not in shelves["demo_u0040"]


def test_leads_from_the_portal_into_the_right_room(in_process: InProcessStack):
    """A card of the portal ends in Kampus, without a second login page."""
    with in_process.client() as browser:
        log_in(in_process, browser, "demo_u0001", "portal")
        log_in(in_process, browser, "demo_u0001")
        shelf = html.document_fromstring(browser.get(f"{in_process.origins.portal}/materials").content)
        (card,) = shelf.xpath("//li[@data-material='lukujono']//a/@href")

        room = browser.get(f"{card}&sivu=12", follow_redirects=True)

    assert str(room.url) == f"{in_process.origins.publisher}/kampus/lukujono?via=portal&sivu=12"


def test_shows_recordings_of_the_persons_own_course(in_process: InProcessStack):
    """The course that goes on opens, the one that has ended says so."""
    with in_process.client() as browser:
        log_in(in_process, browser, "demo_u0032")

        assert seen(in_process, browser, "/kurssit/fysiikan-abikurssi/voima") == (200, "", "")
        assert seen(in_process, browser, "/kurssit/kemian-kertaus/moolit") == (403, "course-ended", "123")


def test_closes_an_open_session_at_the_end_of_the_contract(keys: Keys):
    """Before midnight in, after midnight out, at the next click and at the next login."""
    contracts = {"mansikkala": Contract(ends="2026-08-12")}
    stack = in_process_stack(shipped_but(contracts=contracts), keys, EVENING)
    with stack.client() as browser:
        assert log_in(stack, browser, "demo_u0001").outcome == "session"

        stack.advance(timedelta(minutes=10))

        for path in ("/materials", "/kampus/lukujono", "/kampus/lukujono/book"):
            assert seen(stack, browser, path) == (403, "contract-ended", "108")
    with stack.client() as browser:
        again = log_in(stack, browser, "demo_u0001")
    assert (again.outcome, again.at, again.because, again.page) == ("refused", "publisher", "contract-ended", 108)


def test_closes_for_the_night_and_opens_in_the_morning(keys: Keys):
    """6 to 24 by the publisher's own clock: an open session, a new login, and the next morning."""
    stack = in_process_stack(shipped_but(service_hours=ServiceHours()), keys, EVENING)
    with stack.client() as browser:
        assert log_in(stack, browser, "demo_u0001").outcome == "session"
        stack.advance(timedelta(minutes=10))
        assert seen(stack, browser, "/kampus/lukujono") == (503, "service-break", "110")
        at_night = log_in(stack, browser, "demo_u0001")
        stack.advance(timedelta(hours=6))
        in_the_morning = log_in(stack, browser, "demo_u0001")

    assert (at_night.outcome, at_night.at, at_night.because, at_night.page) == (
        "refused",
        "publisher",
        "service-break",
        110,
    )
    assert in_the_morning.outcome == "session"


def test_leaves_the_portal_open_at_night(keys: Keys):
    """The hours are the publisher's."""
    stack = in_process_stack(shipped_but(service_hours=ServiceHours()), keys, EVENING)
    stack.advance(timedelta(minutes=10))

    with stack.client() as browser:
        assert log_in(stack, browser, "demo_u0001", "portal").outcome == "session"
