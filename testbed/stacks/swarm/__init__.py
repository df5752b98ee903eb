# SPDX-License-Identifier: Apache-2.0
"""The testbed on a Docker Swarm: the stack file with what it gives each container, and the stack that was deployed."""
