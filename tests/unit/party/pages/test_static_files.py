# SPDX-License-Identifier: Apache-2.0
"""Style sheets, scripts and icons."""

import re
from pathlib import Path

import pytest

from party.pages.static_files import StaticFiles, read_static_files
from tests.builders.pages import shared_pages
from tests.builders.wsgi import Answer, ask, request

PAGES = shared_pages()
STATIC = Path(__file__).parents[4] / "party" / "pages" / "static"


def app(_environ, start_response):  # noqa: ANN001 -- WSGI's own shape
    """Answer as the part's app."""
    start_response("404 Not Found", [])
    return [b"the app"]


def asked(path: str, query: str = "", method: str = "GET") -> Answer:
    """Return what is answered in front of the app."""
    return ask(StaticFiles(app, PAGES), request(method, path, QUERY_STRING=query))


def test_a_file_is_cached_for_ever_under_its_version() -> None:
    """The address changes with the content."""
    file = PAGES.static_file("style.css")

    answer = asked("/static/style.css", query=f"v={file.version}" if file else "")

    assert answer.status == "200 OK"
    assert answer.body == (STATIC / "style.css").read_bytes()
    assert answer.headers == [
        ("Content-Type", "text/css; charset=utf-8"),
        ("Content-Length", str(len(answer.body))),
        ("Cache-Control", "public, max-age=31536000, immutable"),
        ("Content-Security-Policy", "default-src 'none'"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
    ]


@pytest.mark.parametrize("query", ["", "v=", "v=000000000000"])
def test_a_file_without_its_version_is_asked_for_again(query: str) -> None:
    """An old address must not keep a new file, nor the other way round."""
    assert asked("/static/style.css", query=query).header("Cache-Control") == "no-cache"


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("submit.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("look-1f5f3f-8fd3b0.css", "text/css; charset=utf-8"),
    ],
)
def test_a_file_has_its_media_type(name: str, content_type: str) -> None:
    """With nosniff a browser runs no script and applies no style of another type."""
    assert asked(f"/static/{name}").header("Content-Type") == content_type


def test_head_gets_headers_only() -> None:
    """The length is the file's."""
    answer = asked("/static/icon.svg", method="HEAD")

    assert answer.body == b""
    assert answer.header("Content-Length") == str((STATIC / "icon.svg").stat().st_size)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/static/"),
        ("GET", "/static/nothing.css"),
        ("GET", "/static/../look.py"),
        ("GET", "/static//style.css"),
        ("GET", "/static/style.css/"),
        ("GET", "/style.css"),
        ("POST", "/static/style.css"),
    ],
)
def test_everything_else_is_the_app_s(method: str, path: str) -> None:
    """Only known names are files; no path leads to the disk."""
    assert asked(path, method=method).body == b"the app"


def test_a_name_stands_in_one_folder_only(tmp_path: Path) -> None:
    """A party's file must not hide a shared one."""
    (tmp_path / "style.css").write_text("body {}")

    with pytest.raises(ValueError, match=r"style\.css: another folder has a static file of this name"):
        read_static_files([STATIC, tmp_path])


@pytest.mark.parametrize("path", sorted(STATIC.iterdir()), ids=lambda path: path.name)
def test_no_file_asks_for_anything_from_elsewhere(path: Path) -> None:
    """No font, image or script of another origin."""
    text = path.read_text()

    assert "SPDX-License-Identifier: Apache-2.0" in text.splitlines()[0]
    assert (
        re.findall(r"(?:https?:)?//[a-z0-9.]+\.[a-z]+|@import|url\(", text.replace("http://www.w3.org/2000/svg", ""))
        == []
    )
