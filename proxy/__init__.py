# SPDX-License-Identifier: Apache-2.0
"""The login proxy: SATOSA with our own frontend towards services and backend towards identity providers.

`proxy.app` assembles it, `proxy.frontend` and `proxy.backend` are its two faces, `proxy.saml` the one SAML profile it
speaks, `proxy.micro_services` what happens to a person's attributes in between, `proxy.picker` the school picker.
"""
