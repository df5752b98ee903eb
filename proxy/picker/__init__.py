# SPDX-License-Identifier: Apache-2.0
"""The school picker: a person finds their school, and with it the education provider that signs them in."""
