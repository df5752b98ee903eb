# SPDX-License-Identifier: Apache-2.0
"""A login at a municipality, as a browser meets it."""

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from idp_simulators.app import create_app
from party.events import Events
from tests.builders.homes import (
    ACS_URL,
    Browser,
    Home,
    ProxyRequest,
    answer_of,
    federation,
    find_text,
    hidden,
    home,
    settings,
)

FORCED = ProxyRequest(attributes=f' AssertionConsumerServiceURL="{ACS_URL}" ForceAuthn="true"')
PASSIVE = ProxyRequest(attributes=f' AssertionConsumerServiceURL="{ACS_URL}" IsPassive="true"')
FORCED_PASSIVE = ProxyRequest(attributes=f' AssertionConsumerServiceURL="{ACS_URL}" ForceAuthn="true" IsPassive="true"')
NO_PASSIVE = ("Responder", "NoPassive")
AUTHN_FAILED = ("Responder", "AuthnFailed")


def status_of(page: TestResponse) -> tuple[str, ...]:
    prefix = "urn:oasis:names:tc:SAML:2.0:status:"
    return tuple(code.get("Value", "").removeprefix(prefix) for code in answer_of(page).iter("{*}StatusCode"))


def is_login_page(page: TestResponse) -> bool:
    return 'data-page="home-login"' in page.text


def typed(user_name: str, password: str) -> dict[str, str]:
    return {"username": user_name, "password": password}


def reason_of(page: TestResponse) -> str:
    return page.text.partition('data-field="reason">')[2].partition("<")[0]


def told(at: Home) -> list[tuple[str, dict[str, object]]]:
    return [(event.name, dict(event.fields)) for event in at.events]


def test_shows_the_login_page_of_the_municipality():
    """The page carries the municipality's name and colour."""
    page = home().begin()

    assert (page.status_code, is_login_page(page), "Mansikkalan testi kunta" in page.text) == (200, True, True)
    assert "look-8a1c3b-" in page.text


@pytest.mark.parametrize(("language", "heading"), [("fi", "Kirjaudu sisään"), ("sv", "Logga in"), ("en", "Log in")])
def test_speaks_the_language_that_is_chosen(language: str, heading: str):
    """The login page is whole in each language."""
    at = home()
    first = at.begin()
    page = at.client.get(f"{first.request.path}?login={hidden(first, 'login')}&lang={language}")

    assert (f'<html lang="{language}">' in page.text, f"<h1>{heading}</h1>" in page.text) == (True, True)


def test_remembers_the_language_that_was_chosen():
    """A language link's choice holds on the next page."""
    at = home()
    first = at.begin()
    at.client.get(f"{first.request.path}?login={hidden(first, 'login')}&lang=sv")

    assert '<html lang="sv">' in at.begin().text


def test_sends_the_answer_to_the_address_the_proxy_asked_for():
    """The documented password signs in, and the page posts a response with the proxy's RelayState."""
    page = home().log_in()

    assert (page.status_code, status_of(page), hidden(page, "RelayState")) == (200, ("Success",), "login-1")
    assert f'<form data-purpose="saml-post" method="post" action="{ACS_URL}"' in page.text


def test_lets_the_form_lead_to_the_proxy_and_nowhere_else():
    """The Content-Security-Policy names the origin of the address for answers."""
    policy = home().log_in().headers["Content-Security-Policy"]

    assert policy.endswith("form-action 'self' https://mpass.localhost")


def test_sends_no_relay_state_where_none_came():
    """What did not come does not go back."""
    page = home().log_in(request=ProxyRequest(relay_state=None))

    assert 'name="RelayState"' not in page.text


def test_signs_in_the_test_person_whose_button_is_pressed():
    """A button signs in without a password, without JavaScript."""
    at = home()
    page = at.submit(at.begin(), person="demo_u0041")

    assert find_text(answer_of(page), "//saml:Attribute[@Name='mpassUserIdentity']/saml:AttributeValue") == "demo_u0041"


