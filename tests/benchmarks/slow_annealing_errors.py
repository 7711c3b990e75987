"""Does the error that comes with the formula of slow annealing cover what it is off by?

    python -m tests.benchmarks.slow_annealing_errors --calibrate       # finds the weights on a grid and writes them
    python -m tests.benchmarks.slow_annealing_errors --held-out 200    # tests them on settings drawn outside the grid

Either prints how often the stated error of log rho_c is below the measured one, the median of their ratio and the
smallest ratios, and ends with exit code 1 if one is below 1. Each takes some five minutes.

The weights are the smallest with which every setting of the grid is covered, least in sum over the grid of the error
that they add in units of the measured one, times `MARGIN`. Where every pair collapses, so that log rho_c is infinite,
the error has to say that the formula is outside its regime.
"""

import argparse
import math
import random
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from rich.progress import track
from scipy.optimize import linprog

import anneal_theory
from anneal_theory.errors import NoCollapsedState, PrecisionError
from anneal_theory.fixed_points import critical_temperature, landscape_of, unstable_overlap
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Exponential, Linear, Schedule
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.slow.passage import passage
from anneal_theory.threshold.slow.slow_annealing import OUTSIDE, slow_threshold

SEPARATIONS, FAMILY = (2.35, 2.5, 3, 3.5, 4), (0.5, 0.65, 0.8, 0.92)
RATIOS, TIMES = (1.05, 1.5, 5, 30), (300, 3e3, 3e4)  # T0/T_c, and t0 or the length of a linear ramp
SHAPES, STARTS = (Exponential, Linear), (0.05, 0.5, 1.2)  # these alternate; starts in R^2 from the unstable zero of f
OBJECTIVES = ("tempered-target", "free-energy")
MARGIN = 1.5
FILE = Path(anneal_theory.__file__).parent / "threshold" / "slow" / "error_weights.py"


@dataclass(frozen=True)
class Setting:
    """A training whose threshold the formula is compared with."""

    target: BimodalTarget
    schedule: Schedule
    start: float
    dynamics: Dynamics


def start_of(target: BimodalTarget, share: float) -> float:
    """s0 in the basin of the heavy mode, by its distance from the unstable zero in units of R^2."""
    zero = unstable_overlap(target)
    return round((0.0 if zero is None else zero) + share * target.separation**2, 3)


def critical_of(target: BimodalTarget) -> float | None:
    """T_c, or None where the formula does not hold."""
    try:
        passage(landscape_of(target).heavy)
    except (NoCollapsedState, PrecisionError):
        return None
    return critical_temperature(target)


