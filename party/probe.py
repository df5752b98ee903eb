# SPDX-License-Identifier: Apache-2.0
"""The health check of a part's container: `python -m party.probe` ends with 0 when the part is ready, else with 1.

It asks by a bare socket, because it runs every few seconds and an HTTP library takes longer to import than to use.
"""

from __future__ import annotations

import socket
import sys
from typing import Final

_ADDRESS: Final = ("127.0.0.1", 8000)
_SECONDS: Final = 3.0
_QUESTION: Final = b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n"
_MAX_ANSWER: Final = 4096


def probe(address: tuple[str, int] = _ADDRESS) -> tuple[bool, str]:
    """Return whether the part at `address` is ready, and its answer's last line or what keeps it from answering."""
    try:
        with socket.create_connection(address, timeout=_SECONDS) as connection:
            connection.sendall(_QUESTION)
            answer = b"".join(iter(lambda: connection.recv(_MAX_ANSWER), b""))[:_MAX_ANSWER]
    except OSError as error:
        return False, str(error)
    status, _, rest = answer.decode("utf-8", "replace").partition("\r\n")
    return status.split(" ")[1:2] == ["200"], rest.rpartition("\r\n")[2].strip()


if __name__ == "__main__":
    is_ready, words = probe()
    sys.stdout.write(f"{words}\n")
    sys.exit(0 if is_ready else 1)
