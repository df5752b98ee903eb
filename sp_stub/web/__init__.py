# SPDX-License-Identifier: Apache-2.0
"""What a browser meets: addresses, forms, cookies, pages."""
