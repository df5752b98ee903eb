# SPDX-License-Identifier: Apache-2.0
"""Pages on the common skeleton."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2 import TemplateSyntaxError, UndefinedError
from lxml import html

from federation.model import LANGUAGES, Language, Names
from party.pages import Action, Contact, ContinueForm, ErrorPage, MessageError, Pages
from tests.builders.pages import LOOK, catalogue, shared_pages, write_room

PAGES = shared_pages()
PLAIN = ErrorPage(
    heading="Jotain meni pieleen",
    happened="Koulusi ei käytä tätä kirjautumista.",
    reason_id="school-not-activated",
    at=datetime(2025, 8, 12, 7, 58, 12, tzinfo=UTC),
)
FULL = replace(
    PLAIN,
    advice=("Kirjaudu omalla tunnuksella.", "Ota yhteyttä koulun rekisterin vastuuhenkilöön."),
    action=Action("Omalla tunnuksella", "/kirjaudu/oma"),
    continue_form=ContinueForm(
        "Takaisin palveluun", "http://localhost:8002/acs", {"SAMLResponse": 'a"b', "RelayState": "x y"}
    ),
    contact=Contact("apu@kustantaja.example", "09 000 0000", "ma–pe 10–14", form_url="/yhteys"),
    number=105,
    request_id="_abc",
    detail="Error code 105: MPASS users school(s) are not Kustantaja MPASS schools.",
)


def refused(
    page: ErrorPage = PLAIN, language: Language = "fi", address: str | None = "/x?q=a&name=b"
) -> html.HtmlElement:
    """Return an error page as a tree."""
    return html.fromstring(PAGES.refusal(language, page, address=address))


def test_an_error_page_reads_from_what_happened_to_the_details() -> None:
    """What happened, what to do, whom to ask; then the folded part, for whoever solves it."""
    main = refused(FULL).get_element_by_id("main")

    assert " ".join(" ".join(main.itertext()).split()) == (
        "Jotain meni pieleen Koulusi ei käytä tätä kirjautumista. Kirjaudu omalla tunnuksella. "
        "Ota yhteyttä koulun rekisterin vastuuhenkilöön. Omalla tunnuksella Takaisin palveluun "
        "Kysy neuvoa Sähköposti apu@kustantaja.example Puhelin 09 000 0000 Palveluajat ma–pe 10–14 "
        "Täytä yhteydenottolomake Tiedot ongelman selvittäjälle Virhenumero 105 Syy school-not-activated "
        "Aika 2025-08-12T07:58:12Z Pyynnön tunniste _abc "
        "Viesti Error code 105: MPASS users school(s) are not Kustantaja MPASS schools. Kopioi tiedot"
    )


def test_an_error_page_carries_its_marks() -> None:
    """Headless flows and other people's scripts read these."""
    page = refused(FULL)

    assert {item.get("data-field"): item.text_content() for item in page.iter("dd") if item.get("data-field")} == {
        "error-number": "105",
        "reason": "school-not-activated",
        "time": "2025-08-12T07:58:12Z",
        "request-id": "_abc",
        "detail": "Error code 105: MPASS users school(s) are not Kustantaja MPASS schools.",
    }
    assert page.xpath("//details[not(@open)]//dd/@data-field")[0] == "error-number"


def test_the_way_on_is_a_form() -> None:
    """The service gets its error response when the person chooses to continue; values are kept byte for byte."""
    form = refused(FULL).forms[0]

    assert form.get("data-purpose") == "continue"
    assert (form.method, form.action) == ("POST", "http://localhost:8002/acs")
    assert dict(form.fields) == {"SAMLResponse": 'a"b', "RelayState": "x y"}


def test_what_is_not_known_is_not_shown() -> None:
    """No empty rows, no contact without a contact, no form without a service."""
    page = refused(PLAIN)

    assert page.xpath("//dd/@data-field") == ["reason", "time"]
    assert page.forms == []
    assert page.xpath("//section") == []


def test_texts_are_escaped() -> None:
    """What came from elsewhere is text on every page."""
    page = replace(PLAIN, heading="<b>&", happened="<script>1</script>", reason_id="'\"><img>", detail="</dl>")

    text = PAGES.refusal("fi", page, address="/x?q=%22%3E%3Cscript%3E")

    assert "<b>" not in text
    assert "<script>1" not in text
    assert "<img>" not in text
    assert "%22%3E%3Cscript%3E" in text
    assert html.fromstring(text).findtext(".//title") == "<b>& – Mansikkala"


@pytest.mark.parametrize(
    ("language", "name", "strip"),
    [
        ("fi", "Mansikkala", "Testiympäristö – henkilöt ja tiedot ovat keksittyjä"),
        ("sv", "Jordgubbsby", "Testmiljö – personerna och uppgifterna är påhittade"),
        ("en", "Mansikkala municipality", "Test environment – the people and data are invented"),
    ],
)
def test_the_skeleton_speaks_the_page_s_language(language: Language, name: str, strip: str) -> None:
    """Language, title, name of the party and the strip."""
    page = refused(language=language)

    assert page.get("lang") == language
    assert page.findtext(".//title") == f"Jotain meni pieleen – {name}"
    assert page.find_class("party-name")[0].text == name
    assert page.find_class("strip")[0].text == strip


