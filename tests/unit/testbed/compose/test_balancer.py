# SPDX-License-Identifier: Apache-2.0
"""The balancer's configuration: which name leads where, and what is believed and logged of a request."""

from __future__ import annotations

import re
from pathlib import Path

from federation.endpoints import Origins
from party.server import DRAIN_SECONDS, NOTICE_SECONDS
from testbed.stacks.compose.balancer import Beyond, OwnSp, balancer_configuration

GOLDEN = Path(__file__).parents[3] / "golden" / "compose" / "haproxy.cfg"


def test_renders_the_whole_configuration():
    """As it is read by HAProxy, for the names and the port of the shipped stack."""
    assert balancer_configuration(Origins.tls(8443), Beyond(has_data_network=True)).decode() == GOLDEN.read_text()


def test_follows_the_names_and_the_port():
    """A team's own domain on the port of https."""
    text = balancer_configuration(Origins.tls(443, "testbed.example.org")).decode()

    assert "bind :443 ssl strict-sni" in text
    assert "use_backend proxy if { req.hdr(host),host_only -i mpass.testbed.example.org }" in text
    assert "localhost" not in text


def test_stands_in_front_of_a_service_of_ones_own():
    """By a name of its own, with a header that says what the browser used; everything else is as without it."""
    origins = Origins.tls(8443, "testbed.example.org")

    before = balancer_configuration(origins).decode().splitlines()
    text = balancer_configuration(origins, Beyond(OwnSp.beside(origins, 3000))).decode()

    assert [line for line in text.splitlines() if line not in before] == [
        "    acl known req.hdr(host),host_only -i own-sp.testbed.example.org",
        "    use_backend own-sp if { req.hdr(host),host_only -i own-sp.testbed.example.org }",
        "backend own-sp",
        "    http-request set-header X-Forwarded-Proto https",
        "    server-template own-sp- 1 own-sp:3000 resolvers docker init-addr none",
    ]


def test_logs_no_address_that_was_asked_for():
    """Paths and queries carry SAML messages and what people searched for."""
    [line] = [line for line in balancer_configuration(Origins.tls()).decode().splitlines() if "log-format" in line]

    assert not {variable for variable in ("%HP", "%HQ", "%HU", "%r", "%hr", "%hs", "%ci") if variable in line}


def test_knows_one_name_of_the_identity_providers_without_a_data_network():
    """Where the data services have no network of their own, everything of them is found by one name."""
    text = balancer_configuration(Origins.tls()).decode()

    assert "server-template idp- 1 idp:8000" in text
    assert "home-data" not in text


def test_gives_a_replica_time_to_say_that_it_stops():
    """Two checks and their time-out pass before a replica that gives notice stops listening."""
    text = balancer_configuration(Origins.tls()).decode()
    [check] = {line.strip() for line in text.splitlines() if "default-server check" in line}

    assert "inter 1s fall 2" in check
    assert NOTICE_SECONDS > 2 * 1


def test_gives_every_answer_the_time_that_a_stopping_replica_does():
    """What has begun is let finish for as long as the balancer waits for it."""
    text = balancer_configuration(Origins.tls()).decode()
    [seconds] = set(re.findall(r"timeout server (\d+)s\n    # what has come whole", text))

    assert int(seconds) <= DRAIN_SECONDS
