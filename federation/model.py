# SPDX-License-Identifier: Apache-2.0
"""The federation as it is declared: education providers, their schools and people, services, the publisher.

These are values: frozen, complete, compared by content. Reading a file is `federation.loader`'s; checks that look at
more than one place are `federation.validation`'s. A person is held as the registry holds them: independent lists of
free text that need not match, because the multi-value rules are about lists that don't (facts-mpassid 3).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Language: TypeAlias = Literal["fi", "sv", "en"]

LANGUAGES: Final[tuple[Language, ...]] = ("fi", "sv", "en")

OrganisationOid: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=r"^1\.2\.246\.562\.(10|99)\.[0-9]{11}$"),
    Field(description="An organisation's OID: class 10 in production, 99 in test."),
]
"""An organisation's OID (facts-mpassid 2)."""

SchoolCode: TypeAlias = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{5}$"),
    Field(description="oppilaitosnumero: five digits, quoted because of leading zeros."),
]
"""oppilaitosnumero: five digits, kept as text because of leading zeros."""

Key: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
"""The declaration's own name for a thing; it stands in addresses."""

PersonKey: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{0,60}$")]
"""A person's user name at their education provider."""

Colour: TypeAlias = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
"""A colour that white text is read on."""

AttributeName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,256}$")]
"""What an identity provider calls an attribute: a short name or a URI."""

Guid: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
]
"""The id of an object in Entra ID."""

Day: TypeAlias = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
"""A day as ISO 8601 writes it, so that days compare as texts do."""

Origin: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^https?://[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:[0-9]{1,5})?$")
]
"""Scheme, host and port of a web address."""

Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200)]

EXPECTED_FORM: Final[dict[str, str]] = {
    r"^1\.2\.246\.562\.(10|99)\.[0-9]{11}$": "an organisation's OID, 1.2.246.562.10 or 1.2.246.562.99 and 11 digits",
    r"^[0-9]{5}$": "a school code, five digits",
    r"^[a-z][a-z0-9-]{0,40}$": "a name of lower-case letters, digits and hyphens, a letter first, at most 41 long",
    r"^[a-z][a-z0-9._-]{0,60}$": "a user name of lower-case letters, digits, dots, hyphens and underscores, a letter first",
    r"^https?://[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:[0-9]{1,5})?$": (
        "an origin in lower case, such as https://app.example.org or http://localhost:8080"
    ),
    r"^[!-~]{1,256}$": "the name of an attribute: ASCII without spaces, at most 256 long",
    r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$": (
        "the id of a group: 32 hexadecimal digits in lower case, as 8-4-4-4-12"
    ),
    r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$": "a day such as 2026-12-31, in quotes",
    r"^#[0-9a-f]{6}$": 'a colour as "#" and six hexadecimal digits in lower case',
}
"""What each pattern above asks for, in words."""


class Declared(BaseModel):
    """A frozen part of the declaration; unknown keys and wrong types are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class Names(Declared):
    """A name in up to three languages; Finnish is always there."""

    fi: Name
    """In Finnish; composite values and pages fall back to it."""
    sv: Name | None = None
    """In Swedish."""
    en: Name | None = None
    """In English."""

    def in_language(self, language: Language) -> str:
        """Return the name in `language`, in Finnish where it is missing."""
        return getattr(self, language) or self.fi


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
    """What it is like: `saml` (plain SAML 2.0), `entra` (Entra ID), `adfs` or `google`."""
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


class ProductLevel(StrEnum):
    """Where a product opens: primary ones in the learning environment, lower-secondary ones in Kampus."""

    PRIMARY = "primary"
    LOWER_SECONDARY = "lower-secondary"
    UPPER_SECONDARY = "upper-secondary"


class Product(Declared):
    """Something the publisher sells to schools."""

    name: Names
    """As it stands on the shelf."""
    level: ProductLevel
    """Where it opens."""


class Licence(Declared):
    """What one school may use."""

    school: SchoolCode
    """The school's code."""
    products: tuple[Key, ...]
    """Names of `products`."""


class Contact(Declared):
    """How customer service is reached; invented, shown on the error pages."""

    mail: str
    """Mail address."""
    phone: str
    """Phone number."""
    hours: Names
    """When the phone is answered, and the price of a call."""


class Publisher(Declared):
    """The publisher's own side: which schools use MPASSid there, what is sold, who has it."""

    name: Names
    """The publisher's name."""
    contact: Contact
    """Customer service."""
    activated_schools: tuple[SchoolCode, ...] = ()
    """The publisher's gate: the schools that use MPASSid here."""
    products: dict[Key, Product] = Field(default_factory=dict)
    """What is sold, by the declaration's own names."""
    licences: tuple[Licence, ...] = ()
    """Which school may use which products."""


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
