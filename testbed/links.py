# SPDX-License-Identifier: Apache-2.0
"""Nothing below the state folder leads out of it.

What applying and running write, cut short or remove lies below that folder, whose name everybody knows. Where somebody
else put it there, in a shared folder or a repository, a link in it would aim all of that at other files. The folder
itself may be a link: that is its owner's choice.
"""

from __future__ import annotations

import os
from pathlib import Path

from federation.errors import InputError


def check_holds_no_link(state: Path) -> None:
    """Return when there is no link below `state`; raises `InputError` that names the first."""
    for folder, folders, files in os.walk(state):
        for path in (Path(folder, name) for name in sorted((*folders, *files))):
            if path.is_symlink():
                message = (
                    f"{path}: is a link, and what is generated goes nowhere else; remove it, or take another --state"
                )
                raise InputError(message)
