# SPDX-License-Identifier: Apache-2.0
"""The test PKI: what each party signs and encrypts with, and TLS; made on this machine and valid nowhere else."""
