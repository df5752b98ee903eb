# SPDX-License-Identifier: Apache-2.0
"""Faults of Wilma's redirect: its nonce, its checksum, its parameters (home-protocols 2)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from idp_simulators.faults.wilma_fault import WilmaFault, WilmaScene
from idp_simulators.wilma.answers import WilmaAnswer

_PROTOCOL: Final = "home-protocols 2"
_FACT: Final = "facts-mpassid 7"
_MALFORMED: Final = "home-answer-malformed"
_NONCE: Final = "home-nonce-mismatch"
_CHECKSUM: Final = "home-checksum-invalid"
_CHECKSUM_TEXT: Final = re.compile(r"(?<=&h=)[0-9a-f]{64}")

_SPELLED_OUT: Final = "Every letter of the user name is percent-encoded, and the checksum is over it so."
_FOLLOWED: Final = "A fragment follows the checksum, which the browser keeps to itself."


def _with_nonce(answer: WilmaAnswer, scene: WilmaScene, nonce: str) -> WilmaAnswer:
    return replace(answer, return_url=answer.return_url.replace(scene.nonce, nonce))


def _wrong_nonce(answer: WilmaAnswer, scene: WilmaScene) -> WilmaAnswer:
    return _with_nonce(answer, scene, secrets.token_urlsafe(18))


def _nonce_of_another_login(answer: WilmaAnswer, scene: WilmaScene) -> WilmaAnswer:
    return _with_nonce(answer, scene, scene.another_nonce)


def _nonce_missing(answer: WilmaAnswer, scene: WilmaScene) -> WilmaAnswer:
    """Leave the nonce's parameter out; the address is one all the same, and its checksum right."""
    return replace(answer, return_url=answer.return_url.replace(f"nonce={scene.nonce}", "nonce="))


def _nonce_twice(answer: WilmaAnswer, scene: WilmaScene) -> WilmaAnswer:
    return replace(answer, parameters=(("nonce", scene.nonce), *answer.parameters))


def _edited(edit: Callable[[str], str]) -> Callable[[WilmaAnswer, WilmaScene], WilmaAnswer]:
    return lambda answer, _scene: answer.with_edit(edit)


def _digit_changed(match: re.Match[str]) -> str:
    return ("b" if match[0][0] == "a" else "a") + match[0][1:]


def _by_another_secret(answer: WilmaAnswer, _scene: WilmaScene) -> WilmaAnswer:
    return replace(answer, secret=secrets.token_bytes(32))


def _another_user(answer: WilmaAnswer, _scene: WilmaScene) -> WilmaAnswer:
    return answer.with_edit(lambda url: re.sub(r"(?<=&username=)[^&]*", "demo_u0002", url))


def _spelled_out(answer: WilmaAnswer, _scene: WilmaScene) -> WilmaAnswer:
    """Percent-encode every letter, before the checksum; an encoded one already stays as it is."""
    spelled = tuple(
        (name, re.sub(r"%[0-9A-F]{2}|.", lambda letter: _encoded(letter[0]), value))
        for name, value in answer.parameters
    )
    return replace(answer, parameters=spelled)


def _encoded(letter: str) -> str:
    return letter if len(letter) > 1 else f"%{ord(letter):02X}"


def _with_parameter(answer: WilmaAnswer, _scene: WilmaScene) -> WilmaAnswer:
    return replace(answer, parameters=(*answer.parameters, ("role", "teacher")))


def _user_twice(answer: WilmaAnswer, _scene: WilmaScene) -> WilmaAnswer:
    return replace(answer, parameters=(*answer.parameters, ("username", "demo_u0002")))


FAULTS: Final = (
    WilmaFault(
        "wilma-wrong-nonce",
        "Wilma answers with a nonce that nobody sent, and a right checksum.",
        _FACT,
        _NONCE,
        _wrong_nonce,
        _SPELLED_OUT,
        _spelled_out,
    ),
    WilmaFault(
        "wilma-nonce-of-another-login",
        "Wilma answers with the nonce of the last other login there, and a right checksum.",
        _FACT,
        _NONCE,
        _nonce_of_another_login,
        _SPELLED_OUT,
        _spelled_out,
    ),
    WilmaFault(
        "wilma-nonce-missing",
        "Wilma answers without a nonce, and with a right checksum.",
        _PROTOCOL,
        _MALFORMED,
        _nonce_missing,
        _SPELLED_OUT,
        _spelled_out,
    ),
    WilmaFault(
        "wilma-nonce-twice",
        "Wilma's answer has the nonce twice, and a right checksum.",
        _PROTOCOL,
        _MALFORMED,
        _nonce_twice,
        _SPELLED_OUT,
        _spelled_out,
    ),
    WilmaFault(
        "wilma-wrong-checksum",
        "One digit of the checksum of Wilma's answer was changed.",
        _FACT,
        _CHECKSUM,
        _edited(lambda url: _CHECKSUM_TEXT.sub(_digit_changed, url)),
        _FOLLOWED,
        _edited(lambda url: f"{url}#h"),
    ),
    WilmaFault(
        "wilma-checksum-missing",
        "Wilma's answer has no checksum.",
        _PROTOCOL,
        _MALFORMED,
        _edited(lambda url: url.partition("&h=")[0]),
        _FOLLOWED,
        _edited(lambda url: f"{url}#h"),
    ),
    WilmaFault(
        "wilma-checksum-by-another-secret",
        "The checksum of Wilma's answer is made with a secret that nobody shares.",
        _FACT,
        _CHECKSUM,
        _by_another_secret,
        _SPELLED_OUT,
        _spelled_out,
    ),
    WilmaFault(
        "wilma-user-changed",
        "The user name in Wilma's answer was changed after the checksum.",
        _FACT,
        _CHECKSUM,
        _another_user,
        _SPELLED_OUT,
        _spelled_out,
    ),
    WilmaFault(
        "wilma-user-twice",
        "Wilma's answer names two people, and its checksum is over both.",
        _PROTOCOL,
        _MALFORMED,
        _user_twice,
        _SPELLED_OUT,
        _spelled_out,
    ),
    WilmaFault(
        "wilma-parameter-added",
        "A parameter was added to Wilma's answer after the checksum.",
        _PROTOCOL,
        _MALFORMED,
        _edited(lambda url: f"{url}&role=teacher"),
        _FOLLOWED,
        _edited(lambda url: f"{url}#&role=teacher"),
    ),
    WilmaFault(
        "wilma-parameter-in-excess",
        "Wilma's answer has one parameter more, which its checksum is over.",
        _PROTOCOL,
        _MALFORMED,
        _with_parameter,
        _SPELLED_OUT,
        _spelled_out,
    ),
)
