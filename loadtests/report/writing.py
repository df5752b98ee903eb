# SPDX-License-Identifier: Apache-2.0
"""The edge: reads a run's folder, writes the report's files beside it, each whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from certs.folder import write_file
from federation.errors import InputError
from loadtests.report.assembly import report_of
from loadtests.report.document import Report
from loadtests.report.junit import junit_xml
from loadtests.report.recorded import RecordedRun, read_recorded_run
from loadtests.report.stored import REPORT
from loadtests.report.verdict import Verdict

HTML: Final = "report.html"
JUNIT: Final = "junit.xml"
PRIVATE: Final = 0o600


def write_report(run_folder: Path) -> Verdict:
    """Write `report.json`, `junit.xml` and `report.html` into a run's folder and return the verdict.

    Raises `InputError` where the folder does not hold a run, or cannot be written; nothing is half written.
    """
    recorded = read_recorded_run(run_folder)
    report = report_of(recorded)
    for name, content in report_files(report, recorded).items():
        path = run_folder / name
        try:
            write_file(path, content, PRIVATE)
        except OSError as error:
            message = f"{path}: cannot be written ({error.strerror})"
            raise InputError(message) from error
    return Verdict.of(report)


def report_files(report: Report, recorded: RecordedRun) -> dict[str, bytes]:
    """Return the report's files by name; the same run gives the same bytes."""
    from loadtests.report.page import page_of  # noqa: PLC0415 -- matplotlib takes a second to load

    return {
        REPORT: (report.model_dump_json(indent=2) + "\n").encode("utf-8"),
        JUNIT: junit_xml(report),
        HTML: page_of(report, recorded).encode("utf-8"),
    }
