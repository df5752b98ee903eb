# SPDX-License-Identifier: Apache-2.0
"""A login kept whole: the messages decoded, the events of its requests, the result; what `explain` reads.

It holds what the messages hold, names and ids of people included: the folder and its files are for their owner only.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from certs.folder import PRIVATE, write_file
from federation.errors import InputError
from party.events import Event, event_to_json
from testbed.explain.decode import decode_parameter
from testbed.explain.messages import message_id
from testbed.flow.browser import SeenMessage
from testbed.flow.result import LoginResult

FILE: Final = "transcript.json"


def write_transcript(folder: Path, result: LoginResult, events: Iterable[Event]) -> Path:
    """Write `transcript.json` and each message as XML beside it; return the former's path.

    Raises `InputError` where the folder cannot be written. Files of an earlier transcript are replaced.
    """
    messages = [_decoded(message) for message in result.messages]
    document = {
        "result": result.as_json(),
        "messages": messages,
        "events": [json.loads(event_to_json(event)) for event in events_of(result, events)],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=stat.S_IRWXU)
        folder.chmod(stat.S_IRWXU)
        for number, each in enumerate(messages, start=1):
            name = f"{number:02}-{each['parameter']}-{each['from']}-{each['to']}.xml"
            write_file(folder / name, each["xml"].encode("utf-8"), PRIVATE)
        write_file(folder / FILE, (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8"), PRIVATE)
    except OSError as error:
        message = f"--transcript {folder}: cannot be written ({error.strerror})"
        raise InputError(message) from error
    return folder / FILE


def events_of(result: LoginResult, events: Iterable[Event]) -> list[Event]:
    """Return the events that carry the id of one of this login's requests, in order of time.

    A Wilma or an Opinsys knows no more than the proxy's nonce: the proxy's events say which login that belongs to.
    """
    every = list(events)
    ids: set[object] = {
        message_id(message.encoded) for message in result.messages if message.parameter == "SAMLRequest"
    }
    ids |= {event.fields.get("home_request_id") for event in every if event.fields.get("request_id") in ids}
    found = [
        event for event in every if {event.fields.get("request_id"), event.fields.get("home_request_id")} & ids - {None}
    ]
    return sorted(found, key=lambda event: event.at)


def _decoded(message: SeenMessage) -> dict[str, Any]:
    try:
        xml, encoding = decode_parameter(message.encoded)
        text = xml.decode("utf-8")
    except (InputError, UnicodeDecodeError) as error:
        text, encoding = message.encoded, f"as it came: {error}"
    return {
        "hop": message.hop,
        "from": message.sender,
        "to": message.receiver,
        "parameter": message.parameter,
        "binding": message.binding,
        "encoding": encoding,
        "relay_state": message.relay_state,
        "xml": text,
    }
