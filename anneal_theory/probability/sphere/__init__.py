"""The collapse probability of means on the sphere (theory section 11)."""
