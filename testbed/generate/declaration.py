# SPDX-License-Identifier: Apache-2.0
"""A national federation as a value: education providers and their people, services, and what the publisher sells.

Which numbers make the national shape is `shape`'s, places are `names`'s, schools are `schools`'s, and the file is
`yaml_text`'s.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from federation.errors import InputError
from federation.generated_people import MEAN_PUPILS
from federation.model import (
    Contact,
    EducationProvider,
    Federation,
    GeneratedPeople,
    IdentityProvider,
    Licence,
    Names,
    Product,
    ProductLevel,
    Publisher,
    School,
    SchoolType,
    Service,
)
from testbed.generate.names import Place, places
from testbed.generate.schools import (
    Types,
    is_joint_authority,
    organisation_oid,
    schools_of_providers,
    types_of_providers,
)
from testbed.generate.shape import apportioned, idp_kinds, login_weights

MOST_PROVIDERS: Final = 1_000
MOST_SCHOOLS: Final = 10_000
MOST_PEOPLE: Final = 900_000

_SEEDS: Final = 7_000
_CITY: Final = 12
"""So many schools make a municipality a city."""
_WITHOUT_LICENCE: Final = 0.03
"""The share of activated schools that have bought nothing."""
_COLOURS: Final = ("#1f5f3f", "#7a1f3d", "#1d4f8b", "#6b3d00", "#4a3f77", "#00606b", "#8a2b0d", "#3d5a00", "#5f2a6b")

_PRODUCTS: Final = {
    "metsan-aapinen": Product(name=Names(fi="Metsän aapinen", sv="Skogens abc-bok"), level=ProductLevel.PRIMARY),
    "luontopolku": Product(name=Names(fi="Luontopolku 3–6", sv="Naturstigen 3–6"), level=ProductLevel.PRIMARY),
    "lukujono": Product(name=Names(fi="Lukujono 7–9", sv="Talföljd 7–9"), level=ProductLevel.LOWER_SECONDARY),
    "aikajana": Product(name=Names(fi="Aikajana 7–9", sv="Tidslinjen 7–9"), level=ProductLevel.LOWER_SECONDARY),
    "voima-ja-liike": Product(
        name=Names(fi="Voima ja liike", sv="Kraft och rörelse"), level=ProductLevel.UPPER_SECONDARY
    ),
    "tyon-kieli": Product(name=Names(fi="Työn kieli", sv="Arbetets språk"), level=ProductLevel.UPPER_SECONDARY),
}
_BOUGHT: Final = {
    SchoolType.BASIC: (("metsan-aapinen", "luontopolku"), ("lukujono", "aikajana"), ("luontopolku", "lukujono")),
    SchoolType.SPECIAL: (("metsan-aapinen",), ("lukujono",)),
    SchoolType.COMBINED: (("luontopolku", "aikajana"), ("aikajana", "voima-ja-liike")),
    SchoolType.UPPER_SECONDARY: (("voima-ja-liike",), ("voima-ja-liike", "aikajana")),
    SchoolType.VOCATIONAL: (("tyon-kieli",),),
    SchoolType.FOLK_HIGH: (("tyon-kieli", "aikajana"),),
}
"""What a school of each level may have bought."""


@dataclass(frozen=True)
class Country:
    """What is asked for; shares are from 0 to 1."""

    providers: int = 310
    schools: int = 2_200
    people: int = 600_000
    seed: int = 1
    not_activated: float = 0.1
    """Of schools: the publisher has not activated them."""
    missing_attributes: float = 0.01
    """Of people: the registry lacks one of their values."""


def national_federation(country: Country) -> Federation:
    """Return the federation; the same country gives the same one. Raises `InputError` for what cannot be."""
    _check(country)
    chance = random.Random(country.seed)  # noqa: S311 -- no secret: it must come out the same every time
    types = types_of_providers(country.providers, country.schools, chance)
    every = places(chance)
    municipalities, others = every[: country.providers], every[country.providers :]
    schools = schools_of_providers(types, municipalities, others, chance)
    return Federation(
        education_providers=_providers(country, types, municipalities, schools, chance),
        services={
            "publisher": Service(
                simulated="publisher",
                receives=(
                    "uid",
                    "given_name",
                    "surname",
                    "nickname",
                    "learner_id",
                    "school_info",
                    "education_provider_info",
                    "role",
                    "class_level",
                    "learning_materials_charge",
                ),
            ),
            "portal": Service(simulated="portal", receives=("uid", "school_info", "role")),
        },
        publisher=_publisher(country, [school for own in schools for school in own], chance),
    )


def _check(country: Country) -> None:
    bounds = (
        ("--providers", country.providers, 1, MOST_PROVIDERS),
        ("--schools", country.schools, country.providers, MOST_SCHOOLS),
        ("--people", country.people, country.providers, MOST_PEOPLE),
    )
    for flag, found, least, most in bounds:
        if not least <= found <= most:
            message = f"{flag}: got {found:,}, expected {least:,} to {most:,}, at least one for each education provider"
            raise InputError(message)


def _providers(
    country: Country,
    types: Sequence[Types],
    municipalities: Sequence[Place],
    schools: Sequence[tuple[School, ...]],
    chance: random.Random,
) -> dict[str, EducationProvider]:
    pupils = [sum(MEAN_PUPILS[kind] for kind in own) for own in types]
    people = apportioned(pupils, country.people, least=1)
    weights = login_weights(pupils)
    seeds = chance.sample(range(_SEEDS), country.providers)
    kinds = list(idp_kinds(country.providers))
    chance.shuffle(kinds)
    return {
        place.key: EducationProvider(
            name=_name(place, types[index]),
            oid=organisation_oid(index),
            idp=IdentityProvider(kind=kinds[index]),
            colour=_COLOURS[index % len(_COLOURS)],
            schools=schools[index],
            generated_people=GeneratedPeople(
                count=people[index], seed=seeds[index], missing_attributes=country.missing_attributes
            ),
            login_weight=weights[index],
        )
        for index, place in enumerate(municipalities)
    }


def _name(place: Place, types: Types) -> Names:
    return place.joint_authority() if is_joint_authority(types) else place.municipality(is_city=len(types) >= _CITY)


def _publisher(country: Country, schools: Sequence[School], chance: random.Random) -> Publisher:
    left_out = set(chance.sample(range(len(schools)), round(len(schools) * country.not_activated)))
    activated = [school for index, school in enumerate(schools) if index not in left_out]
    without = set(chance.sample(range(len(activated)), round(len(activated) * _WITHOUT_LICENCE)))
    return Publisher(
        name=Names(fi="Vaahtera Oppimateriaalit", sv="Lönn Läromedel", en="Maple Learning Materials"),
        contact=Contact(
            mail="asiakaspalvelu@vaahtera.example",
            phone="010 000 0000",
            hours=Names(fi="arkisin 10–14 (8,8 snt/min)", sv="vardagar 10–14 (8,8 cent/min)"),
        ),
        activated_schools=tuple(school.code for school in activated),
        products=_PRODUCTS,
        licences=tuple(
            Licence(school=school.code, products=chance.choice(_BOUGHT[school.type]))
            for index, school in enumerate(activated)
            if index not in without
        ),
    )
