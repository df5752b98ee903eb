# SPDX-License-Identifier: Apache-2.0
"""Keys and secrets on disk: made once, kept on re-apply, private files readable by their owner only.

A file is written beside its place and renamed into it, so that a kill leaves either nothing or a whole file; a file
that is not whole all the same (cut, empty, of another tool) is named in the error rather than replaced, because a
replaced key breaks whoever trusts the old one.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certs.keys import SECRET_BYTES, KeyPair, Keys, make_key_pair, make_secret
from federation.errors import InputError

PRIVATE: Final = stat.S_IRUSR | stat.S_IWUSR
PUBLIC: Final = PRIVATE | stat.S_IRGRP | stat.S_IROTH


@dataclass(frozen=True)
class KeyFolder:
    """`keys/` and `secrets/` below a state folder."""

    state: Path

    def ensure(self, entities: Iterable[str], secret_names: Iterable[str], now: datetime) -> Keys:
        """Make what is missing, keep the rest, and return all of it.

        Raises `InputError` where a file is there but is not a key, certificate or secret.
        """
        entities, secret_names = tuple(entities), tuple(secret_names)
        missing_pairs, missing_secrets = self.missing(entities, secret_names)
        # OpenSSL works outside Python's lock: a national federation's 310 keys take as many cores as there are.
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            for pair in threads.map(lambda entity: make_key_pair(entity, now), missing_pairs):
                write_file(self._certificate_path(pair.entity), pair.certificate_pem, PUBLIC)
                write_file(self._key_path(pair.entity), pair.private_key_pem, PRIVATE)
        for name in missing_secrets:
            write_file(self.secret_path(name), make_secret().hex().encode("ascii"), PRIVATE)
        return self.load(entities, secret_names)

    def missing(self, entities: Iterable[str], secret_names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the key pairs and the secrets that `ensure` would make; half a pair counts as none."""
        return (
            tuple(
                entity
                for entity in entities
                if not (self._key_path(entity).exists() and self._certificate_path(entity).exists())
            ),
            tuple(name for name in secret_names if not self.secret_path(name).exists()),
        )

    def load(self, entities: Iterable[str], secret_names: Iterable[str]) -> Keys:
        """Return these key pairs and secrets; raises `InputError` for one that is missing or broken."""
        return Keys(
            pairs={entity: self._load_pair(entity) for entity in entities},
            secrets={name: self._load_secret(name) for name in secret_names},
        )

    def _key_path(self, entity: str) -> Path:
        return self.state / "keys" / f"{entity}.key.pem"

    def _certificate_path(self, entity: str) -> Path:
        return self.state / "keys" / f"{entity}.crt.pem"

    def secret_path(self, name: str) -> Path:
        """Return the file of a secret, there or not."""
        return self.state / "secrets" / name

    def _load_pair(self, entity: str) -> KeyPair:
        key_path, certificate_path = self._key_path(entity), self._certificate_path(entity)
        pair = KeyPair(entity, _read(key_path), _read(certificate_path))
        try:
            # Only keys made here are loaded: the primality check would cost 54 ms each.
            key = load_pem_private_key(pair.private_key_pem, password=None, unsafe_skip_rsa_key_validation=True)
        except ValueError as error:
            raise _broken(key_path, "an RSA private key in PEM") from error
        try:
            certificate = x509.load_pem_x509_certificate(pair.certificate_pem)
        except ValueError as error:
            raise _broken(certificate_path, "a certificate in PEM") from error
        if key.public_key() != certificate.public_key():
            raise _broken(certificate_path, f"the certificate of {key_path}")
        return pair

    def _load_secret(self, name: str) -> bytes:
        path = self.secret_path(name)
        try:
            secret = bytes.fromhex(_read(path).decode("ascii"))
        except ValueError as error:
            raise _broken(path, "a secret in hexadecimal") from error
        if len(secret) != SECRET_BYTES:
            raise _broken(path, f"{SECRET_BYTES} bytes in hexadecimal")
        return secret


def write_file(path: Path, content: bytes, mode: int = PUBLIC) -> None:
    """Put `content` at `path` whole or not at all, with `mode` from the first moment on."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=stat.S_IRWXU)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}); run `testbed apply` to make what is missing"
        raise InputError(message) from error


def _broken(path: Path, expected: str) -> InputError:
    return InputError(f"{path}: expected {expected}, found something else; delete the file and run `testbed apply`")
