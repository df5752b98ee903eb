# SPDX-License-Identifier: Apache-2.0
"""compose.yaml agrees with the rest of the checkout, and hardens what it runs."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
import yaml

from federation.endpoints import BASE_DOMAIN
from party.server import CONTAINER_PORT, DRAIN_SECONDS, NOTICE_SECONDS
from testbed.stacks.compose.balancer import DATA_HOST, PAGES_HOST
from testbed.stacks.compose.project import ROOT, ComposeOptions

TEXT = (ROOT / "compose.yaml").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
OWN = {"render": "testbed", "proxy": "proxy", "idp": "idp_simulators", "publisher": "sp_stub", "portal": "sp_stub"}
LOAD = ("load-master", "load-worker")
BUILT = {**OWN, "load-master": "loadtests"}


def test_carries_the_version_of_the_checkout():
    """Images are named and labelled by the version that pyproject.toml says."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

    assert {COMPOSE["services"][name]["image"].rpartition(":")[2] for name in (*OWN, *LOAD)} == {version}
    assert {COMPOSE["services"][name]["build"]["args"]["VERSION"] for name in BUILT} == {version}


def test_asks_the_environment_for_nothing_that_is_not_told():
    """Every variable stands in the comment at the top, and the command line sets those that are its own."""
    asked = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    told = {"TESTBED_CLOCK_PROXY", "TESTBED_CLOCK_IDP", "TESTBED_CLOCK_PUBLISHER", "TESTBED_CLOCK_PORTAL"}
    comment = TEXT.partition("\nname:")[0]

    assert {name for name in asked - told if name not in comment} == set()
    options = ComposeOptions("federation.yaml", clock_seconds=dict.fromkeys(("proxy", "idp", "publisher", "portal"), 0))
    assert set(options.environment) == {name for name in asked if name.startswith("TESTBED_")}


def test_publishes_one_port_on_loopback():
    """Nobody else reaches the testbed unless somebody says so."""
    ports = {name: service["ports"] for name, service in COMPOSE["services"].items() if "ports" in service}

    assert ports == {"balancer": ["${TESTBED_BIND:-127.0.0.1}:${TESTBED_PORT:-8443}:${TESTBED_PORT:-8443}"]}


def test_gives_a_service_of_ones_own_what_is_public():
    """It runs when it is asked for; on its network it finds the others, and of their volumes none."""
    service = COMPOSE["services"]["own-sp"]

    assert (service["profiles"], service["networks"], service["volumes"]) == (
        ["own-sp"],
        ["front"],
        ["for-own-sp:/testbed:ro"],
    )
    assert f"own-sp.${{TESTBED_BASE_DOMAIN:-{BASE_DOMAIN}}}" in service["environment"]["OWN_SP_ORIGIN"]


def test_lets_nobody_but_workers_reach_the_master_of_a_load_run():
    """Whoever comes to it as a worker is told the run's token; and it runs only when it is asked for."""
    services = COMPOSE["services"]

    assert COMPOSE["networks"]["load"] == {"internal": True}
    assert {name for name, service in services.items() if "load" in service["networks"]} == set(LOAD)
    assert services["load-master"]["networks"] == ["load"]
    assert [services[name]["profiles"] for name in LOAD] == [["load"], ["load"]]


@pytest.mark.parametrize("name", [*OWN, *LOAD, "balancer"])
def test_hardens_every_container_of_ours(name: str):
    """Read-only root, no capability, no way to gain one; and SIGTERM has time to be obeyed."""
    service = COMPOSE["services"][name]

    assert (service["read_only"], service["cap_drop"], service["security_opt"], service["stop_grace_period"]) == (
        True,
        ["ALL"],
        ["no-new-privileges:true"],
        "20s",
    )


@pytest.mark.parametrize("name", sorted(set(OWN) - {"render"}))
def test_lets_a_part_read_its_own_folder_alone(name: str):
    """No part is given another one's volume, and none may write to its own."""
    volumes = [volume for volume in COMPOSE["services"][name]["volumes"] if volume.startswith("for-")]

    assert volumes == [f"for-{name}:/state:ro"]


def test_keeps_the_database_from_the_outside():
    """Only the three that keep something there are on its network, and it leads nowhere else."""
    services = COMPOSE["services"]

    assert COMPOSE["networks"]["database"] == {"internal": True}
    assert {name for name, service in services.items() if "database" in service["networks"]} == {
        "proxy",
        "publisher",
        "portal",
        "database",
    }


def test_reaches_the_data_services_by_a_network_of_their_own():
    """What the proxy asks Wilma and Opinsys can be cut without cutting what browsers see of them."""
    services = COMPOSE["services"]

    assert COMPOSE["networks"][DATA_HOST] == {"internal": True}
    assert {name for name, service in services.items() if DATA_HOST in service["networks"]} == {"balancer", "idp"}
    assert services["idp"]["networks"] == {"front": {"aliases": [PAGES_HOST]}, DATA_HOST: {"aliases": [DATA_HOST]}}
    assert "--data-network" in services["render"]["command"]


def test_stops_a_container_no_sooner_than_it_is_done():
    """The engine waits for the notice and for what has begun."""
    grace = int(COMPOSE["services"]["proxy"]["stop_grace_period"].removesuffix("s"))

    assert grace > NOTICE_SECONDS + DRAIN_SECONDS


@pytest.mark.parametrize("room", sorted(set(BUILT.values())))
def test_builds_from_what_is_named(room: str):
    """Each Dockerfile copies the packages that its part imports, leaves pip behind and runs as nobody special."""
    lines = (ROOT / room / "Dockerfile").read_text("utf-8").splitlines()
    final = lines[len(lines) - lines[::-1].index("FROM ${BASE_IMAGE}") :]

    assert "USER testbed" in final
    assert not any("pip" in line for line in final)
    assert f"COPY {room} /app/{room}" in lines
    assert [line for line in lines if line.startswith("EXPOSE")] == (
        [f"EXPOSE {CONTAINER_PORT}"] if room not in {"testbed", "loadtests"} else []
    )
