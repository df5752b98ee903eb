# SPDX-License-Identifier: Apache-2.0
"""Faults of size and form that must cost the proxy nothing: entities, bombs, depth, width, thousands of values."""

from __future__ import annotations

from typing import Final

from idp_simulators.faults.fault import Change, Fault, Scene
from idp_simulators.faults.person_attributes import sent_instead, written
from idp_simulators.faults.signing_again import response_signed_after
from idp_simulators.saml.answers import Answer
from idp_simulators.saml.messages import ASSERTION_NAMESPACE, BASIC

_NO_DOCTYPE: Final = "saml2int SDP-G03"
_BOUNDS: Final = "design 2"
_NAMESPACE: Final = "urn:example:testbed"
_MANY: Final = 10_000

_BOMB: Final = (
    '<!DOCTYPE samlp:Response [<!ENTITY e0 "ha">'
    + "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    + "]>"
)
"""Ten levels of entities: a gigabyte for whoever expands them."""
_EXTERNAL: Final = '<!DOCTYPE samlp:Response [<!ENTITY e SYSTEM "file:///etc/hostname">]>'


def _with_entity(doctype: str, name: str) -> Change:
    """Return the change that declares entities and uses one as the nickname, which the signature then covers not."""

    def change(answer: Answer, scene: Scene) -> Answer:
        renamed = _sent(answer, (scene.names["nickname"],), ("Olio",))
        return renamed.with_edit(lambda text: doctype + text.replace(">Olio<", f">&{name};<", 1))

    return change


def _sent(answer: Answer, names: tuple[str, ...], values: tuple[str, ...]) -> Answer:
    return sent_instead(answer, *(written(answer, name, *values) for name in names))


def _predefined_entities(answer: Answer, scene: Scene) -> Answer:
    """Write a value with the entities that every document has, and as character references."""
    renamed = _sent(answer, (scene.names["nickname"],), ("Matti & Maija <3",))
    return renamed.with_edit(lambda text: text.replace(">Matti &amp; ", ">&#77;atti &#x26; ", 1))


def _cut_off(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_edit(lambda text: text[:-1])


def _space_behind(answer: Answer, _scene: Scene) -> Answer:
    return answer.with_edit(lambda text: f"{text}\r\n\r\n")


def _extended(note: str) -> Change:
    return lambda answer, _scene: answer.with_response(extensions=note)


def _levels(count: int) -> str:
    return f'<t:Note xmlns:t="{_NAMESPACE}">' + "<t:Note>" * (count - 1) + "</t:Note>" * count


def _wide(count: int) -> str:
    attributes = "".join(f' a{number}=""' for number in range(count))
    return f'<t:Note xmlns:t="{_NAMESPACE}"{attributes}/>'


def _ten_thousand_values(answer: Answer, _scene: Scene) -> Answer:
    """Write the values without a prefix, so that they are too many before the message is too large."""
    many = (
        f'<Attribute xmlns="{ASSERTION_NAMESPACE}" Name="muu" NameFormat="{BASIC}">'
        f"{'<AttributeValue/>' * _MANY}</Attribute></saml:AttributeStatement>"
    )
    return response_signed_after(answer, lambda text: text.replace("</saml:AttributeStatement>", many, 1))


def _values(count: int) -> Change:
    return lambda answer, _scene: _sent(answer, ("muu",), tuple(str(number) for number in range(count)))


def _attributes(count: int) -> Change:
    return lambda answer, _scene: _sent(answer, tuple(f"muu{number}" for number in range(count)), ("arvo",))


FAULTS: Final = (
    Fault(
        "entity-bomb",
        "The nickname is an entity that expands to a gigabyte.",
        _NO_DOCTYPE,
        "response-doctype",
        _with_entity(_BOMB, "e9"),
        "The nickname is written with predefined entities and character references.",
        _predefined_entities,
    ),
    Fault(
        "external-entity",
        "The nickname is an entity that stands for a file of the proxy's machine.",
        _NO_DOCTYPE,
        "response-doctype",
        _with_entity(_EXTERNAL, "e"),
        "The nickname is written with predefined entities and character references.",
        _predefined_entities,
    ),
    Fault(
        "cut-off",
        "The last letter of the response is missing.",
        "saml-core-2.0-os 1.1",
        "response-not-xml",
        _cut_off,
        "Two line breaks follow the response.",
        _space_behind,
    ),
    Fault(
        "too-deep",
        "The response's Extensions nest 40 levels deep.",
        _BOUNDS,
        "response-too-deep",
        _extended(_levels(40)),
        "The response's Extensions nest 20 levels deep.",
        _extended(_levels(20)),
    ),
    Fault(
        "too-wide",
        "An element of the response's Extensions has 70 attributes.",
        _BOUNDS,
        "response-element-too-wide",
        _extended(_wide(70)),
        "An element of the response's Extensions has 60 attributes.",
        _extended(_wide(60)),
    ),
    Fault(
        "ten-thousand-values",
        "An attribute has 10,000 values.",
        _BOUNDS,
        "response-too-many-elements",
        _ten_thousand_values,
        "An attribute has 900 values.",
        _values(900),
    ),
    Fault(
        "too-many-values",
        "An attribute has 1,100 values.",
        _BOUNDS,
        "too-many-attributes",
        _values(1_100),
        "An attribute has 900 values.",
        _values(900),
    ),
    Fault(
        "too-many-attributes",
        "110 attributes that nobody knows are sent.",
        _BOUNDS,
        "too-many-attributes",
        _attributes(110),
        "80 attributes that nobody knows are sent, and left unread.",
        _attributes(80),
    ),
)