def test_language_links_keep_the_page() -> None:
    """Each link is in its own language and carries only parameters that are allowed to stay."""
    links = refused(language="sv").xpath("//nav//a")

    assert [(link.text, link.get("href"), link.get("lang"), link.get("hreflang")) for link in links] == [
        ("Suomi", "/x?q=a&lang=fi", "fi", "fi"),
        ("Svenska", "/x?q=a&lang=sv", "sv", "sv"),
        ("English", "/x?q=a&lang=en", "en", "en"),
    ]
    assert [link.get("aria-current") for link in links] == [None, "true", None]


def test_an_answer_to_a_post_has_no_language_links() -> None:
    """A link would ask for it by GET and lead to nothing."""
    assert refused(address=None).xpath("//nav") == []


def test_a_page_can_look_like_another_party() -> None:
    """One app serves every municipality, each with its name and colour."""
    look = replace(LOOK, name=Names(fi="Metsälän kunta"), accent="#7a1f5f")

    page = html.fromstring(PAGES.refusal("sv", PLAIN, address=None, look=look))

    assert page.find_class("party-name")[0].text == "Metsälän kunta"
    assert [link.get("href").partition("?")[0] for link in page.xpath("//link[@rel='stylesheet']")] == [
        "/static/style.css",
        "/static/look-7a1f5f-b17da2.css",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_stands_inline(language: Language) -> None:
    """The Content-Security-Policy would block it: no style, no script text, no handler."""
    page = refused(FULL, language)

    assert page.xpath("//style | //script[not(@src)] | //@style | //@onclick | //@onload | //@onsubmit") == []


def test_a_saml_message_is_carried_by_a_form_that_works_without_javascript() -> None:
    """submit.js sends it at once; else the button does."""
    text = PAGES.render(
        "saml_post.html",
        "fi",
        address=None,
        action="http://localhost:8002/acs",
        fields={"SAMLResponse": "PHg+", "RelayState": "ä&<"},
    )
    page = html.fromstring(text)
    form = page.forms[0]

    assert form.get("data-purpose") == "saml-post"
    assert (form.method, form.action) == ("POST", "http://localhost:8002/acs")
    assert dict(form.fields) == {"SAMLResponse": "PHg+", "RelayState": "ä&<"}
    assert form.xpath("button[@type='submit']")[0].text == "Jatka"
    assert "/static/submit.js?v=" in text


def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str) -> str:
    """Return the name of a package with one page and one message."""
    name = "room_" + tmp_path.name.replace("-", "_")
    texts = dict.fromkeys(LANGUAGES, catalogue(room__heading="Valitse koulu"))
    write_room(tmp_path / name, catalogues=texts, templates={"page.html": template})
    monkeypatch.syspath_prepend(str(tmp_path))
    return name


def test_a_party_s_page_extends_the_skeleton(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Heading, marks and content are the page's, the title follows the heading."""
    template = (
        '{% extends "skeleton.html" %}'
        '{% block main_attributes %}data-page="picker"{% endblock %}'
        '{% block heading %}{{ _("room.heading") }} <em>nyt</em>{% endblock %}'
        "{% block content %}<p>{{ text }}</p>{% endblock %}"
    )
    pages = Pages(room(tmp_path, monkeypatch, template), LOOK)

    page = html.fromstring(pages.render("page.html", "fi", address="/", text="<x>"))

    assert page.findtext(".//title") == "Valitse koulu nyt – Mansikkala"
    assert [heading.text_content() for heading in page.iter("h1")] == ["Valitse koulu nyt"]
    assert page.get_element_by_id("main").get("data-page") == "picker"
    assert page.xpath("//main/p")[0].text == "<x>"


@pytest.mark.parametrize(
    ("template", "error", "text"),
    [
        pytest.param('{{ _("room.other") }}', MessageError, r"page\.html: no message 'room\.other'", id="a message"),
        pytest.param('{{ static("x.js") }}', LookupError, r"no static file 'x\.js'", id="a static file"),
        pytest.param("{% if %}", TemplateSyntaxError, "Expected an expression", id="its own syntax"),
    ],
)
def test_a_party_does_not_start_with_a_broken_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str, error: type[Exception], text: str
) -> None:
    """What a template lacks is found when the pages are read."""
    with pytest.raises(error, match=text):
        Pages(room(tmp_path, monkeypatch, template), LOOK)


def test_a_look_that_names_no_message_is_found_at_start() -> None:
    """A part's name stands on every page."""
    with pytest.raises(MessageError, match=r"no message 'party\.nobody' in fi"):
        Pages("party", replace(LOOK, owner="party.nobody"))


def test_a_value_that_was_not_given_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is never shown with a hole in it."""
    pages = Pages(room(tmp_path, monkeypatch, "{{ text }}"), LOOK)

    with pytest.raises(UndefinedError, match="'text' is undefined"):
        pages.render("page.html", "fi", address="/")


def test_a_page_never_links_elsewhere_by_its_address() -> None:
    """An address is a path of this origin."""
    with pytest.raises(ValueError, match="same origin"):
        refused(address="//elsewhere.example")
