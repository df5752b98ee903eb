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
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from pathlib import Path
from typing import Final

from certs.folder import PUBLIC, KeyFolder, write_file
from certs.keys import PROXY_IDP, KeyPair, Keys
from certs.rotation import Rotation, Step
from certs.tls_folder import CA, TLS, TlsFolder
from federation.endpoints import PARTS, Origins
from federation.errors import InputError
from federation.model import Federation
from federation.suggestion import quoted
from testbed.assembly import entities, rendered_files, secret_names
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
    """What applying would do: keys, secrets and TLS certificates it would make, files it would change."""

    keys: tuple[str, ...]
    secrets: tuple[str, ...]
    changes: tuple[Change, ...]
    certificates: tuple[str, ...] = ()
    """TLS certificates by host name, and `ca`; none where the parts answer on http."""

    @property
    def is_empty(self) -> bool:
        """Tell whether everything is there already."""
        return not (self.keys or self.secrets or self.changes or self.certificates)

    def in_words(self) -> str:
        """Return what was done in a few words."""
        if self.is_empty:
            return "nothing to do"
        verbs = [change.verb for change in self.changes]
        parts = [
            f"{len(self.keys)} keys made" if self.keys else "",
            f"{len(self.secrets)} secrets made" if self.secrets else "",
            f"{len(self.certificates)} TLS certificates made" if self.certificates else "",
            f"{verbs.count('make')} files made" if "make" in verbs else "",
            f"{verbs.count('change')} files changed" if "change" in verbs else "",
            f"{verbs.count('remove')} files removed" if "remove" in verbs else "",
        ]
        return ", ".join(part for part in parts if part)


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

    def plan(self, federation: Federation, origins: Origins, now: datetime, own: OwnDocuments = NO_DOCUMENTS) -> Plan:
        """Return what `apply` would do now, without doing any of it."""
        folder = KeyFolder(self.path)
        missing, secrets = folder.missing(entities(federation), secret_names(federation))
        there = folder.load([name for name in entities(federation) if name not in missing], [])
        pairs = {**there.pairs, **{name: KeyPair(name, b"", _MADE_BY_APPLY) for name in missing}}
        return Plan(
            keys=missing,
            secrets=secrets,
            changes=self._changes(rendered_files(federation, origins, pairs, own, self._rotation.certificates())),
            certificates=TlsFolder(self.path).due(_tls_names(origins), now) if origins.is_secure() else (),
        )

    def apply(
        self,
        federation: Federation,
        origins: Origins,
        now: datetime,
        own: OwnDocuments = NO_DOCUMENTS,
        renewed: Collection[str] = (),
        rotate: Step | None = None,
    ) -> Applied:
        """Make the folder what the declaration says and return what it holds; nothing is written twice.

        TLS certificates are made where the origins are https; those of `renewed` anew. `rotate` is the step that the
        key takes by which the proxy signs for services.
        Raises `InputError` where the folder cannot be written, holds a link, or a key in it is broken, where there
        is nothing of a name that is to be renewed, and where another step of the rotation is due.
        """
        _check_names(renewed, origins)
        try:
            with self._locked():
                if rotate is not None:
                    self._rotation.take(rotate, now)
                return self._apply(federation, origins, now, own, renewed)
        except OSError as error:
            raise self._not_writable(error) from error

    def ensure_keys(self, federation: Federation, now: datetime) -> Keys:
        """Make the keys and secrets that are missing and return all; nothing else is written.

        Raises `InputError` as `apply` does.
        """
        try:
            with self._locked():
                self._remove_leftovers()
                return KeyFolder(self.path).ensure(entities(federation), secret_names(federation), now)
        except OSError as error:
            raise self._not_writable(error) from error

    def ensure_secrets(self, names: Collection[str], now: datetime) -> Mapping[str, bytes]:
        """Make those of these secrets that are missing and return all, by name; raises `InputError` as `apply` does."""
        try:
            with self._locked():
                return KeyFolder(self.path).ensure((), names, now).secrets
        except OSError as error:
            raise self._not_writable(error) from error

    @property
    def _rotation(self) -> Rotation:
        return Rotation(self.path, PROXY_IDP)

    def _not_writable(self, error: OSError) -> InputError:
        place = error.filename or self.path
        return InputError(f"{place}: cannot be written ({error.strerror}); --state names another folder")

    def _apply(
        self,
        federation: Federation,
        origins: Origins,
        now: datetime,
        own: OwnDocuments,
        renewed: Collection[str],
    ) -> Applied:
        folder = KeyFolder(self.path)
        missing, secrets = folder.missing(entities(federation), secret_names(federation))
        self._remove_leftovers()
        self._rotation.finish()
        keys = folder.ensure(entities(federation), secret_names(federation), now)
        certificates = TlsFolder(self.path).ensure(_tls_names(origins), now, renewed) if origins.is_secure() else ()
        files = rendered_files(federation, origins, keys.pairs, own, self._rotation.certificates())
        changes = self._changes(files)
        for change in changes:
            target = self.path / change.path
            if change.after is None:
                target.unlink(missing_ok=True)
            else:
                write_file(target, change.after, PUBLIC)
        return Applied(keys, files, Plan(missing, secrets, changes, certificates))

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
        """Remove what a kill in the middle of a write left beside keys, secrets and certificates: hidden files, never used."""
        for folder in ("keys", "secrets", TLS):
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


def _tls_names(origins: Origins) -> tuple[str, ...]:
    return tuple(origins.host_name(part) for part in PARTS)


def _check_names(renewed: Collection[str], origins: Origins) -> None:
    names = (CA, *_tls_names(origins)) if origins.is_secure() else ()
    for name in renewed:
        if not names:
            message = f"--renew {name}: there is no TLS certificate without --tls"
            raise InputError(message)
        if name not in names:
            message = f"--renew {quoted(name)}: expected one of {', '.join(names)}"
            raise InputError(message)


def _lines(content: bytes | None) -> list[str]:
    lines = (content or b"").decode("utf-8", "replace").splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    return lines
