# SPDX-License-Identifier: Apache-2.0
"""Accounts that sign in nowhere, and people who are signed in already."""

from federation.model import EducationProvider, Federation, Person
from tests.builders.homes import ACS_URL, PUPIL, Home, ProxyRequest, answer_of, federation, hidden, home

FORCED = ProxyRequest(attributes=f' AssertionConsumerServiceURL="{ACS_URL}" ForceAuthn="true"')


def typed(user_name: str, password: str) -> dict[str, str]:
    return {"username": user_name, "password": password}


def unconnected() -> Federation:
    """Return the municipalities, with one account that is connected to no MPASS user."""
    declared = federation()
    provider: EducationProvider = declared.education_providers["mansikkala"]
    people = {"demo_u0001": PUPIL, "uuno.uusi": Person(given_name="Uuno", surname="Uusi", mpass_data=False)}
    changed = provider.model_copy(update={"people": people})
    return declared.model_copy(update={"education_providers": {"mansikkala": changed}})


def because_of(at: Home) -> list[object]:
    return [event.fields["because"] for event in at.events if event.name == "refused"]


def test_tells_an_account_without_mpass_data_whom_to_contact():
    """The documented words and the flow's name; nothing is sent to the proxy (facts-mpassid 10)."""
    at = home(unconnected())
    page = at.log_in("uuno.uusi")

    assert (page.status_code, "MPASS-yhdyshenkilöön" in page.text, "ShibMansikkala" in page.text) == (403, True, True)
    assert (hidden(page, "SAMLResponse"), because_of(at)) == ("", ["account-not-connected"])


def test_says_so_to_a_test_persons_button_too():
    """The button spares the password, not the registry."""
    at = home(unconnected())

    assert 'data-field="reason">account-not-connected<' in at.submit(at.begin(), person="uuno.uusi").text


def test_asks_for_the_password_first():
    """Who does not know it learns nothing of the account."""
    at = home(unconnected())

    assert "MPASS-yhdyshenkilöön" not in at.submit(at.begin(), **typed("uuno.uusi", "wrong")).text
    assert because_of(at) == ["wrong-password"]


def test_remembers_no_session_of_an_account_without_mpass_data():
    """The next login asks again."""
    at = home(unconnected())
    at.log_in("uuno.uusi")

    assert 'data-page="home-login"' in at.begin().text


def test_leads_back_to_the_service_from_there():
    """The way on is a form that answers AuthnFailed."""
    at = home(unconnected())
    page = at.log_in("uuno.uusi")
    answer = at.client.post("/mansikkala/login", data={"login": hidden(page, "login"), "action": "cancel"})

    assert [code.get("Value", "").rpartition(":")[2] for code in answer_of(answer).iter("{*}StatusCode")] == [
        "Responder",
        "AuthnFailed",
    ]


def test_says_who_is_signed_in_when_the_proxy_forces_a_sign_in():
    """The user name is there already, and the person may be another one."""
    at = home()
    at.log_in()
    page = at.begin(FORCED)

    assert "Olet jo kirjautunut tunnuksella demo_u0001." in page.text
    assert 'id="username" name="username" type="text" value="demo_u0001"' in page.text


def test_lets_the_person_change_user():
    """The session ends, the form is empty, and the login goes on for somebody else."""
    at = home()
    at.log_in()
    page = at.begin(FORCED)
    data = {"login": hidden(page, "login"), "action": "change-user"}
    changed = at.client.post("/mansikkala/login", data=data, follow_redirects=True)
    assert ("Olet jo kirjautunut" in changed.text, 'name="username" type="text" value=""' in changed.text) == (
        False,
        True,
    )

    answer = at.submit(changed, **typed("demo_u0041", "demo_u0041pwd"))

    assert hidden(answer, "SAMLResponse")
    assert "tunnuksella demo_u0041." in at.client.get("/").text


def test_says_in_the_list_of_municipalities_who_is_signed_in_where():
    """Each municipality knows only its own."""
    at = home()
    at.log_in()

    assert at.client.get("/").text.count("Olet kirjautunut tällä selaimella tunnuksella demo_u0001.") == 1
