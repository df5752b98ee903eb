# SPDX-License-Identifier: Apache-2.0
"""The one SAML profile that the proxy speaks: Web SSO, and nothing of SATOSA or pysaml2 in it.

AuthnRequests come by HTTP-Redirect or HTTP-POST, responses by HTTP-POST (saml-profiles-2.0-os 4.1). What the rest of
the proxy calls:

- `keys`: `SigningKey.from_pair`, `DecryptionKey.from_pair`, once when the proxy starts;
- `metadata`: `read_service_provider`, `read_identity_provider`, once when the proxy starts;
- `authn_request`: `verify_authn_request_redirect`, `verify_authn_request_post`, for what a service sends;
- `issue_request`: `issue_authn_request`, the address to send the browser to at an identity provider;
- `post`: `read_posted` for the ACS, `form_value` for the form that carries an answer;
- `response`: `verify_response`, for what an identity provider sends;
- `issue_response`: `issue_response`, `issue_error_response`, the answers to a service;
- `canonical`: `is_encodable`, whether a value can be sent at all.

Nothing here keeps state between calls, reads a clock, a file or the network in a login, or is unsafe with threads. A
message is refused with a `federation.reasons.Refusal`; the ids are made in one place each.
"""
