# SPDX-License-Identifier: Apache-2.0
"""Customer service on the shipped declaration: what it decides is met by whoever signs in through the whole chain."""

from __future__ import annotations

import re

import httpx
import pytest

from testbed.flow.login import LoginPlan, login
from testbed.flow.people import find_person
from testbed.flow.result import LoginResult
from testbed.stacks.in_process import InProcessStack

STAFF = "sari.palvelija"
DESK = "/asiakaspalvelu"


class AtDesk:
    """Somebody of customer service at the publisher of a stack."""

    def __init__(self, stack: InProcessStack) -> None:
        """Sign in."""
        self._client = stack.client()
        self._origin = stack.origins.publisher
        self.send(DESK, f"{DESK}/kirjaudu", username=STAFF, password=f"{STAFF}pwd")

    def get(self, path: str) -> httpx.Response:
        """Open a page of the publisher."""
        return self._client.get(f"{self._origin}{path}")

    def send(self, page: str, action: str, **fields: str) -> httpx.Response:
        """Fill in the form of a page that goes to `action`, and send it."""
        form = self.get(page).text.partition(f'action="{action}"')[2].partition("</form>")[0]
        hidden = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', form))
        return self._client.post(f"{self._origin}{action}", data={**hidden, **fields})

    def step(self, path: str) -> None:
        """Do a step, with a reason."""
        assert self.send(path, path, reason="Koulu pyysi.").status_code == 303


def signs_in(stack: InProcessStack, person: str, client: httpx.Client | None = None) -> LoginResult:
    """Sign a person in through the whole chain."""
    return login(stack, LoginPlan(find_person(stack.federation, person)), client)


@pytest.mark.parametrize(
    ("step", "because", "page"),
    [
        ("oppilaitokset/30076/deactivate", "school-not-activated", 105),
        ("asiakkaat/mansikkala/end-contract", "contract-ended", 108),
    ],
)
def test_a_decision_is_met_by_the_next_login(fresh_stack: InProcessStack, step: str, because: str, page: int) -> None:
    """A pupil who got in before is refused after, with the page's number; the desk says what differs."""
    before = signs_in(fresh_stack, "demo_u0001")
    desk = AtDesk(fresh_stack)

    desk.step(f"{DESK}/{step}")

    after = signs_in(fresh_stack, "demo_u0001")
    assert (before.outcome, after.outcome, after.because, after.page) == ("session", "refused", because, page)
    assert "data-change" in desk.get(DESK).text


def test_a_school_that_is_activated_lets_its_people_in(fresh_stack: InProcessStack) -> None:
    """The person whose school the publisher refused gets in without a new declaration."""
    person = fresh_stack.federation.education_providers["mansikkala"].people["demo_u0034"]
    before = signs_in(fresh_stack, "demo_u0034")

    AtDesk(fresh_stack).step(f"{DESK}/oppilaitokset/{person.school_codes[0]}/activate")

    assert before.because == "school-not-activated"
    assert signs_in(fresh_stack, "demo_u0034").outcome == "session"


def test_support_sees_the_shelf_of_who_signed_in(fresh_stack: InProcessStack) -> None:
    """As the person, by the data of their login; the person's page says so, and no event names anybody."""
    with fresh_stack.client() as client:
        signs_in(fresh_stack, "demo_u0031", client)
        desk = AtDesk(fresh_stack)
        desk.step(f"{DESK}/kayttajat/1/view")

        seen = desk.get("/materials").text
        theirs = client.get(f"{fresh_stack.origins.publisher}/materials").text

    assert re.findall(r'data-school="(\d+)"', seen) == ["30076", "30078"]
    assert re.findall(r'data-school="(\d+)"', theirs) == ["30076", "30078"]
    assert "Asiakaspalvelu katselee palvelua" in theirs
    assert STAFF not in str(fresh_stack.events())
