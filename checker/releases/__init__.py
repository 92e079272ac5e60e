"""What differs between releases and platforms, as data."""
