# SPDX-License-Identifier: Apache-2.0
"""The PostgreSQL of the compose stack: one role and one database for each part that keeps something there.

The server is given SCRAM verifiers, which prove a password without holding it (RFC 5802 3); each part is given its own
password in a file that PostgreSQL's client library reads (libpq, "The Password File"). The administrator has no
password and signs in by nothing but the server's own socket.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from federation.endpoints import PartName

HOST: Final = "database"
PORT: Final = 5432
PARTS_WITH_DATABASE: Final[tuple[PartName, ...]] = ("proxy", "publisher", "portal")

_ITERATIONS: Final = 4096
"""PostgreSQL's own number; the passwords are 256 random bits, which no number of tries finds."""
_SALT_BYTES: Final = 16


def password_secret(part: PartName) -> str:
    """Return the name of the secret that is a part's password."""
    return f"database-{part}"


def init_script(passwords: Mapping[PartName, str]) -> bytes:
    """Return the SQL that makes each part's role and database on a new server; the same passwords give the same bytes."""
    lines = ["-- Run once, by the administrator, on a server that has no database yet."]
    for part, password in passwords.items():
        lines += [
            f"CREATE ROLE {part} LOGIN PASSWORD '{scram_verifier(password, _salt(password))}';",
            f"CREATE DATABASE {part} OWNER {part};",
            f"REVOKE ALL ON DATABASE {part} FROM PUBLIC;",
        ]
    lines.append("ALTER ROLE postgres PASSWORD NULL;")
    return ("\n".join(lines) + "\n").encode("ascii")


def password_file(part: PartName, password: str) -> bytes:
    """Return the file by which a part signs in to its own database."""
    return f"{HOST}:{PORT}:{part}:{part}:{password}\n".encode("ascii")


def scram_verifier(password: str, salt: bytes) -> str:
    """Return what PostgreSQL stores of a password (RFC 5802 3, RFC 7677)."""
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, _ITERATIONS)
    stored_key = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    words = [base64.b64encode(each).decode("ascii") for each in (salt, stored_key, server_key)]
    return f"SCRAM-SHA-256${_ITERATIONS}:{words[0]}${words[1]}:{words[2]}"


def _salt(password: str) -> bytes:
    """Return a salt that follows from the password, so that the same input gives the same bytes."""
    return hashlib.sha256(b"salt of " + password.encode("ascii")).digest()[:_SALT_BYTES]