def test_lists_each_test_person_with_what_they_are_for():
    """The list shows name, note and a button for each."""
    text = home().begin().text

    assert "Tavallinen oppilas" in text
    assert [f'name="person" value="{user}"' in text for user in ("demo_u0001", "demo_u0041", "demo_u0100")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        pytest.param({"username": "demo_u0001", "password": "x"}, "password", "on väärä", id="a wrong password"),
        pytest.param({"username": "nobody", "password": "nobodypwd"}, "password", "on väärä", id="nobody's name"),
        pytest.param({"username": "", "password": "x"}, "username", "Kirjoita käyttäjätunnus", id="no user name"),
        pytest.param({"username": "demo_u0001", "password": ""}, "password", "Kirjoita salasana", id="no password"),
        pytest.param({"person": "demo_u0100"}, "username", "Kirjoita käyttäjätunnus", id="another town's person"),
    ],
)
def test_says_what_is_wrong_beside_the_field_and_at_the_top(values: dict[str, str], field: str, sentence: str):
    """A mistake is told twice: in the summary with a link, and beside the field; the status is 422."""
    at = home()
    page = at.submit(at.begin(), **values)

    assert (page.status_code, is_login_page(page)) == (422, True)
    assert sentence in page.text.partition(f'<a href="#{field}">')[2].partition("</a>")[0]
    assert sentence in page.text.partition(f'id="{field}-problem">')[2].partition("</p>")[0]


def test_keeps_the_user_name_that_was_typed_and_not_the_password():
    """Nothing typed is lost but the password, which is never sent back."""
    at = home()
    page = at.submit(at.begin(), **typed('demo"<b>', "secret-value"))

    assert ('value="demo&#34;&lt;b&gt;"' in page.text, "secret-value" in page.text) == (True, False)


def test_lets_a_person_try_again_after_a_mistake():
    """The login goes on from the page that showed the mistake."""
    at = home()
    page = at.submit(at.begin(), **typed("demo_u0001", "x"))
    again = at.submit(page, **typed(" demo_u0001 ", "demo_u0001pwd"))

    assert status_of(again) == ("Success",)


def test_answers_the_proxy_when_the_person_turns_back():
    """Cancelling sends a signed AuthnFailed with no assertion."""
    at = home()
    page = at.submit(at.begin(), action="cancel")
    root = answer_of(page)

    assert (status_of(page), root.find("{*}Assertion"), root.get("InResponseTo")) == (AUTHN_FAILED, None, "_request1")


def test_remembers_who_signed_in_at_a_municipality():
    """A second request is answered at once, with the time of the first sign-in."""
    at = home()
    at.log_in()
    at.clock.advance(timedelta(minutes=4))
    page = at.client.get(ProxyRequest().url())

    assert find_text(answer_of(page), "//saml:AuthnStatement/@AuthnInstant") == "2026-08-12T07:58:00Z"


def test_asks_again_where_the_proxy_forces_a_sign_in():
    """ForceAuthn shows the login page even with a session, and the sign-in is fresh."""
    at = home()
    at.log_in()
    at.clock.advance(timedelta(minutes=2))
    page = at.log_in(request=FORCED)

    assert find_text(answer_of(page), "//saml:AuthnStatement/@AuthnInstant") == "2026-08-12T08:00:00Z"


def test_keeps_sessions_of_municipalities_apart():
    """Who is signed in at Mansikkala is nobody at Kuusikoski."""
    at = home()
    at.log_in()
    elsewhere = ProxyRequest(destination="https://idp.localhost/kuusikoski/sso", path="/kuusikoski/sso")

    assert is_login_page(at.begin(elsewhere))


def test_forgets_a_session_after_an_hour():
    """A session lasts sixty minutes."""
    at = home()
    at.log_in()
    at.clock.advance(timedelta(minutes=60))
    later = ProxyRequest(issue_instant="2026-08-12T08:58:00Z")

    assert is_login_page(at.begin(later))


def test_forgets_a_session_that_the_person_ends():
    """The button on the index page signs out there."""
    at = home()
    at.log_in()
    index = at.client.post("/mansikkala/logout", headers={"Origin": "https://idp.localhost"}, follow_redirects=True)

    assert ('data-purpose="logout"' in index.text, is_login_page(at.begin())) == (False, True)


