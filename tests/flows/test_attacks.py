# SPDX-License-Identifier: Apache-2.0
"""What somebody else's browser, message or cookie must not achieve."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx
import pytest

from party.events import event_to_json
from party.run_token import AUTHORIZATION, bearer
from testbed.flow.login import LoginPlan, login
from testbed.flow.page import Page
from testbed.flow.people import find_person
from testbed.stacks.in_process import InProcessStack
from tests.builders.logins import handed_out_by, send


def reason(response: httpx.Response) -> str | None:
    """Return the reason id on an error page."""
    page = Page(str(response.url), response.status_code, response.headers.get("content-type", ""), response.content)
    return page.error_fields.get("reason")


def cookies_of(client: httpx.Client) -> httpx.Cookies:
    """Return a copy of a browser's cookies."""
    return httpx.Cookies(client.cookies)


# --- the proxy: an identity provider's response ------------------------------------------------------------------


def test_takes_a_response_once(in_process: InProcessStack) -> None:
    """The same response with the state cookie of before is refused the second time."""
    with in_process.client() as browser:
        form = handed_out_by("idp", in_process, browser, "demo_u0001")
        before = cookies_of(browser)
        first = send(browser, form)
        browser.cookies = before

        second = send(browser, form)

    assert first.status_code == 200
    assert (second.status_code, reason(second)) == (400, "response-replayed")


def test_takes_no_response_of_another_browser(in_process: InProcessStack) -> None:
    """A stolen response is worth nothing where no login waits for it."""
    with in_process.client() as victim, in_process.client() as thief:
        form = handed_out_by("idp", in_process, victim, "demo_u0001")

        stolen = send(thief, form)

    assert (stolen.status_code, reason(stolen)) == (400, "login-not-found")


def test_takes_no_response_to_the_request_of_another_browser(in_process: InProcessStack) -> None:
    """A thief with a login of his own under way sends the victim's response into it: InResponseTo does not match."""
    with in_process.client() as victim, in_process.client() as thief:
        form = handed_out_by("idp", in_process, victim, "demo_u0001")
        own = handed_out_by("idp", in_process, thief, "demo_u0002")

        stolen = send(thief, own, SAMLResponse=form.fields["SAMLResponse"])

    assert (stolen.status_code, reason(stolen)) == (400, "wrong-in-response-to")


def test_takes_no_answer_of_another_identity_provider(in_process: InProcessStack) -> None:
    """The answer of Kuusikoski is no answer to what Mansikkala was asked, at either address."""
    with in_process.client() as one, in_process.client() as other:
        asked = handed_out_by("idp", in_process, one, "demo_u0001")
        answer = handed_out_by("idp", in_process, other, "oona.oppilas")

        at_own_address = send(one, asked, SAMLResponse=answer.fields["SAMLResponse"])
        at_its_address = one.post(
            answer.action,
            data={"SAMLResponse": answer.fields["SAMLResponse"], "RelayState": asked.fields["RelayState"]},
        )

    assert {at_own_address.status_code, at_its_address.status_code} == {400}
    assert (reason(at_own_address), reason(at_its_address)) == ("wrong-issuer", "wrong-acs")


def test_takes_no_altered_state_cookie(in_process: InProcessStack) -> None:
    """One character of the login's cookie changed, and the login is over."""
    with in_process.client() as browser:
        form = handed_out_by("idp", in_process, browser, "demo_u0001")
        for cookie in browser.cookies.jar:
            if cookie.domain.startswith("mpass.") and cookie.value and len(cookie.value) > 200:
                middle = len(cookie.value) // 2
                swapped = "A" if cookie.value[middle] != "A" else "B"
                cookie.value = cookie.value[:middle] + swapped + cookie.value[middle + 1 :]

        altered = send(browser, form)

    assert (altered.status_code, reason(altered)) == (400, "login-state-altered")


@pytest.mark.parametrize(
    "alter",
    [
        pytest.param(lambda xml: xml.replace(b"demo_u0001", b"demo_u0002"), id="another user"),
        pytest.param(lambda xml: xml.replace(b">30076<", b">30079<"), id="another school"),
        pytest.param(lambda xml: xml.replace(b">Oppilas<", b">Rehtori<"), id="another role"),
    ],
)
def test_takes_no_altered_response(in_process: InProcessStack, alter: Callable[[bytes], bytes]) -> None:
    """A value changed on the way breaks the signature."""
    with in_process.client() as browser:
        form = handed_out_by("idp", in_process, browser, "demo_u0001")
        xml = base64.b64decode(form.fields["SAMLResponse"])
        assert alter(xml) != xml

        altered = send(browser, form, SAMLResponse=base64.b64encode(alter(xml)).decode())

    assert (altered.status_code, reason(altered)) == (400, "response-signature-invalid")


