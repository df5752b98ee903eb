# SPDX-License-Identifier: Apache-2.0
"""What the browser without a screen does that an HTTP library does not."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from testbed.flow.browser import MAX_HOPS, Browser, FlowError, Hop, site
from testbed.flow.page import Form

A = "https://a.localhost"
B = "https://b.localhost"


def browser(answer: Callable[[httpx.Request], httpx.Response]) -> Browser:
    client = httpx.Client(transport=httpx.MockTransport(answer))
    return Browser(client, lambda url: url.split("/")[2].split(".")[0])


def post_form(action: str) -> Form:
    return Form(action, "POST", None, None, {"x": "1"}, ())


def test_follows_redirects_and_records_every_hop():
    """Each request stands in the list with who sent whom, and the end is the page without redirect."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "a.localhost":
            return httpx.Response(302, headers={"location": f"{B}/end"})
        return httpx.Response(200, html="<main data-page='picker'></main>")

    opened = browser(answer)

    page = opened.open(f"{A}/start", "start")

    assert page.url == f"{B}/end"
    assert opened.hops == [
        Hop("browser", "a", "GET", 302, "start"),
        Hop("a", "b", "GET", 200, "picker"),
    ]


def test_stops_in_a_circle():
    """A chain that sends the person round and round ends after the bounded number of hops."""
    opened = browser(lambda _: httpx.Response(302, headers={"location": f"{A}/again"}))

    with pytest.raises(FlowError, match=f"more than {MAX_HOPS} hops"):
        opened.open(f"{A}/start", "start")


@pytest.mark.parametrize(
    ("attributes", "arrives"),
    [
        pytest.param("Secure; SameSite=None", True, id="SameSite=None with Secure crosses sites"),
        pytest.param("SameSite=None", False, id="SameSite=None without Secure stays at home"),
        pytest.param("Secure; SameSite=Lax", False, id="Lax stays at home on a POST"),
        pytest.param("Secure; SameSite=Strict", False, id="Strict stays at home"),
        pytest.param("Secure", False, id="no SameSite counts as Lax"),
    ],
)
def test_sends_on_a_post_from_another_site_only_what_a_browser_sends(attributes: str, arrives: bool):  # noqa: FBT001
    """RFC 6265bis 5.2: a cross-site POST carries cookies that say SameSite=None and nothing else."""
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            seen.append(request.headers.get("cookie", ""))
        return httpx.Response(
            200, headers={"set-cookie": f"c=1; Path=/; {attributes}"} if "set" in request.url.path else {}
        )

    opened = browser(answer)
    opened.open(f"{B}/set", "")
    opened.open(f"{A}/form", "")

    opened.submit(post_form(f"{B}/acs"), {}, "")

    assert seen == ["c=1" if arrives else ""]


def test_sends_a_lax_cookie_on_a_link_from_another_site():
    """A navigation by GET carries Lax cookies."""
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/set":
            return httpx.Response(200, headers={"set-cookie": "c=1; Path=/; Secure; SameSite=Lax"})
        if request.url.host == "a.localhost":
            return httpx.Response(302, headers={"location": f"{B}/page"})
        seen.append(request.headers.get("cookie", ""))
        return httpx.Response(200)

    opened = browser(answer)
    opened.open(f"{B}/set", "")

    opened.open(f"{A}/link", "")

    assert seen == ["c=1"]


@pytest.mark.parametrize(
    ("url", "its_site"),
    [
        ("http://localhost:8000/x", ("http", "localhost")),
        ("http://localhost:8001/", ("http", "localhost")),
        ("https://mpass.localhost/", ("https", "mpass.localhost")),
        ("https://idp.localhost:8443/", ("https", "idp.localhost")),
    ],
)
def test_knows_the_site_of_an_address(url: str, its_site: tuple[str, str]):
    """Ports on one host are one site; each name below localhost is its own."""
    assert site(url) == its_site


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("SAMLRequest=x", "AuthnRequest"),
        ("returnUrl=x&h=y", "request to Wilma"),
        ("nonce=x&username=veera&h=y", "answer of Wilma"),
        ("nonce=x&cancelled=true&h=y", "answer of Wilma"),
        ("return_to=x&nonce=y", "request to Opinsys"),
        ("q=veera", "search"),
    ],
)
def test_names_what_a_hop_carries(query: str, word: str):
    """By the names of its parameters alone: no value of a login stands in a hop."""
    opened = browser(lambda _: httpx.Response(200))

    opened.open(f"{A}/x?{query}", "search")

    assert opened.hops == [Hop("browser", "a", "GET", 200, word)]


def test_names_a_posted_token():
    """A token of Opinsys is known by its field."""
    opened = browser(lambda _: httpx.Response(200))

    opened.submit(Form(f"{A}/x", "POST", None, None, {"jwt": "a.b.c"}, ()), {}, "x")

    assert opened.hops[0].what == "token of Opinsys"
