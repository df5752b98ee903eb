# SPDX-License-Identifier: Apache-2.0
"""The portal's shop front: which cards stand there, what a search finds, what is kept back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from federation.model import Names
from federation.publisher import Licence, Product, ProductLevel
from sp_stub.rules.covers import MOTIFS, SHADES, cover_of
from sp_stub.rules.decision import decide
from sp_stub.rules.storefront import Search, Storefront, StorefrontMaker, publisher_link
from tests.builders import stacks
from tests.builders.sp_business import at_school, business_of, person_of
from tests.builders.sp_service import service_config

NOW = datetime(2026, 8, 12, 5, 0, tzinfo=UTC)
PRODUCTS = {
    "aapinen": Product(name=Names(fi="Metsän aapinen", sv="Skogens abc"), level=ProductLevel.PRIMARY, grades=(1, 2)),
    "sanat": Product(name=Names(fi="Sanapuu"), level=ProductLevel.PRIMARY, also=(ProductLevel.UPPER_SECONDARY,)),
    "voima": Product(name=Names(fi="Voima ja liike"), level=ProductLevel.UPPER_SECONDARY),
}
LICENCES = (
    Licence(school="30076", products=("aapinen", "sanat")),
    Licence(school="30079", products=("voima", "sanat"), school_year="2026-2027"),
    Licence(school="30079", products=("aapinen",), school_year="2024-2025"),
)
TEACHER = person_of(
    replace(at_school("30076", "2"), name="Peruskoulu"),
    replace(at_school("30079", "2"), name="Lukio"),
)


def front(search: Search | None = None, **publisher: Any) -> Storefront:  # noqa: ANN401  # any field of the model
    """Return what the teacher of two schools sees, with these fields of the publisher changed."""
    business = business_of(simulated="portal", **{"products": PRODUCTS, "licences": LICENCES, **publisher})
    config = service_config(simulated="portal", publisher_origin="https://kivi.example")
    decision = decide(TEACHER, business, NOW)
    return StorefrontMaker(config, business, NOW, "fi").storefront(TEACHER, decision, search or Search())


def keys(shown: Storefront) -> list[str]:
    return [offer.key for offer in shown.offers]


def test_shows_each_ordered_product_once_with_every_school_that_gives_it():
    """The union of two schools."""
    shown = front()

    assert {offer.key: offer.schools for offer in shown.offers} == {
        "aapinen": ("Peruskoulu",),
        "sanat": ("Peruskoulu", "Lukio"),
        "voima": ("Lukio",),
    }
    assert (shown.ordered, shown.levels) == (3, (ProductLevel.PRIMARY, ProductLevel.UPPER_SECONDARY))


def test_tells_the_last_day_only_where_every_licence_has_one():
    """A product that one school has for good is not about to end."""
    assert {offer.key: offer.until for offer in front().offers} == {
        "aapinen": "",
        "sanat": "",
        "voima": "31. heinäkuuta 2027",
    }


def test_keeps_apart_what_is_ordered_and_does_not_open_today():
    """With the day; a product that another school gives is not missed."""
    only_old = front(licences=(LICENCES[2],))

    assert front().held_back == ()
    assert [(held.name, held.school, held.is_over, held.day) for held in only_old.held_back] == [
        ("Metsän aapinen", "Lukio", True, "31. heinäkuuta 2025")
    ]


@pytest.mark.parametrize(
    ("words", "level", "school", "found"),
    [
        pytest.param("", "", "", ["aapinen", "sanat", "voima"], id="everything without a search"),
        pytest.param("METSÄN", "", "", ["aapinen"], id="a word in whatever case"),
        pytest.param("skogens abc", "", "", ["aapinen"], id="a name in another language"),
        pytest.param("liike voima", "", "", ["voima"], id="words in any order"),
        pytest.param("voima metsän", "", "", [], id="nothing that has only one of two words"),
        pytest.param("lukio", "", "", ["sanat", "voima"], id="what a school of that name gives"),
        pytest.param("", "upper-secondary", "", ["sanat", "voima"], id="a level, also a second one"),
        pytest.param("", "", "30079", ["sanat", "voima"], id="what one school gives"),
        pytest.param("sana", "primary", "30079", ["sanat"], id="all three together"),
        pytest.param("", "university", "99999", ["aapinen", "sanat", "voima"], id="everything for unknown choices"),
    ],
)
def test_finds(words: str, level: str, school: str, found: list[str]):
    """A search leaves out what does not fit, and nothing else."""
    shown = front(Search.of(words, level, school, frozenset({"30076", "30079"})))

    assert keys(shown) == found
    assert shown.ordered == 3


def test_looks_for_no_more_words_than_anybody_types():
    """What is longer is cut, not refused."""
    assert Search.of("a" * 5000, "", "", frozenset()).words == "a" * 100


@pytest.mark.parametrize(
    ("query", "link"),
    [
        pytest.param("", "/materials/voima?via=portal", id="alone"),
        pytest.param("page=12&lang=sv", "/materials/voima?page=12&lang=sv&via=portal", id="with what came"),
        pytest.param("via=portal&page=12", "/materials/voima?page=12&via=portal", id="and its mark once"),
    ],
)
def test_leads_to_the_publisher_with_the_query(query: str, link: str):
    """The deep link of a card."""
    config = service_config(publisher_origin="https://kivi.example")

    assert publisher_link(config, "voima", query) == f"https://kivi.example{link}"


def test_draws_a_product_the_same_everywhere():
    """A cover hangs on the product's key alone, and every motif and shade is one that is drawn."""
    covers = {key: cover_of(key) for key in map(str, range(200))}

    assert cover_of("voima") == cover_of("voima")
    assert {cover.motif for cover in covers.values()} == set(MOTIFS)
    assert {cover.shade for cover in covers.values()} == set(range(1, SHADES + 1))


def test_draws_the_shipped_products_differently():
    """A shop front of covers that look the same helps nobody to find anything."""
    products = stacks.shipped_federation().publisher.products

    assert len({cover_of(key) for key in products}) == len(products)
