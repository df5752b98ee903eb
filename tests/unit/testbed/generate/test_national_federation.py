# SPDX-License-Identifier: Apache-2.0
"""The national declaration: its shape, its names, and that the same flags write the same bytes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from click.testing import Result

from federation.errors import InputError
from federation.loader import loads
from federation.model import Federation, SchoolType
from federation.people import PeopleRegistry, login_shares
from testbed.flow.people import PersonRef, find_person
from testbed.generate.declaration import Country, national_federation
from testbed.generate.yaml_text import declaration_text
from tests.builders.stacks import shipped_federation

SMALL = Country(providers=12, schools=90, people=3_000, seed=3)


@cache
def national() -> Federation:
    """Return the country of the examples, made once."""
    return national_federation(Country())


def names() -> Counter[str]:
    return Counter(
        school.name.fi for provider in national().education_providers.values() for school in provider.schools
    )


def test_has_the_numbers_that_were_asked_for():
    """Education providers, schools and people are as many as the flags say."""
    providers = national().education_providers.values()

    assert (len(providers), sum(len(provider.schools) for provider in providers)) == (310, 2_200)
    assert sum(len(PeopleRegistry.of(provider)) for provider in providers) == 600_000


def test_repeats_names_as_the_country_does():
    """Kirkonkylän koulu stands 22 times; about one name in twenty is shared (facts-mpassid 8)."""
    assert (names()["Kirkonkylän koulu"], names()["Keskuskoulu"], names()["Aseman koulu"]) == (22, 10, 9)
    assert len(names()) == pytest.approx(2_109, abs=5)


def test_tells_repeated_names_apart_by_the_municipality():
    """No education provider has two schools of one name, and no two providers have one name."""
    for provider in national().education_providers.values():
        own = [school.name.fi for school in provider.schools]
        assert len(set(own)) == len(own)
    titles = [provider.name.fi for provider in national().education_providers.values()]
    assert len(set(titles)) == len(titles)


def test_has_codes_with_leading_zeros():
    """Codes are five digits, each once, most of them beginning with a zero."""
    codes = [school.code for provider in national().education_providers.values() for school in provider.schools]

    assert {len(code) for code in codes} == {5}
    assert len(set(codes)) == len(codes)
    assert sum(code.startswith("0") for code in codes) / len(codes) == pytest.approx(0.7, abs=0.01)


def test_gives_institutes_to_joint_authorities():
    """A vocational institute is alone at its education provider, whose own name the picker shows."""
    alone = [
        provider
        for provider in national().education_providers.values()
        if provider.schools[0].type in {SchoolType.VOCATIONAL, SchoolType.FOLK_HIGH}
    ]

    assert len(alone) == 32
    assert all(provider.name.fi.endswith("koulutuskuntayhtymä") for provider in alone)
    assert not [provider for provider in alone if len(provider.schools) > 1 or provider.schools[0].in_picker]


def test_names_everything_in_swedish_where_it_is_bilingual():
    """Every municipality has a Swedish name, and about one in six gives its schools one too."""
    providers = national().education_providers.values()
    bilingual = [provider for provider in providers if provider.schools[0].name.sv]

    assert all(provider.name.sv for provider in providers)
    assert len(bilingual) / 310 == pytest.approx(0.16, abs=0.05)
    assert all(school.name.sv for provider in bilingual for school in provider.schools)


def test_lets_ten_providers_make_most_logins():
    """The ten largest make 60 % of the logins."""
    shares = sorted(login_shares(national()).values(), reverse=True)

    assert sum(shares[:10]) == pytest.approx(0.6)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.35, 1.0])
def test_activates_as_many_schools_as_asked(share: float):
    """The rest is not activated; licences are for activated schools only."""
    publisher = national_federation(Country(60, 400, 1_000, 1, not_activated=share)).publisher

    assert len(publisher.activated_schools) == 400 - round(400 * share)
    assert {licence.school for licence in publisher.licences} <= set(publisher.activated_schools)


def test_lets_some_activated_schools_have_no_licence():
    """An empty shelf explains itself (design 6), so somebody must have one."""
    publisher = national().publisher

    assert len(publisher.licences) == 1_921
    assert len(publisher.activated_schools) == 1_980


def test_passes_on_the_share_of_missing_attributes():
    """Every education provider's registry lacks as much as was asked for, each computed from a seed of its own."""
    providers = national_federation(Country(missing_attributes=0.2)).education_providers.values()
    generated = [provider.generated_people for provider in providers if provider.generated_people]

    assert {people.missing_attributes for people in generated} == {0.2}
    assert len({people.seed for people in generated}) == 310