def test_finishes_two_logins_in_two_tabs(in_process: InProcessStack) -> None:
    """Each login has its own state, so both tabs of one browser end where they were going."""
    with in_process.client() as browser:
        first = handed_out_by("idp", in_process, browser, "demo_u0001")
        second = handed_out_by("idp", in_process, browser, "demo_u0001", "portal")

        answers = [send(browser, first), send(browser, second)]

    assert [answer.status_code for answer in answers] == [200, 200]


# --- the services: the proxy's response ---------------------------------------------------------------------------


def session_of(stack: InProcessStack, client: httpx.Client) -> httpx.Response:
    """Ask the publisher what it received."""
    url = stack.endpoints.service("publisher").session_url
    return client.get(url, headers={AUTHORIZATION: bearer(stack.run_token)})


def test_signs_nobody_in_with_the_response_of_another_browser(in_process: InProcessStack) -> None:
    """Posting one's own response into somebody else's browser (login CSRF), or a stolen one into one's own, fails."""
    with in_process.client() as one, in_process.client() as other:
        form = handed_out_by("proxy", in_process, one, "demo_u0001")
        handed_out_by("proxy", in_process, other, "demo_u0002")

        crossed = send(other, form)

        assert (crossed.status_code, reason(crossed)) == (400, "request-unknown")
        assert (
            session_of(in_process, other).status_code == 404
            or session_of(in_process, other).json()["outcome"] == "refused"
        )


def test_signs_in_once_with_a_response(in_process: InProcessStack) -> None:
    """The proxy's response, sent to the publisher again with the cookies of before, signs nobody in."""
    with in_process.client() as browser:
        form = handed_out_by("proxy", in_process, browser, "demo_u0001")
        before = cookies_of(browser)
        first = send(browser, form)
        browser.cookies = before

        second = send(browser, form)

    assert first.status_code == 303
    assert second.status_code == 400
    assert reason(second) in {"response-consumed", "request-unknown"}


def test_keeps_two_people_apart(in_process: InProcessStack) -> None:
    """Two logins at the same time, step by step in turn: each browser gets its own person."""
    with in_process.client() as one, in_process.client() as other:
        first = handed_out_by("proxy", in_process, one, "demo_u0001")
        second = handed_out_by("proxy", in_process, other, "aino.kiertavainen")
        send(other, second)
        send(one, first)

        received = [session_of(in_process, client).json()["attributes"] for client in (one, other)]

    assert [attributes["given_name"] for attributes in received] == [["Testi1"], ["Aino"]]


def test_shows_what_was_received_to_the_run_token_alone(in_process: InProcessStack) -> None:
    """Without the token, with another one or without a session there is nothing to see."""
    url = in_process.endpoints.service("publisher").session_url
    with in_process.client() as browser:
        login(in_process, LoginPlan(find_person(in_process.federation, "demo_u0001")), browser)

        without = browser.get(url)
        wrong = browser.get(url, headers={AUTHORIZATION: bearer(bytes(32))})
        assert session_of(in_process, browser).status_code == 200
    with in_process.client() as stranger:
        nobody = session_of(in_process, stranger)

    assert [without.status_code, wrong.status_code, nobody.status_code] == [401, 401, 404]


# --- the proxy: a service's AuthnRequest --------------------------------------------------------------------------


def authn_request(stack: InProcessStack, service: str = "publisher") -> httpx.URL:
    """Return the address that a service sends the browser to."""
    with stack.client() as browser:
        started = browser.get(
            stack.endpoints.service("publisher" if service == "publisher" else "portal").mpassid_login_url
        )
        return httpx.URL(started.headers["location"])


def with_query(url: httpx.URL, **changed: str | None) -> str:
    """Return the address with parameters changed, or left out where None; the others keep their bytes."""
    pairs = []
    for pair in url.query.decode().split("&"):
        name = pair.partition("=")[0]
        value = changed.get(name, pair.partition("=")[2])
        if value is not None:
            pairs.append(f"{name}={quote(value, safe='') if name in changed else value}")
    return f"{url.copy_with(query=None)}?{'&'.join(pairs)}"


def inflated(url: httpx.URL) -> bytes:
    raw = base64.b64decode(url.params["SAMLRequest"])
    return zlib.decompress(raw, -zlib.MAX_WBITS)


def deflated(xml: bytes) -> str:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return base64.b64encode(packer.compress(xml) + packer.flush()).decode()


def asked(stack: InProcessStack, url: str) -> tuple[int, str | None]:
    with stack.client() as browser:
        response = browser.get(url)
        return response.status_code, reason(response)


