# SPDX-License-Identifier: Apache-2.0
"""Style sheets, scripts and icons: read at start, addressed by content, served in front of the app."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from party.pages.look import look_style_sheet
from party.pages.security_headers import NO_SNIFF

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATIC_PATH: Final = "/static/"
CONTENT_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOR_EVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class StaticFile:
    """A file's bytes, its media type, and the part of its hash that stands in addresses."""

    content: bytes
    content_type: str
    version: str


class StaticSource(Protocol):
    """Who knows the static files by name."""

    def static_file(self, name: str) -> StaticFile | None:
        """Return the file, `None` where there is none of that name."""


def read_static_files(folders: Sequence[Path]) -> dict[str, StaticFile]:
    """Return the files of these folders by name; raises `ValueError` for a name that stands in two of them."""
    files: dict[str, StaticFile] = {}
    for folder in folders:
        for path in sorted(folder.glob("*")):
            if path.name in files:
                message = f"{path}: another folder has a static file of this name"
                raise ValueError(message)
            files[path.name] = make_static_file(path.name, path.read_bytes())
    return files


def make_static_file(name: str, content: bytes) -> StaticFile:
    """Return a file with its media type by its suffix; raises `KeyError` for a suffix that no page needs."""
    return StaticFile(content, CONTENT_TYPES[Path(name).suffix], hashlib.sha256(content).hexdigest()[:12])


def look_file(name: str) -> StaticFile | None:
    """Return the generated style sheet of that name, `None` where the name is not of its form."""
    content = look_style_sheet(name)
    return None if content is None else make_static_file(name, content)


class StaticFiles:
    """WSGI middleware that serves GET and HEAD of the static files and hands everything else on."""

    def __init__(self, app: WSGIApplication, source: StaticSource) -> None:
        """Serve the files of `source` in front of `app`."""
        self._app = app
        self._source = source

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with a file, cached for ever where the address carries its version."""
        path: str = environ.get("PATH_INFO", "")
        if not path.startswith(STATIC_PATH) or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self._app(environ, start_response)
        file = self._source.static_file(path.removeprefix(STATIC_PATH))
        if file is None:
            return self._app(environ, start_response)
        is_versioned = environ.get("QUERY_STRING", "") == f"v={file.version}"
        start_response(
            "200 OK",
            [
                ("Content-Type", file.content_type),
                ("Content-Length", str(len(file.content))),
                ("Cache-Control", _FOR_EVER if is_versioned else "no-cache"),
                ("Content-Security-Policy", "default-src 'none'"),
                ("Cross-Origin-Resource-Policy", "same-origin"),
                NO_SNIFF,
            ],
        )
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else file.content]
