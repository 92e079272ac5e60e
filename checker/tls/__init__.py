"""TLS as OpenSSL has it, by tables: cipher lists, suites and key exchange groups, for whichever product uses it."""
