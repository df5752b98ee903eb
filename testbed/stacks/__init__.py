# SPDX-License-Identifier: Apache-2.0
"""The same four apps in one process or as real processes, behind one protocol."""
