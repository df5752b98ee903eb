# SPDX-License-Identifier: Apache-2.0
"""One school morning, answered with a number: arrivals and people, how each login must end, figures and budgets.

Pure, and free of Locust: what generates the load is still to come, and will be started as a process of its own.
"""
