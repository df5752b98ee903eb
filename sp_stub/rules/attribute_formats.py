# SPDX-License-Identifier: Apache-2.0
"""The form of each attribute's values, as MPASSid's data model 1.4 has them (facts-mpassid 1, 2 and 4). Pure.

Each function takes the values of one attribute and gives what it finds wrong, or worth knowing. Whether a value had to
be there is `sp_stub.rules.attribute_verdicts`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from federation.oid import check_digit, is_oid
from federation.roles import ROLES_BY_CODE
from sp_stub.rules.attribute_findings import Found, found
from sp_stub.rules.person import ROLE_FIELDS

FormatCheck: TypeAlias = Callable[[Sequence[str]], Iterator[Found]]

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_UID: Final = re.compile(r"MPASSOID\.[0-9a-f]{40}")
_LEARNER_ID: Final = re.compile(r"1\.2\.246\.562\.(24|98)\.([0-9]{10})([0-9])")
_SCHOOL_CODE: Final = re.compile(r"[0-9]{5}")
_LEVEL: Final = re.compile(r"10|[0-9]")
_TEST_PERSONS: Final = "98"


def _text(values: Sequence[str]) -> Iterator[Found]:
    return (found("text", value) for value in values if _CONTROL.search(value) or not value.strip())


def _uid(values: Sequence[str]) -> Iterator[Found]:
    return (found("uid", value) for value in values if not _UID.fullmatch(value))


def _learner_id(values: Sequence[str]) -> Iterator[Found]:
    for value in values:
        form = _LEARNER_ID.fullmatch(value)
        if form is None:
            yield found("learner-id", value)
            continue
        node, digits, last = form.groups()
        if check_digit(digits, node) != last:
            yield found("check-digit", value)
        if node == _TEST_PERSONS:
            yield found("test-learner-id", value)


def _school_info(values: Sequence[str]) -> Iterator[Found]:
    """Look at each value, and whether every school came by its code and by its OID (clients depend on both)."""
    names: dict[bool, list[str]] = {True: [], False: []}
    for value in values:
        identifier, _, name = value.partition(";")
        if not name.strip() or not (_SCHOOL_CODE.fullmatch(identifier) or is_oid(identifier)):
            yield found("school-info", value)
        else:
            names[is_oid(identifier)].append(name)
    for value in values:
        identifier, _, name = value.partition(";")
        if name and _SCHOOL_CODE.fullmatch(identifier) and name not in names[True]:
            yield found("school-info-pair", value)
    if names[True] and not names[False]:
        yield from (found("school-info-pair", value) for value in values if is_oid(value.partition(";")[0]))


def _provider_info(values: Sequence[str]) -> Iterator[Found]:
    for value in values:
        identifier, _, name = value.partition(";")
        if not is_oid(identifier) or not name.strip():
            yield found("provider-info", value)


def _role(values: Sequence[str]) -> Iterator[Found]:
    for value in values:
        fields = value.split(";")
        if len(fields) != ROLE_FIELDS:
            yield found("role-fields", value)
            continue
        provider, code, _, name, number, school, office = fields
        if not (
            is_oid(provider) and _SCHOOL_CODE.fullmatch(code) and is_oid(school) and (not office or is_oid(office))
        ):
            yield found("role-organisations", value)
        known = ROLES_BY_CODE.get(number)
        if known is None or known.name != name:
            yield found("role-name", value)


def _class_level(values: Sequence[str]) -> Iterator[Found]:
    return (found("class-level", value) for value in values if not _LEVEL.fullmatch(value))


def _charge(values: Sequence[str]) -> Iterator[Found]:
    for value in values:
        charge, _, school = value.partition(";")
        if charge not in {"0", "1"} or not (_SCHOOL_CODE.fullmatch(school) or is_oid(school)):
            yield found("charge", value)


def _organisation(values: Sequence[str]) -> Iterator[Found]:
    return (found("organisation", value) for value in values if not is_oid(value))


FORMATS: Final[Mapping[str, FormatCheck]] = {
    "uid": _uid,
    "given_name": _text,
    "surname": _text,
    "nickname": _text,
    "learner_id": _learner_id,
    "school_info": _school_info,
    "education_provider_info": _provider_info,
    "role": _role,
    "class_level": _class_level,
    "learning_materials_charge": _charge,
    "original_issuer": _organisation,
}
"""The check of every attribute, by its name in `federation.attributes`."""
