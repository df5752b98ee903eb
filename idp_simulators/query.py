# SPDX-License-Identifier: Apache-2.0
"""The parameters of a query, of which each stands there once and none is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from federation.reasons import Refusal
from idp_simulators.home_request import RefusedRequestError


def read_query(query: str, needed: Sequence[str], optional: Sequence[str] = ()) -> dict[str, str]:
    """Return the parameters, percent-decoded; raises `RefusedRequestError` unless they are those, each once."""
    expected = f"{', '.join(needed)} once each"
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=20)
    except ValueError as error:  # UnicodeDecodeError is one
        raise RefusedRequestError(Refusal("home-request-parameters", expected=expected)) from error
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names) or not set(needed) <= set(names) <= {*needed, *optional}:
        found = ", ".join(sorted(set(names)))[:200]
        raise RefusedRequestError(Refusal("home-request-parameters", found=found, expected=expected))
    return dict(pairs)


def read_flag(parameters: dict[str, str], name: str) -> bool:
    """Return whether a flag is there; raises `RefusedRequestError` where it says anything but `true`."""
    value = parameters.get(name)
    if value not in {None, "true"}:
        raise RefusedRequestError(Refusal("home-request-parameters", found=f"{name} {value}"[:200], expected="true"))
    return value is not None
