# SPDX-License-Identifier: Apache-2.0
"""SAML messages in words: bounded decoding, then a description; it verifies nothing and shares no code with who does."""
