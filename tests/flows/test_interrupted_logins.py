# SPDX-License-Identifier: Apache-2.0
"""What people do in the middle of a login: back button, bookmarks, old tabs, no cookies (design 7).

Each gets a page that explains and a way to start again, never an internal error and never somebody else's session.
"""

from __future__ import annotations

import re
from datetime import timedelta

import httpx

from testbed.flow.login import LoginPlan, login, walk
from testbed.flow.page import PageKind
from testbed.flow.people import find_person
from testbed.stacks.in_process import InProcessStack
from tests.builders.logins import handed_out_by, send


def picker_of(stack: InProcessStack, browser: httpx.Client) -> str:
    """Start a login and return the address of its school picker."""
    for page in walk(stack, LoginPlan(find_person(stack.federation, "demo_u0001")), browser):
        if page.kind is PageKind.PICKER:
            return page.url
    message = "no picker was shown"
    raise AssertionError(message)


def reason_of(response: httpx.Response) -> str | None:
    """Return the reason id that a page names."""
    found = re.search(r'data-field="reason">([^<]+)<', response.text)
    return found[1] if found else None


def test_begins_no_login_for_who_only_looks(in_process: InProcessStack):
    """A link checker's HEAD of the SSO address gets 405: no state, no cookie, no event (RFC 9110 9.2.1)."""
    plan = LoginPlan(find_person(in_process.federation, "demo_u0001"))
    before = len(in_process.events())
    with in_process.client() as browser:
        started = browser.get(in_process.endpoints.service("publisher").mpassid_login_url)
        answer = browser.head(started.headers["location"])
        cookies = [cookie.name for cookie in browser.cookies.jar if "login-" in cookie.name]
        *_, last = walk(in_process, plan, browser, started.headers["location"])

    assert (answer.status_code, answer.headers.get("allow"), cookies) == (405, "GET", [])
    names = [event.name for event in in_process.events()[before:] if event.part == "proxy"]
    assert names.count("authn-request-received") == 1
    assert last.kind is PageKind.MATERIALS


def test_explains_a_bookmarked_picker_in_another_browser(in_process: InProcessStack):
    """A middle page sent to a friend says that the login was begun elsewhere."""
    with in_process.client() as browser, in_process.client() as friend:
        response = friend.get(picker_of(in_process, browser))

    assert (response.status_code, reason_of(response)) == (400, "login-not-found")
    assert "evästeitä" in response.text


def test_explains_a_picker_that_was_left_open(fresh_stack: InProcessStack):
    """After fifteen minutes the login is over, and the page says so."""
    with fresh_stack.client() as browser:
        picker = picker_of(fresh_stack, browser)
        fresh_stack.advance(timedelta(minutes=14))
        in_time = browser.get(picker)
        fresh_stack.advance(timedelta(minutes=1))
        late = browser.get(picker)

    assert in_time.status_code == 200
    assert (late.status_code, reason_of(late)) == (400, "login-expired")


def test_lets_a_person_go_back_and_choose_another_school(in_process: InProcessStack):
    """The back button from the municipality's login page leads to the picker, and the other school's login works."""
    with in_process.client() as browser:
        picker = picker_of(in_process, browser)
        browser.post(picker, data={"source": "ShibLintulahti"})
        back = browser.get(picker)
        chosen = browser.post(picker, data={"source": "ShibMansikkala"})

    assert back.status_code == 200
    assert chosen.headers["location"].startswith(in_process.endpoints.identity_provider("mansikkala").sso_url)


def test_refuses_the_answer_of_the_school_that_was_left(in_process: InProcessStack):
    """Only the last choice counts: an answer to the first one's request signs nobody in."""
    with in_process.client() as browser:
        form = handed_out_by("idp", in_process, browser, "demo_u0001")
        login_id = form.fields["RelayState"]
        browser.post(in_process.endpoints.proxy.picker_url(login_id), data={"source": "ShibLintulahti"})
        response = send(browser, form)

    assert reason_of(response) == "wrong-acs"


def test_explains_the_back_button_after_the_login(in_process: InProcessStack):
    """Going back to the picker of a finished login explains itself."""
    with in_process.client() as browser:
        picker = picker_of(in_process, browser)
        finished = handed_out_by("idp", in_process, browser, "demo_u0001")
        send(browser, finished)
        back = browser.get(in_process.endpoints.proxy.picker_url(finished.fields["RelayState"]))
        other_tab = browser.get(picker)

    assert (back.status_code, reason_of(back)) == (400, "login-not-found")
    assert other_tab.status_code == 200


def test_explains_itself_without_cookies(in_process: InProcessStack):
    """A browser that keeps no cookies learns at the first page what is wrong."""
    with in_process.client() as browser:
        picker = picker_of(in_process, browser)
        browser.cookies.clear()
        response = browser.get(picker)

    assert (response.status_code, reason_of(response)) == (400, "login-not-found")


def test_keeps_the_four_newest_logins(fresh_stack: InProcessStack):
    """A fifth login in one browser makes the first one's page an explanation, and the others go on."""
    with fresh_stack.client() as browser:
        pickers = []
        for _ in range(5):
            fresh_stack.advance(timedelta(seconds=1))
            pickers.append(picker_of(fresh_stack, browser))
        statuses = [browser.get(picker).status_code for picker in pickers]

    assert statuses == [400, 200, 200, 200, 200]


def test_starts_again_after_every_explanation(in_process: InProcessStack):
    """Whatever went wrong before, the next login of the same browser works."""
    with in_process.client() as browser:
        browser.get(f"{in_process.origins.proxy}/login/{'x' * 22}/school")
        result = login(in_process, LoginPlan(find_person(in_process.federation, "demo_u0001")), browser)

    assert result.outcome == "session"
