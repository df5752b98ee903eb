# SPDX-License-Identifier: Apache-2.0
"""A look and pages for tests that need some, and a room made of a few files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from federation.model import LANGUAGES, Names
from party.pages import Look, Pages

LOOK = Look(
    name=Names(fi="Mansikkala", sv="Jordgubbsby", en="Mansikkala municipality"),
    accent="#1f4f8f",
    owner=Names(fi="Omistaja"),
    operator=Names(fi="Ylläpitäjä"),
)

PO_HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


def shared_pages() -> Pages:
    """Return the pages that every party has, and no other."""
    return Pages("party", LOOK, keep=("q",))


def catalogue(**texts: str | tuple[str, str]) -> str:
    """Return a `.po` file; in ids `__` stands for the dot, a pair is a message with plural forms."""
    entries = []
    for name, text in texts.items():
        message_id = name.replace("__", ".")
        if isinstance(text, str):
            entries.append(f'msgid "{message_id}"\nmsgstr "{text}"\n')
        else:
            one, other = text
            plural = f'msgid_plural "{message_id}"\nmsgstr[0] "{one}"\nmsgstr[1] "{other}"\n'
            entries.append(f'msgid "{message_id}"\n{plural}')
    return "\n".join([PO_HEADER, *entries])


def write_room(
    folder: Path,
    *,
    catalogues: Mapping[str, str] | None = None,
    templates: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
) -> None:
    """Write a package with pages into `folder`: empty catalogues and nothing else, unless given."""
    for name in ("locale", "templates", "static"):
        (folder / "pages" / name).mkdir(parents=True)
    for language in LANGUAGES:
        (folder / "pages" / "locale" / f"{language}.po").write_text((catalogues or {}).get(language, PO_HEADER))
    for name, text in (templates or {}).items():
        (folder / "pages" / "templates" / name).write_text(text)
    for name, text in {"__init__.py": "", **(sources or {})}.items():
        (folder / name).write_text(text)
