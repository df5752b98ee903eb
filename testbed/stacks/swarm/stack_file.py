# SPDX-License-Identifier: Apache-2.0
"""The file for `docker stack deploy`: the stack of compose.yaml for a swarm of one machine or more. Pure.

- Endpoints are by DNS round-robin and the one published port is the machine's own (`mode: host`): neither needs IPVS.
- A service is updated start-first: the new task is healthy before the old one is told to end. The balancer holds the
  port and the database its files, of which there are one each: these stop first.
- What is kept on disk stays with the machine that carries the label `mpass-testbed.data`.
- Nothing waits for anything to start: a part is not ready until its database answers, the balancer finds parts as they
  come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import yaml

from certs.folder import PRIVATE, PUBLIC
from federation.endpoints import PARTS, Origins
from party.given import KEPT
from testbed.stacks.compose.balancer import CONFIGURATION, HEALTH_PORT
from testbed.stacks.compose.balancer import FOLDER as BALANCER_FOLDER
from testbed.stacks.compose.database import HOST as DATABASE_HOST
from testbed.stacks.compose.part_folders import PASSWORD_FILE, GivenFile
from testbed.stacks.swarm.given import OWNER, Kept, kept

STACK_FILE: Final = "stack.yaml"
DATA_LABEL: Final = "mpass-testbed.data"
_TEMPORARY: Final = "/tmp"  # noqa: S108 -- in its container, which nobody shares
_STATE: Final = f"{_TEMPORARY}/state"
"""In memory, where everybody in the container may make a folder: a swarm's tmpfs has no owner to be set."""
_HEAD: Final = """\
# Written by `testbed render stack`; changes are lost. docker stack deploy --compose-file stack.yaml NAME
# The balancer's port is published on every address of the machine that runs it (docs/containers.md).
"""
_START_PERIOD: Final = "90s"
_MEBIBYTES: Final[Mapping[str, int]] = {
    "proxy": 384,
    "idp": 256,
    "publisher": 256,
    "portal": 256,
    "balancer": 128,
    "database": 512,
}
"""About three times what each was measured to need with 310 identity providers (docs/containers.md)."""
_PROBE: Final = (
    f"exec 3<>/dev/tcp/127.0.0.1/{HEALTH_PORT} && printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3"
)


