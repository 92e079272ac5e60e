"""The tables of OpenSSL."""
