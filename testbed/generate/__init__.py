# SPDX-License-Identifier: Apache-2.0
"""A declaration of national size and shape, made from a seed: the same seed, the same declaration, byte for byte."""
