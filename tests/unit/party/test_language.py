# SPDX-License-Identifier: Apache-2.0
"""Which language a person reads."""

import pytest

from party.language import LanguageLink, choose_language, language_cookie, language_links, language_of

ORIGIN = "http://localhost:8000"


@pytest.mark.parametrize(
    ("query", "cookie", "accept", "language"),
    [
        pytest.param("sv", "en", "fi", "sv", id="the address comes first"),
        pytest.param(None, "en", "sv", "en", id="then what the browser remembers"),
        pytest.param(None, None, "sv", "sv", id="then what it prefers"),
        pytest.param(None, None, None, "fi", id="else Finnish"),
        pytest.param("de", "xx", "sv", "sv", id="an unknown language counts as none"),
        pytest.param("SV", None, None, "fi", id="our parameter is written in small letters"),
        pytest.param("", "", "", "fi", id="empty values"),
        pytest.param(None, None, "sv-FI,sv;q=0.9,fi;q=0.8", "sv", id="finlandssvenska"),
        pytest.param(None, None, "de, en;q=0.5, fi;q=0.7", "fi", id="the greatest weight of ours"),
        pytest.param(None, None, "en;q=0, sv;q=0.1", "sv", id="weight nought is a refusal"),
        pytest.param(None, None, "sv;q=nan, en;q=0.2", "en", id="a weight that is no number"),
        pytest.param(None, None, "sv;q=9, en;q=0.2", "en", id="a weight above one"),
        pytest.param(None, None, "sv;level=1, en;q=0.2", "en", id="another parameter"),
        pytest.param(None, None, "de" + ",xx" * 400 + ",en", "fi", id="a header longer than any browser's is cut"),
    ],
)
def test_chooses_the_language(query: str | None, cookie: str | None, accept: str | None, language: str) -> None:
    """Address, then cookie, then Accept-Language, then Finnish."""
    assert choose_language(query, cookie, accept) == language


def test_reads_the_language_of_a_request() -> None:
    """The parameter, the part's own cookie and the header are all in the WSGI environment."""
    assert language_of("proxy", ORIGIN, {"QUERY_STRING": "a=1&lang=en"}) == "en"
    assert language_of("proxy", ORIGIN, {"HTTP_COOKIE": "mpass-8000-lang=sv; idp-8001-lang=en"}) == "sv"
    assert language_of("proxy", ORIGIN, {"HTTP_ACCEPT_LANGUAGE": "en"}) == "en"
    assert language_of("proxy", ORIGIN, {}) == "fi"


def test_a_query_of_very_many_parameters_is_no_trap() -> None:
    """More parameters than any page of ours has count as none."""
    assert language_of("proxy", ORIGIN, {"QUERY_STRING": "&".join(["a=1"] * 101 + ["lang=en"])}) == "fi"


def test_remembers_the_language_for_a_year() -> None:
    """The language is not personal, so its cookie stands in clear."""
    assert language_cookie("proxy", ORIGIN, "sv") == (
        "mpass-8000-lang=sv; Path=/; HttpOnly; Max-Age=31536000; SameSite=Lax"
    )


def test_links_lead_to_the_same_page_in_each_language() -> None:
    """Each link is named in its own language and keeps only the harmless parameters."""
    links = language_links("/login/abc/school?q=mansikka&lang=sv&name=Testi31", {"q"}, "sv")

    assert links == (
        LanguageLink("fi", "Suomi", "/login/abc/school?q=mansikka&lang=fi", is_current=False),
        LanguageLink("sv", "Svenska", "/login/abc/school?q=mansikka&lang=sv", is_current=True),
        LanguageLink("en", "English", "/login/abc/school?q=mansikka&lang=en", is_current=False),
    )


def test_links_keep_a_search_in_any_letters() -> None:
    """What was searched for comes through encoded."""
    links = language_links("/x?q=%C3%A5bo+%26", {"q"}, "fi")

    assert links[1].url == "/x?q=%C3%A5bo+%26&lang=sv"


@pytest.mark.parametrize(
    "address", ["//elsewhere.example/", "/\\elsewhere.example", "https://elsewhere.example/", "x", ""]
)
def test_links_never_lead_elsewhere(address: str) -> None:
    """An address of another origin is a mistake in the code, or an attempt at an open redirect."""
    with pytest.raises(ValueError, match="same origin"):
        language_links(address, (), "fi")
