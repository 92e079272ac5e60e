"""Postfix: its two files, what its programs make of them, and the facts that follow."""
