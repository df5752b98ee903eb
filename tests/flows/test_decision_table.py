# SPDX-License-Identifier: Apache-2.0
"""Who gets what (design 6), on both stacks: every row that the declaration alone decides.

The table is written out; nothing in it is computed. The row ids are sentences. What hangs on the hour is in
`test_publisher_rules.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import pytest

from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult

AUTHN_FAILED = ("Responder", "AuthnFailed")
REQUEST_DENIED = ("Responder", "RequestDenied")
NO_AVAILABLE_IDP = ("Responder", "NoAvailableIDP")

TEST_SCHOOL = ("metsan-aapinen", "luontopolku", "lukujono")
"""What the licences of school 30076 give."""


@dataclass(frozen=True)
class Row:
    """A person at a service, and what must come of it; `lacks` are attributes that must not have arrived."""

    it: str
    person: str
    outcome: Literal["session", "refused"] = "session"
    at: str | None = None
    because: str | None = None
    page: int | None = None
    saml_status: tuple[str, str] | None = None
    schools: tuple[str, ...] = ()
    not_activated: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    service: str = "publisher"
    federation: Literal["shipped", "strict"] = "shipped"

    def expected(self) -> dict[str, Any]:
        """Return what a login must be equal to."""
        return {
            "outcome": self.outcome,
            "at": self.at,
            "because": self.because,
            "page": self.page,
            "saml_status": self.saml_status,
            "schools": self.schools,
            "not_activated": self.not_activated,
            "ended": self.ended,
            "materials": self.materials,
        }


def not_activated(it: str, person: str, *schools: str) -> Row:
    return Row(it, person, "refused", "publisher", "school-not-activated", 105, not_activated=schools)


def no_school_data(it: str, person: str) -> Row:
    return Row(it, person, "refused", "publisher", "no-school-data", 106)


def stopped(it: str, person: str, because: str, status: tuple[str, str]) -> Row:
    return Row(it, person, "refused", "proxy", because, saml_status=status)


ROWS = (
    # one activated school
    Row("gives a pupil the materials of the one school", "demo_u0001", schools=("30076",), materials=TEST_SCHOOL),
    Row(
        "keeps the leading zero of a school code",
        "oona.oppilas",
        schools=("04647",),
        materials=("metsan-aapinen", "luontopolku"),
    ),
    Row("gives a teacher the same materials", "demo_u0040", schools=("30076",), materials=TEST_SCHOOL),
    Row("takes an office for the school it belongs to", "demo_u0003", schools=("30078",), materials=("tyon-kieli",)),
    Row(
        "knows a school by its OID",
        "vilma.vikarie",
        schools=("90201",),
        materials=("luontopolku",),
    ),
    Row("lets Nordic letters through", "demo_u0010", schools=("30076",), materials=TEST_SCHOOL),
    # two or more activated schools
    Row(
        "gives an itinerant teacher the union of two differently licensed schools",
        "aino.kiertavainen",
        schools=("04647", "90101"),
        materials=("metsan-aapinen", "luontopolku", "murtoluvut", "lukujono", "aikajana"),
    ),
    Row(
        "joins a school and another school's office",
        "demo_u0031",
        schools=("30076", "30078"),
        materials=(*TEST_SCHOOL, "tyon-kieli"),
    ),
    Row(
        "applies one role to all schools",
        "demo_u0032",
        schools=("30076", "30079"),
        materials=(*TEST_SCHOOL, "voima-ja-liike", "aikajana"),
    ),
    # some activated, some not
    Row(
        "gives the activated one of two schools and shows the other",
        "demo_u0033",
        schools=("30076",),
        not_activated=("30080",),
        materials=TEST_SCHOOL,
    ),
    Row(
        "gives a teacher the activated one of two schools",
        "ludvig.larare",
        schools=("90201",),
        not_activated=("90202",),
        materials=("luontopolku",),
    ),
    # only schools that are not activated
    not_activated("refuses a school that is not activated", "eino.erityinen", "90103"),
    not_activated("refuses two schools that are not activated", "demo_u0034", "30080", "30082"),
    # no code, only unknown codes, no allowed role, list counts that don't match
    no_school_data("refuses a missing school code", "demo_u0020"),
    no_school_data("refuses an unknown school code", "demo_u0021"),
    no_school_data("refuses a school that is closed", "iida.entinen"),
    no_school_data("refuses a missing role", "demo_u0023"),
    no_school_data("refuses a role that MPASSid does not know", "veera.vanhempi"),
    no_school_data("refuses three schools with two roles", "demo_u0035"),
    no_school_data("refuses three schools with two charges", "demo_u0038"),
    no_school_data("refuses one school with two classes", "tyyne.tuplaluokka"),
    # two codes, one unknown
    Row("drops the unknown one of two codes", "demo_u0036", schools=("30076",), materials=TEST_SCHOOL),
    # a school of another provider
    Row(
        "lets a school of another provider through",
        "demo_u0037",
        schools=("30076", "90101"),
        materials=(*TEST_SCHOOL, "aikajana"),
    ),
    replace(
        stopped(
            "refuses a school of another provider where ownership is strict",
            "demo_u0037",
            "school-of-another-provider",
            AUTHN_FAILED,
        ),
        federation="strict",
    ),
    # no uid source
    Row("refuses a login without user id", "niilo.nimeton", "refused", "publisher", "no-user-id", 107),
    # learner id
    stopped("refuses a missing learner id", "demo_u0022", "learner-id-missing", AUTHN_FAILED),
    stopped("refuses a learner id of another form", "demo_u0030", "learner-id-invalid", AUTHN_FAILED),
    replace(
        stopped("refuses a missing learner id at the portal too", "demo_u0022", "learner-id-missing", AUTHN_FAILED),
        service="portal",
    ),
    replace(
        stopped(
            "refuses a test learner id where the service takes none",
            "demo_u0001",
            "test-learner-id-not-allowed",
            AUTHN_FAILED,
        ),
        service="portal",
        federation="strict",
    ),
    # name or nickname missing, class level no integer, charge odd
    Row("goes on without a nickname", "demo_u0028", schools=("30076",), materials=TEST_SCHOOL, lacks=("nickname",)),
    Row("goes on without a given name", "demo_u0029", schools=("30076",), materials=TEST_SCHOOL, lacks=("given_name",)),
    Row(
        "goes on without a class level", "demo_u0024", schools=("30076",), materials=TEST_SCHOOL, lacks=("class_level",)
    ),
    Row("goes on without a class", "demo_u0025", schools=("30076",), materials=TEST_SCHOOL),
    Row(
        "goes on without a charge",
        "demo_u0027",
        schools=("30076",),
        materials=TEST_SCHOOL,
        lacks=("learning_materials_charge",),
    ),
    Row(
        "drops a class level that is no integer and a charge that is neither 0 nor 1",
        "pekka.poikkeama",
        schools=("04647",),
        materials=("metsan-aapinen", "luontopolku"),
        lacks=("class_level", "learning_materials_charge"),
    ),
    # provider does not allow the service; provider with mpass: false
    stopped(
        "refuses a service that the provider does not allow", "helmi.hopeinen", "service-not-allowed", REQUEST_DENIED
    ),
    Row(
        "lets the provider's people into the service it allows",
        "helmi.hopeinen",
        service="portal",
        schools=("90301",),
        materials=("metsan-aapinen",),
    ),
    stopped("refuses a provider whose secret has expired", "hilla.hiisi", "source-secret-expired", NO_AVAILABLE_IDP),
    stopped("refuses a provider that has not joined", "kalle.korpinen", "source-not-available", NO_AVAILABLE_IDP),
    # licences by grade and school year
    Row(
        "keeps a product for grades 5 and 6 from a third-grader",
        "oona.oppilas",
        schools=("04647",),
        materials=("metsan-aapinen", "luontopolku"),
    ),
    Row(
        "keeps a product for some grades from a pupil of whom no grade is known",
        "pekka.poikkeama",
        schools=("04647",),
        materials=("metsan-aapinen", "luontopolku"),
    ),
    Row(
        "gives a teacher every grade, and nothing of a school whose contract has ended",
        "niko.naapuri",
        schools=("04647",),
        ended=("91901",),
        materials=("metsan-aapinen", "luontopolku", "murtoluvut"),
    ),
    Row("gives nothing of a school year that is over", "leo.lukiolainen", schools=("90102",)),
    # contract ended
    Row(
        "refuses a school whose contract has ended",
        "nelli.niitty",
        "refused",
        "publisher",
        "contract-ended",
        108,
        ended=("91901",),
    ),
    # activated school without licence
    Row("shows an empty shelf to a day-care centre without licence", "demo_u0044", schools=("30081",)),
    # the portal has no gate of its own: it shows the cards of what the school has licences for
    Row("signs a pupil in to the portal", "demo_u0001", service="portal", schools=("30076",), materials=TEST_SCHOOL),
    Row(
        "signs a pupil of a school that is not activated in to the portal",
        "eino.erityinen",
        service="portal",
        schools=("90103",),
    ),
)

STACKS = {"in_process": (), "local": (pytest.mark.local,), "compose": (pytest.mark.containers,)}
"""By the name of the fixture, with what needs to be said of it; in containers there is no strict variant."""

CASES = [
    pytest.param(row, name, id=f"{row.it}-{name.replace('_', '-')}", marks=marks)
    for name, marks in STACKS.items()
    for row in ROWS
    if (name, row.federation) != ("compose", "strict")
]


@pytest.mark.parametrize(("row", "stack_name"), CASES)
def test_decides(row: Row, stack_name: str, request: pytest.FixtureRequest) -> None:
    """Each row of the decision table comes out as it is written."""
    stack = request.getfixturevalue(stack_name if row.federation == "shipped" else f"{stack_name}_strict")

    result = login(stack, LoginPlan(find_person(stack.federation, row.person), row.service))

    assert {name: getattr(result, name) for name in row.expected()} == row.expected(), explained(result)
    assert not set(row.lacks) & set(result.attributes)


def explained(result: LoginResult) -> str:
    return "\n".join(
        [result.detail, *(f"{hop.sender} → {hop.receiver} {hop.status} {hop.what}" for hop in result.hops)]
    )
