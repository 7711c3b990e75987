"""The probability as the average over starts of the exact threshold (theory section 5)."""
