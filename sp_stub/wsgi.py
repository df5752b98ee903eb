# SPDX-License-Identifier: Apache-2.0
"""What gunicorn starts: a service of the state folder that the environment names (`sp_stub.wsgi:create()`)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from certs.folder import KeyFolder
from certs.keys import service_entity
from federation.errors import InputError
from party.events import Events, log_sink
from party.process import PartEnvironment, configure_logging, read_part_folder
from sp_stub.app import create_app
from sp_stub.config import ServiceConfig
from sp_stub.data.database import Database
from sp_stub.data.faults import DatabaseNotOursError, DatabaseUnavailableError
from sp_stub.data.place import database_url, schema_of
from sp_stub.settings import CONFIG_FILE, RUN_TOKEN, Settings, session_secret_name

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


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
    url = database_url(environment.state, config.simulated, os.environ)
    _check_is_ours(Database(url, schema_of(config.simulated)))
    events = Events(config.simulated, environment.clock, log_sink)
    return create_app(Settings.read(files, keys), environment.clock, events, url)


def _check_is_ours(database: Database) -> None:
    """Bring a database that answers to the newest tables.

    Raises `InputError` for one that is not for this version: no waiting helps there.
    """
    try:
        database.check()
    except DatabaseNotOursError as error:
        raise InputError(str(error)) from error
    except DatabaseUnavailableError:
        pass  # the part is not ready until it answers
    finally:
        database.close()
