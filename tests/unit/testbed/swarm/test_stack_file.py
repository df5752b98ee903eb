# SPDX-License-Identifier: Apache-2.0
"""The stack file: what a swarm is asked to run, and that every config and secret it names lies beside it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from federation.endpoints import Origins
from federation.errors import InputError
from testbed.stacks.compose.part_folders import GivenFile
from testbed.stacks.compose.project import ROOT
from testbed.stacks.swarm.images import image_names
from testbed.stacks.swarm.stack_file import STACK_FILE, StackOptions, stack_files

GOLDEN = Path(__file__).parents[3] / "golden" / "swarm" / "stack.yaml"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def public(content: bytes) -> GivenFile:
    return GivenFile(content, is_secret=False)


GIVEN = {
    **{
        part: {f"{part}/config.json": public(b"{}"), "secrets/pgpass": GivenFile(part.encode())}
        for part in ("proxy", "idp", "publisher", "portal")
    },
    "balancer": {
        "haproxy.cfg": public(b"global\n"),
        "certificates/mpass.localhost.pem": GivenFile(b"key of mpass"),
    },
    "database": {"roles.sql": GivenFile(b"CREATE ROLE proxy;\n")},
}


def rendered(given: dict[str, dict[str, GivenFile]] = GIVEN, port: int = 8443) -> dict[str, GivenFile]:
    return stack_files(given, StackOptions(Origins.tls(port), image_names()))


def stack(files: dict[str, GivenFile]) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(files[STACK_FILE].content)
    return document


def test_renders_the_whole_file():
    """As `docker stack deploy` reads it, for the shipped names and images."""
    assert rendered()[STACK_FILE].content.decode() == GOLDEN.read_text("utf-8")


def test_gives_the_same_bytes_for_the_same_input():
    """Nothing is rolled that was not changed."""
    assert rendered() == rendered()


def test_writes_beside_it_what_it_names():
    """Each config and secret by its own path, and no other file."""
    files = rendered()

    named = {each["file"] for sort in ("configs", "secrets") for each in stack(files)[sort].values()}
    assert {f"./{path}" for path in files} - {f"./{STACK_FILE}"} == named


def test_keeps_no_key_and_no_password_in_a_config():
    """Anybody who may ask the swarm reads a config; a secret reaches its own containers alone."""
    files = rendered()

    assert {path: (file.mode, file.is_secret) for path, file in files.items()} == {
        path: (0o600, True) if path.startswith("secrets/") else (0o644, False) for path in files
    }
    assert sorted(path.rpartition("-")[0] for path in files if path != STACK_FILE) == [
        "configs/balancer-haproxy",
        "configs/idp",
        "configs/portal",
        "configs/proxy",
        "configs/publisher",
        "secrets/balancer-mpass",
        "secrets/database-roles",
        "secrets/idp",
        "secrets/portal",
        "secrets/proxy",
        "secrets/publisher",
    ]


def test_renames_what_has_changed_and_nothing_else():
    """A changed key is another secret of the one service that is given it, which the swarm then rolls."""
    before = stack(rendered())
    after = stack(rendered({**GIVEN, "proxy": {**GIVEN["proxy"], "secrets/pgpass": GivenFile(b"another")}}))

    services = {name for name in before["services"] if before["services"][name] != after["services"][name]}
    assert services == {"proxy"}
    assert before["services"]["proxy"]["configs"] == after["services"]["proxy"]["configs"]
    assert before["services"]["proxy"]["secrets"] != after["services"]["proxy"]["secrets"]


def test_stops_first_what_there_can_be_one_of():
    """Two balancers cannot hold one port, and two servers on one database's files destroy it."""
    orders = {name: each["deploy"]["update_config"]["order"] for name, each in stack(rendered())["services"].items()}

    assert {name for name, order in orders.items() if order == "stop-first"} == {"balancer", "database"}


