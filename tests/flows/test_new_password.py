# SPDX-License-Identifier: Apache-2.0
"""A person who forgot the password chooses a new one in the middle of a login, and goes on with it."""

from __future__ import annotations

import httpx
from lxml import html

from testbed.flow.login import LoginPlan, login, walk
from testbed.flow.page import PageKind
from testbed.flow.people import find_person
from testbed.stacks.in_process import InProcessStack

NEW = "kolme keltaista kirjaa"


def press(browser: httpx.Client, page: httpx.Response, purpose: str, **values: str) -> httpx.Response:
    """Send the form of that purpose with these values, and follow."""
    (form,) = html.document_fromstring(page.content).xpath("//form[@data-purpose=$purpose]", purpose=purpose)
    hidden = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
    action = str(page.url.join(form.get("action", "")))
    return browser.post(action, data={**hidden, **values}, follow_redirects=True)


def link(page: bytes, purpose: str) -> str:
    """Return the address of the link of that purpose."""
    (address,) = html.document_fromstring(page).xpath("//a[@data-purpose=$purpose]/@href", purpose=purpose)
    return str(address)


def test_signs_in_with_the_new_password_and_not_with_the_old_one(fresh_stack: InProcessStack):
    """From the login page through the identification and back; the new password signs in to the publisher."""
    person = find_person(fresh_stack.federation, "demo_u0001")
    idp = fresh_stack.origins.idp
    with fresh_stack.client() as browser:
        page = next(p for p in walk(fresh_stack, LoginPlan(person), browser) if p.kind is PageKind.HOME_LOGIN)
        ways = browser.get(f"{idp}{link(page.body, 'forgotten-password')}")
        identification = press(browser, ways, "renewal", method="mobile")
        new = press(browser, identification, "identify", person="demo_u0001")
        done = press(browser, new, "new-password", **{"new-password": NEW, "repeated-password": NEW})
        back = browser.get(f"{idp}{link(done.content, 'back-to-login')}")
        answer = press(browser, back, "login", username="demo_u0001", password=NEW)

    assert b'data-purpose="saml-post"' in answer.content
    assert login(fresh_stack, LoginPlan(person, password=NEW)).outcome == "session"
    assert login(fresh_stack, LoginPlan(person)).outcome == "error"
    assert login(fresh_stack, LoginPlan(find_person(fresh_stack.federation, "demo_u0002"))).outcome == "session"


def test_stops_an_account_without_mpass_data_at_its_municipality(fresh_stack: InProcessStack):
    """The password is right, and the result names the reason (facts-mpassid 10)."""
    result = login(fresh_stack, LoginPlan(find_person(fresh_stack.federation, "uuno.uusi")))

    assert (result.outcome, result.at, result.because) == ("refused", "idp", "account-not-connected")


def test_goes_on_with_scripts_while_an_account_is_locked(fresh_stack: InProcessStack):
    """What a person typed at the running testbed does not stop `testbed login`, nor does a script lock anybody."""
    person = find_person(fresh_stack.federation, "demo_u0001")
    with fresh_stack.client() as browser:
        page = next(p for p in walk(fresh_stack, LoginPlan(person), browser) if p.kind is PageKind.HOME_LOGIN)
        form = page.form("login")
        assert form is not None
        wrong = {**form.fields, "username": "demo_u0001", "password": "wrong"}
        statuses = [browser.post(form.action, data=wrong).status_code for _ in range(6)]

    assert statuses == [422, 422, 422, 422, 429, 429]
    assert login(fresh_stack, LoginPlan(person)).outcome == "session"
