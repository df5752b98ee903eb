# SPDX-License-Identifier: Apache-2.0
"""A simulated service's settings, valid by default."""

from __future__ import annotations

from typing import Any

from federation.model import Contact, Licence, Names, Product, ProductLevel, Publisher, SchoolType
from sp_stub.config import KnownSchool, ServiceConfig
from sp_stub.proxy_metadata import read_login_service
from sp_stub.settings import Settings
from tests.builders.sp_response import key_pair, proxy_metadata

RUN_TOKEN = bytes(range(32))

BUSINESS = Publisher(
    name=Names(fi="Kustantamo Kivi", sv="Förlaget Kivi", en="Kivi Publishing"),
    contact=Contact(
        mail="asiakaspalvelu@kivi.example",
        phone="+358 9 000 0000",
        hours=Names(fi="arkisin klo 10–14", sv="vardagar kl. 10–14", en="weekdays 10–14"),
    ),
    activated_schools=("30076", "99904"),
    products={
        "matikka-9": Product(
            name=Names(fi="Matikka 9", sv="Matte 9", en="Maths 9"), level=ProductLevel.LOWER_SECONDARY
        ),
        "lukukirja-3": Product(name=Names(fi="Lukukirja 3", sv="Läsebok 3", en="Reader 3"), level=ProductLevel.PRIMARY),
    },
    licences=(
        Licence(school="30076", products=("matikka-9",)),
        Licence(school="99905", products=("lukukirja-3", "matikka-9")),
    ),
)


def service_config(**changes: Any) -> ServiceConfig:  # noqa: ANN401  # any field of the model
    """Return a publisher's configuration with these fields changed."""
    fields: dict[str, Any] = {
        "service": "publisher",
        "simulated": "publisher",
        "origin": "https://publisher.localhost",
        "proxy_origin": "https://mpass.localhost",
        "publisher_origin": "https://publisher.localhost",
        "receives": ("uid", "given_name", "surname", "learner_id", "school_info", "role", "class_level"),
        "publisher": BUSINESS,
        "schools": {
            "30076": KnownSchool(
                name=Names(fi="Mansikkalan testi peruskoulu"), type=SchoolType.BASIC, customer="mansikkala"
            )
        },
        "customers": {"mansikkala": Names(fi="Mansikkala"), "demola": Names(fi="Demola")},
        "administrators": {},
    }
    return ServiceConfig(**{**fields, **changes})


def service_settings(**changes: Any) -> Settings:  # noqa: ANN401  # any field of the model
    """Return a publisher's settings, trusting the fake login service, with these fields of its configuration changed."""
    return Settings(
        config=service_config(**changes),
        login_service=read_login_service(proxy_metadata()),
        key_pair=key_pair("sp-publisher"),
        run_token=RUN_TOKEN,
        session_secret=bytes(32),
    )
