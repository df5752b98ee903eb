# SPDX-License-Identifier: Apache-2.0
"""What happens to people at the publisher in the course of a year, by whole logins in a browser.

A teacher's pupils, a user who is blocked, a school that has changed, and the hours in which the service is closed. The
last two are on a testbed of their own whose clocks stand at two in the morning.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from federation.model import LANGUAGES
from testbed.cli import main
from testbed.stacks.local import LocalStack
from testbed.state_folder import StateFolder
from tests.browser.chromium import Window, open_window
from tests.browser.proof import page_problems
from tests.browser.test_publisher_pages import sign_in
from tests.browser.test_staff_pages import at_desk, uid_of_who_is_signed_in
from tests.builders import stacks

pytestmark = pytest.mark.browser

PUPIL, TEACHER = "mansikkala/demo_u0011", "mansikkala/demo_u0042"
"""Of one class."""
BLOCKED = "mansikkala/demo_u0012"
MOVER = "mansikkala/demo_u0009"
AS_DECLARED = 'school_codes: ["30076"], groups: [8D]'
SCHOOL_CHANGED = {"fi": "Oppilaitoksesi on vaihtunut", "sv": "Du har bytt läroanstalt", "en": "Your school has changed"}
MOVED = 'school_codes: ["04647"], groups: [8D]'


@contextmanager
def signed_in(browser: Browser, stack: LocalStack, person: str) -> Iterator[Window]:
    """Give a window in which a person is signed in at the publisher."""
    origins = stack.origins
    window = open_window(browser, [origins.proxy, origins.idp, origins.publisher], "fi")
    sign_in(window.page, stack, person, "fi")
    yield window
    window.page.context.close()


@pytest.fixture(scope="module")
def by_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """Run the shipped federation, in which it is two in the morning in Finland."""
    federation = stacks.shipped_federation()
    keys = tmp_path_factory.mktemp("keys")
    now = datetime.now(UTC)
    StateFolder(keys).ensure_keys(federation, now)
    here = now.astimezone(ZoneInfo("Europe/Helsinki"))
    at_two = here.replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=1)
    with stacks.local(federation, tmp_path_factory.mktemp("night"), keys, ahead=at_two - here) as stack:
        yield stack


def apply(stack: LocalStack, folder: Path, **changes: str) -> None:
    """Have the testbed take up the shipped declaration with some of its text changed."""
    text = stacks.SHIPPED.read_text("utf-8")
    for was, becomes in changes.values():
        assert text.count(was) == 1
        text = text.replace(was, becomes)
    declaration = folder / "federation.yaml"
    declaration.write_text(text, "utf-8")
    base = str(urlsplit(stack.origins.proxy).port)
    options = ["--federation", str(declaration), "--state", str(stack.state), "--port-base", base]
    applied = CliRunner().invoke(main, ["apply", *options], catch_exceptions=False)
    assert applied.exit_code == 0, applied.output


def is_refused(page: Page, number: str) -> None:
    expect(page.locator("dd[data-field=error-number]")).to_have_text(number)


def test_a_teacher_finds_a_pupil_and_mends_their_name(browser: Browser, local_stack: LocalStack) -> None:
    """The pupil of the teacher's class stands on the list, and sees on their own page what the teacher changed."""
    with signed_in(browser, local_stack, PUPIL) as pupil, signed_in(browser, local_stack, TEACHER) as teacher:
        teacher.page.locator("a[href='/ryhmat']").click()
        teacher.page.locator("[data-group='30076 9F'] a").filter(has_text="OppilasåäöÅÄÖ11").click()
        teacher.page.locator("#display_name").fill("Ykkönen")
        teacher.page.locator("form[data-purpose=person] button").click()
        expect(teacher.page.get_by_role("status")).to_be_visible()
        pupil.page.goto(f"{local_stack.origins.publisher}/omat-tiedot")

        expect(pupil.page.locator("#display_name")).to_have_value("Ykkönen")
        assert (pupil.problems, teacher.problems) == ([], [])


def test_a_blocked_user_is_out_at_the_next_click_and_login(browser: Browser, local_stack: LocalStack) -> None:
    """Customer service blocks somebody; both the open page and a login anew end at 109."""
    with signed_in(browser, local_stack, BLOCKED) as window:
        desk = open_window(browser, [], "fi")
        at_desk(desk.page, local_stack, "fi")
        desk.page.goto(f"{local_stack.origins.publisher}/asiakaspalvelu/kayttajat")
        desk.page.locator("#q").fill(uid_of_who_is_signed_in(window.page, local_stack))
        desk.page.locator("form[data-purpose=staff-person-search] button").click()
        desk.page.locator("[data-user] a").first.click()
        desk.page.locator("[data-step=block]").click()
        desk.page.locator("#reason").fill("Väärinkäytös.")
        desk.page.locator("form[data-purpose=staff-step] button").click()
        expect(desk.page.locator("[data-field=state]")).to_be_visible()
        desk.page.context.close()
        window.page.reload()
        is_refused(window.page, "109")
    with signed_in(browser, local_stack, BLOCKED) as window:
        is_refused(window.page, "109")


def test_a_changed_school_is_told(browser: Browser, by_night: LocalStack, tmp_path: Path) -> None:
    """The registry moves a pupil to another school: the next login says so, in each language."""
    with signed_in(browser, by_night, MOVER) as before:
        expect(before.page.locator("[data-school='30076']").first).to_be_visible()
    apply(by_night, tmp_path, moves=(AS_DECLARED, MOVED))

    with signed_in(browser, by_night, MOVER) as window:
        for language in LANGUAGES:
            window.page.goto(f"{by_night.origins.publisher}/materials?lang={language}")
            expect(window.page.locator("[data-field=notice]")).to_contain_text(SCHOOL_CHANGED[language])
            assert page_problems(window.page, language) == []
        assert window.problems == []


def test_the_service_break_stops_an_open_session_and_a_new_login(
    browser: Browser, by_night: LocalStack, tmp_path: Path
) -> None:
    """At two in the morning the service is closed from the moment on that its hours are observed."""
    with signed_in(browser, by_night, "kuusikoski/oona.oppilas") as window:
        expect(window.page.locator("main")).to_have_attribute("data-page", "materials")
        apply(by_night, tmp_path, hours=("    observed: false\n", "    observed: true\n"))

        window.page.reload()
        is_refused(window.page, "110")
        window.page.goto(f"{by_night.origins.publisher}/kirjaudu/mpassid")
        is_refused(window.page, "110")
        expect(window.page.locator("main")).to_contain_text("6.00")
