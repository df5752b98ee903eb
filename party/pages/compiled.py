# SPDX-License-Identifier: Apache-2.0
"""Templates compiled once in a process: the three languages of a page differ in what they are given, not in code."""

from __future__ import annotations

from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """Compiled templates in memory, by name and source.

    Good for environments that have the same syntax options, because the code depends on those too.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of the bucket's template, where this very source was compiled."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of the bucket's template."""
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code
