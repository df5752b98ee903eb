# SPDX-License-Identifier: Apache-2.0
"""A party's pages: its templates on the common skeleton, in three languages, with its look.

Templates, catalogues and static files lie in `<package>/pages/`, what all parties share beside this module. They are
read once, when `Pages` is made, and a template that names a message or a static file that is not there is an error
then, not before a person.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from federation.model import LANGUAGES, Language, Names
from party.language import language_links
from party.pages.catalogues import Catalogue, MessageError, load_catalogues
from party.pages.compiled import CompiledTemplates
from party.pages.error_page import ErrorPage
from party.pages.look import Look
from party.pages.static_files import STATIC_PATH, StaticFile, look_file, read_static_files
from party.pages.template_names import names_in

SHARED_PACKAGE: Final = "party"

_compiled: Final = CompiledTemplates()


@dataclass(frozen=True)
class LookTexts:
    """A look in one language, as the skeleton shows it."""

    name: str
    owner: str
    operator: str
    style_sheet: str


class Pages:
    """The pages of one party."""

    def __init__(self, package: str, look: Look, keep: Collection[str] = ()) -> None:
        """Read `<package>/pages/`; `keep` names the query parameters that language links carry along.

        Raises `MessageError`, `jinja2.TemplateError` or `ValueError` where a page could not be shown.
        """
        folders = _folders(package)
        self._look = look
        self._keep = frozenset(keep)
        self._catalogues = load_catalogues(folder / "locale" for folder in folders)
        self._static = read_static_files([folder / "static" for folder in folders])
        loader = ChoiceLoader([FileSystemLoader(folder / "templates") for folder in folders])
        self._environments = {language: self._environment(loader, language) for language in LANGUAGES}
        self._check_names(self._environments[LANGUAGES[0]])

    def render(
        self, template: str, language: Language, *, address: str | None, look: Look | None = None, **values: object
    ) -> str:
        """Return a page as HTML.

        `address` is the path and query that the language links lead to, `None` for a page that no GET answers with;
        `look` replaces the party's own on this page.
        """
        links = () if address is None else language_links(address, self._keep, language)
        texts = self._look_texts(look or self._look, language)
        page = self._environments[language].get_template(template)
        return page.render(look=texts, language_links=links, **values)

    def refusal(self, language: Language, page: ErrorPage, *, address: str | None, look: Look | None = None) -> str:
        """Return an error page as HTML."""
        return self.render("error.html", language, address=address, look=look, page=page)

    def message(self, language: Language, message_id: str, **values: object) -> str:
        """Return a message as plain text; raises `MessageError` where it or one of its values is missing."""
        return self._catalogues[language].text(message_id, values)

    def static_file(self, name: str) -> StaticFile | None:
        """Return the static file of that name, `None` where there is none."""
        return self._static.get(name) or look_file(name)

    def _environment(self, loader: ChoiceLoader, language: Language) -> Environment:
        environment = Environment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_compiled,
        )
        catalogue = self._catalogues[language]

        def message(message_id: str, **values: object) -> str:
            return catalogue.text(message_id, values)

        environment.globals |= {"_": message, "language": language, "static": self._static_url}
        environment.filters["utc"] = _utc
        for name in environment.list_templates(extensions=["html"]):
            environment.get_template(name)
        return environment

    def _static_url(self, name: str) -> str:
        file = self.static_file(name)
        if file is None:
            message = f"no static file {name!r}"
            raise LookupError(message)
        return f"{STATIC_PATH}{name}?v={file.version}"

    def _look_texts(self, look: Look, language: Language) -> LookTexts:
        catalogue = self._catalogues[language]
        return LookTexts(
            name=_text(look.name, catalogue),
            owner=_text(look.owner, catalogue),
            operator=_text(look.operator, catalogue),
            style_sheet=look.style_sheet,
        )

    def _check_names(self, environment: Environment) -> None:
        """Look up what the templates and the look name: messages and static files."""
        for language in LANGUAGES:
            self._look_texts(self._look, language)
        messages = self._catalogues[LANGUAGES[0]].messages
        for template in environment.list_templates(extensions=["html"]):
            names = names_in(environment, template)
            for message_id in names.messages:
                if message_id not in messages:
                    error = f"{template}: no message {message_id!r}"
                    raise MessageError(error)
            for file in names.static_files:
                self._static_url(file)


def _folders(package: str) -> list[Path]:
    packages = dict.fromkeys([package, SHARED_PACKAGE])
    return [Path(str(files(name))) / "pages" for name in packages]


def _text(text: str | Names, catalogue: Catalogue) -> str:
    return text.in_language(catalogue.language) if isinstance(text, Names) else catalogue.text(text, {})


def _utc(moment: datetime) -> str:
    """Return a time as logs write it, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
