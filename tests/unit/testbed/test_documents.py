# SPDX-License-Identifier: Apache-2.0
"""Fetching documents: files, addresses, bounds, and what was kept."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from federation.errors import InputError
from federation.own_parts import OwnPart, Role
from testbed.documents import fetch, find_documents
from testbed.own_parts import Found, copy_path

MEGABYTE = 1024 * 1024


class _Publisher(BaseHTTPRequestHandler):
    """Publishes one document under several addresses, good and bad."""

    def do_GET(self) -> None:
        path, _, count = self.path.partition("?")
        if path == "/away":
            left = int(count)
            self._answer(302, b"", Location=f"/away?{left - 1}" if left else "/metadata")
        elif path == "/elsewhere":
            self._answer(302, b"", Location="file:///etc/hostname")
        elif path == "/large":
            self._answer(200, b"x" * (MEGABYTE + 1))
        elif path == "/full":
            self._answer(200, b"x" * MEGABYTE)
        elif path == "/metadata":
            self._answer(200, b"<metadata/>")
        else:
            self._answer(503, b"busy")

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """Run the publisher of documents."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Publisher) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def found(metadata: str, tmp_path: Path, certificate: str | None = None) -> Found:
    """Return what is found of one service, declared in `tmp_path` and with a state folder below it."""
    part = OwnPart(Role.SERVICE, "mine", metadata, certificate)
    return find_documents([part], tmp_path, tmp_path / "state")[part]


def test_reads_a_file_beside_the_declaration(tmp_path: Path) -> None:
    """A relative name counts from the declaration's folder."""
    (tmp_path / "sp.xml").write_bytes(b"<metadata/>")

    assert found("sp.xml", tmp_path) == Found(b"<metadata/>")


@pytest.mark.parametrize("path", ["/metadata", "/away?0", "/away?2"])
def test_reads_an_address(origin: str, tmp_path: Path, path: str) -> None:
    """At most three redirects are followed."""
    assert found(origin + path, tmp_path) == Found(b"<metadata/>")


def test_reads_a_document_as_large_as_is_allowed(origin: str) -> None:
    """The twin of the one that is a byte larger."""
    assert len(fetch(f"{origin}/full")) == MEGABYTE


@pytest.mark.parametrize(
    ("path", "problem", "is_unanswered"),
    [
        pytest.param("/away?3", "leads on more than 3 times; give the address at the end", False, id="redirects four times"),
        pytest.param("/elsewhere", "leads from http to file; give the address it should be had from", False, id="leads to a file"),
        pytest.param("/large", "is larger than 1024 kB; take this party's own document", False, id="gives a byte too much"),
        pytest.param("/busy", "answers 503 instead of a document", True, id="gives an error"),
    ],
)  # fmt: skip
def test_says_that_an_address(origin: str, tmp_path: Path, path: str, problem: str, *, is_unanswered: bool) -> None:
    """What is wrong with the document is told apart from an address that gives none."""
    assert found(origin + path, tmp_path) == Found(problem=problem, is_unanswered=is_unanswered)


def test_says_that_nobody_answers(tmp_path: Path) -> None:
    """A refused connection is no document."""
    assert found("http://127.0.0.1:1/metadata", tmp_path) == Found(
        problem="does not answer ([Errno 111] Connection refused)", is_unanswered=True
    )


def test_does_not_wait_for_an_address_that_never_ends(tmp_path: Path) -> None:
    """All addresses together have their time, whatever arrives meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        part = OwnPart(Role.SERVICE, "mine", f"http://127.0.0.1:{server.getsockname()[1]}/metadata")
        answer = find_documents([part], tmp_path, tmp_path / "state", seconds=0.2)[part]

    assert answer == Found(problem="does not answer within 0.2 s", is_unanswered=True)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        pytest.param("none.xml", "there is no such file; it is looked for from the declaration's folder", id="is not there"),
        pytest.param("folder", "is no file; name the document itself", id="is a folder"),
        pytest.param("pipe", "is no file; name the document itself", id="is a pipe"),
        pytest.param("large.xml", "is larger than 1024 kB; take this party's own document", id="is too large"),
        pytest.param("a\0b", "cannot be read (no name of a file)", id="has no name of a file"),
    ],
)  # fmt: skip
def test_says_that_a_file(tmp_path: Path, name: str, problem: str) -> None:
    """Each fault of a file has its words, and none makes it wait."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large.xml").write_bytes(b"x" * (MEGABYTE + 1))

    assert found(name, tmp_path) == Found(problem=problem)


def test_finds_certificate_and_copy(tmp_path: Path) -> None:
    """What is kept lies in the state folder, by part and address."""
    part = OwnPart(Role.SERVICE, "mine", "sp.xml", "signer.crt")
    copy = tmp_path / "state" / copy_path(part)
    copy.parent.mkdir(parents=True)
    copy.write_bytes(b"<copy/>")
    (tmp_path / "signer.crt").write_bytes(b"PEM")

    assert find_documents([part], tmp_path, tmp_path / "state")[part] == Found(
        problem="there is no such file; it is looked for from the declaration's folder",
        certificate=b"PEM",
        copy=b"<copy/>",
    )


def test_says_that_a_certificate_is_not_there(tmp_path: Path) -> None:
    """It is another fault than that of the metadata."""
    (tmp_path / "sp.xml").write_bytes(b"<metadata/>")

    assert found("sp.xml", tmp_path, "signer.crt").certificate_problem == (
        "metadata_certificate signer.crt: there is no such file; it is looked for from the declaration's folder"
    )


def test_starts_without_a_copy_at_another_address() -> None:
    """What came from one address says nothing of another."""
    paths = {copy_path(OwnPart(Role.SERVICE, "mine", address)) for address in ("https://a.example/m", "sp.xml")}

    assert len(paths) == 2


def test_raises_what_it_says() -> None:
    """An address that cannot be one is answered too."""
    with pytest.raises(InputError) as error:
        fetch(f"https://{'a' * 70}.example/")

    assert str(error.value).startswith("does not answer (")
