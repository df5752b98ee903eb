# SPDX-License-Identifier: Apache-2.0
"""Asking a home organisation who a person is, one way a module: `saml`, `wilma`, `opinsys`.

Which source is asked is `proxy.backend`'s. What every way must do, and what it is given to do it with, is `way`'s.
Wilma and Opinsys are asked twice: the person's browser brings who they are, a data service says what is held of them
(`fetching`, over `data_service` and `connections`; what its documents mean is `wilma_data`'s and `opinsys_data`'s).
"""
