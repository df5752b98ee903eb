# SPDX-License-Identifier: Apache-2.0
"""TLS keys and certificates on disk, below `tls/` of a state folder.

One file holds one key with its certificates, so that a kill never leaves half a pair: `ca.pem` (the CA's key and
certificate) and `HOST.pem` (the host's key, its certificate, the CA's), private, in the order that gunicorn and HAProxy
read. `ca.crt` is the CA's certificate alone, for whoever is to trust it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certs.folder import PRIVATE, PUBLIC, write_file
from certs.tls import TlsPair, make_ca, make_host_pair
from federation.errors import InputError

TLS: Final = "tls"
CA: Final = "ca"


@dataclass(frozen=True)
class TlsFolder:
    """The `tls/` folder below `state`."""

    state: Path

    @property
    def ca_certificate(self) -> Path:
        """Where the CA's certificate lies, for clients."""
        return self.state / TLS / "ca.crt"

    def chain(self, host_name: str) -> Path:
        """Return where a host's key and certificates lie, for servers."""
        return self._path(host_name)

    def due(self, host_names: Iterable[str], now: datetime, renew: Collection[str] = ()) -> tuple[str, ...]:
        """Return what `ensure` would make: `ca` and host names; a new CA takes all of them with it.

        Raises `InputError` for a file that is broken, a CA that is over or may not vouch for a name.
        """
        host_names = tuple(host_names)
        ca = None if CA in renew else self._read(CA)
        if ca is None:
            return (CA, *host_names)
        self._check(ca, host_names, now)
        return tuple(name for name in host_names if name in renew or self._is_due(name, ca, now))

    def ensure(self, host_names: Iterable[str], now: datetime, renew: Collection[str] = ()) -> tuple[str, ...]:
        """Make what is missing, will soon be over or is to be renewed by name; return what was made.

        Raises `InputError` as `due` does.
        """
        made = self.due(host_names, now, renew)
        if CA in made:
            domain = _common_domain(made[1:])
            pair = make_ca(domain, now)
            write_file(self._path(CA), pair.private_key_pem + pair.certificate_pem, PRIVATE)
        ca = self._read(CA)
        if ca is None:
            message = f"{self._path(CA)}: gone while it was used; run `testbed apply` again"
            raise InputError(message)
        for name in (name for name in made if name != CA):
            pair = make_host_pair(name, ca, now)
            content = pair.private_key_pem + pair.certificate_pem + ca.certificate_pem
            write_file(self._path(name), content, PRIVATE)
        if not self.ca_certificate.exists() or self.ca_certificate.read_bytes() != ca.certificate_pem:
            write_file(self.ca_certificate, ca.certificate_pem, PUBLIC)
        return made

    def _path(self, name: str) -> Path:
        return self.state / TLS / f"{name}.pem"

    def _is_due(self, name: str, ca: TlsPair, now: datetime) -> bool:
        host = self._read(name)
        if host is None or not ca.vouches_for(host):
            return True
        # one that ends with the CA cannot be made to last longer
        return host.is_due(now) and host.ends_at < ca.ends_at

    def _check(self, ca: TlsPair, host_names: Iterable[str], now: datetime) -> None:
        if ca.is_over(now):
            end = ca.ends_at.date().isoformat()
            message = (
                f"{self._path(CA)}: the test CA ended on {end}; make a new one by `testbed apply --tls --renew ca` "
                "and let browsers trust that one"
            )
            raise InputError(message)
        for name in host_names:
            if not ca.permits(name):
                message = (
                    f"{self._path(CA)}: the test CA may not vouch for {name}; "
                    "make one that may by `testbed apply --tls --renew ca`, or take another --state"
                )
                raise InputError(message)

    def _read(self, name: str) -> TlsPair | None:
        path = self._path(name)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            message = f"{path}: cannot be read ({error.strerror})"
            raise InputError(message) from error
        try:
            key = load_pem_private_key(content, password=None)
            certificate = x509.load_pem_x509_certificates(content)[0]
        except ValueError as error:
            raise _broken(path) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise _broken(path)
        return TlsPair(key, certificate)


def _common_domain(host_names: Iterable[str]) -> str:
    """Return the domain that all names are directly below; the names of a stack differ in their first label alone."""
    domains = {name.partition(".")[2] for name in host_names}
    if len(domains) != 1 or "" in domains:
        message = f"expected names below one domain, found {', '.join(sorted(domains))}"
        raise InputError(message)
    return domains.pop()


def _broken(path: Path) -> InputError:
    return InputError(
        f"{path}: expected a private key and its certificate in PEM, found something else; delete the file and run "
        "`testbed apply`"
    )
