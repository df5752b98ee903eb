# SPDX-License-Identifier: Apache-2.0
"""The schools and customers that customer service looks through: found by code, name or municipality. Pure.

Each word of a query must begin a word of the school: of its code, of its name or of its municipality's, in any
language. Capitals and accents don't count, so that `nystrom` finds Nyström.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from federation.model import Language, Names
from sp_stub.config import ServiceConfig

MAX_QUERY: Final = 100
MOST_FOUND: Final = 25

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class SchoolRecord:
    """A school as customer service knows it; `customer` is the key of its education provider."""

    code: str
    name: Names
    customer: str
    customer_name: Names
    words: frozenset[str]


class SchoolRegister:
    """Every school of the federation, and every customer."""

    def __init__(self, config: ServiceConfig) -> None:
        """Read them from a service's configuration."""
        self.customers: Mapping[str, Names] = dict(sorted(config.customers.items(), key=lambda item: item[1].fi))
        self.schools: Mapping[str, SchoolRecord] = {
            code: _record(code, school.name, school.customer, config.customers[school.customer])
            for code, school in config.schools.items()
        }

    def find(self, query: str) -> tuple[SchoolRecord, ...]:
        """Return the schools that a query names, by municipality and name; none for a query without a word."""
        wanted = _words([query[:MAX_QUERY]])
        if not wanted:
            return ()
        found = [
            school
            for school in self.schools.values()
            if all(any(word.startswith(begin) for word in school.words) for begin in wanted)
        ]
        return tuple(sorted(found, key=lambda school: (school.customer_name.fi, school.name.fi, school.code)))

    def of_customer(self, customer: str) -> tuple[SchoolRecord, ...]:
        """Return a customer's schools by name."""
        found = [school for school in self.schools.values() if school.customer == customer]
        return tuple(sorted(found, key=lambda school: (school.name.fi, school.code)))

    def school_name(self, code: str, language: Language) -> str:
        """Return a school's name, its code where nobody knows it."""
        school = self.schools.get(code)
        return code if school is None else school.name.in_language(language)

    def customer_name(self, customer: str | None, language: Language) -> str:
        """Return a customer's name, its key where nobody knows it."""
        names = None if customer is None else self.customers.get(customer)
        return (customer or "") if names is None else names.in_language(language)


def is_named(names: Names, typed: str) -> bool:
    """Tell whether each word of `typed` begins a word of the names, however its letters are written."""
    known, wanted = _words(_texts(names)), _words([typed])
    return bool(wanted) and all(any(word.startswith(begin) for word in known) for begin in wanted)


def _record(code: str, name: Names, customer: str, customer_name: Names) -> SchoolRecord:
    words = _words([code, *_texts(name), *_texts(customer_name)])
    return SchoolRecord(code, name, customer, customer_name, words)


def _texts(names: Names) -> tuple[str, ...]:
    return tuple(filter(None, (names.fi, names.sv, names.en)))


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in _WORD.findall(_plain(text)))


def _plain(text: str) -> str:
    """Return the text in small letters without accents, full-width and other compatible letters as plain ones."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))