def test_does_not_sign_out_for_another_site():
    """A form of another origin changes nothing."""
    at = home()
    at.log_in()
    page = at.client.post("/mansikkala/logout", headers={"Origin": "https://evil.example.org"})

    assert (page.status_code, reason_of(page)) == (400, "home-form-from-elsewhere")
    assert 'data-purpose="logout"' in at.client.get("/").text


@pytest.mark.parametrize("request_", [PASSIVE, FORCED_PASSIVE], ids=["passive", "passive and forced"])
def test_answers_a_passive_request_without_a_page(request_: ProxyRequest):
    """Without a usable session the answer is NoPassive, at once."""
    assert status_of(home().client.get(request_.url())) == NO_PASSIVE


def test_answers_a_passive_request_from_the_session():
    """With a session a passive request succeeds; with ForceAuthn beside it, it cannot."""
    at = home()
    at.log_in()
    answers = [at.client.get(request.url()) for request in (PASSIVE, FORCED_PASSIVE)]

    assert [status_of(answer) for answer in answers] == [("Success",), NO_PASSIVE]


def test_takes_a_request_by_post():
    """The POST binding leads to the same login page."""
    at = home()
    page = at.client.post("/mansikkala/sso", data=ProxyRequest().form(), follow_redirects=True)

    assert is_login_page(page)
    assert status_of(at.submit(page, person="demo_u0001")) == ("Success",)


def test_refuses_a_bad_request_with_a_page_and_sends_nothing():
    """The page carries the reason id and no form that leads on."""
    page = home().client.get(ProxyRequest(signer="idp-kuusikoski").url())

    assert (page.status_code, reason_of(page), "SAMLResponse" in page.text) == (
        400,
        "home-request-signature-invalid",
        False,
    )


def test_shows_nothing_of_a_bad_request_as_markup():
    """What a stranger wrote is never HTML on our page, nor in its event uncut."""
    at = home()
    page = at.client.get(ProxyRequest(issuer="&lt;script&gt;" + "x" * 5000).url())

    assert (page.status_code, "<script>xxx" in page.text) == (400, False)
    assert len(str(at.events[-1].fields["found"])) <= 500


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"login": "x"}, "home-login-not-found", id="made up"),
        pytest.param({"login": ""}, "home-login-not-found", id="missing"),
        pytest.param({"login": "A" * 5000}, "home-login-not-found", id="too long"),
    ],
)
def test_refuses_a_login_that_is(change: dict[str, str], reason: str):
    """Without a login in progress there is nothing to sign in to."""
    at = home()
    at.begin()
    pages = [
        at.client.get("/mansikkala/login", query_string=change),
        at.client.post("/mansikkala/login", data={"person": "demo_u0001", **change}),
    ]

    assert [(page.status_code, reason_of(page)) for page in pages] == [(400, reason), (400, reason)]


def test_refuses_a_login_of_another_browser():
    """Who gets somebody else's page cannot sign them in as themselves (login CSRF)."""
    at = home()
    page = at.begin()
    stranger = Browser(at.client.application)
    answer = stranger.post("/mansikkala/login", data={"login": hidden(page, "login"), "person": "demo_u0001"})

    assert (answer.status_code, reason_of(answer)) == (400, "home-login-of-another-browser")


def test_refuses_a_login_begun_at_another_municipality():
    """A login opens only where it was begun."""
    at = home()
    page = at.begin()
    answer = at.client.post("/kuusikoski/login", data={"login": hidden(page, "login"), "person": "demo_u0100"})

    assert (answer.status_code, reason_of(answer)) == (400, "home-login-not-found")


def test_refuses_a_login_after_fifteen_minutes():
    """At fifteen minutes it still opens, a second later it does not."""
    at = home()
    page = at.begin()
    at.clock.advance(timedelta(minutes=15))
    in_time = at.client.get("/mansikkala/login", query_string={"login": hidden(page, "login")})
    at.clock.advance(timedelta(seconds=1))
    late = at.submit(page, person="demo_u0001")

    assert (in_time.status_code, late.status_code, reason_of(late)) == (200, 400, "home-login-expired")


