# SPDX-License-Identifier: Apache-2.0
"""The test CA and what it vouches for, judged by OpenSSL as any client would."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from certs.tls import TlsPair, make_ca, make_host_pair

NOW = datetime.now(UTC)


def handshake(ca: TlsPair, host: TlsPair, asked_for: str, folder: Path) -> None:
    """Let a client that trusts `ca` alone ask a server with `host`'s key for a name; raises what it says against it."""
    (folder / "host.pem").write_bytes(host.private_key_pem + host.certificate_pem)
    (folder / "ca.crt").write_bytes(ca.certificate_pem)
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(folder / "host.pem")
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_context.load_verify_locations(folder / "ca.crt")
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            server_context.wrap_socket(theirs, server_side=True).close()
        except OSError:
            theirs.close()

    server = threading.Thread(target=serve)
    server.start()
    try:
        client_context.wrap_socket(ours, server_hostname=asked_for).close()
    finally:
        ours.close()
        server.join()


def test_vouches_for_a_host_below_its_domain(tmp_path: Path):
    """A client that trusts the CA takes the host's certificate under the host's name."""
    ca = make_ca("localhost", NOW)

    handshake(ca, make_host_pair("mpass.localhost", ca, NOW), "mpass.localhost", tmp_path)


def test_holds_for_one_name_only(tmp_path: Path):
    """The proxy's certificate is of no use as the publisher's."""
    ca = make_ca("localhost", NOW)

    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        handshake(ca, make_host_pair("mpass.localhost", ca, NOW), "publisher.localhost", tmp_path)


def test_is_good_for_its_domain_only(tmp_path: Path):
    """Who trusts the CA and loses its key to somebody is still safe everywhere but in this testbed."""
    ca = make_ca("localhost", NOW)

    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(ca, make_host_pair("bank.example", ca, NOW), "bank.example", tmp_path)


def test_is_nobody_elses_ca(tmp_path: Path):
    """Another testbed's CA, of the same name, vouches for nothing here."""
    ours, theirs = make_ca("localhost", NOW), make_ca("localhost", NOW)
    host = make_host_pair("mpass.localhost", theirs, NOW)

    assert not ours.vouches_for(host)
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(ours, host, "mpass.localhost", tmp_path)


@pytest.mark.parametrize(
    ("name", "is_permitted"),
    [
        pytest.param("mpass.localhost", True, id="a name below the domain"),
        pytest.param("localhost", True, id="the domain itself"),
        pytest.param("notlocalhost", False, id="a name that only ends alike"),
        pytest.param("mpass.example.org", False, id="a name elsewhere"),
    ],
)
def test_knows_what_it_may_vouch_for(name: str, *, is_permitted: bool):
    """The answer is the one that a client's check of the name constraint gives."""
    assert make_ca("localhost", NOW).permits(name) is is_permitted


def test_says_what_it_is():
    """Every subject says TEST ONLY."""
    ca = make_ca("localhost", NOW)
    host = make_host_pair("mpass.localhost", ca, NOW)

    assert ca.certificate.subject.rfc4514_string() == r"CN=TEST ONLY CA for localhost,O=MPASSid testbed\, TEST ONLY"
    assert host.certificate.subject.rfc4514_string() == r"CN=TEST ONLY mpass.localhost,O=MPASSid testbed\, TEST ONLY"


def test_lasts_ninety_days_and_never_longer_than_the_ca():
    """A host's certificate is short-lived; the CA's end is everyone's."""
    ca = make_ca("localhost", NOW)
    early, late = (make_host_pair("mpass.localhost", ca, NOW + timedelta(days=days)) for days in (0, 700))

    assert early.ends_at == NOW.replace(microsecond=0) + timedelta(days=90)
    assert late.ends_at == ca.ends_at
    assert [early.is_due(NOW + timedelta(days=days)) for days in (59, 61)] == [False, True]


def test_shows_no_key():
    """A pair that ends up in a log or a message shows no private key."""
    assert "private_key" not in repr(make_ca("localhost", NOW))
