# SPDX-License-Identifier: Apache-2.0
"""What a service keeps in its database, one module a topic."""
