# SPDX-License-Identifier: Apache-2.0
"""Fetching the metadata of parts that are somebody's own: the edge where files are read and addresses asked.

- A document has at most 1 MB; a file is a regular one.
- An address is asked on http or https, follows at most three redirects, none from https to http, and has ten seconds
  for everything, all addresses together.
- The last good document of each part lies in `documents/` below the state folder, by the address it came from: another
  address starts without a copy.

What a document says is not looked at here; that is `testbed.own_metadata`'s.
"""

from __future__ import annotations

import ipaddress
import stat
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import httpx

from federation.errors import InputError
from federation.own_parts import OwnPart, is_url
from testbed.own_parts import Found, copy_path

MAX_BYTES: Final = 1024 * 1024
MAX_REDIRECTS: Final = 3
SECONDS: Final = 10.0

_HEADERS: Final = {
    "Accept": "application/samlmetadata+xml, application/xml;q=0.9, */*;q=0.1",
    # so that the bound is on what arrives, not on what it unpacks to
    "Accept-Encoding": "identity",
    "User-Agent": "mpass-testbed",
}


class UnansweredError(InputError):
    """An address gave no document."""


def find_documents(
    parts: Iterable[OwnPart], folder: Path, state: Path, seconds: float = SECONDS
) -> dict[OwnPart, Found]:
    """Return what there is of each part's documents: the metadata now, its certificate, and the last good copy."""
    parts = tuple(parts)
    answers = _ask_all([part.metadata for part in parts if is_url(part.metadata)], seconds)
    found = {
        part: answers[part.metadata] if is_url(part.metadata) else _from_file(folder / part.metadata) for part in parts
    }
    return {part: _with_certificate(part, folder, replace(found[part], copy=_copy(part, state))) for part in parts}


def fetch(url: str) -> bytes:
    """Return the document at `url`.

    Raises `UnansweredError` where there is none to be had, `InputError` for one that may not be taken.
    """
    try:
        with httpx.Client(timeout=SECONDS, headers=_HEADERS, trust_env=not _is_loopback(url)) as client:
            return _follow(client, httpx.URL(url))
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # the last of a name that DNS cannot have
        message = f"does not answer ({str(error) or type(error).__name__})"
        raise UnansweredError(message) from error


def _follow(client: httpx.Client, url: httpx.URL) -> bytes:
    for _ in range(MAX_REDIRECTS + 1):
        with client.stream("GET", url) as response:
            if not response.is_redirect:
                return _body(response)
            target = url.join(response.headers["location"])
        if target.scheme not in {"http", "https"} or (url.scheme == "https" and target.scheme == "http"):
            message = f"leads from {url.scheme} to {target.scheme}; give the address it should be had from"
            raise InputError(message)
        url = target
    message = f"leads on more than {MAX_REDIRECTS} times; give the address at the end"
    raise InputError(message)


def _body(response: httpx.Response) -> bytes:
    if response.status_code != httpx.codes.OK:
        message = f"answers {response.status_code} instead of a document"
        raise UnansweredError(message)
    content = b""
    for chunk in response.iter_raw():
        content += chunk
        if len(content) > MAX_BYTES:
            raise _too_large()
    return content


def _ask_all(urls: Sequence[str], seconds: float) -> dict[str, Found]:
    """Ask every address at the same time; one that is slow, however it trickles, has not answered."""
    answers: dict[str, Found] = {}
    # daemons, so that an address that never ends does not keep the program from ending
    threads = [threading.Thread(target=_answer, args=(url, answers), daemon=True) for url in dict.fromkeys(urls)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    late = Found(problem=f"does not answer within {seconds:g} s", is_unanswered=True)
    return {url: answers.get(url, late) for url in urls}


def _answer(url: str, answers: dict[str, Found]) -> None:
    try:
        answers[url] = Found(document=fetch(url))
    except InputError as error:
        answers[url] = Found(problem=str(error), is_unanswered=isinstance(error, UnansweredError))


def _from_file(path: Path) -> Found:
    try:
        return Found(document=_read(path))
    except InputError as error:
        return Found(problem=str(error))


def _with_certificate(part: OwnPart, folder: Path, found: Found) -> Found:
    if part.certificate is None:
        return found
    try:
        return replace(found, certificate=_read(folder / part.certificate))
    except InputError as error:
        return replace(found, certificate_problem=f"metadata_certificate {part.certificate}: {error}")


def _copy(part: OwnPart, state: Path) -> bytes | None:
    try:
        return _read(state / copy_path(part))
    except InputError:
        return None


def _read(path: Path) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            message = "is no file; name the document itself"
            raise InputError(message)
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        message = "there is no such file; it is looked for from the declaration's folder"
        raise InputError(message) from error
    except (OSError, ValueError) as error:
        message = f"cannot be read ({getattr(error, 'strerror', None) or 'no name of a file'})"
        raise InputError(message) from error
    if len(content) > MAX_BYTES:
        raise _too_large()
    return content


def _too_large() -> InputError:
    return InputError(f"is larger than {MAX_BYTES // 1024} kB; take this party's own document")


def _is_loopback(url: str) -> bool:
    """Tell whether the address is on this machine, where a proxy of the environment has no business."""
    host = httpx.URL(url).host
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
