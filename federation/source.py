# SPDX-License-Identifier: Apache-2.0
"""A source: one education provider's identity provider, as the proxy knows it."""

from __future__ import annotations

from dataclasses import dataclass

from federation.endpoints import flow_name, idp_id
from federation.model import EducationProvider


@dataclass(frozen=True)
class Source:
    """Where a person signed in.

    `provider` is the key in the declaration, `oid` the education provider's, `idp_id` what the uid is hashed with,
    `flow` the name that services ask for and that the authentication context carries.
    """

    provider: str
    oid: str
    idp_id: str
    flow: str

    @classmethod
    def of(cls, provider_key: str, provider: EducationProvider) -> Source:
        """Return the source of a declared education provider."""
        kind = provider.idp.kind.value
        return cls(provider_key, provider.oid, idp_id(kind, provider_key), flow_name(kind, provider_key))
