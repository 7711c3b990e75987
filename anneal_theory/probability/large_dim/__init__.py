"""The limit of large dimension to any number of digits (theory section 5)."""
