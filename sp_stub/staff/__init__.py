# SPDX-License-Identifier: Apache-2.0
"""The publisher's customer service: who works there, what they may decide, and what becomes of it (facts-publisher)."""
