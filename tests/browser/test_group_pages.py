# SPDX-License-Identifier: Apache-2.0
"""A teacher's pupils and an administrator-teacher's teachers: every proof of pages.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import Browser, expect

from federation.model import LANGUAGES
from tests.browser.chromium import open_window
from tests.browser.proof import page_problems
from tests.browser.serving import serving
from tests.builders.sp_browser import FakeService
from tests.builders.sp_people import comes_as, own_settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

pytestmark = pytest.mark.browser

PEOPLE: Final = {
    "pupil": ("30076;9B;1",),
    "teacher": ("30076;9B;2",),
    "lonely-teacher": ("30076;;2",),
    "admin": ("30076;9A;2",),
}
PAGES: Final = {
    "the pupils of a teacher's groups": ("teacher", "/ryhmat", "pupils"),
    "a teacher without groups": ("lonely-teacher", "/ryhmat", "pupils"),
    "a pupil": ("teacher", "/ryhmat/1", "pupils-person"),
    "an administrator's teachers": ("admin", "/opettajat", "teachers"),
    "a teacher": ("admin", "/opettajat/2", "teachers-person"),
}


@contextmanager
def signed_in(service: FakeService, who: str) -> Iterator[str]:
    """Serve the publisher to one person, whose session the server holds in the place of their browser."""
    session = service.browser()
    answer = session.log_in(comes_as(f"MPASSOID.{who}", *PEOPLE[who], name=f"Nimi {who}"))
    assert answer.status_code == 303
    cookies = "; ".join(f"{name}={value}" for name, value in session.client.cookies.items())

    def with_session(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["HTTP_COOKIE"] = f"{cookies}; {environ.get('HTTP_COOKIE', '')}"
        return service.app(environ, start_response)

    with serving(lambda _: with_session) as origin:
        yield origin


@pytest.fixture(scope="module")
def origins() -> Iterator[dict[str, str]]:
    """Return where each person meets the publisher, signed in."""
    service = FakeService(own_settings({"MPASSOID.admin": "mansikkala"}, activated_schools=("30076",)))
    with ExitStack() as servers:
        yield {who: servers.enter_context(signed_in(service, who)) for who in PEOPLE}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_whole(browser: Browser, origins: dict[str, str], name: str, language: str) -> None:
    """Read, fits, contrasts, is operated by keyboard, speaks its language, asks nobody else for anything."""
    who, path, mark = PAGES[name]
    window = open_window(browser, [origins[who]], language)
    window.page.goto(f"{origins[who]}{path}?lang={language}")
    expect(window.page.locator("main")).to_have_attribute("data-page", mark)

    problems = page_problems(window.page, language)

    assert problems == []
    assert window.problems == []
    window.page.context.close()
