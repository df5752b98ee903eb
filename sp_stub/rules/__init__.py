# SPDX-License-Identifier: Apache-2.0
"""What the publisher and the portal decide by: pure functions of what a login brought and what is declared."""
