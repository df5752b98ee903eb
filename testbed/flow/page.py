# SPDX-License-Identifier: Apache-2.0
"""A page as a browser without a screen sees it: its marks, its fields of an error, its forms.

The marks are the machine-readable ones that every part puts on its pages; nothing here reads words for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final
from urllib.parse import urljoin

from lxml import html

MAX_PAGE: Final = 2_000_000
ACCEPT: Final = {"answer": "accept"}
DECLINE: Final = {"answer": "decline"}
"""The two buttons of the terms of use, as what they send."""


class PageKind(StrEnum):
    """What a page asks for next."""

    SAML_POST = "saml-post"
    PICKER = "picker"
    HOME_LOGIN = "home-login"
    LOGIN = "login"
    TERMS = "terms"
    MATERIALS = "materials"
    REFUSAL = "refusal"
    OTHER = "other"


@dataclass(frozen=True)
class Form:
    """One form of a page, with what it sends when nothing is typed and no named button pressed."""

    action: str
    method: str
    purpose: str | None
    source: str | None
    fields: Mapping[str, str]
    sources: tuple[str, ...]
    """The values of its buttons named `source`, where one form lists several schools."""


@dataclass(frozen=True)
class Page:
    """A response that is no redirect."""

    url: str
    status: int
    content_type: str
    body: bytes

    @cached_property
    def _tree(self) -> html.HtmlElement | None:
        if not self.content_type.startswith("text/html") or not self.body.strip():
            return None
        parser = html.HTMLParser(encoding="utf-8", no_network=True)
        return html.document_fromstring(self.body, parser=parser)

    @cached_property
    def kind(self) -> PageKind:
        """What stands on it; a refusal counts before everything else, since its page may hold forms too."""
        if "reason" in self.error_fields:
            return PageKind.HOME_LOGIN if self._mark == PageKind.HOME_LOGIN else PageKind.REFUSAL
        if self.form("saml-post") is not None:
            return PageKind.SAML_POST
        try:
            return PageKind(self._mark)
        except ValueError:
            return PageKind.OTHER

    @cached_property
    def error_fields(self) -> dict[str, str]:
        """The machine-readable fields of an error page: `reason`, `error-number`, `request-id`, `time`."""
        if self._tree is None:
            return {}
        fields = self._tree.xpath("//*[@data-field]")
        return {field.get("data-field"): field.text_content().strip() for field in fields}

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """All forms, in the order of the page."""
        if self._tree is None:
            return ()
        return tuple(self._form(element) for element in self._tree.forms)

    def form(self, purpose: str) -> Form | None:
        """Return the form with this `data-purpose`, if there is one."""
        return next((form for form in self.forms if form.purpose == purpose), None)

    def terms_form(self) -> Form | None:
        """Return the form by which terms of use are answered, where the page asks for that; `answer` is its button."""
        return self.form("terms") if self.kind is PageKind.TERMS else None

    def form_with_field(self, name: str) -> Form | None:
        """Return the first form that has this field."""
        return next((form for form in self.forms if name in form.fields), None)

    @property
    def _mark(self) -> str:
        marks = self._tree.xpath("//main/@data-page") if self._tree is not None else []
        return str(marks[0]) if marks else ""

    def _form(self, element: html.FormElement) -> Form:
        return Form(
            action=urljoin(self.url, element.get("action") or self.url),
            method=(element.get("method") or "get").upper(),
            purpose=element.get("data-purpose"),
            source=element.get("data-source"),
            fields={name: value for name, value in element.form_values() if isinstance(value, str)}
            | {name: "" for name in element.xpath(".//input[not(@value)]/@name") if name},
            sources=tuple(element.xpath(".//button[@name='source']/@value")),
        )
