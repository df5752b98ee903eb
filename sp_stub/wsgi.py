# SPDX-License-Identifier: Apache-2.0
"""What gunicorn starts: a service of the state folder that the environment names (`sp_stub.wsgi:create()`)."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from certs.folder import PRIVATE, KeyFolder
from certs.keys import service_entity
from federation.errors import InputError
from party.events import Events, log_sink
from party.process import PartEnvironment, configure_logging, read_part_folder
from sp_stub.app import create_app
from sp_stub.config import ServiceConfig
from sp_stub.settings import CONFIG_FILE, RUN_TOKEN, Settings, session_secret_name

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

DATABASE_URL_VARIABLE: Final = "TESTBED_DATABASE_URL"
"""Another database than SQLite below the state folder, such as postgresql+psycopg://…"""


def create() -> WSGIApplication:
    """Return the app; raises `InputError` where the state folder or the environment is not as it should be."""
    configure_logging()
    environment = PartEnvironment.from_environ(os.environ)
    files = read_part_folder(environment.state, environment.part)
    if CONFIG_FILE not in files:
        message = f"{environment.state / environment.part / CONFIG_FILE}: missing; run `testbed apply`"
        raise InputError(message)
    config = ServiceConfig.from_json(files[CONFIG_FILE])
    keys = KeyFolder(environment.state).load(
        [service_entity(config.service)], [RUN_TOKEN, session_secret_name(config.simulated)]
    )
    database_url = os.environ.get(DATABASE_URL_VARIABLE) or _own_database(environment.state, config.simulated)
    events = Events(config.simulated, environment.clock, log_sink)
    return create_app(Settings.read(files, keys), environment.clock, events, database_url)


def _own_database(state: Path, service: str) -> str:
    """Return the URL of the service's SQLite file, readable by its owner only: sessions hold what people are called."""
    path = state / "data" / f"{service}.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True, mode=stat.S_IRWXU)
    path.touch(mode=PRIVATE)  # SQLite gives the files beside it the same mode
    return f"sqlite:///{path}"
