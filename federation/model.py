# SPDX-License-Identifier: Apache-2.0
"""The federation as it is declared: education providers, their schools and people, services, the publisher.

These are values: frozen, complete, compared by content. Reading a file is `federation.loader`'s; checks that look at
more than one place are `federation.validation`'s; the publisher's own side is `federation.publisher`. A person is held as the registry holds them: independent lists of
free text that need not match, because the multi-value rules are about lists that don't (facts-mpassid 3).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from federation.declared import (
    EXPECTED_FORM,
    LANGUAGES,
    AttributeName,
    Colour,
    Day,
    Declared,
    Guid,
    Key,
    Language,
    Names,
    OrganisationOid,
    Origin,
    PersonKey,
    SchoolCode,
)
from federation.publisher import Contact, Licence, Product, ProductLevel, Publisher

__all__ = [  # what other modules take from here, whichever file holds it
    "EXPECTED_FORM",
    "LANGUAGES",
    "AttributeNames",
    "Contact",
    "Declared",
    "EducationProvider",
    "Federation",
    "GeneratedPeople",
    "IdentityProvider",
    "IdpKind",
    "Key",
    "Language",
    "Licence",
    "MayBeOwn",
    "Names",
    "Person",
    "PersonKey",
    "Product",
    "ProductLevel",
    "Publisher",
    "Rules",
    "School",
    "SchoolCode",
    "SchoolType",
    "Service",
]


class MayBeOwn(Declared):
    """A party that is simulated, or somebody's own: then its metadata is all that is known of it."""

    metadata: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None
    """Your own one's SAML metadata: a file, looked for from the declaration's folder, or an http(s) URL."""
    metadata_certificate: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None
    """A certificate (a PEM file) whose key must have signed the metadata; without one a signature is not looked at."""

    redirects_to: tuple[Origin, ...] = ()
    """Origins that a login is redirected to beyond the addresses in the metadata; browsers want them named before."""

    @property
    def is_own(self) -> bool:
        """Tell whether it is somebody's own rather than simulated."""
        return self.metadata is not None


class IdpKind(StrEnum):
    """The kinds of identity provider an education provider may have (facts-mpassid 7)."""

    SAML = "saml"
    ENTRA = "entra"
    ADFS = "adfs"
    GOOGLE = "google"
    WILMA = "wilma"
    OPINSYS = "opinsys"

    @property
    def is_saml(self) -> bool:
        """Whether it speaks SAML; the others have a protocol of their own and a data service (home-protocols 1)."""
        return self not in {IdpKind.WILMA, IdpKind.OPINSYS}


class AttributeNames(Declared):
    """The attribute names of one integration, where they are not its kind's (`federation.home_names`)."""

    given_name: AttributeName | None = None
    """First name or names."""
    surname: AttributeName | None = None
    """Family name."""
    nickname: AttributeName | None = None
    """The name in use."""
    groups: AttributeName | None = None
    """Classes."""
    class_level: AttributeName | None = None
    """Class level."""
    school_codes: AttributeName | None = None
    """Codes or OIDs of schools."""
    roles: AttributeName | None = None
    """Roles, or the groups that stand for roles."""
    learner_id: AttributeName | None = None
    """oppijanumero."""
    charges: AttributeName | None = None
    """Charge of learning materials."""
    user_id: AttributeName | None = None
    """What the MPASSid uid is made of."""


class IdentityProvider(MayBeOwn):
    """How the education provider's own login works."""

    kind: IdpKind
    """What it is like: `saml` (plain SAML 2.0), `entra` (Entra ID), `adfs`, `google`, `wilma` or `opinsys`."""
    attribute_names: AttributeNames = AttributeNames()
    """Names of attributes where this integration has others than its kind."""
    fixed_school_code: SchoolCode | None = None
    """Only `entra`: the school of everybody here, whatever their own codes say."""
    student_group: Guid | None = None
    """Only `entra`: the group whose members are pupils; people hold groups in the place of roles."""
    teacher_group: Guid | None = None
    """Only `entra`: the group whose members are teachers."""
    secret_expires: Day | None = None
    """Only `entra`: the last day of its client secret or signing certificate, quoted; after it nobody signs in."""
    rollover: bool = False
    """Only `adfs`, simulated: its metadata holds the old signing key and the new one, which signs."""
    signs: Literal["response", "assertion"] = "assertion"
    """Only `google`, simulated: which of the two it signs."""


class SchoolType(StrEnum):
    """Level of education, by the institution types of the national registry (facts-mpassid 8)."""

    BASIC = "basic"
    SPECIAL = "special"
    UPPER_SECONDARY = "upper-secondary"
    COMBINED = "combined"
    VOCATIONAL = "vocational"
    FOLK_HIGH = "folk-high"
    EARLY_CHILDHOOD = "early-childhood"
    OFFICE = "office"


