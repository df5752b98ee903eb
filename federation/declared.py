# SPDX-License-Identifier: Apache-2.0
"""What every part of the declaration is made of: keys, codes, days and names, each with its form and its words.

The parts themselves are `federation.model`'s and `federation.publisher`'s.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Language: TypeAlias = Literal["fi", "sv", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("fi", "sv", "en")

OrganisationOid: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=r"^1\.2\.246\.562\.(10|99)\.[0-9]{11}$"),
    Field(description="An organisation's OID: class 10 in production, 99 in test."),
]
"""An organisation's OID (facts-mpassid 2)."""

SchoolCode: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{5}$"),
    Field(description="oppilaitosnumero: five digits, quoted because of leading zeros."),
]
"""oppilaitosnumero: five digits, kept as text because of leading zeros."""

Key: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
"""The declaration's own name for a thing; it stands in addresses."""

PersonKey: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{0,60}$")]
"""A person's user name at their education provider."""

Colour: TypeAlias = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
"""A colour that white text is read on."""

AttributeName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,256}$")]
"""What an identity provider calls an attribute: a short name or a URI."""

Guid: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
]
"""The id of an object in Entra ID."""

Day: TypeAlias = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
"""A day as ISO 8601 writes it, so that days compare as texts do."""

DayOfYear: TypeAlias = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
"""A day of every year, month first, so that days compare as texts do."""

SchoolYear: TypeAlias = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-20[0-9]{2}$")]
"""A school year by the two years it lies in: from 1 August to 31 July."""

TimeOfDay: TypeAlias = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
"""Hours and minutes in Finland; `24:00` is the end of the day."""

Grade: TypeAlias = Annotated[int, Field(ge=0, le=10)]
"""A class level: 0 is pre-primary education, 10 the voluntary additional year of basic education."""

PersonReference: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,40}/[a-z][a-z0-9._-]{0,60}$")]
"""A person by education provider and user name, as commands take it."""

Mail: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[^@ ]{1,64}@[^@ ]{1,180}$")]
"""A mail address."""

Origin: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^https?://[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:[0-9]{1,5})?$")
]
"""Scheme, host and port of a web address."""

Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200)]

EXPECTED_FORM: Final[dict[str, str]] = {
    r"^1\.2\.246\.562\.(10|99)\.[0-9]{11}$": "an organisation's OID, 1.2.246.562.10 or 1.2.246.562.99 and 11 digits",
    r"^[0-9]{5}$": "a school code, five digits",
    r"^[a-z][a-z0-9-]{0,40}$": "a name of lower-case letters, digits and hyphens, a letter first, at most 41 long",
    r"^[a-z][a-z0-9._-]{0,60}$": "a user name of lower-case letters, digits, dots, hyphens and underscores, a letter first",
    r"^https?://[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:[0-9]{1,5})?$": (
        "an origin in lower case, such as https://app.example.org or http://localhost:8080"
    ),
    r"^[!-~]{1,256}$": "the name of an attribute: ASCII without spaces, at most 256 long",
    r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$": (
        "the id of a group: 32 hexadecimal digits in lower case, as 8-4-4-4-12"
    ),
    r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$": "a day such as 2026-12-31, in quotes",
    r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$": "a day of every year such as 06-01 for 1 June, in quotes",
    r"^20[0-9]{2}-20[0-9]{2}$": "a school year such as 2026-2027, in quotes",
    r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$": "a time such as 06:00, at most 24:00, in quotes",
    r"^[a-z][a-z0-9-]{0,40}/[a-z][a-z0-9._-]{0,60}$": "a person as provider/person, such as mansikkala/demo_u0040",
    r"^[^@ ]{1,64}@[^@ ]{1,180}$": "a mail address",
    r"^#[0-9a-f]{6}$": 'a colour as "#" and six hexadecimal digits in lower case',
}
"""What each pattern above asks for, in words."""


class Declared(BaseModel):
    """A frozen part of the declaration; unknown keys and wrong types are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class Names(Declared):
    """A name in up to three languages; Finnish is always there."""

    fi: Name
    """In Finnish; composite values and pages fall back to it."""
    sv: Name | None = None
    """In Swedish."""
    en: Name | None = None
    """In English."""

    def in_language(self, language: Language) -> str:
        """Return the name in `language`, in Finnish where it is missing."""
        return getattr(self, language) or self.fi
