# SPDX-License-Identifier: Apache-2.0
"""Cookie names, attributes and headers."""

import pytest

from party.cookies import (
    cookie_attributes,
    cookie_name,
    cookies_of,
    delete_cookie,
    folder_cookie_name,
    set_cookie,
    set_folder_cookie,
)

HTTP = "http://localhost:8000"
HTTPS = "https://mpass.localhost"


@pytest.mark.parametrize(
    ("part", "origin", "name"),
    [
        pytest.param("proxy", HTTP, "mpass-8000-lang", id="the proxy on a port"),
        pytest.param("portal", "http://localhost:9003", "portal-9003-lang", id="the portal on a moved port"),
        pytest.param("proxy", HTTPS, "__Host-mpass-443-lang", id="https without a port"),
        pytest.param("idp", "https://idp.localhost:8443", "__Host-idp-8443-lang", id="https with a port"),
    ],
)
def test_a_name_carries_component_and_port(part: str, origin: str, name: str) -> None:
    """Browsers send localhost cookies to every port, so the name must tell whose it is."""
    assert cookie_name(part, origin, "lang") == name


@pytest.mark.parametrize(
    ("origin", "cross_site", "header"),
    [
        pytest.param(HTTPS, True, "n=v; Path=/; HttpOnly; Max-Age=900; Secure; SameSite=None", id="https, cross-site"),
        pytest.param(HTTPS, False, "n=v; Path=/; HttpOnly; Max-Age=900; Secure; SameSite=Lax", id="https, same site"),
        pytest.param(HTTP, True, "n=v; Path=/; HttpOnly; Max-Age=900", id="http, cross-site"),
        pytest.param(HTTP, False, "n=v; Path=/; HttpOnly; Max-Age=900; SameSite=Lax", id="http, same site"),
    ],
)
def test_attributes_follow_scheme_and_use(origin: str, *, cross_site: bool, header: str) -> None:
    """On http browsers refuse SameSite=None, on https a cross-site POST loses everything else."""
    assert set_cookie(origin, "n", "v", cross_site=cross_site, max_age=900) == header


def test_a_cookie_without_an_age_goes_with_the_browser() -> None:
    """A session cookie has no Max-Age."""
    assert set_cookie(HTTP, "n", "v", cross_site=True) == "n=v; Path=/; HttpOnly"


def test_deleting_keeps_the_attributes() -> None:
    """A browser drops a Secure cookie only when the deletion is Secure as well."""
    assert delete_cookie(HTTPS, "n", cross_site=True) == "n=; Path=/; HttpOnly; Max-Age=0; Secure; SameSite=None"


def test_flask_gets_the_same_attributes() -> None:
    """Flask's set_cookie takes them as keywords."""
    assert cookie_attributes(HTTPS, cross_site=True) == {
        "path": "/",
        "httponly": True,
        "secure": True,
        "samesite": "None",
    }


@pytest.mark.parametrize("value", ["a;b", "a b", "a,b", 'a"b', "a\\b", "a\r\nSet-Cookie: x=y", "ä", "a\x00"])
def test_refuses_a_value_that_would_break_out(value: str) -> None:
    """A value with separators would become attributes or headers of its own."""
    with pytest.raises(ValueError, match="need encoding"):
        set_cookie(HTTP, "n", value, cross_site=False)


@pytest.mark.parametrize("name", ["", "a b", "a=b", "a;b", "a\n", "x" * 129])
def test_refuses_a_name_that_is_none(name: str) -> None:
    """Names are ours to choose, so a broken one is a mistake in the code."""
    with pytest.raises(ValueError, match="is no cookie name"):
        set_cookie(HTTP, name, "v", cross_site=False)


@pytest.mark.parametrize(
    ("header", "cookies"),
    [
        pytest.param(None, {}, id="no header"),
        pytest.param("", {}, id="an empty header"),
        pytest.param("a=1; b=2", {"a": "1", "b": "2"}, id="two cookies"),
        pytest.param("a=1;b=2;", {"a": "1", "b": "2"}, id="no spaces and a trailing semicolon"),
        pytest.param("a=1; a=2", {"a": "1"}, id="a repeated name: the first counts"),
        pytest.param("a=b=c==", {"a": "b=c=="}, id="equal signs in the value"),
        pytest.param("nonsense; a=1", {"a": "1"}, id="something that is no cookie"),
        pytest.param('a="quoted"; b=2', {"b": "2"}, id="a quoted value, which we never set"),
        pytest.param("ä=1; b=ä; c=3", {"c": "3"}, id="letters no cookie has"),
        pytest.param("a=", {"a": ""}, id="an empty value"),
    ],
)
def test_reads_a_cookie_header(header: str | None, cookies: dict[str, str]) -> None:
    """Whatever a browser or a stranger sends, the well-formed cookies come out and nothing raises."""
    assert cookies_of(header) == cookies


def test_reads_at_most_a_hundred_cookies() -> None:
    """A header full of cookies costs no more than a hundred."""
    header = "; ".join(f"c{number}=x" for number in range(1000))

    assert len(cookies_of(header)) == 100


@pytest.mark.parametrize(
    ("origin", "name", "header"),
    [
        pytest.param(HTTP, "idp-8000-x", "; Path=/a; HttpOnly; Max-Age=60; SameSite=Strict", id="http"),
        pytest.param(
            HTTPS, "__Secure-idp-443-x", "; Path=/a; HttpOnly; Max-Age=60; Secure; SameSite=Strict", id="https"
        ),
    ],
)
def test_a_cookie_that_opens_a_folder_goes_there_only_and_from_nowhere_else(
    origin: str, name: str, header: str
) -> None:
    """It has the folder's path and is strict; a browser takes no `__Host-` name with a path of its own."""
    found = folder_cookie_name("idp", origin, "x")

    assert (found, set_folder_cookie(origin, found, "v", folder="/a", max_age=60)) == (name, f"{name}=v{header}")
