"""Does the error that comes with the formula of slow annealing cover what it is off by?

    python -m tests.benchmarks.slow_annealing_errors

Prints, over a grid of targets and schedules, how often the stated error of log rho_c is below the measured one, the
median of their ratio, and the smallest ratios. The exit code is 1 if one is below 1. It takes two minutes.
"""

import statistics
import sys
from itertools import product

from rich.progress import track

from anneal_theory.errors import NoCollapsedState
from anneal_theory.fixed_points import critical_temperature
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Exponential
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.slow.slow_annealing import slow_threshold

SEPARATIONS, WEIGHTS = (2.4, 2.5, 3, 3.5, 4), (0.55, 0.65, 0.8, 0.9)
HEATS, RATIOS = (12, 100), (1.1, 1.5)  # T0, and T0/T_c
TIMES, OBJECTIVES = (300, 1e3, 1e4, 1e5), ("tempered-target", "free-energy")


def settings():
    """Every target with a critical temperature, with every schedule that starts well above it."""
    for separation, weight in product(SEPARATIONS, WEIGHTS):
        target = BimodalTarget(separation, weight)
        try:
            critical = critical_temperature(target)
        except NoCollapsedState:
            continue
        heats = [heat for heat in (*HEATS, *(round(ratio * critical, 3) for ratio in RATIOS)) if heat > 1.05 * critical]
        for heat, time, objective in product(heats, TIMES, OBJECTIVES):
            yield target, Exponential(heat, time), objective


def main() -> int:
    rows = []
    for target, schedule, objective in track(list(settings()), description="thresholds"):
        exact = collapse_threshold(target, schedule, objective=objective).log_value
        log_rho, _, found = slow_threshold(target, schedule, 0, Dynamics(objective))
        off = exact - float(log_rho)
        rows.append((found.error / abs(off), off, found.error, repr(target), repr(schedule), objective))
    below = sum(row[0] < 1 for row in rows)
    ratio = statistics.median(row[0] for row in rows)
    print(
        f"{below} of {len(rows)} stated errors are below the measured one; median of stated over measured {ratio:.2f}"
    )
    print("stated/measured  measured  stated")
    for share, off, error, *names in sorted(rows)[:8]:
        print(f"{share:15.2f}  {off:+8.4f}  {error:6.4f}  {'  '.join(names)}")
    return int(below > 0)


if __name__ == "__main__":
    sys.exit(main())
