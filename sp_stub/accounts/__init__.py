# SPDX-License-Identifier: Apache-2.0
"""Accounts of the service's own: signing in with a password, and everything that happens to one by mail."""
