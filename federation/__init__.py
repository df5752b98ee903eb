# SPDX-License-Identifier: Apache-2.0
"""The federation: what is declared, how it is read and checked, and MPASSid's rules as pure functions.

No network, no clock, no SAML: every other package may import this one, and it imports none of them.
"""
