# SPDX-License-Identifier: Apache-2.0
"""What Wilma answers: an address of the proxy's with who signed in, or that nobody did, and a checksum over it all.

A right answer first, as a value that a fault may change before it is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from urllib.parse import quote

from idp_simulators.wilma.checksum import with_checksum

Edit: TypeAlias = Callable[[str], str]
"""A change of the address after its checksum."""


@dataclass(frozen=True)
class WilmaAnswer:
    """An answer on its way."""

    return_url: str
    """Where it goes, the nonce in it."""
    parameters: tuple[tuple[str, str], ...]
    """What follows, percent-encoded already."""
    secret: bytes = field(repr=False)
    edits: tuple[Edit, ...] = ()

    @classmethod
    def success(cls, return_url: str, user_name: str, secret: bytes) -> WilmaAnswer:
        """Return the answer that somebody signed in."""
        return cls(return_url, (("username", quote(user_name, safe="")),), secret)

    @classmethod
    def cancelled(cls, return_url: str, secret: bytes) -> WilmaAnswer:
        """Return the answer that the person turned back."""
        return cls(return_url, (("cancelled", "true"),), secret)

    def with_edit(self, edit: Edit) -> WilmaAnswer:
        """Return the answer with one more change after the checksum."""
        return replace(self, edits=(*self.edits, edit))

    def url(self) -> str:
        """Return the address that the browser is sent to."""
        unsigned = "&".join((self.return_url, *(f"{name}={value}" for name, value in self.parameters)))
        url = with_checksum(unsigned, self.secret)
        for edit in self.edits:
            url = edit(url)
        return url