def test_is_the_same_for_the_same_flags():
    """Same flags and seed, same bytes, whatever ran before."""
    first, second = (declaration_text(national_federation(SMALL), "x") for _ in range(2))

    assert first == second


def test_writes_the_bytes_it_always_has():
    """Written out, so that a change is seen: whoever keeps a seed in a script gets the same country."""
    text = declaration_text(national_federation(SMALL), "x")

    assert hashlib.sha256(text.encode()).hexdigest() == (
        "8702b73da6874c738863933893b7b34989e504b6a98446f78d61ecb069ec354d"
    )


def test_makes_another_country_of_another_seed():
    """Neither places nor codes nor people are the same."""
    one, other = (national_federation(Country(12, 90, 3_000, seed)) for seed in (3, 4))

    assert set(one.education_providers) != set(other.education_providers)
    assert one.publisher.activated_schools != other.publisher.activated_schools


@pytest.mark.parametrize(
    ("federation"),
    [pytest.param(national_federation(SMALL), id="a generated one"), pytest.param(shipped_federation(), id="ours")],
)
def test_reads_back_what_it_writes(federation: Federation):
    """The text is a declaration of exactly this federation, and a valid one."""
    assert loads(declaration_text(federation, "x").encode(), "x.yaml") == federation


@pytest.mark.parametrize(
    ("country", "words"),
    [
        pytest.param(Country(providers=0), "--providers: got 0, expected 1 to 1,000", id="no providers"),
        pytest.param(Country(providers=20, schools=19), "--schools: got 19, expected 20 to 10,000", id="few schools"),
        pytest.param(Country(people=309), "--people: got 309, expected 310 to 900,000", id="few people"),
        pytest.param(Country(people=10**9), "--people: got 1,000,000,000", id="many people"),
    ],
)
def test_refuses_a_country_that_cannot_be(country: Country, words: str):
    """What was found, and what is expected."""
    with pytest.raises(InputError) as raised:
        national_federation(country)
    assert str(raised.value).startswith(words)


def test_makes_the_largest_country_it_offers():
    """The bounds can be reached, and one provider alone is a country too."""
    largest = national_federation(Country(providers=1_000, schools=10_000, people=900_000))
    smallest = national_federation(Country(providers=1, schools=1, people=1))

    assert (len(largest.education_providers), len(smallest.education_providers)) == (1_000, 1)


def test_finds_a_computed_person():
    """As a person who is written down is found: by provider and user name."""
    key = next(iter(national().education_providers))

    assert find_person(national(), f"{key}/p000123") == PersonRef(key, "p000123")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("p000001", "310 education providers have one of this name; write for example one of ", id="bare"),
        pytest.param("{key}/p999999", "there is none in the declaration; {key} has p000001 to p0", id="past the last"),
        pytest.param("{key}x/p000001", 'did you mean "{key}/p000001"?', id="a slip in the provider"),
        pytest.param("nowhere", "there is none in the declaration", id="nobody"),
    ],
)
def test_says_which_computed_people_there_are(text: str, words: str):
    """None or several: the error says how to name one."""
    key = next(iter(national().education_providers))

    with pytest.raises(InputError) as raised:
        find_person(national(), text.format(key=key))
    assert words.format(key=key) in str(raised.value)


def test_writes_a_file(run: Callable[..., Result], tmp_path: Path):
    """The verb writes a declaration that `validate` takes, and says how it was made."""
    path = tmp_path / "national.yaml"
    flags = ("--providers", "12", "--schools", "90", "--people", "3000", "--seed", "3")
    result = run("generate", *flags, "--output", path)

    assert (result.exit_code, result.output) == (0, f"{path}: 12 education providers, 90 schools, 3,000 people\n")
    assert "  testbed generate --providers 12 --schools 90 --people 3000 --seed 3 " in path.read_text(encoding="utf-8")
    assert run("validate", "--federation", path).output == (
        f"{path}: valid (12 education providers, 90 schools, 3000 people, 2 services)\n"
    )


def test_writes_to_standard_output(run: Callable[..., Result]):
    """Without a file it prints the declaration and nothing else."""
    result = run("generate", "--providers", "12", "--schools", "90", "--people", "3000", "--seed", "3")

    assert loads(result.output.encode(), "x.yaml") == national_federation(SMALL)


def test_says_where_it_cannot_write(run: Callable[..., Result], tmp_path: Path):
    """A folder that is not there is the caller's to make."""
    result = run("generate", "--output", tmp_path / "nowhere" / "x.yaml")

    assert result.exit_code == 2
    assert "cannot be written (No such file or directory)" in result.stderr
