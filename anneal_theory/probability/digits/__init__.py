"""Averages over starts to any number of digits: what they have in common, and the exact probability."""
