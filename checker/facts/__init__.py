"""Vendor-neutral facts: what a host offers, whatever product or probe says so."""
