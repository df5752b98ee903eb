# SPDX-License-Identifier: Apache-2.0
"""Builders: valid by default, one thing changed by the test that uses them."""
