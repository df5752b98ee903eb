# SPDX-License-Identifier: Apache-2.0
"""The testbed in containers: what each one is given, the engine, and the stack that runs in it."""
