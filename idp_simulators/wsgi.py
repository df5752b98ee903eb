# SPDX-License-Identifier: Apache-2.0
"""The simulators as a process: what gunicorn loads (`idp_simulators.wsgi:create()`).

One worker process with threads: see `idp_simulators.app`. Chosen passwords are kept in `data/idp.sqlite`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from certs.folder import KeyFolder
from idp_simulators.app import create_app
from idp_simulators.password_store import SqlitePasswords
from idp_simulators.settings import Settings, needed_entities, needed_secrets, read_configuration
from party.events import Events, log_sink
from party.process import PartEnvironment, read_part_folder

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def create() -> WSGIApplication:
    """Return the simulators of this process; raises `InputError` or `PasswordsUnavailableError` when they cannot start."""
    environment = PartEnvironment.from_environ(os.environ)
    files = read_part_folder(environment.state, "idp")
    configuration = read_configuration(files)
    keys = KeyFolder(environment.state).load(needed_entities(configuration), needed_secrets(configuration))
    settings = Settings.read(files, keys)
    passwords = SqlitePasswords(environment.state / "data" / "idp.sqlite")
    return create_app(settings, environment.clock, Events("idp", environment.clock, log_sink), passwords)
