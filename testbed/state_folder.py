# SPDX-License-Identifier: Apache-2.0
"""The state folder on disk: what applying would change, and applying it.

- A file is written whole or not at all; what a kill left half-done the next apply repairs.
- Keys and secrets are made once and stay; what people did at run time (`data/`) is never touched.
- A rendered file that no longer belongs is removed, and nothing else is.
- Two applies at once take turns.
- What is there already, byte for byte, is not written again.
- Nothing is written or removed through a link.
"""

from __future__ import annotations

import fcntl
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from pathlib import Path
from typing import Final

from certs.folder import PUBLIC, KeyFolder, write_file
from certs.keys import KeyPair, Keys
from federation.endpoints import PARTS, Origins
from federation.errors import InputError
from federation.model import Federation
from testbed.assembly import SECRETS, entities, rendered_files
from testbed.links import check_holds_no_link
from testbed.own_parts import DOCUMENTS, NO_DOCUMENTS, OwnDocuments

LOCK: Final = ".lock"
IGNORE: Final = ".gitignore"
_MADE_BY_APPLY: Final = b"-----BEGIN CERTIFICATE-----\nTUFERSBCWSBBUFBMWQ==\n-----END CERTIFICATE-----\n"
"""Stands for a certificate that is not made yet; its base64 reads MADE BY APPLY."""


@dataclass(frozen=True)
class Change:
    """One rendered file that differs; `before` or `after` is None where there is or will be no file."""

    path: str
    before: bytes | None
    after: bytes | None

    @property
    def verb(self) -> str:
        """What applying does to the file."""
        if self.before is None:
            return "make"
        return "remove" if self.after is None else "change"

    def diff(self) -> str:
        """Return the change as a unified diff."""
        return "".join(
            unified_diff(
                _lines(self.before),
                _lines(self.after),
                "/dev/null" if self.before is None else f"a/{self.path}",
                "/dev/null" if self.after is None else f"b/{self.path}",
            )
        )


@dataclass(frozen=True)
class Plan:
    """What applying would do: keys and secrets it would make, files it would change."""

    keys: tuple[str, ...]
    secrets: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether everything is there already."""
        return not (self.keys or self.secrets or self.changes)


@dataclass(frozen=True)
class Applied:
    """What there is after applying."""

    keys: Keys
    files: Mapping[str, bytes]
    plan: Plan


@dataclass(frozen=True)
class StateFolder:
    """Everything generated, below `path`."""

    path: Path

    def plan(self, federation: Federation, origins: Origins, own: OwnDocuments = NO_DOCUMENTS) -> Plan:
        """Return what `apply` would do now, without doing any of it."""
        folder = KeyFolder(self.path)
        missing, secrets = folder.missing(entities(federation), SECRETS)
        there = folder.load([name for name in entities(federation) if name not in missing], [])
        pairs = {**there.pairs, **{name: KeyPair(name, b"", _MADE_BY_APPLY) for name in missing}}
        return Plan(
            keys=missing,
            secrets=secrets,
            changes=self._changes(rendered_files(federation, origins, pairs, own)),
        )

    def apply(
        self, federation: Federation, origins: Origins, now: datetime, own: OwnDocuments = NO_DOCUMENTS
    ) -> Applied:
        """Make the folder what the declaration says and return what it holds; nothing is written twice.

        Raises `InputError` where the folder cannot be written, holds a link, or a key in it is broken.
        """
        try:
            with self._locked():
                return self._apply(federation, origins, now, own)
        except OSError as error:
            raise self._not_writable(error) from error

    def ensure_keys(self, federation: Federation, now: datetime) -> Keys:
        """Make the keys and secrets that are missing and return all; nothing else is written.

        Raises `InputError` as `apply` does.
        """
        try:
            with self._locked():
                self._remove_leftovers()
                return KeyFolder(self.path).ensure(entities(federation), SECRETS, now)
        except OSError as error:
            raise self._not_writable(error) from error

    def _not_writable(self, error: OSError) -> InputError:
        place = error.filename or self.path
        return InputError(f"{place}: cannot be written ({error.strerror}); --state names another folder")

    def _apply(self, federation: Federation, origins: Origins, now: datetime, own: OwnDocuments) -> Applied:
        folder = KeyFolder(self.path)
        missing, secrets = folder.missing(entities(federation), SECRETS)
        self._remove_leftovers()
        keys = folder.ensure(entities(federation), SECRETS, now)
        files = rendered_files(federation, origins, keys.pairs, own)
        changes = self._changes(files)
        for change in changes:
            target = self.path / change.path
            if change.after is None:
                target.unlink(missing_ok=True)
            else:
                write_file(target, change.after, PUBLIC)
        return Applied(keys, files, Plan(missing, secrets, changes))

    def _changes(self, files: Mapping[str, bytes]) -> tuple[Change, ...]:
        found = self._rendered_on_disk()
        every = sorted({*found, *files})
        changes = (Change(path, found.get(path), files.get(path)) for path in every)
        return tuple(change for change in changes if change.before != change.after)

    def _rendered_on_disk(self) -> dict[str, bytes]:
        """Return the files of the rendered folders, leftovers of a kill (`.name.xxxx`) among them."""
        files = (file for part in (*PARTS, DOCUMENTS) for file in (self.path / part).rglob("*") if file.is_file())
        return {file.relative_to(self.path).as_posix(): file.read_bytes() for file in files}

    def _remove_leftovers(self) -> None:
        """Remove what a kill in the middle of a write left beside keys and secrets: hidden files, never used."""
        for folder in ("keys", "secrets"):
            for leftover in (self.path / folder).glob(".*"):
                leftover.unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if self.path.exists() and not self.path.is_dir():
            message = f"{self.path}: is a file, expected the folder for what is generated; --state names another one"
            raise InputError(message)
        check_holds_no_link(self.path)
        self.path.mkdir(parents=True, exist_ok=True, mode=stat.S_IRWXU)
        if not (self.path / IGNORE).exists():
            write_file(self.path / IGNORE, b"*\n")
        with (self.path / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _lines(content: bytes | None) -> list[str]:
    lines = (content or b"").decode("utf-8", "replace").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return lines
