"""Weights of the slow-annealing error, which are empirical.

Written by `python -m tests.benchmarks.slow_annealing_errors --calibrate` from 456 thresholds of the separatrix:
R in (2.35, 2.5, 3, 3.5, 4), w* in (0.5, 0.65, 0.8, 0.92), T0/T_c in (1.05, 1.5, 5, 30),
decay times in (300, 3000.0, 30000.0), both objectives, with exponential and linear schedules and starts at
(0.05, 0.5, 1.2) R^2 from the unstable zero of f in turn. They are 1.5 times the smallest that cover all of these.
Settings between them are tested in tests/threshold/slow/test_slow_annealing_errors.py.
"""

WEIGHTS = (2.5, 1.3)
"""Of the last two of `slow_annealing.error_parts`."""
