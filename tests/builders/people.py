# SPDX-License-Identifier: Apache-2.0
"""A pupil, their source and a small organisation registry: valid by default, to be changed in one thing."""

from __future__ import annotations

from federation.home import HomeValues
from federation.organisations import Organisation, OrganisationRegistry
from federation.source import Source

PROVIDER_OID = "1.2.246.562.99.00000000001"
OTHER_PROVIDER_OID = "1.2.246.562.99.00000000020"

MANSIKKALA = Source(provider="mansikkala", oid=PROVIDER_OID, idp_id="saml_mansikkala", flow="ShibMansikkala")

PUPIL = HomeValues(
    given_name="Testi1",
    surname="Oppilas1",
    nickname="Kutsumanimi1",
    user_id="demo_u0001",
    learner_id="1.2.246.562.98.10000000017",
    class_level="9",
    school_codes=("30076",),
    groups=("9F",),
    roles=("Oppilas",),
    charges=("1",),
)


def organisation(
    code: str,
    oid: str,
    name: str,
    *,
    parent_oid: str = PROVIDER_OID,
    parent_name: str = "Mansikkalan testi kunta",
    office_of: str | None = None,
) -> Organisation:
    """Return an organisation of Mansikkala unless another parent is given."""
    return Organisation(code, oid, name, parent_oid, parent_name, office_of)


BASIC_SCHOOL = organisation("30076", "1.2.246.562.99.00000000002", "Mansikkalan testi peruskoulu")
OFFICE = organisation("30077", "1.2.246.562.99.00000000003", "Metsolan toimipiste", office_of="30078")
VOCATIONAL_SCHOOL = organisation("30078", "1.2.246.562.99.00000000004", "Mansikkalan testi ammattioppilaitos")
UPPER_SECONDARY_SCHOOL = organisation("30079", "1.2.246.562.99.00000000005", "Mansikkalan testi lukio")
SCHOOL_ELSEWHERE = organisation(
    "04647",
    "1.2.246.562.99.00000000021",
    "Kuusikosken koulu",
    parent_oid=OTHER_PROVIDER_OID,
    parent_name="Kuusikosken kaupunki",
)

REGISTRY = OrganisationRegistry([BASIC_SCHOOL, OFFICE, VOCATIONAL_SCHOOL, UPPER_SECONDARY_SCHOOL, SCHOOL_ELSEWHERE])
