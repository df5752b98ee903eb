# SPDX-License-Identifier: Apache-2.0
"""What the publisher's side of a declaration may not say, and what it may."""

from __future__ import annotations

import pytest

from federation.loader import loads
from tests.builders.declarations import declaration, problems_of


def with_publisher(*lines: str) -> bytes:
    """Return the declaration with lines added to its publisher, the first of them line 32."""
    return declaration() + "".join(f"  {line}\n" for line in lines).encode()


GOOD = (
    "contracts: {mansikkala: {}, kuusikoski: {ends: '2026-12-31'}}",
    "courses: {kurssi: {name: {fi: K}, schools: ['30078'], ends: '2026-12-31', recordings: [{key: t1, name: {fi: T}}]}}",
    "administrators: [mansikkala/demo_u0001]",
    "staff: {sari: {name: Sari}}",
    "accounts: {oma: {given_name: O, surname: M, mail: o@m.example, schools: ['30076'], products: [aapinen]}}",
    "service_hours: {periods: [{begins: '02-29', ends: '07-31', opens: '08:00', closes: '20:00'}]}",
    "terms: {version: v2, since: '2026-08-01'}",
)


def test_takes_all_that_a_publisher_may_be() -> None:
    """Contracts, courses, administrators, staff, accounts, hours and terms of one declaration."""
    publisher = loads(with_publisher(*GOOD), "x.yaml").publisher

    assert publisher.contracts["kuusikoski"].ends == "2026-12-31"
    assert publisher.courses["kurssi"].recordings[0].minutes == 45
    assert publisher.service_hours is not None
    assert (publisher.service_hours.opens, publisher.service_hours.closes) == ("06:00", "24:00")


