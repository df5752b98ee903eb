# SPDX-License-Identifier: Apache-2.0
"""TLS keys and certificates on disk: made once, renewed in time or by name, never replaced silently when broken."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from certs.tls_folder import TlsFolder
from federation.errors import InputError

NOW = datetime(2026, 8, 12, 7, 58, tzinfo=UTC)
HOSTS = ("mpass.localhost", "publisher.localhost")


@pytest.fixture
def folder(tmp_path: Path) -> TlsFolder:
    """Return a folder that holds nothing yet."""
    return TlsFolder(tmp_path)


def contents(folder: TlsFolder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder.state / "tls").iterdir()}


def test_makes_what_is_missing_and_keeps_the_rest(folder: TlsFolder):
    """The second time nothing is made and no byte changes."""
    assert folder.ensure(HOSTS, NOW) == ("ca", *HOSTS)
    before = contents(folder)

    assert folder.ensure(HOSTS, NOW + timedelta(days=59)) == ()
    assert contents(folder) == before
    assert sorted(before) == ["ca.crt", "ca.pem", "mpass.localhost.pem", "publisher.localhost.pem"]


def test_keeps_private_keys_private(folder: TlsFolder):
    """Only the CA's certificate is for everybody, and no key is in it."""
    folder.ensure(HOSTS, NOW)

    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in (folder.state / "tls").iterdir()}
    assert modes == {
        "ca.crt": "0o644",
        "ca.pem": "0o600",
        "mpass.localhost.pem": "0o600",
        "publisher.localhost.pem": "0o600",
    }
    assert b"PRIVATE" not in folder.ca_certificate.read_bytes()


def test_renews_what_will_soon_be_over(folder: TlsFolder):
    """With less than thirty days left a host gets a fresh key and certificate from the same CA."""
    folder.ensure(HOSTS, NOW)
    before = contents(folder)

    later = NOW + timedelta(days=61)

    assert folder.due(HOSTS, later) == HOSTS
    assert folder.ensure(HOSTS, later) == HOSTS
    after = contents(folder)
    assert (after["ca.pem"], after["ca.crt"]) == (before["ca.pem"], before["ca.crt"])
    assert all(after[f"{host}.pem"] != before[f"{host}.pem"] for host in HOSTS)
    assert folder.ensure(HOSTS, later) == ()


def test_renews_by_name(folder: TlsFolder):
    """One host is renewed alone; a new CA takes every host with it."""
    folder.ensure(HOSTS, NOW)

    assert folder.ensure(HOSTS, NOW, renew=["mpass.localhost"]) == ("mpass.localhost",)
    assert folder.ensure(HOSTS, NOW, renew=["ca"]) == ("ca", *HOSTS)


def test_finishes_what_a_kill_left(folder: TlsFolder, tmp_path: Path):
    """Hosts of the CA before and a certificate that is not the CA's are made to fit the CA that is there."""
    folder.ensure(HOSTS, NOW)
    other = TlsFolder(tmp_path / "other")
    other.ensure(HOSTS, NOW)
    folder.chain("ca").write_bytes(other.chain("ca").read_bytes())

    assert folder.ensure(HOSTS, NOW) == HOSTS
    assert folder.ca_certificate.read_bytes() == other.ca_certificate.read_bytes()


@pytest.mark.parametrize(
    "content",
    [pytest.param(b"", id="an empty file"), pytest.param(b"-----BEGIN CERTIFICATE-----\nAAAA", id="a cut one")],
)
@pytest.mark.parametrize("name", ["ca", "mpass.localhost"])
def test_names_a_broken_file_instead_of_replacing_it(folder: TlsFolder, name: str, content: bytes):
    """Whoever trusts the old one must not find another one silently."""
    folder.ensure(HOSTS, NOW)
    folder.chain(name).write_bytes(content)

    with pytest.raises(InputError, match=rf"{name}\.pem: expected a private key and its certificate"):
        folder.ensure(HOSTS, NOW)


def test_names_a_key_of_another_certificate(folder: TlsFolder):
    """Key and certificate that do not belong together are no pair."""
    folder.ensure(HOSTS, NOW)
    mine, others = (folder.chain(host).read_bytes() for host in HOSTS)
    end = b"-----END PRIVATE KEY-----\n"
    folder.chain(HOSTS[0]).write_bytes(others.partition(end)[0] + end + mine.partition(end)[2])

    with pytest.raises(InputError, match="delete the file"):
        folder.ensure(HOSTS, NOW)


def test_says_when_the_ca_is_over(folder: TlsFolder):
    """A new CA has to be trusted anew, so it is made by name only."""
    folder.ensure(HOSTS, NOW)

    with pytest.raises(InputError, match=r"ended on 2028-08-11; make a new one by `testbed apply --tls --renew ca`"):
        folder.ensure(HOSTS, NOW + timedelta(days=731))


def test_ends_with_the_ca_without_being_made_again_and_again(folder: TlsFolder):
    """In the CA's last days a host's certificate lasts as long as the CA, and the next time stays."""
    folder.ensure(HOSTS, NOW)
    late = NOW + timedelta(days=715)

    assert folder.ensure(HOSTS, late) == HOSTS
    assert folder.ensure(HOSTS, late + timedelta(days=1)) == ()


def test_refuses_names_of_another_domain(folder: TlsFolder):
    """What the CA may not vouch for no client would take."""
    folder.ensure(HOSTS, NOW)

    with pytest.raises(InputError, match=r"may not vouch for mpass\.example\.org"):
        folder.ensure(["mpass.example.org"], NOW)


def test_writes_nothing_when_asked_what_is_due(folder: TlsFolder):
    """A plan leaves no folder behind."""
    assert folder.due(HOSTS, NOW) == ("ca", *HOSTS)
    assert not (folder.state / "tls").exists()
