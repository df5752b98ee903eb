# SPDX-License-Identifier: Apache-2.0
"""Wilma's own redirect protocol and its data service (home-protocols 2)."""
