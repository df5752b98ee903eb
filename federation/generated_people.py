# SPDX-License-Identifier: Apache-2.0
"""People that are computed from a seed when they are asked for, and stored nowhere.

The n-th person of an education provider is a pure function of its seed, its schools and n: hundreds of thousands can
be addressed, and the same one is the same every time. Shares follow the national figures (facts-mpassid 12): pupils to
staff, pupils by level of education, teachers with two schools. Each value is drawn by its own name, so that a new kind
of value changes no other.

A learner id holds seed and number: it is unique in the federation as long as seeds are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, TypeVar

from federation.model import Declared, EducationProvider, GeneratedPeople, Names, Person, SchoolCode, SchoolType

PUPIL_SHARE: Final = 0.925
"""853,000 pupils and students to 66,000 teachers, and some who teach nobody (facts-mpassid 12)."""
TWO_SCHOOLS_SHARE: Final = 0.15
"""Of teachers, where the education provider has a second school."""
PAYING_SHARE: Final = 0.1
"""Of students whose learning materials are not free: those who came of age before they finished."""

MEAN_PUPILS: Final[Mapping[SchoolType, int]] = {
    SchoolType.BASIC: 270,
    SchoolType.SPECIAL: 60,
    SchoolType.UPPER_SECONDARY: 335,
    SchoolType.COMBINED: 600,
    SchoolType.VOCATIONAL: 2_300,
    SchoolType.FOLK_HIGH: 100,
    SchoolType.EARLY_CHILDHOOD: 60,
    SchoolType.OFFICE: 0,
}
"""Pupils of a school by its level: pupils by schools of facts-mpassid 12, the smaller kinds estimated."""

_USER_NAME: Final = re.compile(r"p([0-9]{6})")
_FIRST_LEARNER_NUMBER: Final = 3_000_000_000
_NUMBERS_PER_SEED: Final = 1_000_000
_UPPER_LEVELS: Final = (SchoolType.UPPER_SECONDARY, SchoolType.VOCATIONAL, SchoolType.FOLK_HIGH)
_STAFF: Final = (("Opettaja", 0.86), ("Sijaisopettaja", 0.05), ("Rehtori", 0.04), ("Koulusihteeri", 0.03), ("Hallintohenkilö", 0.02))  # fmt: skip
_MAY_BE_MISSING: Final = (
    "given_name",
    "surname",
    "nickname",
    "learner_id",
    "school_codes",
    "groups",
    "roles",
    "charges",
    "class_level",
)
_PUPIL: Final = Names(fi="Laskettu oppilas", sv="Beräknad elev", en="A computed pupil")
_AT_WORK: Final = Names(fi="Laskettu työntekijä", sv="Beräknad anställd", en="A computed member of staff")
_ITINERANT: Final = Names(
    fi="Laskettu opettaja, kaksi koulua", sv="Beräknad lärare, två skolor", en="A computed teacher with two schools"
)
_INCOMPLETE: Final = Names(
    fi="Laskettu henkilö, yksi tieto puuttuu",
    sv="Beräknad person, en uppgift saknas",
    en="A computed person with one value missing",
)

_GIVEN_NAMES: Final = (
    "Aada", "Aatos", "Aino", "Alva", "Anton", "Axel", "Ebba", "Eero", "Eevi", "Elias", "Elsa", "Emil", "Enni", "Freja",
    "Hilla", "Hugo", "Iida", "Ilona", "Isla", "Joona", "Kaisla", "Kerttu", "Lauha", "Leevi", "Lumi", "Malin", "Mikael",
    "Nooa", "Oiva", "Olavi", "Onni", "Otso", "Pihla", "Rasmus", "Ronja", "Saga", "Siiri", "Sulo", "Taimi", "Toivo",
    "Tuukka", "Urho", "Vanamo", "Veikka", "Viola", "Väinö", "Åke", "Örjan",
)  # fmt: skip
_SURNAMES: Final = (
    "Ahokangas", "Alhola", "Björkskog", "Ekström", "Granvik", "Haapasuo", "Hakaniitty", "Harjupelto", "Hopeamäki",
    "Jokiranta", "Järvensivu", "Kaislaranta", "Kallioaho", "Katajala", "Kivelänmaa", "Koivuharju", "Korpisalo",
    "Kuusipelto", "Lehtoniitty", "Lindskog", "Lintula", "Lähdesuo", "Mäntyaho", "Niittylahti", "Norrgård", "Ojaniitty",
    "Peltokorpi", "Pihlajasalo", "Puronvarsi", "Rantakallio", "Ruskoaho", "Saarelainen", "Salmenranta", "Sandvik",
    "Suokangas", "Sädeharju", "Tammilehto", "Tuulensuu", "Törnvall", "Vaahteramäki", "Valkeaoja", "Västerholm",
    "Ylitalo", "Åkerblad", "Öhrnberg",
)  # fmt: skip

_Drawn = TypeVar("_Drawn")


class SchoolPlace(Declared):
    """A school that computed people are at."""

    code: SchoolCode
    """The school's code."""
    type: SchoolType
    """Its level of education."""


def school_places(provider: EducationProvider) -> tuple[SchoolPlace, ...]:
    """Return the schools of `provider` that its computed people are at: no offices, nothing that is closed."""
    return tuple(
        SchoolPlace(code=school.code, type=school.type)
        for school in provider.schools
        if school.active and school.type is not SchoolType.OFFICE
    )


def generated_user_name(number: int) -> str:
    """Return the user name of the n-th computed person: `p000123`."""
    return f"p{number:06}"


