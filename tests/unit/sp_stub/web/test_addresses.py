# SPDX-License-Identifier: Apache-2.0
"""The services' addresses: each is one view's."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal

import pytest

from sp_stub.web.routes import all_routes


@pytest.mark.parametrize("simulated", ["publisher", "portal"])
def test_an_address_has_one_view(simulated: Literal["publisher", "portal"]):
    """Of two views for one method and path the first would never be asked."""
    site: Any = None
    views = Counter(route.endpoint for route in all_routes(site, simulated))

    assert [endpoint for endpoint, count in views.items() if count > 1] == []
    assert len(views) > 10
