"""The integrations, held against programs of others."""