def test_needs_none_of_it() -> None:
    """A declaration from before has no contract that ends, no hours, no terms."""
    publisher = loads(declaration(), "x.yaml").publisher

    assert (publisher.contracts, publisher.courses, publisher.service_hours, publisher.terms) == ({}, {}, None, None)
    assert [(licence.grades, licence.school_year) for licence in publisher.licences] == [((), None)]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param("contracts: {korpivaara: {}}", "line 32  publisher.contracts.korpivaara: is no education provider; name one of education_providers", id="a contract with nobody"),
        pytest.param("contracts: {mansikkala: {ends: '2026-02-30'}}", 'line 32  publisher.contracts.mansikkala.ends: got "2026-02-30", which is no day of the calendar', id="a day that no calendar has"),
        pytest.param("contracts: {mansikkala: {ends: 2026-12-31}}", 'line 32  publisher.contracts.mansikkala.ends: got the date 2026-12-31, expected a string; quote it: "2026-12-31"', id="a day without quotes"),
        pytest.param("contracts: {mansikkala: {ends: soon}}", 'line 32  publisher.contracts.mansikkala.ends: got "soon", expected a day such as 2026-12-31, in quotes', id="a day in words"),
        pytest.param("courses: {k: {name: {fi: K}, ends: '2026-12-31'}}", "line 32  publisher.courses.k: says neither `schools` nor `product`; say whose course it is", id="a course of nobody"),
        pytest.param("courses: {k: {name: {fi: K}, schools: ['30077'], ends: '2026-12-31'}}", 'line 32  publisher.courses.k.schools[0]: no school "30077"; did you mean "30078"?', id="a course of a school that does not exist"),
        pytest.param("courses: {k: {name: {fi: K}, product: apinen, ends: '2026-12-31'}}", 'line 32  publisher.courses.k.product: no product "apinen"; did you mean "aapinen"?', id="a course of a product that does not exist"),
        pytest.param("courses: {k: {name: {fi: K}, product: aapinen, ends: '2026-13-31'}}", 'line 32  publisher.courses.k.ends: got "2026-13-31", expected a day such as 2026-12-31, in quotes', id="a month that does not exist"),
        pytest.param("courses: {k: {name: {fi: K}, product: aapinen, ends: '2026-12-31', recordings: [{key: a, name: {fi: A}}, {key: a, name: {fi: B}}]}}", 'line 32  publisher.courses.k.recordings[1].key: got "a" again; give each recording its own', id="two recordings with one name"),
        pytest.param("administrators: [mansikkala/demo_u0002]", 'line 32  publisher.administrators[0]: no person "mansikkala/demo_u0002"', id="an administrator who does not exist"),
        pytest.param("administrators: [demo_u0001]", 'line 32  publisher.administrators[0]: got "demo_u0001", expected a person as provider/person, such as mansikkala/demo_u0040', id="an administrator without a provider"),
        pytest.param("administrators: [mansikkala/demo_u0001, mansikkala/demo_u0001]", 'line 32  publisher.administrators[1]: got "mansikkala/demo_u0001" again, first on line 32; remove it', id="an administrator twice"),
        pytest.param("accounts: {a: {given_name: A, surname: B, schools: ['30077']}}", 'line 32  publisher.accounts.a.schools[0]: no school "30077"; did you mean "30078"?', id="an account of a school that does not exist"),
        pytest.param("accounts: {a: {given_name: A, surname: B, products: [x]}}", 'line 32  publisher.accounts.a.products[0]: no product "x"; expected one of "aapinen"', id="an account of a product that does not exist"),
        pytest.param("accounts: {a: {given_name: A, surname: B, mail: a@b.example}, c: {given_name: C, surname: D, mail: A@B.example}}", 'line 32  publisher.accounts.c.mail: got "A@B.example", as a on line 32 has; give each its own', id="two accounts with one mail address"),
        pytest.param("accounts: {a: {given_name: A, surname: B, mail: nobody}}", 'line 32  publisher.accounts.a.mail: got "nobody", expected a mail address', id="a mail address that is none"),
        pytest.param("service_hours: {opens: '20:00', closes: '08:00'}", "line 32  publisher.service_hours.closes: opens at 20:00 and closes at 08:00; it must open first", id="hours the wrong way round"),
        pytest.param("service_hours: {closes: '06:00'}", "line 32  publisher.service_hours.closes: opens at 06:00 and closes at 06:00; it must open first", id="hours that are no time at all"),
        pytest.param("service_hours: {opens: 8}", 'line 32  publisher.service_hours.opens: got the number 8, expected a string; quote it: "8"', id="an hour that is a number"),
        pytest.param("service_hours: {opens: '8:00'}", 'line 32  publisher.service_hours.opens: got "8:00", expected a time such as 06:00, at most 24:00, in quotes', id="an hour of one digit"),
        pytest.param("service_hours: {periods: [{begins: '06-01', ends: '02-30', opens: '08:00', closes: '20:00'}]}", 'line 32  publisher.service_hours.periods[0].ends: got "02-30", which is no day of the calendar', id="a period until a day that does not exist"),
        pytest.param("service_hours: {periods: [{begins: '06-01', ends: '07-31', opens: '08:00', closes: '07:00'}]}", "line 32  publisher.service_hours.periods[0].closes: opens at 08:00 and closes at 07:00; it must open first", id="a period with hours the wrong way round"),
        pytest.param("service_hours: {observd: true}", 'line 32  publisher.service_hours.observd: no key "observd" here; did you mean "observed"?', id="a key with a slip"),
        pytest.param("terms: {version: v1, since: '2026-02-29'}", 'line 32  publisher.terms.since: got "2026-02-29", which is no day of the calendar', id="terms since a day that does not exist"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_with_the_publishers_side(line: str, problem: str) -> None:
    """Where, what was found, what was expected, what to do."""
    assert problems_of(with_publisher(line)) == [problem]


PRODUCT = "aapinen: {level: primary, name: {fi: Aapinen}}"
LICENCE = '{school: "30076", products: [aapinen]}'


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        pytest.param(PRODUCT, "aapinen: {level: primary, grades: [5, 7], name: {fi: A}}", "line 29  publisher.products.aapinen.grades[1]: grade 7 is lower-secondary, which the product is not for; add the level, or remove it", id="a grade of another level"),
        pytest.param(PRODUCT, "aapinen: {level: upper-secondary, grades: [9], name: {fi: A}}", "line 29  publisher.products.aapinen.grades[0]: grade 9 is lower-secondary, which the product is not for; add the level, or remove it", id="a grade of upper secondary level, which has none"),
        pytest.param(PRODUCT, "aapinen: {level: primary, also: [primary], name: {fi: A}}", 'line 29  publisher.products.aapinen.also[0]: got "primary" again; remove it', id="a level twice"),
        pytest.param(PRODUCT, "aapinen: {level: primary, parts: {}, name: {fi: A}}", "line 29  publisher.products.aapinen.parts: holds nothing; name a part, or leave it out for the usual ones", id="a product that holds nothing"),
        pytest.param(PRODUCT, "aapinen: {level: primary, grades: [1, 1], name: {fi: A}}", "line 29  publisher.products.aapinen.grades[1]: got grade 1 again; remove it", id="a grade twice"),
        pytest.param(LICENCE, '{school: "30076", products: [aapinen], school_year: "2026-2028"}', 'line 31  publisher.licences[0].school_year: got "2026-2028", expected two years in a row, such as "2026-2027"', id="a school year of two years"),
        pytest.param(LICENCE, '{school: "30076", products: [aapinen], school_year: 2026}', 'line 31  publisher.licences[0].school_year: got the number 2026, expected a string; quote it: "2026"', id="a school year that is a number"),
        pytest.param(LICENCE, '{school: "30076", products: [aapinen], grades: [2, 2]}', "line 31  publisher.licences[0].grades[1]: got grade 2 again; remove it", id="a licence for a grade twice"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_with_products_and_licences(was: str, becomes: str, problem: str) -> None:
    """Levels, grades, parts and school years."""
    assert problems_of(declaration(was, becomes)) == [problem]


def test_licenses_only_grades_that_the_product_is_for() -> None:
    """A licence for grade 6 of a product for grades 1 and 2 opens nothing and is a slip."""
    text = declaration(PRODUCT, "aapinen: {level: primary, grades: [1, 2], name: {fi: A}}")
    text = text.replace(LICENCE.encode(), b'{school: "30076", products: [aapinen], grades: [2, 6]}')

    assert problems_of(text) == [
        "line 31  publisher.licences[0].grades[1]: grade 6 is none of aapinen's grades; remove it, or add it to the product"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "contracts: 1",
        "courses: []",
        "administrators: {a: b}",
        "accounts: [x]",
        "service_hours: []",
        "terms: 2",
        "staff: 1",
    ],
)
def test_has_one_problem_with_what_is_of_another_type(line: str) -> None:
    """What the model refuses is told once."""
    assert len(problems_of(with_publisher(line))) == 1
