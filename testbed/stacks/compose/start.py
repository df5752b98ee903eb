# SPDX-License-Identifier: Apache-2.0
"""Bringing the compose stack up: all of it healthy and answering, or nothing left and the reason said.

In this order: an engine answers and has compose, nothing of the project runs, the port is free; then images, then
containers, then every part answers under its public name.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Final

from certs.folder import PRIVATE, write_file
from certs.tls_folder import TlsFolder
from federation.endpoints import PARTS, PartName
from federation.errors import MissingError
from testbed.assembly import RUN_TOKEN
from testbed.stacks.compose.engine import Container, Engine, failed
from testbed.stacks.compose.part_folders import CA_CERTIFICATE
from testbed.stacks.compose.project import COMPOSE_FILE, Project
from testbed.stacks.ports import listen
from testbed.stacks.readiness import ask_ready, client_context

HEALTHY_SECONDS: Final = 120.0
OWN_IMAGES: Final = "mpass-testbed/"
_ASK_SECONDS: Final = 3.0
_POLL_SECONDS: Final = 0.3
_LOG_LINES: Final = 15


def bring_up(project: Project, engine: Engine, say: Callable[[str], None]) -> None:
    """Run the stack; returns when every part answers.

    Raises `MissingError` with the last lines of the part concerned where it cannot; nothing is left running then.
    """
    _check(project, engine)
    try:
        say("images: taken from the engine, or built")
        for image in _images_of_others(project):
            engine.ensure_image(image)
        _compose(project, engine, "build", "--quiet")
        say("containers: starting")
        _compose(project, engine, "up", "--detach", "--no-build", "--quiet-pull", "--force-recreate")
        deadline = time.monotonic() + HEALTHY_SECONDS
        _wait_until_healthy(project, engine, deadline)
        for words in _notices(project, engine):
            say(words)
        _fetch_what_clients_need(project, engine)
        _wait_until_answering(project, engine, deadline)
    except BaseException:
        engine.remove(project.name)
        project.forget()
        raise


def _check(project: Project, engine: Engine) -> None:
    code, said = project.run("version", "--short")
    if code:
        message = f"docker has no compose plugin (version 2); install it (docs/containers.md)\n{_tail(said)}"
        raise MissingError(message)
    if not COMPOSE_FILE.is_file():
        message = f"{COMPOSE_FILE}: there is no such file; the compose stack is run from a checkout"
        raise MissingError(message)
    if any(each.state == "running" for each in engine.containers(project.name)):
        message = (
            f"a testbed runs from {project.state} already, in containers; "
            "`testbed status` shows it, `testbed down` stops it"
        )
        raise MissingError(message)
    for listener in listen([project.options.port])[project.options.port]:
        listener.close()


def _images_of_others(project: Project) -> list[str]:
    """Return the names of the images that are not built here."""
    code, said = project.run("config", "--images")
    if code:
        message = f"{COMPOSE_FILE} cannot be read:\n{_tail(said)}"
        raise MissingError(message)
    return sorted({line for line in said.splitlines() if line and not line.startswith(OWN_IMAGES)})


def _compose(project: Project, engine: Engine, *arguments: str) -> None:
    code, said = project.run(*arguments)
    if code:
        reason = (
            next(_failures(project, engine), None) or f"docker compose {arguments[0]} ended with {code}:\n{_tail(said)}"
        )
        raise MissingError(reason)


def _wait_until_healthy(project: Project, engine: Engine, deadline: float) -> None:
    while True:
        containers = engine.containers(project.name)
        reason = next(_failures(project, engine), None)
        if reason is not None:
            raise MissingError(reason)
        waiting = [each for each in containers if not each.is_done]
        if not waiting:
            return
        if time.monotonic() > deadline:
            raise MissingError(
                _told(engine, waiting[0], f"is not healthy in time ({waiting[0].health or waiting[0].state})")
            )
        time.sleep(_POLL_SECONDS)


def _failures(project: Project, engine: Engine) -> Iterator[str]:
    """Give what to say of each container that has failed, the cause before its consequences."""
    for each in failed(engine.containers(project.name)):
        what = "is not healthy" if each.state == "running" else f"has ended with {each.exit_code}"
        yield _told(engine, each, what)


def _notices(project: Project, engine: Engine) -> Iterator[str]:
    """Give what was said of parts that are somebody's own, by their place, when the declaration was applied."""
    [job] = [each for each in engine.containers(project.name) if each.service == "render"]
    yield from (
        line for line in engine.logs(job).splitlines() if line.startswith(("services.", "education_providers."))
    )


def _wait_until_answering(project: Project, engine: Engine, deadline: float) -> None:
    context = client_context(project.folder, project.options.origins)
    for part in PARTS:
        while not _answers(project, part, context):
            if time.monotonic() > deadline:
                [balancer] = [each for each in engine.containers(project.name) if each.service == "balancer"]
                raise MissingError(_told(engine, balancer, f"lets nobody through to {part}"))
            time.sleep(_POLL_SECONDS)


def _answers(project: Project, part: PartName, context: ssl.SSLContext | None) -> bool:
    try:
        status, document = ask_ready(project.options.origins, part, context, timeout=_ASK_SECONDS)
    except OSError:
        return False
    return status == http.client.OK and document.get("part") == part


def _fetch_what_clients_need(project: Project, engine: Engine) -> None:
    """Keep the CA's certificate and the run's token where clients of this stack look for them."""
    [given] = [each for each in engine.containers(project.name) if each.service == "publisher"]
    certificate = engine.read_file(given, f"/state/{CA_CERTIFICATE}")
    write_file(TlsFolder(project.folder).ca_certificate, certificate)
    write_file(project.folder / "secrets" / RUN_TOKEN, engine.read_file(given, f"/state/secrets/{RUN_TOKEN}"), PRIVATE)
    project.write_record()


def _told(engine: Engine, container: Container, what: str) -> str:
    return f"{container.name} {what}; its last words:\n{_tail(engine.logs(container, _LOG_LINES))}"


def _tail(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()][-_LOG_LINES:]
    return "\n".join(f"  {line[:500]}" for line in lines) or "  (nothing)"
