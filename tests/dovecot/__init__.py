"""Tests of the reader of Dovecot's configuration."""
