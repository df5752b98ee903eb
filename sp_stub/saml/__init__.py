# SPDX-License-Identifier: Apache-2.0
"""A service's SAML: python3-saml in strict mode, and what the testbed demands beyond it.

- `provider`: the one class the app uses: a signed AuthnRequest out, a verified login in.
- `authn_request`: the request with our clock, our ids and a key that is read once.
- `response`: python3-saml's response with our clock and tolerance, and the checks it leaves out.
- `signatures`: the one form of signature and of encryption that is accepted, looked at before any is verified.
- `decryption`: an encrypted assertion, with a key that is read once.
- `toolkit`: python3-saml's settings, and its schema compiled once.
- `toolkit_faults`: its error codes, in the words of `federation.reasons`.
- `answers`: what comes out.
"""
