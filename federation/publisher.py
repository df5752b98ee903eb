# SPDX-License-Identifier: Apache-2.0
"""The publisher's own side as it is declared: what it sells, to whom, under which contract, and when it is open.

What stands here is what the publisher starts from; what its staff and its users do is kept in its database.
Every key but the name and the contact may be left out, and then asks for nothing: no contract that ends, no licence
that is for some grades or one school year, no hours (facts-publisher).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import Field

from federation.declared import (
    Day,
    DayOfYear,
    Declared,
    Grade,
    Key,
    Mail,
    Name,
    Names,
    PersonKey,
    PersonReference,
    SchoolCode,
    SchoolYear,
    TimeOfDay,
)


class ProductLevel(StrEnum):
    """What a product is for: primary ones open in the learning environment, lower-secondary ones in Kampus."""

    PRIMARY = "primary"
    LOWER_SECONDARY = "lower-secondary"
    UPPER_SECONDARY = "upper-secondary"


class PartKind(StrEnum):
    """What a product consists of."""

    BOOK = "book"
    EXERCISES = "exercises"
    GUIDE = "guide"
    PRESENTATION = "presentation"
    TESTS = "tests"
    SOLUTIONS = "solutions"


Audience: TypeAlias = Literal["everyone", "teachers"]
"""Whom a part of a product is for."""

USUAL_PARTS: Final[dict[PartKind, Audience]] = {
    PartKind.BOOK: "everyone",
    PartKind.EXERCISES: "everyone",
    PartKind.GUIDE: "teachers",
    PartKind.PRESENTATION: "teachers",
    PartKind.TESTS: "teachers",
    PartKind.SOLUTIONS: "teachers",
}
"""What a product holds unless declared otherwise, and for whom (facts-publisher, licences)."""


class Product(Declared):
    """Something the publisher sells to schools."""

    name: Names
    """As it stands on the shelf."""
    level: ProductLevel
    """What it is for; decides where it opens."""
    also: tuple[ProductLevel, ...] = ()
    """Further levels it is for, as a dictionary is: where it opens then hangs on the school and the pupil's grade."""
    grades: tuple[Grade, ...] = ()
    """The grades it is for, where it is for some only; licences may be for some of them."""
    parts: dict[PartKind, Audience] = Field(default_factory=lambda: dict(USUAL_PARTS))
    """What it holds, and for whom: `everyone` or `teachers`; the usual parts unless given."""


class Licence(Declared):
    """What one school may use."""

    school: SchoolCode
    """The school's code."""
    products: tuple[Key, ...]
    """Names of `products`."""
    grades: tuple[Grade, ...] = ()
    """The grades whose pupils may use them; all of them unless given. Teachers may use them whatever the grade."""
    school_year: SchoolYear | None = None
    """The school year it is for, such as "2026-2027": 1 August to 31 July. Unless given, it goes on from year to year."""


class Contract(Declared):
    """The contract of an education provider with the publisher."""

    ends: Day | None = None
    """Its last day, quoted; after it nobody of the provider's schools gets in. Unless given, it goes on."""


class Recording(Declared):
    """One recorded lesson of a course."""

    key: Key
    """The declaration's own name, which stands in its address."""
    name: Names
    """What the lesson is about."""
    minutes: Annotated[int, Field(ge=1, le=600)] = 45
    """How long it is."""


class Course(Declared):
    """A live online course: its recordings can be watched until the course ends."""

    name: Names
    """As it stands on the shelf."""
    schools: tuple[SchoolCode, ...] = ()
    """The institutions that have agreed on it separately."""
    product: Key | None = None
    """The product that it belongs to: whoever may use that may take part."""
    ends: Day
    """Its last day, quoted; after it no recording can be watched."""
    recordings: tuple[Recording, ...] = ()
    """Its recorded lessons, in their order."""


class HoursPeriod(Declared):
    """A part of every year with other hours."""

    begins: DayOfYear
    """Its first day, such as "06-01"."""
    ends: DayOfYear
    """Its last day, such as "07-31"; before the first one, it goes over the turn of the year."""
    opens: TimeOfDay
    """When the service opens in it."""
    closes: TimeOfDay
    """When it closes."""


class ServiceHours(Declared):
    """When the service is open, by the clocks of Finland."""

    observed: bool = True
    """Whether it closes at all; `false` only says when it would."""
    opens: TimeOfDay = "06:00"
    """When it opens, each day."""
    closes: TimeOfDay = "24:00"
    """When it closes, each day."""
    periods: tuple[HoursPeriod, ...] = ()
    """Parts of the year with other hours; where two hold a day, the first counts."""


class StaffMember(Declared):
    """Somebody of customer service; the password is the user name followed by `pwd`."""

    name: Name
    """What they are called."""


class Account(Declared):
    """A personal account of the publisher's own, there from the start; the password is the user name and `pwd`."""

    given_name: Name
    """First name."""
    surname: Name
    """Family name."""
    mail: Mail | None = None
    """Mail address; it may be used in the place of the user name."""
    role: Literal["pupil", "teacher", "additional-user"] = "pupil"
    """What its holder is at the schools."""
    schools: tuple[SchoolCode, ...] = ()
    """Schools whose materials it opens, where it was made from a customer's data."""
    products: tuple[Key, ...] = ()
    """Products its holder has bought by a contract of their own."""
    class_level: Grade | None = None
    """The grade of a pupil."""
    is_under_15: bool = False
    """Whether a guardian must consent, which holds for a contract of one's own."""


class Terms(Declared):
    """The terms of use that everybody accepts, again when they change."""

    version: Key
    """Their version, such as v2; another one is accepted anew."""
    since: Day
    """Since when they hold, quoted."""


class Contact(Declared):
    """How customer service is reached; invented, shown on the error pages."""

    mail: str
    """Mail address."""
    phone: str
    """Phone number."""
    hours: Names
    """When the phone is answered, and the price of a call."""


class Publisher(Declared):
    """The publisher's own side: which schools use MPASSid there, what is sold, who has it."""

    name: Names
    """The publisher's name."""
    contact: Contact
    """Customer service."""
    activated_schools: tuple[SchoolCode, ...] = ()
    """The publisher's gate: the schools that use MPASSid here."""
    contracts: dict[Key, Contract] = Field(default_factory=dict)
    """Contracts by education provider; one that is not named here has a contract that goes on."""
    products: dict[Key, Product] = Field(default_factory=dict)
    """What is sold, by the declaration's own names."""
    licences: tuple[Licence, ...] = ()
    """Which school may use which products."""
    courses: dict[Key, Course] = Field(default_factory=dict)
    """Live online courses, by the declaration's own names."""
    administrators: tuple[PersonReference, ...] = ()
    """Teachers with administrator rights at their education provider, as provider/person."""
    staff: dict[PersonKey, StaffMember] = Field(default_factory=dict)
    """Customer service, by user name."""
    accounts: dict[PersonKey, Account] = Field(default_factory=dict)
    """Personal accounts that are there from the start, by user name."""
    service_hours: ServiceHours | None = None
    """When the service is open; always unless given."""
    terms: Terms | None = None
    """The terms of use; none need be accepted unless given."""
