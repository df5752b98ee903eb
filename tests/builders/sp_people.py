# SPDX-License-Identifier: Apache-2.0
"""A publisher with accounts of its own, and what people do there: sending forms, opening mail, coming by MPASSid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from federation.publisher import Account
from sp_stub.settings import Settings
from tests.builders.sp_browser import Browser, FakeService
from tests.builders.sp_business import SCHOOLS
from tests.builders.sp_response import FakeResponse
from tests.builders.sp_service import BUSINESS, service_settings

OWN = "oili.oma"
OWN_MAIL = "oili@koti.example"
TEACHER = "taru.tunnus"
CHILD = "lasse.lapsi"
PASSWORD = "kolme keltaista kirjaa"  # noqa: S105  # what people type in tests
ACCOUNTS = {
    OWN: Account(given_name="Oili", surname="Oma", mail=OWN_MAIL, role="additional-user", products=("lukukirja-3",)),
    TEACHER: Account(given_name="Taru", surname="Tunnus", role="teacher", schools=("30076",)),
    CHILD: Account(
        given_name="Lasse", surname="Lapsi", mail="lasse@koti.example", products=("lukukirja-3",), is_under_15=True
    ),
}
PROVIDER = "1.2.246.562.99.00000000001"


def own_settings(administrators: Mapping[str, str] | None = None, **publisher: Any) -> Settings:  # noqa: ANN401  # any field of the model
    """Return a publisher with three accounts of its own, with these fields of its business changed."""
    return service_settings(
        publisher=BUSINESS.model_copy(update={"accounts": ACCOUNTS, **publisher}),
        schools=SCHOOLS,
        administrators=dict(administrators or {}),
    )


def own_service(**publisher: Any) -> FakeService:  # noqa: ANN401  # any field of the model
    """Return that publisher, running."""
    return FakeService(own_settings(**publisher))


def send(browser: Browser, path: str, form: Mapping[str, str], at: str | None = None) -> httpx.Response:
    """Open the page at `at`, else at `path`, and send its form to `path`; nothing is followed."""
    page = browser.get(at or path).text
    token = re.search(r'name="csrf_token" value="([^"]*)"', page)
    assert token is not None, page
    return browser.post(path, {"csrf_token": token[1], **form})


def sign_in(browser: Browser, name: str = OWN, password: str | None = None, **more: str) -> httpx.Response:
    """Sign in with an account, by the documented password unless another one is given."""
    return send(browser, "/kirjaudu", {"username": name, "password": password or f"{name}pwd", **more})


def mail_links(service: FakeService, address: str) -> list[tuple[str, str]]:
    """Return what stands in somebody's mailbox, newest first: the kind of each message and the path of its link."""
    page = send(service.browser(), "/postilaatikko", {"address": address}).text
    return [
        (
            kind,
            urlsplit(link[1]).path if (link := re.search(r'href="([^"]+)" data-purpose="mail-link"', article)) else "",
        )
        for kind, article in re.findall(r'data-mail="([a-z-]+)">(.*?)</article>', page, re.DOTALL)
    ]


def link_of(service: FakeService, address: str) -> str:
    """Return the path that the newest message to somebody leads to."""
    return mail_links(service, address)[0][1]


def comes_as(uid: str, *roles: str, name: str = "Testi Henkilö", message: str = "") -> FakeResponse:
    """Return a login of `uid` with `roles`, each as `school;group;number`; `message` makes its ids its own."""
    given, _, surname = name.partition(" ")
    values = [
        f"{PROVIDER};{school};{group};Rooli;{number};1.2.3;"
        for school, group, number in (role.split(";") for role in roles)
    ]
    attributes = {"uid": [uid], "given_name": [given], "surname": [surname], "role": values}
    ids = message or uid
    return FakeResponse(attributes=attributes, response_id=f"r-{ids}", assertion_id=f"a-{ids}")


def person_links(page: httpx.Response) -> dict[str, str]:
    """Return the people on a page: the path of each by the name shown."""
    return {name: path for path, name in re.findall(r'<a href="([^"]+)" data-person="\d+">([^<]*)</a>', page.text)}
