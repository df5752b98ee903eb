# SPDX-License-Identifier: Apache-2.0
"""What a person runs: the command line, the stacks, the login flow, the transcript."""
