"""Dovecot: what its configuration files, of either generation, make its daemons do."""
