# SPDX-License-Identifier: Apache-2.0
"""The report's pictures, drawn by matplotlib: nothing outside this room imports it, and nothing here decides a figure."""
