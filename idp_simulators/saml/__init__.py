# SPDX-License-Identifier: Apache-2.0
"""SAML as an identity provider speaks it: reading the proxy's request, building and signing an answer, even a wrong one."""