def test_takes_the_request_it_is_sent(in_process: InProcessStack) -> None:
    """The twin of all that follows: the address as it came leads on."""
    assert asked(in_process, str(authn_request(in_process)))[0] == 303


RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        pytest.param({"Signature": None, "SigAlg": None}, "request-signature-missing", id="unsigned"),
        pytest.param({"Signature": None}, "request-signature-form", id="without signature value"),
        pytest.param({"RelayState": "another"}, "request-signature-invalid", id="another RelayState"),
        pytest.param({"RelayState": None}, "request-signature-invalid", id="without RelayState"),
        pytest.param({"SigAlg": RSA_SHA1}, "request-signature-algorithm", id="SHA-1"),
        pytest.param({"Signature": "AAAA"}, "request-signature-invalid", id="another signature"),
        pytest.param({"SAMLRequest": None}, "request-missing", id="without request"),
        pytest.param({"SAMLRequest": "%%%"}, "request-not-decodable", id="no base64"),
        pytest.param({"SAMLRequest": deflated(b"<a>")}, "request-not-xml", id="broken XML"),
        pytest.param(
            {"SAMLRequest": deflated(b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>')},
            "request-doctype",
            id="a document type",
        ),
        pytest.param({"SAMLRequest": deflated(b"<a/>")}, "request-wrong-message", id="another document"),
        pytest.param({"RelayState": "r" * 2_000}, "relay-state-too-large", id="a huge RelayState"),
    ],
)
def test_refuses_a_request_that_is_not_as_it_was_signed(
    in_process: InProcessStack, changed: dict[str, str | None], because: str
) -> None:
    """Each change of the address is refused by its own reason, on a page, and nothing is sent to the service."""
    status, found = asked(in_process, with_query(authn_request(in_process), **changed))

    assert (status, found) == (400, because)


def test_refuses_a_request_that_inflates_without_end(in_process: InProcessStack) -> None:
    """Two megabytes in three kilobytes are not unpacked."""
    url = with_query(authn_request(in_process), SAMLRequest=deflated(b"x" * 2_000_000))

    assert asked(in_process, url) == (413, "request-too-large")


def test_refuses_a_parameter_that_stands_twice(in_process: InProcessStack) -> None:
    """Which of the two was signed is nobody's guess."""
    url = f"{authn_request(in_process)}&RelayState=another"

    assert asked(in_process, url) == (400, "request-parameter-repeated")


@pytest.mark.parametrize(
    ("old", "new", "because"),
    [
        pytest.param(
            b"https://publisher.localhost/metadata", b"https://stranger.example/m", "service-unknown", id="unknown"
        ),
        pytest.param(
            b"https://publisher.localhost/metadata", b"&lt;script&gt;", "service-unknown", id="a script as issuer"
        ),
    ],
)
def test_refuses_an_unknown_service_without_repeating_its_name(
    in_process: InProcessStack, old: bytes, new: bytes, because: str
) -> None:
    """The issuer of a request that is not verified is not shown as markup."""
    url = authn_request(in_process)
    forged = with_query(url, SAMLRequest=deflated(inflated(url).replace(old, new)))
    with in_process.client() as browser:
        response = browser.get(forged)

    assert (response.status_code, reason(response)) == (403, because)
    assert "<script>" not in response.text


def test_refuses_an_unsigned_request_by_post(in_process: InProcessStack) -> None:
    """POST does not lead around the signature."""
    xml = inflated(authn_request(in_process)).replace(b"Redirect/SSO", b"POST/SSO")
    with in_process.client() as browser:
        response = browser.post(
            in_process.endpoints.proxy.sso_post_url, data={"SAMLRequest": base64.b64encode(xml).decode()}
        )

    assert (response.status_code, reason(response)) == (400, "request-signature-missing")


# --- garbage at every address -------------------------------------------------------------------------------------

GARBAGE = "PHNhbWxwOlJlc3BvbnNlLz4="  # <samlp:Response/>, a prefix without namespace

ADDRESSES = (
    ("proxy", "/idp/profile/SAML2/Redirect/SSO"),
    ("proxy", "/idp/profile/SAML2/POST/SSO"),
    ("proxy", "/Shibboleth.sso/SAML2/POST"),
    ("proxy", "/ShibMansikkala/Shibboleth.sso/SAML2/POST"),
    ("proxy", "/ShibNobody/Shibboleth.sso/SAML2/POST"),
    ("proxy", "/login/AAAAAAAAAAAAAAAAAAAAAA/school"),
    ("proxy", "/login/x/school"),
    ("proxy", "/nothing"),
    ("proxy", "/%00"),
    ("proxy", "/..%2f..%2fetc/passwd"),
    ("proxy", "/%ff"),
    ("idp", "/mansikkala/sso"),
    ("idp", "/nobody/sso"),
    ("idp", "/mansikkala/login"),
    ("idp", "/control/faults"),
    ("publisher", "/acs"),
    ("publisher", "/session.json"),
    ("publisher", "/nothing"),
    ("portal", "/acs"),
)

