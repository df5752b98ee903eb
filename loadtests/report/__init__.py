# SPDX-License-Identifier: Apache-2.0
"""The report of a load run: from a run's folder to figures, a page, a test result and a verdict.

`writing` is the edge that reads the folder and writes the files; everything else is pure. Only `plots` knows matplotlib.
"""