def calibration_grid() -> Iterator[Setting]:
    """Every target of the grid that has the formula, with every schedule and objective."""
    for index, (separation, weight) in enumerate(product(SEPARATIONS, FAMILY)):
        target = BimodalTarget(separation, weight)
        critical = critical_of(target)
        if critical is None:
            continue
        for count, (ratio, time, objective) in enumerate(product(RATIOS, TIMES, OBJECTIVES), index):
            schedule = SHAPES[count // 2 % len(SHAPES)](round(ratio * critical, 3), time)
            yield Setting(target, schedule, start_of(target, STARTS[count % len(STARTS)]), Dynamics(objective))


def held_out(count: int, seed: int) -> Iterator[Setting]:
    """Settings drawn between the points of the grid, some under the natural metric."""
    draw = random.Random(seed)
    while count:
        target = BimodalTarget(round(draw.uniform(2.35, 4), 3), round(draw.uniform(0.5, 0.92), 3))
        critical = critical_of(target)
        if critical is None:
            continue
        temperature = round(critical * math.exp(draw.uniform(math.log(1.05), math.log(30))), 3)
        schedule = draw.choice(SHAPES)(temperature, round(10 ** draw.uniform(2.48, 4.48), 1))
        start = start_of(target, draw.uniform(0.05, 1.2))
        yield Setting(target, schedule, start, Dynamics(draw.choice(OBJECTIVES), draw.choice(("euclidean", "natural"))))
        count -= 1


def measured(setting: Setting) -> tuple[float, tuple[float, float, float], float]:
    """log rho_c of the separatrix minus that of the formula, the parts of its error, and the error that it states."""
    rules = {"objective": setting.dynamics.objective, "metric": setting.dynamics.metric}
    exact = collapse_threshold(setting.target, setting.schedule, s0=setting.start, **rules).log_value
    log_rho, _, found = slow_threshold(setting.target, setting.schedule, setting.start, setting.dynamics)
    return exact - float(log_rho), found.error_parts, found.error


def needed(off: np.ndarray) -> np.ndarray:
    """The least error to state where the formula is off by so much."""
    return np.where(np.isfinite(off), np.abs(off), OUTSIDE)


def calibrated(off: np.ndarray, parts: np.ndarray) -> list[float]:
    """The weights of the last two parts, two digits each; the first part has weight 1."""
    derived, scales, off = parts[:, 0], parts[:, 1:], needed(off)
    cost = np.sum(scales / np.maximum(off, derived)[:, None], axis=0)
    norm = scales.max(axis=0)  # of one size for the solver
    found = linprog(cost / norm / (cost / norm).max(), A_ub=-scales / norm, b_ub=derived - off, method="highs")
    assert found.success, found.message
    return [_rounded_up(MARGIN * weight) for weight in found.x / norm]


def _rounded_up(value: float) -> float:
    if value <= 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return float(f"{math.ceil(value / unit) * unit:.2g}")


def _module(weights: list[float], count: int) -> str:
    return f'''"""Weights of the slow-annealing error, which are empirical.

Written by `python -m tests.benchmarks.slow_annealing_errors --calibrate` from {count} thresholds of the separatrix:
R in {SEPARATIONS}, w* in {FAMILY}, T0/T_c in {RATIOS},
decay times in {TIMES}, both objectives, with exponential and linear schedules and starts at
{STARTS} R^2 from the unstable zero of f in turn. They are {MARGIN} times the smallest that cover all of these.
Settings between them are tested in tests/threshold/slow/test_slow_annealing_errors.py.
"""

WEIGHTS = ({", ".join(map(str, weights))})
"""Of the last two of `slow_annealing.error_parts`."""
'''


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.slow_annealing_errors")
    parser.add_argument("--calibrate", action="store_true", help="find the weights on the grid and write them")
    parser.add_argument("--held-out", type=int, default=200, help="how many settings to draw (200)")
    parser.add_argument("--seed", type=int, default=0, help="of the draws (0)")
    options = parser.parse_args(arguments)
    settings = list(calibration_grid() if options.calibrate else held_out(options.held_out, options.seed))
    found = [measured(setting) for setting in track(settings, description="thresholds")]
    off, parts = np.array([row[0] for row in found]), np.array([row[1] for row in found])
    stated = [row[2] for row in found]
    if options.calibrate:
        weights = calibrated(off, parts)
        FILE.write_text(_module(weights, len(settings)))
        stated = parts @ np.array([1.0, *weights])
    least = needed(off)
    rows = sorted((error / size, one, error, *part, repr(setting)) for size, one, error, part, setting in
                  zip(least, off, stated, parts, settings, strict=True))  # fmt: skip
    below = sum(row[0] < 1 for row in rows)
    ratio = statistics.median(row[0] for row in rows)
    print(
        f"{below} of {len(rows)} stated errors are below the measured one; median of stated over measured {ratio:.2f}"
    )
    print("stated/measured  measured  stated   derived      ramp  nonlinear")
    for share, one, error, *part, setting in rows[:12]:
        shown = "  ".join(f"{value:.2e}" for value in part)
        print(f"{share:15.2f}  {one:+8.4f}  {error:6.4f}  {shown}  {setting}")
    return int(below > 0)


if __name__ == "__main__":
    sys.exit(main())