def test_needs_no_ipvs():
    """No virtual address, no routing mesh."""
    services = stack(rendered(port=443))["services"]

    assert {each["deploy"]["endpoint_mode"] for each in services.values()} == {"dnsrr"}
    assert {name: each["ports"] for name, each in services.items() if "ports" in each} == {
        "balancer": [{"target": 443, "published": 443, "protocol": "tcp", "mode": "host"}]
    }


def test_keeps_what_is_on_disk_on_one_machine():
    """Elsewhere the volume would be another one, and empty."""
    services = stack(rendered())["services"]

    constrained = {
        name: each["deploy"]["placement"] for name, each in services.items() if "placement" in each["deploy"]
    }
    on_disk = {
        name for name, each in services.items() if any(volume["type"] == "volume" for volume in each.get("volumes", ()))
    }
    assert set(constrained) == on_disk == {"idp", "database"}
    assert constrained["database"] == {"constraints": ["node.labels.mpass-testbed.data == here"]}


@pytest.mark.parametrize(("content", "is_taken"), [(499_000, True), (500_001, False)])
def test_says_when_a_swarm_would_not_take_it(content: int, *, is_taken: bool):
    """Docker's own answer would be about one of many objects, half of which exist by then."""
    given = {**GIVEN, "balancer": {"haproxy.cfg": public(b"#" * content)}}

    if is_taken:
        assert any(len(file.content) == content for file in rendered(given).values())
    else:
        with pytest.raises(InputError, match=r"balancer: its configuration take[s]? 500,001 bytes.*at most 500,000"):
            rendered(given)


@pytest.mark.parametrize("service", ["proxy", "idp", "publisher", "portal"])
def test_runs_the_images_that_compose_builds(service: str):
    """What was tried with compose.yaml is what the swarm runs, and both carry the version of the checkout."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

    assert image_names()[service] == COMPOSE["services"][service]["image"]
    assert image_names()[service].endswith(f":{version}")


@pytest.mark.parametrize("service", ["balancer", "database"])
def test_takes_the_images_of_others_that_compose_takes(service: str):
    """By the same tags."""
    assert COMPOSE["services"][service]["image"].endswith(f":-{image_names()[service]}}}")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("haproxy", id="without a tag"),
        pytest.param("haproxy:latest", id="by a tag that moves"),
        pytest.param("registry.example.org:5000/haproxy", id="with a port that is no tag"),
        pytest.param("haproxy:2.6 ", id="with a blank"),
        pytest.param("haproxy@sha256:abc", id="by half a digest"),
        pytest.param("", id="empty"),
    ],
)
def test_refuses_an_image_that_is_not_pinned(name: str):
    """Another node, or the same one tomorrow, would run something else."""
    with pytest.raises(InputError, match="--image balancer"):
        image_names(chosen=[f"balancer={name}"])


def test_takes_images_from_a_registry_of_ones_own():
    """Ours by a prefix; any other by its name, here with a digest."""
    digest = "registry.example.org:5000/haproxy@sha256:" + "0f" * 32

    names = image_names("registry.example.org/mpass/", [f"balancer={digest}"])

    assert names == {
        "proxy": "registry.example.org/mpass/proxy:0.1.0",
        "idp": "registry.example.org/mpass/idp:0.1.0",
        "publisher": "registry.example.org/mpass/service:0.1.0",
        "portal": "registry.example.org/mpass/service:0.1.0",
        "balancer": digest,
        "database": "postgres:15-bookworm",
    }


@pytest.mark.parametrize(
    ("registry", "chosen", "words"),
    [
        ("https://registry.example.org", [], "--registry: found 'https://registry.example.org', expected a host"),
        ("", [], "--registry: found ''"),
        (None, ["render=x:1"], "--image: 'render' is no service; expected one of proxy, idp, publisher"),
    ],
)
def test_says_what_it_expected(registry: str | None, chosen: list[str], words: str):
    """With an example of it."""
    with pytest.raises(InputError, match=words):
        image_names(registry, chosen)
