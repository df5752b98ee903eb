# SPDX-License-Identifier: Apache-2.0
"""The pages that several steps of an account's life share: what was done, a link's one button, asking by name."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal
from urllib.parse import quote

from flask import Response, request

from sp_stub.rules.target import HOME, local_target
from sp_stub.rules.who_sees_whom import rights
from sp_stub.web.account_forms import SignInForm
from sp_stub.web.answers import Answers
from sp_stub.web.routes.site import LOGIN_PAGE, Site, Visit, with_query

Next = Literal["sign-in", "contact", "materials"]
_URLS: Mapping[Next, str] = {"sign-in": LOGIN_PAGE, "contact": "/yhteydenotto", "materials": HOME}


def login_page(site: Site, form: SignInForm, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Show the ways in, the sign-in as it was filled in."""
    query = "" if form.target == HOME else f"?target={quote(form.target, safe='/')}"
    url = f"{LOGIN_PAGE}/mpassid{query}"
    return site.answers.page(request, "login.html", status=status, mpassid_url=url, sign_in=form)


def own_visit(site: Site) -> Visit | Response:
    """Return who is signed in, before any door: everybody reaches their own data; others are sent to the login page."""

    def to_login_page() -> Response:
        target = local_target(with_query(request.path)) if request.method == "GET" else HOME
        query = "" if target == HOME else f"?target={quote(target, safe='/')}"
        return site.answers.to_self(f"{LOGIN_PAGE}{query}")

    return site.visit(to_login_page, before_doors=True)


def own_links(site: Site, visit: Visit) -> list[tuple[str, str]]:
    """Return the links to a person's own pages, each as address and text; none at the portal."""
    if visit.answer.user is None:
        return []
    right = rights(visit.decision, visit.business.customer_of)
    links = [("/omat-tiedot", "data.link"), ("/kayttoehdot", "terms.link")]
    links += [("/ryhmat", "pupils.link")] if right.schools else []
    links += [("/opettajat", "teachers.link")] if right.customers else []
    language = site.answers.language(request)
    return [(url, site.answers.pages.message(language, text)) for url, text in links]


def done(answers: Answers, topic: str, then: Next, *, shows_mailbox: bool = False) -> Response:
    """Say what has happened and what comes next; `shows_mailbox` where mail was sent."""
    return answers.page(
        request, "accounts/done.html", topic=topic, link=_URLS[then], link_name=then, shows_mailbox=shows_mailbox
    )


def by_link(answers: Answers, topic: str, person: str | None = None) -> Response:
    """Show a page with the one button that a link is for."""
    return answers.page(request, "accounts/by_link.html", topic=topic, person=person, action=request.path)


def link_over(answers: Answers) -> Response:
    """Say that a link is of no use, whatever the cause."""
    return answers.fault(request, HTTPStatus.NOT_FOUND, "link-over")


def ask_by_name(
    answers: Answers, topic: str, problems: Mapping[str, str], status: HTTPStatus = HTTPStatus.OK
) -> Response:
    """Ask for a user name or an address, to send a link."""
    return answers.page(
        request,
        "accounts/ask_by_name.html",
        status=status,
        topic=topic,
        action=request.path,
        typed=request.form.get("username", ""),
        problems=problems,
    )
