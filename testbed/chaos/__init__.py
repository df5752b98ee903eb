# SPDX-License-Identifier: Apache-2.0
"""Faults of machines and networks, caused on purpose in the stack that runs in containers, and mended again."""
