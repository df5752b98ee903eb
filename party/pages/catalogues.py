# SPDX-License-Identifier: Apache-2.0
"""Message catalogues: `.po` files read at start, compiled in memory, complete in every language or not at all.

A room's `locale` folder holds `fi.po`, `sv.po` and `en.po`, or a folder of these three for each of its topics.

A message id is a dotted key such as `picker.results`; a placeholder is `{name}`. A message with plural forms has the
same id as msgid and msgid_plural and is chosen by `count`. Whether every message is used is
`party.pages.catalogue_check`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages.pofile import PoFileError, read_po

from federation.model import LANGUAGES, Language

COUNT: Final = "count"
PLURAL_FORMS: Final = ("one", "other")
"""The forms of Finnish, Swedish and English, in the order of msgstr[0] and msgstr[1]."""

_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


class MessageError(LookupError):
    """A message that is not in the catalogue, or whose values do not fit its placeholders."""


@dataclass(frozen=True)
class Message:
    """One message of a catalogue: its texts (two where it has plural forms), and whether it needs a translator."""

    id: str
    texts: tuple[str, ...]
    is_fuzzy: bool = False

    @property
    def is_plural(self) -> bool:
        """Tell whether `count` chooses the text."""
        return len(self.texts) > 1

    @property
    def placeholders(self) -> frozenset[str]:
        """The names in braces, of all texts."""
        return frozenset(name for text in self.texts for name in _PLACEHOLDER.findall(text))

    @cached_property
    def wanted_values(self) -> frozenset[str]:
        """The names of the values it takes: its placeholders, and the count that chooses the text."""
        return self.placeholders | {COUNT} if self.is_plural else self.placeholders


@dataclass(frozen=True)
class Catalogue:
    """All messages of one language that a part can say, by id."""

    language: Language
    messages: Mapping[str, Message]

    def text(self, message_id: str, values: Mapping[str, object]) -> str:
        """Return the message with `values` in its placeholders, as plain text that still needs escaping.

        Raises `MessageError` for an id that is not there, and for values that are missing or have no place.
        """
        message = self.messages.get(message_id)
        if message is None:
            error = f"no message {message_id!r} in {self.language}"
            raise MessageError(error)
        if not values and not message.wanted_values:  # most messages are plain words
            return message.texts[0]
        if values.keys() != message.wanted_values:
            error = f"message {message_id!r}: expected {sorted(message.wanted_values)}, found {sorted(values)}"
            raise MessageError(error)
        text = message.texts[self._form(message, values)]
        return _PLACEHOLDER.sub(lambda match: str(values[match[1]]), text)

    def _form(self, message: Message, values: Mapping[str, object]) -> int:
        if not message.is_plural:
            return 0
        count = values[COUNT]
        if not isinstance(count, int):
            error = f"message {message.id!r}: {COUNT} must be a whole number, found {count!r}"
            raise MessageError(error)
        return PLURAL_FORMS.index(Locale(self.language).plural_form(count))


def catalogue_files(folder: Path, language: Language) -> list[Path]:
    """Return the files of a language in a `locale` folder and the folders of its topics, in a stable order."""
    return sorted(folder.rglob(f"{language}.po"))


def read_catalogue(path: Path, language: Language) -> list[Message]:
    """Return the messages of a `.po` file, in its order; raises `ValueError` where it is not one."""
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        message = f"{path}: {error}"
        raise ValueError(message) from error
    messages = []
    for entry in catalogue:
        if entry.id:
            # a plural message's id and text are pairs
            message_id = entry.id if isinstance(entry.id, str) else entry.id[0]
            texts = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ("",))
            messages.append(Message(message_id, texts, entry.fuzzy))
    return messages


def load_catalogues(folders: Iterable[Path]) -> dict[Language, Catalogue]:
    """Return every language's catalogue, put together from the files of each `locale` folder.

    Raises `MessageError` where a language lacks a message that another one has, so that a part does not start with a
    page it cannot show.
    """
    folders = list(folders)
    catalogues = {
        language: Catalogue(
            language,
            {
                message.id: message
                for folder in folders
                for path in catalogue_files(folder, language)
                for message in read_catalogue(path, language)
                if all(message.texts) and not message.is_fuzzy
            },
        )
        for language in LANGUAGES
    }
    every_id = {message_id for catalogue in catalogues.values() for message_id in catalogue.messages}
    for language, catalogue in catalogues.items():
        missing = sorted(every_id - catalogue.messages.keys())
        if missing:
            error = f"{language}: no text for {', '.join(missing)}"
            raise MessageError(error)
    return catalogues
