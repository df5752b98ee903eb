# SPDX-License-Identifier: Apache-2.0
"""Every municipality's identity provider, simulated in one app: login page, test persons, named faults.

It builds and signs its SAML itself, because it must be able to send wrong messages, and shares no code with the proxy.
"""
