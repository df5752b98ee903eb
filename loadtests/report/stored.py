# SPDX-License-Identifier: Apache-2.0
"""A report read back from where it was written, with nothing trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydantic import ValidationError

from federation.errors import InputError
from loadtests.report.document import Report

REPORT: Final = "report.json"
MOST_BYTES: Final = 50_000_000


def read_report(path: Path) -> Report:
    """Return the report of a run's folder, or of a `report.json`; raises `InputError` that says what is wrong."""
    file = path / REPORT if path.is_dir() else path
    try:
        if file.stat().st_size > MOST_BYTES:
            message = f"{file}: more than {MOST_BYTES:,} bytes, which no report has"
            raise InputError(message)
        return Report.model_validate_json(file.read_bytes())
    except OSError as error:
        message = f"{file}: cannot be read ({error.strerror}); expected the folder of a load run that has ended"
        raise InputError(message) from error
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, fault["loc"])) or "the file"
        message = f"{file}: {place}: {fault['msg']}; another version of the testbed may have written it"
        raise InputError(message) from error
