# SPDX-License-Identifier: Apache-2.0
"""`python -m loadtests`: what `testbed load` starts as a process of its own."""

from loadtests.command import main

if __name__ == "__main__":
    main()
