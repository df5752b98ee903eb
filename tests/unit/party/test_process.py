# SPDX-License-Identifier: Apache-2.0
"""How a part's process learns who it is, reads its folder, and logs."""

import io
import json
import logging
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from federation.errors import InputError
from party.process import PartEnvironment, logging_config, read_part_folder


def test_reads_who_it_is() -> None:
    """State folder, part and clock come from three variables."""
    environment = PartEnvironment.from_environ(
        {"TESTBED_STATE": ".testbed", "TESTBED_PART": "publisher", "TESTBED_CLOCK_OFFSET": "-600"}
    )

    assert environment.state == Path(".testbed")
    assert environment.part == "publisher"
    assert abs(environment.clock() - (datetime.now(UTC) - timedelta(minutes=10))) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param(
            {"TESTBED_STATE": ""}, "TESTBED_STATE is not set: expected the state folder", id="no state folder"
        ),
        pytest.param(
            {"TESTBED_PART": "proxies"},
            "TESTBED_PART: expected one of proxy, idp, publisher, portal, found 'proxies'",
            id="no such part",
        ),
        pytest.param(
            {"TESTBED_CLOCK_OFFSET": "10m"},
            "TESTBED_CLOCK_OFFSET: expected whole seconds, found '10m'",
            id="an offset with a unit",
        ),
        pytest.param(
            {"TESTBED_CLOCK_OFFSET": "9" * 30},
            "TESTBED_CLOCK_OFFSET: expected whole seconds, found '999999999999999999999999999999'",
            id="an offset beyond all time",
        ),
        pytest.param(
            {"TESTBED_CLOCK_OFFSET": "4000000000"},
            "TESTBED_CLOCK_OFFSET: expected at most a hundred years, found '4000000000'",
            id="an offset of more than a hundred years",
        ),
    ],
)
def test_says_which_variable_is_wrong(changes: dict[str, str], message: str) -> None:
    """A part that is started by hand tells what it needs."""
    with pytest.raises(InputError) as caught:
        PartEnvironment.from_environ({"TESTBED_STATE": ".testbed", "TESTBED_PART": "proxy", **changes})

    assert str(caught.value).startswith(message)


def test_reads_every_file_of_the_part(tmp_path: Path) -> None:
    """Paths are relative, with slashes; other parts' files stay unread."""
    for path, content in {
        "proxy/config.json": "{}",
        "proxy/metadata/sources/a.xml": "<a/>",
        "idp/config.json": "no",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)

    assert read_part_folder(tmp_path, "proxy") == {"config.json": b"{}", "metadata/sources/a.xml": b"<a/>"}


def test_a_missing_folder_says_what_to_run(tmp_path: Path) -> None:
    """Before the first apply there is nothing to read."""
    with pytest.raises(InputError, match=r"proxy: there is no such folder; run `testbed apply`"):
        read_part_folder(tmp_path, "proxy")


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    """Nothing that was rendered is that large, and memory is finite."""
    (tmp_path / "proxy").mkdir()
    with (tmp_path / "proxy" / "config.json").open("wb") as file:
        file.truncate(10 * 1024 * 1024 + 1)

    with pytest.raises(InputError, match="found 10485761 bytes, expected at most 10485760"):
        read_part_folder(tmp_path, "proxy")


def logged(record: logging.LogRecord) -> dict[str, object]:
    """Return one log line as the process would write it."""
    formatter = logging_config()["formatters"]["json"]["()"]()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    handler.handle(record)
    line: dict[str, object] = json.loads(stream.getvalue())
    return line


def raised(error: Exception) -> logging.LogRecord:
    """Return the record of an error that was caught."""
    try:
        raise error
    except type(error):
        logger = logging.getLogger("proxy")
        return logger.makeRecord("proxy", logging.ERROR, "f.py", 1, "uncaught in %s", ("proxy",), sys.exc_info())


def test_a_log_line_is_json_with_time_level_and_logger() -> None:
    """Logs of all parts can be read together."""
    line = logged(logging.LogRecord("proxy.store", logging.WARNING, "f.py", 1, "slow: %s ms", (12,), None))

    assert datetime.fromisoformat(str(line.pop("at"))).utcoffset() == timedelta(0)
    assert line == {"message": "slow: 12 ms", "level": "warning", "logger": "proxy.store"}


def test_of_a_stranger_s_exception_only_the_place_is_logged() -> None:
    """Its text may quote what a person sent, as database errors do with their parameters."""
    line = logged(raised(ValueError("Testi31 Oppilas31")))

    assert "Oppilas31" not in json.dumps(line)
    assert line["exception"] == "builtins.ValueError"
    assert "test_process.py" in str(line["raised_at"])


def test_our_own_errors_are_logged_whole() -> None:
    """They say what is wrong with a file or a setting, and whoever starts a part needs to know."""
    line = logged(raised(InputError("proxy/config.json: expected JSON")))

    assert line["explanation"] == "proxy/config.json: expected JSON"


@pytest.mark.parametrize("library", ["satosa", "saml2", "onelogin"])
def test_libraries_that_log_attributes_are_silent(library: str) -> None:
    """SATOSA logs NameIDs at INFO and whole documents at ERROR."""
    assert logging_config()["loggers"][library] == {"level": "CRITICAL"}
