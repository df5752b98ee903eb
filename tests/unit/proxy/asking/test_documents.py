# SPDX-License-Identifier: Apache-2.0
"""What a data service's document says of a person (home-protocols 2 and 3)."""

from __future__ import annotations

from typing import Any

import pytest

from federation.data_faults import NoData
from federation.home import HomeValues
from federation.home_names import KIND_NAMES
from federation.model import IdpKind
from federation.multivalue import Position, pair
from proxy.asking import opinsys_data, wilma_data
from proxy.asking.document import WrongShapeError
from proxy.micro_services.home_values import read_home_values
from tests.builders.home_answers import OONA, SUBJECT, VEERA

NO_ONE = {"id": SUBJECT, "schools": []}


def wilma(**changes: Any) -> HomeValues:  # noqa: ANN401 -- JSON
    """Return what arrives of Veera, some fields changed."""
    return read_home_values(wilma_data.attributes([{**VEERA, **changes}]), KIND_NAMES[IdpKind.WILMA])


def opinsys(**changes: Any) -> HomeValues:  # noqa: ANN401 -- JSON
    """Return what arrives of Oona, some fields changed."""
    found = opinsys_data.attributes({**OONA, **changes}, SUBJECT)
    assert not isinstance(found, NoData)
    return read_home_values(found, KIND_NAMES[IdpKind.OPINSYS])


def test_reads_a_pupil_of_wilma():
    """Every field of the registry has its place."""
    assert wilma(nickName="Veke", learningMaterialsCharge="0") == HomeValues(
        given_name="Veera",
        surname="Virta",
        nickname="Veke",
        user_id="virtavee",
        learner_id="1.2.246.562.98.10000000017",
        class_level="3",
        school_codes=("04647",),
        groups=("3A",),
        roles=("student",),
        charges=("0",),
    )


def test_reads_a_pupil_of_opinsys():
    """The class is the teaching group; a choir is none."""
    assert opinsys() == HomeValues(
        given_name="Oona",
        surname="Oja",
        user_id="oona.oja",
        learner_id="1.2.246.562.98.10000000025",
        class_level="5",
        school_codes=("04647",),
        groups=("5B",),
        roles=("student",),
    )


def test_keeps_a_class_at_the_school_that_has_it():
    """A school without a class leaves an empty place, so that no class moves to another school."""
    roles = [
        {"school": "04647", "group": None, "role": "teacher"},
        {"school": "30076", "group": "4B", "role": "teacher"},
    ]
    arrived = wilma(roles=roles)

    assert pair(arrived.school_codes, arrived.groups, arrived.roles) == (
        Position(1, "04647", None, "teacher", None),
        Position(2, "30076", "4B", "teacher", None),
    )


def test_gives_each_role_at_a_school_its_own_place():
    """Two roles at one school, and a school without any, stay what they are."""
    schools = [
        {"code": "04647", "roles": ["teacher", "principal"], "groups": [{"name": "5B", "type": "teaching group"}]},
        {"code": "30076", "roles": [], "groups": []},
    ]
    arrived = opinsys(schools=schools)

    assert pair(arrived.school_codes, arrived.groups, arrived.roles) == (
        Position(1, "04647", "5B", "teacher", None),
        Position(2, "04647", "5B", "principal", None),
        Position(3, "30076", None, None, None),
    )


def test_reads_nothing_where_there_is_nothing():
    """A guardian has no school and no role; an id that is empty or missing is none."""
    assert wilma(roles=[]).school_codes == ()
    assert wilma(cryptid=None).user_id is None
    assert opinsys_data.attributes(NO_ONE, SUBJECT) == {
        "schools.code": (),
        "schools.groups.name": (),
        "schools.roles": (),
    }


def test_ignores_what_the_protocol_does_not_list():
    """A newer data service may tell more."""
    assert wilma(municipality="Koivuranta") == wilma()
    assert opinsys(email="oona@example.org") == opinsys()


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(VEERA, id="no list"),
        pytest.param([], id="nobody"),
        pytest.param([VEERA, VEERA], id="two people"),
        pytest.param([None], id="nothing in the list"),
        pytest.param([{**VEERA, "learnerId": 17}], id="a number in the place of a learner id"),
        pytest.param([{**VEERA, "classLevel": ["3"]}], id="a list in the place of a class level"),
        pytest.param([{**VEERA, "roles": None}], id="no roles"),
        pytest.param([{**VEERA, "roles": {}}], id="roles that are no list"),
        pytest.param([{**VEERA, "roles": ["student"]}], id="a role that is a text"),
        pytest.param([{**VEERA, "roles": [{"school": 4647, "group": "3A", "role": "student"}]}], id="a school by number"),
        pytest.param([{**VEERA, "roles": [{"school": "04647", "group": "3A"}]}], id="a school without a role"),
    ],
)  # fmt: skip
def test_takes_no_other_shape_of_wilma(document: Any):  # noqa: ANN401 -- JSON
    """Half a document is none: nothing of it is used."""
    with pytest.raises(WrongShapeError):
        wilma_data.attributes(document)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param([OONA], id="a list"),
        pytest.param({**OONA, "id": None}, id="nobody's"),
        pytest.param({**OONA, "learner_id": True}, id="a truth in the place of a learner id"),
        pytest.param({**OONA, "schools": None}, id="no schools"),
        pytest.param({**OONA, "schools": ["04647"]}, id="a school that is a text"),
        pytest.param({**OONA, "schools": [{"code": "04647", "roles": "student", "groups": []}]}, id="one role that is no list"),
        pytest.param({**OONA, "schools": [{"code": "04647", "roles": [], "groups": ["5B"]}]}, id="a group that is a text"),
    ],
)  # fmt: skip
def test_takes_no_other_shape_of_opinsys(document: Any):  # noqa: ANN401 -- JSON
    """Half a document is none: nothing of it is used."""
    with pytest.raises(WrongShapeError):
        opinsys_data.attributes(document, SUBJECT)


def test_takes_no_document_of_another_person():
    """Whoever was asked for is who the document must be about."""
    assert opinsys_data.attributes({**OONA, "id": "other"}, SUBJECT) == NoData("home-data-of-another-person")
