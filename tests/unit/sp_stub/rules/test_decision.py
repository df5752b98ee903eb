# SPDX-License-Identifier: Apache-2.0
"""The publisher's rows of the decision table (design 6), each with its whole outcome."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from federation.publisher import Contract, ServiceHours
from sp_stub.rules.business import Changes
from sp_stub.rules.decision import Decision, SchoolHere, decide
from sp_stub.rules.person import Grant, RoleHere
from tests.builders.sp_business import at_school, business_of, person_of

NOW = datetime(2026, 8, 12, 5, 0, tzinfo=UTC)
"""Eight o'clock in Finland, two days into the school year."""

PUPIL, OTHER_TEACHER = at_school("30076"), at_school("99905", role="2")
PUPIL_HERE = SchoolHere(PUPIL, RoleHere.PUPIL, ("matikka-9",))
TEACHER_HERE = SchoolHere(OTHER_TEACHER, RoleHere.TEACHER, ("lukukirja-3", "matikka-9"))
BOTH = ("30076", "99905")
ENDED = {"mansikkala": Contract(ends="2026-08-11")}
GRANT = Grant("lukukirja-3", "99905", RoleHere.TEACHER)


def test_gives_an_activated_school_its_materials():
    """One activated school: a session with that school's materials."""
    assert decide(person_of(), business_of(), NOW) == Decision("session", schools=(PUPIL_HERE,))


def test_gives_two_activated_schools_the_union():
    """Two activated schools: the union, and which school gives what."""
    decision = decide(person_of(PUPIL, OTHER_TEACHER), business_of(activated_schools=BOTH), NOW)

    assert decision == Decision("session", schools=(PUPIL_HERE, TEACHER_HERE))
    assert decision.materials == ("matikka-9", "lukukirja-3")


def test_shows_a_school_that_is_not_activated_beside_one_that_is():
    """Some activated, some not: materials of the activated ones, the others shown as not activated."""
    decision = decide(person_of(OTHER_TEACHER, PUPIL), business_of(), NOW)

    assert decision == Decision("session", schools=(PUPIL_HERE,), not_activated=(OTHER_TEACHER,))


def test_refuses_only_schools_that_are_not_activated():
    """No activated school: refused with page 105, and the schools it is about."""
    decision = decide(person_of(OTHER_TEACHER), business_of(), NOW)

    assert decision == Decision("refused", "school-not-activated", 105, not_activated=(OTHER_TEACHER,))


def test_refuses_without_any_school():
    """Neither role nor school: 106."""
    assert decide(person_of(schools=()), business_of(), NOW) == Decision("refused", "no-school-data", 106)


def test_refuses_without_a_uid():
    """No attributes at all, as when the uid has no source: 107, whatever else is there."""
    assert decide(person_of(id=""), business_of(), NOW) == Decision("refused", "no-user-id", 107)
    assert decide(person_of(id="", schools=()), business_of(), NOW).because == "no-user-id"


def test_gives_an_activated_school_without_a_licence_an_empty_shelf():
    """No licence is a session with nothing on the shelf."""
    decision = decide(person_of(), business_of(licences=()), NOW)

    assert decision == Decision("session", schools=(SchoolHere(PUPIL, RoleHere.PUPIL),))


def test_has_no_gate_at_the_portal():
    """A service without activations shows every school."""
    decision = decide(person_of(PUPIL, OTHER_TEACHER), business_of(simulated="portal"), NOW)

    assert decision == Decision("session", schools=(PUPIL_HERE, TEACHER_HERE))


def test_refuses_when_the_contract_of_the_only_customer_is_over():
    """The day after the last day of the contract: 108, and the schools it is about."""
    decision = decide(person_of(), business_of(contracts=ENDED), NOW)

    assert decision == Decision("refused", "contract-ended", 108, ended=(PUPIL,))


@pytest.mark.parametrize(
    ("now", "outcome"),
    [
        pytest.param(datetime(2026, 8, 11, 20, 59, 59, tzinfo=UTC), "session", id="the last second of the last day"),
        pytest.param(datetime(2026, 8, 11, 21, 0, tzinfo=UTC), "refused", id="midnight in Finland"),
    ],
)
def test_ends_a_contract_with_its_last_day_in_finland(now: datetime, outcome: str):
    """Midnight is Finland's, not the server's."""
    assert decide(person_of(), business_of(contracts=ENDED), now).outcome == outcome


def test_gives_nothing_of_a_customer_whose_contract_is_over_beside_another():
    """Two customers, one contract over: the other's materials, and the ended one shown as ended."""
    person = person_of(PUPIL, OTHER_TEACHER)

    decision = decide(person, business_of(activated_schools=BOTH, contracts=ENDED), NOW)

    assert decision == Decision("session", schools=(TEACHER_HERE,), ended=(PUPIL,))


