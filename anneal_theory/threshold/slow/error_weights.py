"""Weights of the slow-annealing error, which are empirical."""

WEIGHTS = (2.4, 0.55, 5.0)
"""Of the last three of `slow_annealing.error_parts`."""
