# SPDX-License-Identifier: Apache-2.0
"""What a generated login finds on a page by plain search, and what it does not find."""

from __future__ import annotations

import pytest

from loadtests.pages import PostedForm, form_of, kind_of, reason_of

POST = b"""<body><header data-page="not-this"></header>
<main id="main" tabindex="-1" data-page="saml-post">
<form data-purpose="saml-post" method="post" action="https://mpass.localhost/acs?a=1&amp;b=2" data-once>
<input type="hidden" name="SAMLResponse" value="PHNhbWw+/w==">
<input type="hidden" name="RelayState" value="a &#34;b&#34;">
<button type="submit">Jatka</button></form>
<form data-purpose="other" method="post"><input type="hidden" name="not" value="this"></form></main>"""


def test_the_kind_stands_on_the_main_part() -> None:
    """A mark elsewhere is no mark of the page."""
    assert kind_of(POST) == "saml-post"


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(b"", id="there is nothing"),
        pytest.param(b"<main><p>Bad Gateway</p></main>", id="another server's page"),
        pytest.param(b'<main id="main"><p data-page="picker">', id="the mark is not the main part's"),
        pytest.param(b'<main id="main" data-page="pick', id="the page was cut off"),
    ],
)
def test_a_page_without_a_mark_has_no_kind(page: bytes) -> None:
    """Nothing is guessed."""
    assert kind_of(page) == ""


def test_a_form_is_read_with_its_hidden_fields_alone() -> None:
    """Entities are undone; what belongs to another form stays there."""
    form = form_of(POST, "saml-post")

    assert form == PostedForm(
        "https://mpass.localhost/acs?a=1&b=2", {"SAMLResponse": "PHNhbWw+/w==", "RelayState": 'a "b"'}
    )


def test_a_form_without_an_address_is_posted_to_its_own_page() -> None:
    """The municipalities' login form has none."""
    page = b'<form data-purpose="login" method="post"><input type="hidden" name="login" value="x"></form>'

    assert form_of(page, "login") == PostedForm(None, {"login": "x"})


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(POST.replace(b'data-purpose="saml-post"', b""), id="there is none of the purpose"),
        pytest.param(POST[: POST.find(b"</form>")], id="the page was cut off before its end"),
    ],
)
def test_a_form_that_is_not_there_is_none(page: bytes) -> None:
    """The login then ends as one that found an unexpected page."""
    assert form_of(page, "saml-post") is None


def test_what_is_posted_is_quoted_as_a_browser_does() -> None:
    """A message in base64 takes a shorter way, which must come to the same."""
    form = PostedForm(None, {"SAMLResponse": "ab+/c==", "RelayState": "ä &="})

    body = form.body(answer="accept")

    assert body == b"SAMLResponse=ab%2B%2Fc%3D%3D&RelayState=%C3%A4+%26%3D&answer=accept"


def test_a_reason_is_read_where_a_page_gives_one() -> None:
    """Reason ids are part of the public surface."""
    page = b'<dl><dd data-field="reason">school-not-activated</dd></dl>'

    assert (reason_of(page), reason_of(POST)) == ("school-not-activated", None)