def test_says_that_a_contract_is_over_rather_than_that_a_school_is_not_activated():
    """Of two reasons the one that explains more."""
    decision = decide(person_of(PUPIL, OTHER_TEACHER), business_of(contracts=ENDED), NOW)

    assert (decision.because, decision.ended, decision.not_activated) == (
        "contract-ended",
        (PUPIL,),
        (OTHER_TEACHER,),
    )


@pytest.mark.parametrize(
    ("changes", "because", "page"),
    [
        (Changes(blocked={"MPASSOID.1"}), "user-blocked", 109),
        (Changes(closed={"MPASSOID.1"}), "account-closed", 117),
        (Changes(blocked={"MPASSOID.2"}, closed={"MPASSOID.2"}), None, None),
    ],
)
def test_lets_nobody_in_whom_staff_keep_out(changes: Changes, because: str | None, page: int | None):
    """A block and a closed account are one person's, and hold whatever the schools have."""
    decision = decide(person_of(), business_of().with_changes(changes), NOW)

    assert (decision.because, decision.page) == (because, page)


def test_closes_outside_its_hours():
    """Outside the hours nobody gets in, and the answer says when it opens."""
    hours = ServiceHours(opens="09:00", closes="16:00")

    decision = decide(person_of(), business_of(service_hours=hours), NOW)

    assert decision == Decision("refused", "service-break", 110, opens_at=datetime(2026, 8, 12, 6, 0, tzinfo=UTC))


def test_never_closes_where_hours_are_only_told():
    """`observed: false` closes nothing."""
    hours = ServiceHours(observed=False, opens="09:00", closes="16:00")

    assert decide(person_of(), business_of(service_hours=hours), NOW).outcome == "session"


def test_opens_schools_that_are_not_activated_to_a_personal_account():
    """The gate is MPASSid's: error 105 sends people to their own account."""
    decision = decide(person_of(OTHER_TEACHER, came_by="account", id="7"), business_of(), NOW)

    assert decision == Decision("session", schools=(TEACHER_HERE,))


def test_refuses_a_personal_account_when_the_contract_of_its_school_is_over():
    """The end of a contract closes accounts as well."""
    decision = decide(person_of(came_by="account", id="7"), business_of(contracts=ENDED), NOW)

    assert decision.because == "contract-ended"


def test_gives_what_staff_gave_to_one_person():
    """An itinerant teacher without MPASS: no school of their own, and one product of a school."""
    business = business_of().with_changes(Changes(grants={"7": (GRANT,)}))

    decision = decide(person_of(came_by="account", id="7", schools=()), business, NOW)

    assert decision == Decision("session", grants=(GRANT,))
    assert decision.materials == ("lukukirja-3",)


def test_takes_a_grant_away_with_the_contract_of_its_school():
    """What was given for a school goes with the school's contract."""
    business = business_of(contracts={"demola": Contract(ends="2026-08-11")}).with_changes(
        Changes(grants={"7": (GRANT,)})
    )

    decision = decide(person_of(came_by="account", id="7", schools=()), business, NOW)

    assert decision == Decision("refused", "contract-ended", 108)


def test_leaves_a_contract_of_ones_own_when_the_schools_contract_ends():
    """Two contracts, each ends by itself."""
    own = Grant("lukukirja-3")
    person = person_of(came_by="account", id="7", grants=(own,))

    assert decide(person, business_of(contracts=ENDED), NOW) == Decision("session", ended=(PUPIL,), grants=(own,))


@pytest.mark.parametrize(
    ("administrators", "role"),
    [
        pytest.param({"MPASSOID.1": "demola"}, RoleHere.ADMINISTRATOR, id="at their own customer"),
        pytest.param({"MPASSOID.1": "mansikkala"}, RoleHere.TEACHER, id="at another customer"),
        pytest.param({"MPASSOID.2": "demola"}, RoleHere.TEACHER, id="somebody else"),
    ],
)
def test_gives_administrator_rights_at_the_teachers_own_customer(administrators: dict[str, str], role: RoleHere):
    """The rights are one customer's."""
    business = business_of(activated_schools=BOTH, administrators=administrators)

    assert decide(person_of(OTHER_TEACHER), business, NOW).schools[0].role is role


def test_gives_no_administrator_rights_to_a_pupil():
    """Only a teacher has them, whatever is declared."""
    business = business_of(administrators={"MPASSOID.1": "mansikkala"})

    assert decide(person_of(), business, NOW).schools[0].role is RoleHere.PUPIL
