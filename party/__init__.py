# SPDX-License-Identifier: Apache-2.0
"""What every party's web app has, and nothing of SAML: clock, events, language, limits, health, pages."""
