# SPDX-License-Identifier: Apache-2.0
"""One login through the whole chain, by a browser without a screen."""