BODIES = (
    pytest.param({"data": {"SAMLResponse": GARBAGE, "SAMLRequest": GARBAGE, "RelayState": "x"}}, id="no SAML"),
    pytest.param({"data": {"SAMLResponse": "%", "SAMLRequest": "%"}}, id="no base64"),
    pytest.param({"data": {}}, id="empty form"),
    pytest.param(
        {"content": b"\xff\xfe\x00", "headers": {"content-type": "application/x-www-form-urlencoded"}}, id="bytes"
    ),
    pytest.param({"content": b"{]", "headers": {"content-type": "application/json"}}, id="broken JSON"),
    pytest.param({"content": b"x"}, id="no content type"),
    pytest.param({"data": {"SAMLResponse": "A" * 3_000_000}}, id="three megabytes"),
    pytest.param({"data": [("SAMLResponse", GARBAGE), ("SAMLResponse", GARBAGE)]}, id="twice"),
)


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize(("part", "path"), ADDRESSES)
def test_answers_garbage_with_a_page_and_a_4xx(
    in_process: InProcessStack, part: str, path: str, body: dict[str, object]
) -> None:
    """Whatever is posted, the answer is a client's error, without a traceback and without a 500."""
    if isinstance(body.get("data"), list):
        body = {
            "content": urlencode(body["data"]).encode(),  # type: ignore[arg-type]  # the list just above
            "headers": {"content-type": "application/x-www-form-urlencoded"},
        }
    with in_process.client() as browser:
        response = browser.post(f"{getattr(in_process.origins, part)}{path}", **body)  # type: ignore[arg-type]

    assert 400 <= response.status_code < 500
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    "query",
    ["", "SAMLRequest=%FF", "SAMLRequest=" + GARBAGE, "lang=%00", "x=" + "y" * 60_000, "q=" + "%F0%9F%98%80" * 50],
)
@pytest.mark.parametrize(("part", "path"), ADDRESSES)
def test_answers_a_garbage_query_with_a_page_and_a_4xx(
    in_process: InProcessStack, part: str, path: str, query: str
) -> None:
    """The same for GET."""
    with in_process.client() as browser:
        response = browser.get(f"{getattr(in_process.origins, part)}{path}?{query}")

    assert 400 <= response.status_code < 500
    assert "Traceback" not in response.text


# --- personal data ------------------------------------------------------------------------------------------------

PERSONAL = ("Testi1", "Oppilas1", "Kutsumanimi1", "1.2.246.562.98.10000000017", "demo_u0001", "MPASSOID")


def test_puts_no_personal_data_into_events(fresh_stack: InProcessStack) -> None:
    """Logins that succeed and logins that fail leave ids of messages and reasons, nothing of the person."""
    for person in ("demo_u0001", "demo_u0022", "demo_u0020"):
        login(fresh_stack, LoginPlan(find_person(fresh_stack.federation, person)))

    written = "\n".join(event_to_json(event) for event in fresh_stack.events())
    assert written
    assert [word for word in (*PERSONAL, "demo_u00", "1.2.246.562.98") if word in written] == []


def test_puts_no_personal_data_into_addresses_or_plain_cookies(in_process: InProcessStack) -> None:
    """What stands in the address bar, in a log of addresses or in a cookie tells nobody who signed in."""
    urls: list[str] = []
    with in_process.client() as browser:
        browser.event_hooks["request"].append(lambda request: urls.append(str(request.url)))

        login(in_process, LoginPlan(find_person(in_process.federation, "demo_u0001")), browser)

        cookies = [cookie.value or "" for cookie in browser.cookies.jar]
    seen = [value for url in urls for _, value in parse_qsl(urlsplit(url).query)] + urls + cookies
    assert [word for word in PERSONAL for text in seen if word in text or word in readable(text)] == []


def readable(text: str) -> str:
    """Return what base64 in the text says, as far as it says anything."""
    raw = text.replace("-", "+").replace("_", "/").encode("ascii", "ignore")
    found = []
    for piece in raw.split(b"."):
        try:
            decoded = base64.b64decode(piece + b"=" * (-len(piece) % 4))
        except ValueError:
            continue
        found.append(decoded.decode("latin-1"))
        try:
            found.append(zlib.decompress(decoded, -zlib.MAX_WBITS).decode("latin-1"))
        except zlib.error:
            continue
    return json.dumps(found)