class School(Declared):
    """A school in the organisation registry, or an office of one (`type: office` with `office_of`)."""

    code: SchoolCode
    """oppilaitosnumero: five digits, quoted because of leading zeros."""
    oid: OrganisationOid
    """The OID of the school in the organisation registry."""
    name: Names
    """Without `;`, which separates the fields of composite values."""
    type: SchoolType
    """Level of education, or `office`."""
    office_of: SchoolCode | None = None
    """The code of the school this office belongs to, of the same education provider; only with `type: office`."""
    active: bool = True
    """Whether the organisation registry knows it; an inactive one is as good as unknown."""
    in_picker: bool = True
    """Whether it is offered in the school picker."""


class Person(Declared):
    """A person as the education provider's registry holds them: free text, never checked against anything.

    An absent value is `None` or an empty list. `user_id` is the source of the MPASSid uid: the user name unless
    declared otherwise, empty where the registry holds none.
    """

    given_name: str | None = None
    """First name or names."""
    surname: str | None = None
    """Family name."""
    nickname: str | None = None
    """The name in use (kutsumanimi)."""
    user_id: str | None = None
    """What the MPASSid uid is made of: the user name unless given, none when empty."""
    learner_id: str | None = None
    """oppijanumero: 1.2.246.562.24 or, for test persons, 1.2.246.562.98, and 11 digits."""
    school_codes: tuple[str, ...] = ()
    """Codes or OIDs of schools."""
    groups: tuple[str, ...] = ()
    """Classes, such as 9F."""
    roles: tuple[str, ...] = ()
    """Roles in Finnish, Swedish or English."""
    charges: tuple[str, ...] = ()
    """Charge of learning materials: 0 is free, 1 is paid by the student."""
    class_level: str | None = None
    """An integer from 0 to 10."""
    mpass_data: bool = True
    """Whether the account is connected to an MPASS user; otherwise its owner signs in nowhere by MPASSid."""
    note: Names | None = None
    """What this test person is for, shown beside the name on the login page."""


class GeneratedPeople(Declared):
    """People that are computed when they are asked for: `p000001` and on (`federation.generated_people`)."""

    count: Annotated[int, Field(ge=1, le=999_999)]
    """How many; the last one's user name is `p` and this number in six digits."""
    seed: Annotated[int, Field(ge=0, le=6_999)]
    """What they are computed from; each education provider has its own, because learner ids are made of it."""
    missing_attributes: Annotated[float, Field(ge=0, le=1)] = 0.0
    """The share of them, 0 to 1, of whom the registry lacks one value."""


class EducationProvider(Declared):
    """koulutuksen järjestäjä: the home organisation of its people, and the parent of its schools."""

    name: Names
    """The municipality's or other organisation's name, without `;`."""
    oid: OrganisationOid
    """Its OID in the organisation registry."""
    idp: IdentityProvider
    """Its own identity provider."""
    mpass: bool = True
    """Whether it has joined MPASSid; otherwise it is not in the picker and nobody signs in from it."""
    colour: Colour = "#1f5f3f"
    """The accent of its own login page; white text on it must be readable."""
    allowed_services: Literal["all"] | tuple[Key, ...] = "all"
    """The provider's gate: `all`, or the services its people may sign in to."""
    tags: tuple[Key, ...] = ()
    """Names by which a service may ask for a group of sources."""
    schools: tuple[School, ...] = ()
    """Its schools and their offices."""
    people: dict[PersonKey, Person] = Field(default_factory=dict)
    """Its people by user name; a password is the user name followed by `pwd`."""
    generated_people: GeneratedPeople | None = None
    """People beside those, as many as wanted: computed, never written down. They need a school."""
    login_weight: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    """How often its people sign in, against the other providers' weights; unless given, the number of its people."""


class Service(MayBeOwn):
    """A service behind the proxy, and exactly what it receives: names of `federation.attributes`.

    Either `simulated` or `metadata` says which one it is.
    """

    simulated: Literal["publisher", "portal"] | None = None
    """Which of the testbed's own services it is."""
    receives: tuple[str, ...]
    """The attributes it receives, and no others."""
    allow_test_learner_ids: bool = True
    """Whether learner ids of test persons (class 98) are let through; production says no."""
    sign: Literal["both", "response", "assertion"] = "both"
    """What of the proxy's answer carries a signature."""


class Rules(Declared):
    """Switches of the whole federation, each off by default: what the documents say is the default."""

    strict_school_ownership: bool = False
    """Refuse a school code that another education provider holds (the registry is national: facts-mpassid 4)."""
    strict_authn_context: bool = False
    """Refuse requested authentication contexts outside `urn:mpass.id:` instead of ignoring them (design 6)."""
    first_value_only: bool = False
    """Read only the first AttributeValue of an attribute, as MPASSid's public code does (facts-mpassid 3)."""
    charge_mismatch_drops_charge_only: bool = False
    """Let charges that do not match cost only the charge, as MPASSid's public code does (facts-mpassid 3)."""
    registry_down: bool = False
    """Play that the organisation registry does not answer: every school is unknown (facts-mpassid 10)."""


class Federation(Declared):
    """The whole declaration."""

    education_providers: dict[Key, EducationProvider]
    """Home organisations by the declaration's own names, which stand in addresses."""
    services: dict[Key, Service]
    """Services behind the proxy."""
    publisher: Publisher
    """The simulated publisher's own side."""
    rules: Rules = Rules()
    """Switches of the whole federation."""
