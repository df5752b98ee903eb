# SPDX-License-Identifier: Apache-2.0
"""What happens to a person's attributes between the home organisation and the service, one step a micro-service.

In this order: `home_values` maps the home names, `gates` stops who must be stopped, `sso_session` remembers the person,
`mpass_attributes` builds the data model, `attribute_release` keeps what this service receives.
The rules themselves are pure functions of `federation`.
"""
