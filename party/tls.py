# SPDX-License-Identifier: Apache-2.0
"""What a client checks the testbed's servers with: the test CA, and no other."""

from __future__ import annotations

import ssl
from pathlib import Path


def tls_context(ca_certificate: Path | None) -> ssl.SSLContext:
    """Return a client's TLS context that trusts this CA alone, or nobody; it checks certificate and host name.

    Raises `OSError` for a file that cannot be read or holds no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_certificate is not None:
        context.load_verify_locations(ca_certificate)
    return context
