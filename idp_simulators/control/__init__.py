# SPDX-License-Identifier: Apache-2.0
"""Switching faults on and off, and reading back what was asked and answered, for whoever holds the run's token.

- `operations`: what can be done, the same for scripts and for people;
- `endpoint`: for scripts, JSON with the token in a header;
- `page`, `views`: for people, a page that asks for the token; `access`: who has given it.
"""