def test_goes_on_with_a_login_after_a_restart():
    """Nothing of a login in progress is in the process: another worker goes on with it."""
    at = home()
    page = at.begin()
    restarted = create_app(settings(), at.clock, Events("idp", at.clock, at.events.append))
    at.client.application = restarted

    assert status_of(at.submit(page, person="demo_u0001")) == ("Success",)


def test_lets_two_tabs_log_in_side_by_side():
    """Each tab answers its own request."""
    at = home()
    pages = [at.begin(ProxyRequest(id=request_id)) for request_id in ("_tab1", "_tab2")]
    answers = [at.submit(page, person="demo_u0001") for page in pages]

    assert [answer_of(answer).get("InResponseTo") for answer in answers] == ["_tab1", "_tab2"]


def test_keeps_names_and_ids_of_people_out_of_addresses_cookies_and_events():
    """Nothing that is stored or logged on the way says who signed in."""
    at = home()
    page = at.begin()
    answer = at.submit(page, person="demo_u0001")
    traces = [page.request.url, str(answer.headers), str(at.events)]

    assert not [word for word in ("demo_u0001", "Testi1", "Oppilas1", "10000000017") for t in traces if word in t]


def test_sets_cookies_that_survive_a_post_from_the_proxy():
    """On https the cookies are Secure, HttpOnly and SameSite=None, under a name that no other host can set."""
    at = home()
    arrived = at.client.get(ProxyRequest().url())
    (cookie,) = arrived.headers.getlist("Set-Cookie")

    assert cookie.startswith("__Host-idp-443-browser=")
    assert cookie.endswith("; Path=/; HttpOnly; Secure; SameSite=None")


def test_tells_the_events_of_a_login():
    """One login is told by the ids of its messages."""
    at = home()
    response_id = answer_of(at.log_in()).get("ID")
    known = {"home_request_id": "_request1", "source": "ShibMansikkala"}

    assert told(at) == [
        ("authn-request-received", known),
        ("authenticated", known),
        ("response-sent", {**known, "response_id": response_id, "status": "Success"}),
    ]


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "/nowhere/sso", 404, "home-provider-unknown"),
        ("GET", "/nowhere/metadata", 404, "home-provider-unknown"),
        ("POST", "/nowhere/login", 404, "home-provider-unknown"),
        ("GET", "/mansikkala", 404, "home-page-unknown"),
        ("GET", "/mansikkala/sso/", 404, "home-page-unknown"),
        ("GET", "/mansikkala/logout", 405, "home-page-unknown"),
        ("GET", "/mansikkala/sso", 400, "home-request-missing"),
        ("POST", "/mansikkala/sso", 400, "home-request-missing"),
        ("PUT", "/mansikkala/sso", 405, "method-not-allowed"),
    ],
)
def test_answers_every_address_with_a_page_and_the_right_status(method: str, path: str, status: int, reason: str):
    """What is not there is a friendly page with its reason, never a trace."""
    page = home().client.open(path, method=method)

    assert (page.status_code, reason_of(page)) == (status, reason)


def test_serves_the_metadata_that_was_rendered():
    """The entity ID is the address of the metadata."""
    page = home().client.get("/mansikkala/metadata")

    assert (page.status_code, page.content_type) == (200, "application/samlmetadata+xml")
    assert page.get_data() == settings().providers["mansikkala"].dialogue.metadata


def test_lists_the_municipalities():
    """The index names each with its addresses."""
    text = home().client.get("/").text

    assert [f'data-provider="{key}"' in text for key in ("mansikkala", "kuusikoski")] == [True, True]
    assert "2 testihenkilöä" in text


def test_works_for_a_municipality_without_people():
    """A provider whose registry is empty still shows its login page."""
    declared = federation()
    empty = declared.education_providers["mansikkala"].model_copy(update={"people": {}})
    declared = declared.model_copy(update={"education_providers": {"mansikkala": empty}})

    assert is_login_page(home(declared).begin())


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_is_ready_when_it_serves(path: str):
    """It needs nothing but itself."""
    assert home().client.get(path).status_code == 200
