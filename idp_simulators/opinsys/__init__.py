# SPDX-License-Identifier: Apache-2.0
"""Opinsys's signed token and its data service (home-protocols 3)."""
