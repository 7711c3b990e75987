"""The probability for slow annealing from the threshold's formula (theory section 6)."""
