# SPDX-License-Identifier: Apache-2.0
"""The kinds of identity provider (facts-mpassid 7): one module per kind behind one interface, `idp_simulators.provider.Kind`."""

from __future__ import annotations

from typing import Final

from federation.model import IdpKind
from idp_simulators.kinds import adfs, entra, google, opinsys, saml, wilma
from idp_simulators.provider import Kind

KINDS: Final[dict[IdpKind, Kind]] = {
    IdpKind.SAML: saml.KIND,
    IdpKind.ENTRA: entra.KIND,
    IdpKind.ADFS: adfs.KIND,
    IdpKind.GOOGLE: google.KIND,
    IdpKind.WILMA: wilma.KIND,
    IdpKind.OPINSYS: opinsys.KIND,
}
"""Every kind that a declaration may name."""
