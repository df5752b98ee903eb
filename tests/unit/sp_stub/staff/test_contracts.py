# SPDX-License-Identifier: Apache-2.0
"""The end of a contract: access closes at once, nobody's data stay, and the statistics are about nobody."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from federation.publisher import Contract
from tests.builders.sp_browser import Browser, FakeService, field
from tests.builders.sp_staff import DESK, StaffBrowser, at_desk, login_as, staffed_service

CUSTOMER = f"{DESK}/asiakkaat/mansikkala"


def dump(folder: Path) -> str:
    """Return everything that stands in the publisher's database."""
    with closing(sqlite3.connect(folder / "publisher.sqlite")) as connection:
        return "\n".join(connection.iterdump())


def running(folder: Path, **publisher: object) -> FakeService:
    """Return the publisher with its database in a folder."""
    return staffed_service(f"sqlite:///{folder}/publisher.sqlite", **publisher)


def signed_in(service: FakeService, number: int = 1, *schools: str) -> Browser:
    """Return the browser of a person who is signed in."""
    browser = service.browser()
    assert browser.log_in(login_as(number, *schools)).status_code == 303
    return browser


def write_message(browser: Browser, reply_to: str, text: str) -> None:
    """Send customer service a message."""
    form = {"reply_to": reply_to, "text": text}
    desk = StaffBrowser(browser.service, browser.client.cookies)
    assert desk.submit("/yhteydenotto", "/yhteydenotto", form).status_code == 303


def test_closes_access_in_an_open_session_at_the_next_click(database_url: str):
    """The pupil who is reading meets 108, and so does who signs in anew."""
    service = staffed_service(database_url)
    pupil = signed_in(service)
    before = pupil.get("/materials").status_code

    at_desk(service).step(f"{CUSTOMER}/end-contract")

    assert before == 200
    for answer in (pupil.get("/materials"), pupil.get("/materials/matikka-9"), service.browser().log_in(login_as(2))):
        assert (field(answer, "reason"), field(answer, "error-number")) == ("contract-ended", "108")


def test_leaves_other_customers_alone():
    """A pupil of another customer reads on, with their data as they were."""
    service = staffed_service()
    other = signed_in(service, 2, "99904")

    at_desk(service).step(f"{CUSTOMER}/end-contract")

    page = other.get("/materials")
    assert page.status_code == 200
    assert "Testi2 Sukunimi2" in page.text


def test_leaves_no_personal_datum(tmp_path: Path):
    """Neither uid, name, learner id, mail nor a word of a message is in any table; the count of openings is."""
    service = running(tmp_path)
    pupil, desk = signed_in(service), at_desk(service)
    service.browser().log_in(login_as(2, "30079"))  # refused: 105
    pupil.get("/kampus/matikka-9")
    write_message(pupil, "isa@perhe.example", "Lapseni Aino ei pääse sisään.")
    desk.step(f"{DESK}/kayttajat/1/view")
    desk.submit("/materials", f"{DESK}/katselu/lopeta")
    before = dump(tmp_path)

    desk.step(f"{CUSTOMER}/end-contract")

    after = dump(tmp_path)
    for datum in ("MPASSOID.1", "Testi1", "Sukunimi1", "98.10000000001", "MPASSOID.2", "isa@perhe.example", "Aino"):
        assert datum in before
        assert datum not in after
    assert '"openings"' in after
    assert "matikka-9" in after.partition('INSERT INTO "openings"')[2]


def test_leaves_a_pseudonym_that_leads_to_nobody(tmp_path: Path):
    """Whose it was stood in the table of users alone; who comes back after a new contract gets another one."""
    service = running(tmp_path)
    signed_in(service).get("/kampus/matikka-9")
    desk = at_desk(service)
    pseudonym = openings(tmp_path)[0]
    desk.step(f"{CUSTOMER}/end-contract")
    elsewhere = dump(tmp_path).replace(f"'{pseudonym}',1)", "")

    desk.step(f"{CUSTOMER}/reopen-contract")
    again = service.browser()
    again.log_in(login_as(1).but(response_id="again", assertion_id="again-1"))
    again.get("/kampus/matikka-9")

    assert pseudonym not in elsewhere
    assert len(openings(tmp_path)) == 2
    assert openings(tmp_path)[0] == pseudonym


def openings(folder: Path) -> list[str]:
    """Return the pseudonyms of the statistics, the oldest first."""
    with closing(sqlite3.connect(folder / "publisher.sqlite")) as connection:
        return [row[0] for row in connection.execute("SELECT pseudonym FROM openings ORDER BY rowid")]


def test_can_be_undone_only_for_those_who_come_anew():
    """A contract that is opened again lets people in; their earlier sessions stay what is left of them: nothing."""
    service = staffed_service()
    pupil, desk = signed_in(service), at_desk(service)
    desk.step(f"{CUSTOMER}/end-contract")

    desk.step(f"{CUSTOMER}/reopen-contract")

    assert "Testi1" not in pupil.get("/materials").text
    assert service.browser().log_in(login_as(3)).status_code == 303


def test_overrules_a_declared_end():
    """A contract whose last day is over can be opened, and follows the declaration when that is taken back."""
    service = staffed_service(contracts={"mansikkala": Contract(ends="2026-07-31")})
    desk = at_desk(service)
    declared = field(service.browser().log_in(login_as(1)), "reason")

    desk.step(f"{CUSTOMER}/reopen-contract")
    opened = service.browser().log_in(login_as(2)).status_code
    desk.step(f"{CUSTOMER}/contract-as-declared")

    assert declared == "contract-ended"
    assert opened == 303
    assert field(service.browser().log_in(login_as(3)), "reason") == "contract-ended"
    assert "31.7.2026" in desk.get(CUSTOMER).text


def test_erases_what_a_declared_end_left(tmp_path: Path):
    """A contract that ended by its day leaves people's data until customer service deletes them."""
    signed_in(running(tmp_path))
    desk = at_desk(running(tmp_path, contracts={"mansikkala": Contract(ends="2026-07-31")}))
    left = field(desk.get(CUSTOMER), "users")

    desk.step(f"{CUSTOMER}/erase-customer")

    assert left == "1"
    assert field(desk.get(CUSTOMER), "users") == "0"
    assert "MPASSOID.1" not in dump(tmp_path)
    assert desk.get(f"{CUSTOMER}/erase-customer").status_code == 404


def test_stands_in_the_audit_trail_with_how_many_it_erased(database_url: str):
    """A number, and never a name; an account that was joined to another one goes with it."""
    service = staffed_service(database_url)
    signed_in(service, 1)
    service.browser().log_in(login_as(2, learner_id="1.2.246.562.98.10000000001"))
    desk = at_desk(service)
    desk.step(f"{DESK}/kayttajat/2/join")
    desk.step(f"{DESK}/kayttajat/2/view")
    desk.submit("/materials", f"{DESK}/katselu/lopeta")

    desk.step(f"{CUSTOMER}/end-contract", "Kunta irtisanoi sopimuksen.")

    page = desk.get(f"{DESK}/tapahtumat?action=end-contract").text
    assert "erased: – → 2, open: true → false" in page
    assert "Kunta irtisanoi sopimuksen." in page


@pytest.mark.parametrize("path", ["nobody", "Mansikkala", "mansikkala/activate", "mansikkala/reopen-contract", "x'--"])
def test_knows_no_other_customer_and_no_other_step(path: str):
    """What is no customer, and what may not be done to it now, is not there."""
    assert at_desk(staffed_service()).get(f"{DESK}/asiakkaat/{path}").status_code == 404
