"""The fact types."""
