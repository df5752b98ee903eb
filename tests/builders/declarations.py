# SPDX-License-Identifier: Apache-2.0
"""A small valid declaration as text, to be changed in one place."""

from __future__ import annotations

from federation.errors import DeclarationError
from federation.loader import loads

DECLARATION = """\
education_providers:
  mansikkala:
    name: {fi: Mansikkalan testi kunta, sv: Jordgubbsby testkommun}
    oid: "1.2.246.562.99.00000000001"
    idp: {kind: saml}
    schools:
      - {code: "30076", oid: "1.2.246.562.99.00000000002", name: {fi: Mansikkalan testi peruskoulu}, type: basic}
      - {code: "30078", oid: "1.2.246.562.99.00000000004", name: {fi: Mansikkalan testi lukio}, type: upper-secondary}
    people:
      demo_u0001: {given_name: Testi1, school_codes: ["30076"], roles: [Oppilas]}
  kuusikoski:
    name: {fi: Kuusikosken kaupunki}
    oid: "1.2.246.562.99.00000000020"
    idp: {kind: saml}
    allowed_services: [publisher]
    schools:
      - {code: "04647", oid: "1.2.246.562.99.00000000021", name: {fi: Kuusikosken koulu}, type: basic}
    people:
      demo_u0001: {given_name: Aino}
      oona: {given_name: Oona}
services:
  publisher: {simulated: publisher, receives: [uid, school_info, role]}
  portal: {simulated: portal, receives: [uid]}
publisher:
  name: {fi: Vaahtera Oppimateriaalit}
  contact: {mail: asiakaspalvelu@vaahtera.example, phone: 010 000 0000, hours: {fi: arkisin 10-14}}
  activated_schools: ["30076"]
  products:
    aapinen: {level: primary, name: {fi: Aapinen}}
  licences:
    - {school: "30076", products: [aapinen]}
"""


def declaration(was: str = "", becomes: str = "") -> bytes:
    """Return the declaration with its one occurrence of `was` replaced; nothing replaced by default."""
    if not was:
        return DECLARATION.encode()
    before, found, after = DECLARATION.partition(was)
    if not found or was in after:
        message = f"{was!r} stands {DECLARATION.count(was)} times in the declaration, expected once"
        raise ValueError(message)
    return f"{before}{becomes}{after}".encode()


def problems_of(text: bytes) -> list[str]:
    """Return the problems of a declaration as they are printed; none when it can be used."""
    try:
        loads(text, "federation.yaml")
    except DeclarationError as error:
        return [str(problem) for problem in error.problems]
    return []
