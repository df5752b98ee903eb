# SPDX-License-Identifier: Apache-2.0
"""The container engine, as far as the testbed asks it: whether it answers, and a project's containers by their labels.

Everything compose makes carries the project's name as a label; what is looked for and removed is found by that label,
never by a name.
"""

from __future__ import annotations

import io
import os
import socket
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import docker
from docker.errors import APIError, DockerException, NotFound

from federation.errors import MissingError, TestbedError

PROJECT_LABEL: Final = "com.docker.compose.project"
SERVICE_LABEL: Final = "com.docker.compose.service"
NUMBER_LABEL: Final = "com.docker.compose.container-number"
NETWORK_LABEL: Final = "com.docker.compose.network"
VERSION_LABEL: Final = "org.opencontainers.image.version"

_SECONDS: Final = 30
_STOP_SECONDS: Final = 20
"""How long a container that is told to stop may take; compose.yaml says the same."""
_UNIX: Final = "unix://"
_DEFAULT_HOST: Final = f"{_UNIX}/var/run/docker.sock"
_MAX_FILE: Final = 1024 * 1024


@dataclass(frozen=True)
class Container:
    """One container of a project, as the engine tells of it at this moment."""

    id: str
    service: str
    number: int
    state: str
    """`running`, `exited`, `paused` and so on, in the engine's words."""
    health: str | None
    """`healthy`, `unhealthy`, `starting`; None for one without a health check."""
    exit_code: int
    version: str | None
    project: str = ""
    image: str = ""
    """The id of the image that it was made from."""
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What a person calls it: the service, and its number where there are several."""
        return f"{self.service}-{self.number}"

    @property
    def has_failed(self) -> bool:
        """Tell whether it ended with a fault or is not healthy."""
        return self.health == "unhealthy" or (self.state in {"exited", "dead"} and self.exit_code != 0)

    @property
    def is_done(self) -> bool:
        """Tell whether there is nothing to wait for: it is healthy, or has done its one job."""
        if self.state == "exited":
            return self.exit_code == 0
        return self.state == "running" and self.health in {None, "healthy"}


class Engine:
    """A container engine that answers."""

    def __init__(self) -> None:
        """Connect as the environment says; raises `MissingError` that says what to do where nobody answers."""
        try:
            _check_answers(os.environ)
            self._client = docker.from_env(timeout=_SECONDS)
        except (OSError, DockerException) as error:
            raise unusable(error) from error

    def containers(self, project: str) -> list[Container]:
        """Return the project's containers, ended ones too, in order of service and number."""
        found = [_container(each.attrs) for each in self._containers(project)]
        return sorted(found, key=lambda each: (each.service, each.number))

    def ensure_image(self, name: str) -> None:
        """Have the image, from a registry where the engine lacks it; raises `MissingError` where it cannot be had."""
        try:
            self._client.images.get(name)
        except NotFound:
            try:
                self._client.images.pull(name)
            except APIError as error:
                message = (
                    f"the image {name} cannot be had: {error.explanation}\n"
                    "the variables at the top of compose.yaml name other images; "
                    "`.ci/engine` makes some where no registry can be reached"
                )
                raise MissingError(message) from error

    def logs(self, container: Container, lines: int | None = None) -> str:
        """Return what a container has said, its last `lines` where so many are asked for; empty once it is gone."""
        try:
            said: bytes = self._client.containers.get(container.id).logs(tail="all" if lines is None else lines)
        except NotFound:
            return ""
        return said.decode("utf-8", "replace")

    def read_file(self, container: Container, path: str) -> bytes:
        """Return a file of a container; raises `TestbedError` where there is none."""
        try:
            stream, _ = self._client.containers.get(container.id).get_archive(path)
            packed = b"".join(stream)
        except APIError as error:
            message = f"{container.name}: {path} cannot be read ({error.explanation})"
            raise TestbedError(message) from error
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            [member] = archive.getmembers()
            content = archive.extractfile(member)
            if content is None or member.size > _MAX_FILE:
                message = f"{container.name}: {path} is no file of at most {_MAX_FILE} bytes"
                raise TestbedError(message)
            return content.read()

    def kill(self, container: Container) -> None:
        """End a container at once, as a machine that loses its power."""
        self._client.containers.get(container.id).kill()

    def pause(self, container: Container) -> None:
        """Stop the time of a container, as a machine that hangs."""
        self._client.containers.get(container.id).pause()

    def unpause(self, container: Container) -> None:
        """Let the time of a container go on."""
        self._client.containers.get(container.id).unpause()

    def restart(self, container: Container) -> None:
        """Stop a container as it likes to be stopped, and start it again."""
        self._client.containers.get(container.id).restart(timeout=_STOP_SECONDS)

    def start(self, container: Container) -> None:
        """Start a container that has ended."""
        self._client.containers.get(container.id).start()

    def stop(self, container: Container) -> None:
        """Stop a container as it likes to be stopped."""
        self._client.containers.get(container.id).stop(timeout=_STOP_SECONDS)

    def signal(self, container: Container, name: str) -> None:
        """Send the container's first process a signal."""
        self._client.containers.get(container.id).kill(signal=name)

    def used(self, container: Container) -> tuple[float, int]:
        """Return the CPU seconds a container has used, and the bytes of memory it holds; zeros once it is gone."""
        try:
            told = self._client.api.stats(container.id, stream=False, one_shot=True)
            memory = told["memory_stats"]
            # what the kernel keeps of files it could drop at any moment is not the container's need
            held = int(memory["usage"]) - int(memory.get("stats", {}).get("inactive_file", 0))
            return int(told["cpu_stats"]["cpu_usage"]["total_usage"]) / 1e9, max(0, held)
        except (DockerException, OSError, ValueError, KeyError, TypeError):  # the engine says nothing of who is going
            return 0.0, 0

    def processes(self, container: Container) -> frozenset[str]:
        """Return the process ids that run in a container, as the machine counts them."""
        table = self._client.containers.get(container.id).top(ps_args="-o pid")
        return frozenset(row[0] for row in table["Processes"])

    def is_joined(self, project: str, network: str, container: Container) -> bool:
        """Tell whether a container that runs is on one of the project's networks."""
        found = self._network(project, network)
        found.reload()
        return container.id in found.attrs["Containers"]

    def join(self, project: str, network: str, container: Container, alias: str) -> None:
        """Put a container on one of the project's networks, by another name too."""
        self._network(project, network).connect(container.id, aliases=[alias])

    def cut_off(self, project: str, network: str, container: Container) -> None:
        """Take a container from one of the project's networks, as somebody who pulls a cable."""
        self._network(project, network).disconnect(container.id)

    def run_beside(self, beside: Container, command: Sequence[str], tmpfs: Mapping[str, str]) -> tuple[int, str]:
        """Run the image of a container once more, with nothing of its own but `tmpfs` (mount options by place).

        Return the exit code and what was said; nothing is left of it.
        """
        made = self._client.containers.create(
            beside.image,
            entrypoint=list(command),
            labels={PROJECT_LABEL: beside.project, SERVICE_LABEL: f"{beside.service}-once", NUMBER_LABEL: "1"},
            tmpfs=dict(tmpfs),
            network_mode="none",
            read_only=True,
            cap_drop=["ALL"],
        )
        try:
            made.start()
            code: int = made.wait(timeout=_SECONDS * 2)["StatusCode"]
            return code, made.logs().decode("utf-8", "replace").strip()
        finally:
            made.remove(force=True, v=True)

    def remove(self, project: str) -> int:
        """Remove the project's containers, networks and volumes, and nothing else; return how many there were.

        Raises `TestbedError` that names what somebody else's container still uses; everything else is gone then.
        """
        containers = self._containers(project)
        for each in containers:
            each.remove(force=True, v=True)
        networks, volumes = self._of(self._client.networks, project), self._of(self._client.volumes, project)
        kept = []
        for each in (*networks, *volumes):
            try:
                each.remove()
            except NotFound:
                continue  # somebody else has just removed it
            except APIError as error:
                kept.append(f"{each.name} cannot be removed: {error.explanation}")
        if kept:
            raise TestbedError("\n".join(kept))
        return len(containers) + len(networks) + len(volumes)

    def _containers(self, project: str) -> list[Any]:
        """Return what compose made: one that a person runs from an image that compose built bears the image's labels."""
        labels = [f"{PROJECT_LABEL}={project}", NUMBER_LABEL]
        found: list[Any] = self._client.containers.list(all=True, filters={"label": labels})
        return found

    def _network(self, project: str, name: str) -> Any:  # noqa: ANN401 -- docker ships no types
        labels = [f"{PROJECT_LABEL}={project}", f"{NETWORK_LABEL}={name}"]
        [network] = self._client.networks.list(filters={"label": labels})
        return network

    def _of(self, collection: Any, project: str) -> list[Any]:  # noqa: ANN401 -- docker ships no types
        labelled: list[Any] = collection.list(filters={"label": f"{PROJECT_LABEL}={project}"})
        return labelled


