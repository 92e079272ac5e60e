"""What a real Postfix offers on the wire, against what is derived from its configuration."""
