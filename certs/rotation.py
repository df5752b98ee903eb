# SPDX-License-Identifier: Apache-2.0
"""Changing the key that an entity signs with, in three steps, so that nobody who trusts it is ever left behind.

1. `publish`: a new key is made, and stands in the metadata beside the one that signs.
2. `use`: the new key signs; the old one stands in the metadata still, for what it has signed.
3. `remove`: the old one is gone.

Between the steps, whoever trusts the entity reads its metadata anew; between the last two, what the old key has signed
is used up. Where a rotation stands is what lies in the folder: `ENTITY.next` is a pair, `ENTITY.old` a certificate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, TypeAlias

from certs.folder import PRIVATE, PUBLIC, KeyFolder, write_file
from certs.keys import KeyPair
from federation.errors import InputError

Step: TypeAlias = Literal["publish", "use", "remove"]
STEPS: Final[tuple[Step, ...]] = ("publish", "use", "remove")


@dataclass(frozen=True)
class Rotation:
    """The rotation of one entity's key below `state`."""

    state: Path
    entity: str

    @property
    def due(self) -> Step:
        """The step that comes next."""
        if self._old.exists():
            return "remove"
        return "use" if self._is_published() else "publish"

    def take(self, step: Step, now: datetime) -> None:
        """Take one step, with a key made at `now`; raises `InputError` where another one is due."""
        if step != self.due:
            message = f"--rotate {step}: the key of {self.entity} is at another point, {self.due} comes next"
            raise InputError(message)
        match step:
            case "publish":
                KeyFolder(self.state).ensure([self._next], [], now)
            case "use":
                write_file(self._old, self._path(self.entity, "crt").read_bytes(), PUBLIC)
                self.finish()
            case "remove":
                self._old.unlink()

    def finish(self) -> None:
        """Bring a `use` to its end that was interrupted, or has just begun: both names are there only meanwhile."""
        if not (self._old.exists() and self._is_published()):
            return
        write_file(self._path(self.entity, "key"), self._path(self._next, "key").read_bytes(), PRIVATE)
        write_file(self._path(self.entity, "crt"), self._path(self._next, "crt").read_bytes(), PUBLIC)
        self._path(self._next, "key").unlink()
        self._path(self._next, "crt").unlink()

    def certificates(self) -> tuple[KeyPair, ...]:
        """Return what stands in the metadata beside the key that signs, without the private keys."""
        places = [*([self._path(self._next, "crt")] if self._is_published() else []), self._old]
        return tuple(KeyPair(self.entity, b"", place.read_bytes()) for place in places if place.exists())

    @property
    def _next(self) -> str:
        return f"{self.entity}.next"

    @property
    def _old(self) -> Path:
        return self._path(f"{self.entity}.old", "crt")

    def _is_published(self) -> bool:
        return all(self._path(self._next, kind).exists() for kind in ("key", "crt"))

    def _path(self, entity: str, kind: Literal["key", "crt"]) -> Path:
        return self.state / "keys" / f"{entity}.{kind}.pem"
