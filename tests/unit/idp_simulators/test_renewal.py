# SPDX-License-Identifier: Apache-2.0
"""A forgotten password, as a browser meets it, and what somebody who is not the person tries."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from federation.model import LANGUAGES, GeneratedPeople
from idp_simulators.app import create_app
from idp_simulators.password_store import MemoryPasswords, PasswordStore, PasswordsUnavailableError, SqlitePasswords
from idp_simulators.renewals import MAX_RENEWALS, Renewal, Renewals, Stage
from party.clock import MovableClock
from party.events import Event, Events
from tests.builders.homes import NOW, ORIGINS, Browser, Home, federation, hidden, home, settings

GOOD = "kolme keltaista kirjaa"


def typed(user_name: str, password: str) -> dict[str, str]:
    return {"username": user_name, "password": password}


def ways(at: Home, login: str = "") -> TestResponse:
    return at.client.get(f"/mansikkala/password?login={login}")


def choose(at: Home, method: str = "bank", login: str = "") -> TestResponse:
    """Choose a way of identification; return its page."""
    return at.client.post("/mansikkala/password", data={"method": method, "login": login}, follow_redirects=True)


def identify(at: Home, page: TestResponse, person: str = "demo_u0001") -> TestResponse:
    """Be identified as the person; return the page for the new password."""
    data = {"renewal": hidden(page, "renewal"), "person": person}
    return at.client.post("/mansikkala/password/identify", data=data, follow_redirects=True)


def renew(at: Home, page: TestResponse, password: str = GOOD, repeated: str | None = None) -> TestResponse:
    """Type the new password on the page for it; return what follows."""
    data = {
        "renewal": hidden(page, "renewal"),
        "new-password": password,
        "repeated-password": password if repeated is None else repeated,
    }
    return at.client.post("/mansikkala/password/new", data=data, follow_redirects=True)


def renewed(at: Home, person: str = "demo_u0001", password: str = GOOD) -> TestResponse:
    return renew(at, identify(at, choose(at), person), password)


def signs_in(at: Home, password: str, user_name: str = "demo_u0001") -> bool:
    at.client.post("/mansikkala/logout")
    return bool(hidden(at.submit(at.begin(), username=user_name, password=password), "SAMLResponse"))


def page_of(page: TestResponse) -> str:
    return page.text.partition('data-page="')[2].partition('"')[0]


def reason_of(page: TestResponse) -> str:
    return page.text.partition('data-field="reason">')[2].partition("<")[0]


def test_is_linked_from_the_login_page_and_leads_back_to_it():
    """The login in progress goes on after the renewal."""
    at = home()
    login = hidden(at.begin(), "login")
    page = renew(at, identify(at, choose(at, login=login)))

    assert "/mansikkala/password?login=" in at.begin().text
    assert f"/mansikkala/login?login={login}" in page.text
    assert page_of(at.client.get(f"/mansikkala/login?login={login}")) == "home-login"


@pytest.mark.parametrize("method", ["bank", "mobile"])
def test_ends_in_a_password_that_works_and_an_old_one_that_does_not(method: str):
    """Both ways of identification lead to it."""
    at = home()
    page = renew(at, identify(at, choose(at, method)))

    assert (page.status_code, page_of(page)) == (200, "home-password-changed")
    assert (signs_in(at, GOOD), signs_in(at, "demo_u0001pwd")) == (True, False)


def test_leaves_everybody_elses_password_as_it_was():
    """The documented rule holds for who has not changed it, at the same municipality and elsewhere."""
    at = home()
    renewed(at)

    assert (signs_in(at, "demo_u0041pwd", "demo_u0041"), signs_in(at, GOOD, "demo_u0041")) == (True, False)


def test_replaces_a_chosen_password_by_the_next_one():
    """Only the newest works."""
    at = home()
    renewed(at)
    renewed(at, "demo_u0001", "neljä vihreää vihkoa")

    assert (signs_in(at, GOOD), signs_in(at, "neljä vihreää vihkoa")) == (False, True)


def test_unlocks_the_account():
    """Who was locked out signs in with the new password at once."""
    at = home()
    page = at.begin()
    for _ in range(5):
        at.submit(page, **typed("demo_u0001", "wrong"))
    renewed(at)

    assert signs_in(at, GOOD) is True


@pytest.mark.parametrize("language", LANGUAGES)
def test_says_the_ways_by_role_and_why_never_by_mail(language: str):
    """The page is whole in each language."""
    page = home().client.get(f"/mansikkala/password?lang={language}")
    words = {
        "fi": ("henkilöstöpalveluista", "vahtimestarille", "kirjattuna kirjeenä", "riittävän turvallinen"),
        "sv": ("personaltjänsterna", "vaktmästaren", "rekommenderat brev", "tillräckligt säkert"),
        "en": ("human resources", "caretaker", "registered letter", "safe enough"),
    }

    assert [word for word in words[language] if word not in page.text] == []


def test_offers_the_fields_to_password_managers():
    """The new password is announced as such, and the user name stands beside it."""
    at = home()
    page = identify(at, choose(at))

    assert page.text.count('autocomplete="new-password"') == 2
    assert 'value="demo_u0001" autocomplete="username" readonly' in page.text


@pytest.mark.parametrize(
    ("password", "repeated", "sentence"),
    [
        ("abc-12", "abc-12", "Salasana on liian lyhyt."),
        ("demo_u0001pwd", "demo_u0001pwd", "Salasanassa ei saa olla käyttäjätunnustasi."),
        (GOOD, "toinen", "Salasanat eivät ole samat."),
        ("x" * 100_000, "x" * 100_000, "Salasana on liian pitkä."),
    ],
)
def test_refuses_a_weak_or_mistyped_password_and_lets_try_again(password: str, repeated: str, sentence: str):
    """The page says what is wrong, sends nothing typed back, and changes nothing."""
    at = home()
    page = identify(at, choose(at))
    refused = renew(at, page, password, repeated)

    assert (refused.status_code, sentence in refused.text, password in refused.text) == (422, True, False)
    assert signs_in(at, "demo_u0001pwd") is True
    assert page_of(renew(at, refused)) == "home-password-changed"


def test_refuses_a_new_password_without_the_strong_step():
    """The name of a renewal whose person is not identified opens no form and takes no password."""
    at = home()
    chosen = choose(at)
    name = hidden(chosen, "renewal")

    assert reason_of(at.client.get(f"/mansikkala/password/new?renewal={name}")) == "home-renewal-out-of-order"
    assert reason_of(renew(at, chosen)) == "home-renewal-out-of-order"
    assert signs_in(at, "demo_u0001pwd") is True


def test_refuses_a_person_named_beside_the_password():
    """Whose password it is was settled by the identification; a form field changes nothing."""
    at = home()
    page = identify(at, choose(at), "demo_u0041")
    data = {
        "renewal": hidden(page, "renewal"),
        "new-password": GOOD,
        "repeated-password": GOOD,
        "username": "demo_u0001",
        "person": "demo_u0001",
    }
    at.client.post("/mansikkala/password/new", data=data)

    assert (signs_in(at, GOOD), signs_in(at, GOOD, "demo_u0041")) == (False, True)


def test_refuses_an_identification_that_is_sent_again_for_another_person():
    """The step was done once; its name is over."""
    at = home()
    chosen = choose(at)
    identify(at, chosen, "demo_u0041")

    assert reason_of(identify(at, chosen, "demo_u0001")) == "home-renewal-not-found"


def test_refuses_an_identified_renewal_as_an_identification():
    """Who is identified cannot become somebody else by the name of the next step either."""
    at = home()

    assert reason_of(identify(at, identify(at, choose(at), "demo_u0041"), "demo_u0001")) == "home-renewal-out-of-order"


def test_takes_a_new_password_once():
    """The form that was sent already changes nothing."""
    at = home()
    page = identify(at, choose(at))
    renew(at, page)

    assert reason_of(renew(at, page, "neljä vihreää vihkoa")) == "home-renewal-not-found"
    assert signs_in(at, GOOD) is True


def test_refuses_a_step_after_ten_minutes():
    """Each step has its own ten."""
    at = home()
    chosen = choose(at)
    at.clock.advance(timedelta(minutes=10))
    page = identify(at, chosen)
    at.clock.advance(timedelta(minutes=10, seconds=1))

    assert (page_of(page), reason_of(renew(at, page))) == ("home-new-password", "home-renewal-expired")
    assert reason_of(identify(at, page)) == "home-renewal-expired"


def test_refuses_a_renewal_of_another_browser():
    """The name alone is worth nothing."""
    at = home()
    page = identify(at, choose(at))
    thief = Home(Browser(at.client.application), at.clock, at.events)

    assert reason_of(renew(thief, page)) == "home-renewal-of-another-browser"
    choose(thief)
    assert reason_of(renew(thief, page)) == "home-renewal-of-another-browser"


def test_refuses_a_renewal_begun_at_another_municipality():
    """A person of one municipality has no password at another."""
    at = home()
    page = identify(at, choose(at))
    data = {"renewal": hidden(page, "renewal"), "new-password": GOOD, "repeated-password": GOOD}

    assert reason_of(at.client.post("/kuusikoski/password/new", data=data)) == "home-renewal-not-found"


@pytest.mark.parametrize("path", ["", "/identify", "/new"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_refuses_a_form_from_another_site(path: str, origin: str):
    """Each form of the renewal is taken from our own pages only."""
    at = home()
    chosen = choose(at)
    page = identify(at, chosen) if path == "/new" else chosen
    data = {
        "method": "bank",
        "renewal": hidden(page, "renewal"),
        "person": "demo_u0001",
        "new-password": GOOD,
        "repeated-password": GOOD,
    }
    answer = at.client.post(f"/mansikkala/password{path}", data=data, headers={"Origin": origin})

    assert reason_of(answer) == "home-form-from-elsewhere"
    assert signs_in(at, "demo_u0001pwd") is True


@pytest.mark.parametrize("step", ["identify", "new", "done"])
@pytest.mark.parametrize("name", ["", "nonsense", "%00", "x" * 5000])
def test_answers_a_renewal_that_there_is_not_with_a_way_to_begin_again(step: str, name: str):
    """A bookmark, a restart or an invention ends at a page with a button."""
    page = home().client.get(f"/mansikkala/password/{step}?renewal={name}")

    assert (page.status_code, reason_of(page)) == (400, "home-renewal-not-found")
    assert 'href="/mansikkala/password"' in page.text


@pytest.mark.parametrize("person", ["", "nobody", "<b>demo_u0001</b>", "x" * 10_000])
def test_identifies_nobody_who_does_not_exist(person: str):
    """The page is shown again, and what was typed is no markup."""
    at = home()
    page = identify(at, choose(at), person)

    assert (page.status_code, page_of(page), "<b>demo" in page.text) == (422, "home-identification", False)


def test_identifies_a_computed_person_by_the_user_name():
    """Computed people are too many to list."""
    declared = federation()
    provider = declared.education_providers["mansikkala"].model_copy(
        update={"generated_people": GeneratedPeople(count=500, seed=1)}
    )
    schools = declared.education_providers["mansikkala"].schools
    assert schools == ()
    at = home(declared.model_copy(update={"education_providers": {"mansikkala": provider}}))
    page = choose(at)
    data = {"renewal": hidden(page, "renewal"), "username": "p000400"}
    identified = at.client.post("/mansikkala/password/identify", data=data, follow_redirects=True)

    assert page_of(identified) == "home-new-password"


@pytest.mark.parametrize("method", ["", "sms", "bank' OR 1"])
def test_shows_the_ways_again_where_none_of_them_is_chosen(method: str):
    """Nothing begins."""
    assert page_of(choose(home(), method)) == "home-password"


def test_keeps_the_person_and_the_password_out_of_addresses_cookies_and_events():
    """Addresses and cookies hold random names, the log says that a password was changed."""
    at = home()
    page = renewed(at)
    seen = [page.request.url, str(at.events), str(page.headers), *(str(cookie) for cookie in cookies(at))]

    assert [text for text in seen if "demo_u0001" in text or "keltaista" in text or "Oppilas" in text] == []
    assert ("password-changed", {"source": "ShibMansikkala"}) in [(e.name, dict(e.fields)) for e in at.events]


def cookies(at: Home) -> list[str]:
    response = at.client.get("/mansikkala/password")
    return [response.request.headers.get("Cookie", "")]


def test_gives_each_step_a_name_of_its_own():
    """No name of one step is that of another."""
    at = home()
    chosen = choose(at)
    page = identify(at, chosen)
    names = {name_of(chosen), name_of(page), name_of(renew(at, page))}

    assert (len(names), min(map(len, names)) >= 40) == (3, True)


def name_of(page: TestResponse) -> str:
    return parse_qs(urlsplit(page.request.url).query)["renewal"][0]


def test_bounds_how_many_renewals_it_remembers():
    """The oldest gives way."""
    renewals = Renewals()
    renewal = Renewal("mansikkala", "browser", "bank", "")
    first = renewals.begin(renewal, NOW)
    assert renewals.at(first, Stage.CHOSEN, "mansikkala", "browser", NOW) == renewal
    for _ in range(MAX_RENEWALS):
        renewals.begin(renewal, NOW)

    with pytest.raises(Exception, match="home-renewal-not-found"):
        renewals.at(first, Stage.CHOSEN, "mansikkala", "browser", NOW)


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> PasswordStore:
    """Return a fresh store of each sort."""
    return MemoryPasswords() if request.param == "memory" else SqlitePasswords(tmp_path / "data" / "idp.sqlite")


def test_keeps_one_hash_for_each_person_of_each_provider(store: PasswordStore):
    """The newest in the place of the older."""
    store.keep("mansikkala", "a", "one")
    store.keep("mansikkala", "a", "two")
    store.keep("kuusikoski", "a", "three")

    assert [store.kept(*key) for key in (("mansikkala", "a"), ("kuusikoski", "a"), ("mansikkala", "b"))] == [
        "two",
        "three",
        None,
    ]


def app_with(store: PasswordStore) -> Home:
    clock, events = MovableClock(NOW), list[Event]()
    app = create_app(settings(), clock, Events("idp", clock, events.append), store)
    return Home(Browser(app), clock, events)


def test_keeps_the_new_password_over_a_restart_and_hashed(tmp_path: Path):
    """The file is its owner's only and holds no password."""
    path = tmp_path / "data" / "idp.sqlite"
    renewed(app_with(SqlitePasswords(path)))

    assert signs_in(app_with(SqlitePasswords(path)), GOOD) is True
    assert (path.stat().st_mode & 0o777, GOOD.encode() in path.read_bytes()) == (0o600, False)


def test_says_that_the_passwords_cannot_be_read(tmp_path: Path):
    """A file that is no database: a page, 503, not ready; nobody signs in by a password that may be an old one."""
    path = tmp_path / "idp.sqlite"
    at = app_with(SqlitePasswords(path))
    path.write_bytes(b"no database" * 200)
    answer = at.log_in()

    assert (answer.status_code, reason_of(answer)) == (503, "home-passwords-unavailable")
    assert at.client.get("/readyz").status_code == 503
    with pytest.raises(PasswordsUnavailableError):
        SqlitePasswords(path)


@pytest.mark.parametrize("data", [{}, {"method": "bank"}])
def test_sets_a_cookie_only_when_a_renewal_begins(data: Mapping[str, str]):
    """To look at the ways leaves nothing in the browser."""
    at = home()
    answer = at.client.post("/mansikkala/password", data=data) if data else ways(at)

    assert bool(answer.headers.getlist("Set-Cookie")) is bool(data)
    assert ORIGINS.idp.startswith("https://")
