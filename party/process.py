# SPDX-License-Identifier: Apache-2.0
"""How a part's process learns who it is, reads what was rendered for it, and logs.

Logs are JSON lines on stderr at INFO. No personal data may stand in them, so libraries that log what they handle are
silenced, and of an exception only its place is written: its text may quote what a person sent. The testbed's own
errors say what is wrong with a file or a setting and are written whole.
"""

from __future__ import annotations

import logging
import logging.config
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from structlog.typing import EventDict, WrappedLogger

from federation.endpoints import PARTS, PartName
from federation.errors import InputError, TestbedError
from party.clock import Clock, shifted, system_clock

STATE_VARIABLE: Final = "TESTBED_STATE"
PART_VARIABLE: Final = "TESTBED_PART"
CLOCK_VARIABLE: Final = "TESTBED_CLOCK_OFFSET"
DATABASE_URL_VARIABLE: Final = "TESTBED_DATABASE_URL"
"""Another database of the services than SQLite: postgresql://USER:PASSWORD@HOST:PORT/DATABASE."""
LOCALHOST_VARIABLE: Final = "TESTBED_LOCALHOST"

LOOPBACK: Final = "127.0.0.1"

MAX_FILES: Final = 5_000
MAX_FILE_BYTES: Final = 10 * 1024 * 1024
_MAX_OFFSET: Final = timedelta(days=36500)
_MAX_FRAMES: Final = 30

_TALKATIVE: Final = ("satosa", "saml2", "onelogin", "oic", "xmlschema", "flask-limiter")
"""Libraries that log messages, NameIDs or attributes (saml-libraries 5), or whom they refused."""


@dataclass(frozen=True)
class PartEnvironment:
    """What a part's process is told by its environment."""

    state: Path
    part: PartName
    clock: Clock
    localhost: str = LOOPBACK
    """Where names below localhost are reached: this machine, or in a container the balancer."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> PartEnvironment:
        """Read the three variables; raises `InputError` that names the one that is wrong."""
        state = environ.get(STATE_VARIABLE, "")
        if not state:
            message = f"{STATE_VARIABLE} is not set: expected the state folder, such as .testbed"
            raise InputError(message)
        name = environ.get(PART_VARIABLE, "")
        part = next((part for part in PARTS if part == name), None)
        if part is None:
            message = f"{PART_VARIABLE}: expected one of {', '.join(PARTS)}, found {name!r}"
            raise InputError(message)
        offset = _offset(environ.get(CLOCK_VARIABLE, "0"))
        clock = shifted(system_clock, offset) if offset else system_clock
        return cls(Path(state), part, clock, environ.get(LOCALHOST_VARIABLE) or LOOPBACK)


def read_part_folder(state: Path, part: PartName) -> dict[str, bytes]:
    """Return every file below the part's folder by its path relative to it, with slashes.

    Raises `InputError` where the folder is missing or a file cannot be read or is too large.
    """
    folder = state / part
    if not folder.is_dir():
        message = f"{folder}: there is no such folder; run `testbed apply`"
        raise InputError(message)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    if len(paths) > MAX_FILES:
        message = f"{folder}: found {len(paths)} files, expected at most {MAX_FILES}"
        raise InputError(message)
    return {path.relative_to(folder).as_posix(): _read(path) for path in paths}


def logging_config() -> dict[str, Any]:
    """Return the configuration for `logging.config.dictConfig`, and for gunicorn's `logconfig_dict`."""
    silent = {name: {"level": "CRITICAL"} for name in _TALKATIVE}
    through_root = {name: {"handlers": [], "propagate": True} for name in ("gunicorn.error", "gunicorn.access")}
    return {
        "version": 1,
        # else every logger that exists already falls silent (saml-libraries 5)
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": _json_formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {**silent, **through_root, "werkzeug": {"level": "WARNING"}, "httpx": {"level": "WARNING"}},
    }


def configure_logging() -> None:
    """Make this process log as JSON lines on stderr."""
    logging.config.dictConfig(logging_config())


def _json_formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(),
        ],
        foreign_pre_chain=[
            structlog.stdlib.ExtraAdder(allow=()),
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            _where_it_was_raised,
            structlog.processors.EventRenamer("message"),
        ],
    )


def _where_it_was_raised(_logger: WrappedLogger, _method: str, entry: EventDict) -> EventDict:
    """Replace an exception by its type and place, and by its text where it is one of our own."""
    information = entry.pop("exc_info", None)
    if not information:
        return entry
    kind, error, trace = information
    frames = traceback.extract_tb(trace)[-_MAX_FRAMES:]
    entry["exception"] = f"{kind.__module__}.{kind.__qualname__}"
    entry["raised_at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    if isinstance(error, TestbedError):
        entry["explanation"] = str(error)
    return entry


def _offset(text: str) -> timedelta:
    try:
        offset = timedelta(seconds=int(text))
    except (ValueError, OverflowError) as error:
        message = f"{CLOCK_VARIABLE}: expected whole seconds, found {text!r}"
        raise InputError(message) from error
    if abs(offset) > _MAX_OFFSET:
        message = f"{CLOCK_VARIABLE}: expected at most a hundred years, found {text!r}"
        raise InputError(message)
    return offset


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            message = f"{path}: found {size} bytes, expected at most {MAX_FILE_BYTES}"
            raise InputError(message)
        return path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}); run `testbed apply`"
        raise InputError(message) from error
