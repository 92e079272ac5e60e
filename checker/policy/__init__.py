"""Rules: how they are read, what they mean, and how facts are judged by them."""
