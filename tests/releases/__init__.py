"""The tables of releases."""