def _check_answers(environ: Mapping[str, str]) -> None:
    """Return when the engine's socket can be used, or is none of this machine's.

    Raises `OSError`; the library would raise one thing for every cause, and leave a socket open (docker 7.2).
    """
    host = environ.get("DOCKER_HOST") or _DEFAULT_HOST
    if host.startswith(_UNIX):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(_SECONDS)
            probe.connect(host.removeprefix(_UNIX))


def _container(attributes: dict[str, Any]) -> Container:
    labels, state = attributes["Config"]["Labels"], attributes["State"]
    return Container(
        id=attributes["Id"],
        service=labels[SERVICE_LABEL],
        number=int(labels[NUMBER_LABEL]),
        state=state["Status"],
        health=state["Health"]["Status"] if state.get("Health") else None,
        exit_code=state["ExitCode"],
        version=labels.get(VERSION_LABEL),
        project=labels[PROJECT_LABEL],
        image=attributes["Image"],
        environment=dict(each.partition("=")[::2] for each in attributes["Config"]["Env"] or ()),
    )


def failed(containers: list[Container]) -> Iterator[Container]:
    """Give the containers that have failed, those that ended by themselves first: the others may only miss them."""
    yield from (each for each in containers if each.has_failed and each.state != "running")
    yield from (each for each in containers if each.has_failed and each.state == "running")


def unusable(error: Exception) -> MissingError:
    """Return what to tell of an engine that could not be reached because of `error`."""
    if isinstance(error, PermissionError):
        return MissingError(
            "the container engine is there, but this user may not use it; "
            "join the group docker (and sign in anew), or run this as a user who may"
        )
    return MissingError(
        "no container engine answers; install and start Docker (docs/containers.md), or set DOCKER_HOST to where it is"
        f"\n  {str(error)[:300]}"
    )
