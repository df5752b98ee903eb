# SPDX-License-Identifier: Apache-2.0
"""The services behind the proxy: the publisher with its gates and licences, and the product portal.

Both are one Flask app, told apart by `Settings.simulated`. The SAML is python3-saml's, so that this end shares no code
with the proxy; what the testbed demands beyond it stands in `sp_stub.saml`.
"""