class _Octal(int):
    """A file mode, written as people read it."""


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # PyYAML ships no types
    """Writes file modes in octal, and nothing by reference."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


_Dumper.add_representer(_Octal, lambda dumper, mode: dumper.represent_scalar("tag:yaml.org,2002:int", f"0{mode:o}"))


@dataclass(frozen=True)
class StackOptions:
    """How the stack is run: images by service, replicas of the proxy."""

    origins: Origins
    images: Mapping[str, str]
    replicas: int = 2


def stack_files(given: Mapping[str, Mapping[str, GivenFile]], options: StackOptions) -> dict[str, GivenFile]:
    """Return the stack file, and beside it every config and secret that it names, by path; same input, same bytes.

    `given` holds each service's files (`testbed.stacks.compose.part_folders`).
    Raises `InputError` where a swarm would not take one of them.
    """
    held = {service: kept(service, files) for service, files in given.items()}
    document = _document(held, options)
    every = [each for of_service in held.values() for each in of_service]
    text = _HEAD + yaml.dump(document, Dumper=_Dumper, sort_keys=False, width=120)
    return {
        STACK_FILE: GivenFile(text.encode("utf-8"), PUBLIC, is_secret=False),
        **{
            each.path: GivenFile(each.content, PRIVATE if each.is_secret else PUBLIC, is_secret=each.is_secret)
            for each in every
        },
    }


def _document(held: Mapping[str, Sequence[Kept]], options: StackOptions) -> dict[str, Any]:
    every = [each for of_service in held.values() for each in of_service]
    return {
        "version": "3.9",
        "services": {service: _service(service, held[service], options) for service in held},
        "networks": {
            "front": {"driver": "overlay"},
            "database": {"driver": "overlay", "internal": True},
        },
        "volumes": {"idp-data": {}, "database": {}},
        "configs": {each.name: {"file": f"./{each.path}"} for each in every if not each.is_secret},
        "secrets": {each.name: {"file": f"./{each.path}"} for each in every if each.is_secret},
    }


def _service(service: str, held: Sequence[Kept], options: StackOptions) -> dict[str, Any]:
    own: dict[str, Any]
    match service:
        case "balancer":
            own = _balancer(options.origins)
        case "database":
            own = _database()
        case _:
            own = _part(service)
    lists = {
        "configs": [_mount(each) for each in held if not each.is_secret],
        "secrets": [_mount(each) for each in held if each.is_secret],
    }
    return {
        "image": _escaped(options.images[service]),
        **own,
        **{name: mounts for name, mounts in lists.items() if mounts},
        "stop_grace_period": "20s",
        "deploy": _deploy(service, options.replicas if service == "proxy" else 1),
    }


def _part(part: str) -> dict[str, Any]:
    environment = {"TESTBED_PART": part, "TESTBED_STATE": _STATE}
    networks = ["front"]
    volumes = [{"type": "tmpfs", "target": _TEMPORARY}]
    if part == "idp":
        volumes.append({"type": "volume", "source": "idp-data", "target": str(KEPT)})
    else:
        variable = "TESTBED_STORE_URL" if part == "proxy" else "TESTBED_DATABASE_URL"
        environment |= {
            variable: f"postgresql://{part}@{DATABASE_HOST}/{part}",
            "PGPASSFILE": f"{_STATE}/{PASSWORD_FILE}",
        }
        networks.append("database")
    if part == "proxy":
        environment["TESTBED_LOCALHOST"] = "balancer"
    module = {"proxy": "proxy", "idp": "idp_simulators"}.get(part, "sp_stub")
    return {
        "command": ["python3", "-m", "party.given", "python3", "-m", module],
        **_hardened(),
        "environment": environment,
        "networks": networks,
        "volumes": volumes,
        # the rest is the image's; a swarm ends a task that is not healthy, so a busy machine is given time
        "healthcheck": {"start_period": _START_PERIOD},
    }


def _balancer(origins: Origins) -> dict[str, Any]:
    port = origins.port("proxy")
    return {
        "command": ["haproxy", "-f", f"{BALANCER_FOLDER}/{CONFIGURATION}"],
        "user": f"{OWNER}:{OWNER}",
        **_hardened(),
        # the parts ask one another by their public names
        "networks": {"front": {"aliases": [_escaped(origins.host_name(part)) for part in PARTS]}},
        "volumes": [{"type": "tmpfs", "target": _TEMPORARY}],
        "ports": [{"target": port, "published": port, "protocol": "tcp", "mode": "host"}],
        "healthcheck": {
            "test": ["CMD", "bash", "-c", _PROBE],
            "interval": "2s",
            "timeout": "5s",
            "retries": 5,
            "start_period": _START_PERIOD,
        },
    }


def _database() -> dict[str, Any]:
    return {
        # good for the first seconds only: the rendered script takes the administrator's password away
        "environment": {"POSTGRES_PASSWORD": "gone-after-the-first-start"},
        "networks": ["database"],
        "volumes": [{"type": "volume", "source": "database", "target": "/var/lib/postgresql/data"}],
        "healthcheck": {
            "test": ["CMD", "pg_isready", "--quiet", "--host=127.0.0.1", "--username=postgres"],
            "interval": "1s",
            "timeout": "5s",
            "retries": 30,
            "start_period": _START_PERIOD,
        },
    }


def _hardened() -> dict[str, Any]:
    return {"read_only": True, "cap_drop": ["ALL"]}


def _mount(each: Kept) -> dict[str, Any]:
    return {"source": each.name, "target": each.target, "uid": OWNER, "gid": OWNER, "mode": _Octal(each.mode)}


def _deploy(service: str, replicas: int) -> dict[str, Any]:
    stops_first = service in {"balancer", "database"}
    rolling = {"parallelism": 1, "order": "stop-first" if stops_first else "start-first"}
    memory = _MEBIBYTES[service]
    return {
        "replicas": replicas,
        "endpoint_mode": "dnsrr",
        "update_config": {**rolling, "failure_action": "rollback", "monitor": "10s"},
        "rollback_config": rolling,
        "restart_policy": {"condition": "any", "delay": "2s"},
        "resources": {"limits": {"memory": f"{memory}M"}, "reservations": {"memory": f"{memory // 4}M"}},
        **(
            {"placement": {"constraints": [f"node.labels.{DATA_LABEL} == here"]}}
            if service in {"idp", "database"}
            else {}
        ),
    }


def _escaped(text: str) -> str:
    """Return a text that stays as it is when the file's variables are replaced."""
    return text.replace("$", "$$")