def generated_number(user_name: str, generated: GeneratedPeople) -> int | None:
    """Return whose user name it is, `None` when it is no computed person's."""
    form = _USER_NAME.fullmatch(user_name)
    number = int(form[1]) if form and user_name.isascii() else 0
    return number if 1 <= number <= generated.count else None


def generated_person(generated: GeneratedPeople, schools: Sequence[SchoolPlace], number: int) -> Person:
    """Return what the registry holds of the n-th computed person, who is at one or two of `schools`."""
    draws = _Draws(f"{generated.seed}/{number}/")
    learner_id = _learner_id(generated.seed, number)
    place = draws.weighted("school", [(school, MEAN_PUPILS[school.type]) for school in schools]) if schools else None
    if draws.fraction("pupil") < PUPIL_SHARE:
        person = _pupil(draws, learner_id, place)
    else:
        person = _member_of_staff(draws, learner_id, place, schools)
    return _with_a_gap(draws, person) if draws.fraction("missing") < generated.missing_attributes else person


@dataclass(frozen=True)
class _Draws:
    """Chance that is the same every time: each draw depends on the person and on what is drawn, on nothing else."""

    who: str

    def fraction(self, what: str) -> float:
        """Return a number from 0 up to 1."""
        digest = blake2b((self.who + what).encode(), digest_size=6).digest()
        return int.from_bytes(digest) / 2**48

    def one_of(self, what: str, choices: Sequence[_Drawn]) -> _Drawn:
        """Return one of `choices`, each as likely."""
        return choices[int(self.fraction(what) * len(choices))]

    def weighted(self, what: str, choices: Sequence[tuple[_Drawn, float]]) -> _Drawn:
        """Return one of `choices`, each as likely as its weight says."""
        left = self.fraction(what) * sum(weight for _, weight in choices)
        for choice, weight in choices:
            left -= weight
            if left < 0:
                return choice
        return choices[-1][0]


def _pupil(draws: _Draws, learner_id: str, place: SchoolPlace | None) -> Person:
    given_name = draws.one_of("given name", _GIVEN_NAMES)
    level = _class_level(draws, place)
    is_paying = draws.fraction("charge") < PAYING_SHARE
    return Person(
        given_name=given_name,
        surname=draws.one_of("surname", _SURNAMES),
        nickname=given_name,
        learner_id=learner_id,
        school_codes=_codes(place),
        groups=(_group(draws, place, level),),
        roles=("Oppilas",),
        charges=() if level is not None else ("1",) if is_paying else ("0",),
        class_level=None if level is None else str(level),
        note=_PUPIL,
    )


def _member_of_staff(
    draws: _Draws, learner_id: str, place: SchoolPlace | None, schools: Sequence[SchoolPlace]
) -> Person:
    given_name = draws.one_of("given name", _GIVEN_NAMES)
    role = draws.weighted("staff", _STAFF)
    codes, note = _codes(place), _AT_WORK
    roles: tuple[str, ...] = (role,)
    others = [school for school in schools if school is not place]
    if role == "Opettaja" and others and draws.fraction("two schools") < TWO_SCHOOLS_SHARE:
        codes, note = (*codes, draws.one_of("second school", others).code), _ITINERANT
        # One role is everybody's short form for all schools; registries send both forms (facts-mpassid 3).
        roles = draws.one_of("role per school", ((role,), (role, role)))
    return Person(
        given_name=given_name,
        surname=draws.one_of("surname", _SURNAMES),
        nickname=given_name,
        learner_id=learner_id,
        school_codes=codes,
        roles=roles,
        note=note,
    )


def _codes(place: SchoolPlace | None) -> tuple[str, ...]:
    return () if place is None else (place.code,)


def _class_level(draws: _Draws, place: SchoolPlace | None) -> int | None:
    """Return 0 in pre-primary, 1 to 9 in basic education, none above (facts-mpassid 2)."""
    if place is None or place.type in _UPPER_LEVELS:
        return None
    if place.type is SchoolType.EARLY_CHILDHOOD:
        return 0
    level = draws.one_of("class level", range(1, 13 if place.type is SchoolType.COMBINED else 10))
    return level if level <= 9 else None  # noqa: PLR2004  # a combined school goes on to upper secondary


def _group(draws: _Draws, place: SchoolPlace | None, level: int | None) -> str:
    letter = draws.one_of("class", "ABCD")
    if level is not None:
        return f"{level}{letter}" if level else f"Esi {letter}"
    year = draws.one_of("year", (1, 2, 3))
    is_vocational = place is not None and place.type is SchoolType.VOCATIONAL
    return f"{'AMM' if is_vocational else 'LUK'}{year}{letter}"


def _with_a_gap(draws: _Draws, person: Person) -> Person:
    """Return the person without one of the values that they have."""
    lost = draws.one_of("missing value", [name for name in _MAY_BE_MISSING if getattr(person, name)])
    nothing = () if isinstance(getattr(person, lost), tuple) else None
    return person.model_copy(update={lost: nothing, "note": _INCOMPLETE})


def _learner_id(seed: int, number: int) -> str:
    """Return a test person's learner id: class 98, ten digits and the Luhn check digit (facts-mpassid 2)."""
    digits = str(_FIRST_LEARNER_NUMBER + seed * _NUMBERS_PER_SEED + number)
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-1::-2])
    plain = sum(int(digit) for digit in digits[-2::-2])
    return f"1.2.246.562.98.{digits}{-(doubled + plain) % 10}"
