# SPDX-License-Identifier: Apache-2.0
"""What a declaration may say of an identity provider of one kind only. Problems are found in the document.

- A key that belongs to one kind stands with that kind; one that shapes a simulated provider not with somebody's own.
- A kind that speaks no SAML is simulated: it has neither metadata nor attribute names.
- A fixed school is a declared one; pupils and teachers are two groups.
- No two fields of an integration have one attribute name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from federation.document import Entry, Node, Step, dotted, entries, entry, items, text, value
from federation.errors import Problem
from federation.home_names import GROUPS_CLAIM, KIND_NAMES
from federation.model import IdpKind
from federation.suggestion import did_you_mean, quoted

_KIND_OF_KEY: Final = {
    "fixed_school_code": IdpKind.ENTRA,
    "student_group": IdpKind.ENTRA,
    "teacher_group": IdpKind.ENTRA,
    "secret_expires": IdpKind.ENTRA,
    "rollover": IdpKind.ADFS,
    "signs": IdpKind.GOOGLE,
}
_OF_SIMULATED: Final = ("rollover", "signs")
_OF_SAML: Final = {
    "metadata": "its own protocol has none, and it is simulated",
    "metadata_certificate": "its own protocol has no metadata",
    "redirects_to": "it is simulated, at an address of the testbed's",
    "attribute_names": "its data service has field names of its own",
}


def kind_problems(document: Node) -> Iterator[Problem]:
    """Find what does not go with the kind of an identity provider."""
    providers = entries(value(document, "education_providers"))
    codes = [
        code
        for provider in providers
        for _, school in items(value(provider.node, "schools"))
        if (code := text(value(school, "code")))
    ]
    for provider in providers:
        idp = value(provider.node, "idp")
        steps = ("education_providers", provider.key, "idp")
        yield from _misplaced(idp, steps)
        yield from _groups(idp, steps)
        yield from _same_names(idp, steps)
        school = value(idp, "fixed_school_code")
        code = text(school)
        if school is not None and code is not None and code not in codes:
            message = f"no school {quoted(code)}{did_you_mean(code, codes)}"
            yield Problem(school.line, dotted((*steps, "fixed_school_code")), message)


def _misplaced(idp: Node | None, steps: tuple[Step, ...]) -> Iterator[Problem]:
    kind = text(value(idp, "kind"))
    if kind not in set(IdpKind):
        return
    for key, why in _OF_SAML.items():
        found = entry(idp, key)
        if found is not None and not IdpKind(kind).is_saml:
            yield _problem(found, steps, f"is for kinds that speak SAML, and this is {kind}: {why}; remove it")
    for key, of_kind in _KIND_OF_KEY.items():
        found = entry(idp, key)
        if found is None:
            continue
        if kind != of_kind:
            yield _problem(found, steps, f"is for kind {of_kind} only, and this is {kind}; remove it")
        elif key in _OF_SIMULATED and value(idp, "metadata") is not None:
            yield _problem(found, steps, "shapes a simulated one, and this is your own, by `metadata`; remove it")


def _groups(idp: Node | None, steps: tuple[Step, ...]) -> Iterator[Problem]:
    student, teacher = text(value(idp, "student_group")), entry(idp, "teacher_group")
    if teacher is not None and student is not None and text(teacher.node) == student:
        yield _problem(teacher, steps, f"got {quoted(student)}, as student_group has; a group stands for one role")


def _same_names(idp: Node | None, steps: tuple[Step, ...]) -> Iterator[Problem]:
    kind = text(value(idp, "kind"))
    if kind not in set(IdpKind):
        return
    overrides = {found.key: found for found in entries(value(idp, "attribute_names"))}
    names = {field: name for field, name in KIND_NAMES[IdpKind(kind)].items() if field not in overrides}
    if "roles" in names and (entry(idp, "student_group") or entry(idp, "teacher_group")):
        names["roles"] = GROUPS_CLAIM
    holders = {name: field for field, name in names.items()}
    for field, found in overrides.items():
        name = text(found.node)
        other = holders.setdefault(name, field) if name is not None else field
        if other != field:
            message = f"got {quoted(name or '')}, which is the name of {other} too; give each its own"
            yield _problem(found, (*steps, "attribute_names"), message)


def _problem(found: Entry, steps: tuple[Step, ...], message: str) -> Problem:
    return Problem(found.line, dotted((*steps, found.key)), message)
