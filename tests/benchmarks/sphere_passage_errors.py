"""How far the linear passage is off: ``python -m tests.benchmarks.sphere_passage_errors`` finds the error's weights.

Exact thresholds at settings drawn from lists, whose corners are the hardest, and, three times as many, from the ranges
between (`python -m tests.honesty --sharp` draws from the same ranges, by other seeds); the weights are twice the
smallest, on average over the settings, that cover all of them. 2000 settings take five minutes of one core.
"""

import itertools
import random
import sys
from typing import Any

import numpy as np
from scipy.optimize import linprog

from anneal_theory.problem import BimodalTarget
from anneal_theory.schedules import ExponentialToOne
from anneal_theory.schedules.variance import along, variance_curve
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.sphere.linear_passage import error_terms, passage_threshold
from anneal_theory.threshold.sphere.passage_path import DOUBLES, PassagePath
from tests.honesty import sphere_settings

SEPARATIONS, WEIGHTS = (2.2, 2.5, 3, 3.5, 4), (0.505, 0.52, 0.55, 0.6, 0.7, 0.8, 0.9)
TEMPERATURES, TIMES = (3, 9, 30, 90, 900, 9e4), (3, 7, 15, 35, 70)
RULES = ("trained", "trained", "follows-temperature", "fixed")
SAFETY, LEAST = 2, 0.02


def drawn(count: int, seed: int = 100) -> list[tuple[Any, ...]]:
    """(R, w*, T0, t0, rule) at random: a quarter from the lists above, the others from the ranges."""
    rng = random.Random(seed)
    lists = SEPARATIONS, WEIGHTS, TEMPERATURES, TIMES, RULES
    settings: list[tuple[Any, ...]] = [tuple(rng.choice(one) for one in lists) for _ in range(count // 4)]
    for one in itertools.islice(sphere_settings(seed), count - len(settings)):
        own = one.target, one.schedule
        settings.append((own[0].separation, own[0].weight, *own[1].parameters.values(), one.rules["variance"]))
    return settings


def measured(setting: tuple[Any, ...]) -> tuple[float, float, tuple[float, ...]]:
    """log of the formula over the threshold, the error stated, and what that is made of."""
    separation, weight, temperature, time, rule = setting
    target, schedule = BimodalTarget(separation, weight), ExponentialToOne(temperature, duration=time)
    rules: dict[str, Any] = {"objective": "free-energy", "constraint": "sphere", "variance": rule}
    exact = float(collapse_threshold(target, schedule, **rules).log_value)
    found = passage_threshold(target, schedule, rule)
    read = along(schedule, "free-energy")
    bias = target.half_log_odds / separation**2
    path = PassagePath(float(separation), bias, variance_curve(schedule, rule, "free-energy", read), DOUBLES)
    return float(found.log_value) - exact, found.log_error, error_terms(target, path.run(None))


def weights_of(errors: Any, scales: Any) -> Any:
    """The smallest weights that cover the errors, on average over them, times the margin of safety."""
    bounds = [(LEAST, LEAST)] + [(0, None)] * (scales.shape[1] - 1)
    return SAFETY * linprog(scales.mean(axis=0), A_ub=-scales, b_ub=-errors, bounds=bounds).x


def main() -> None:
    """Print the errors and the weights."""
    settings = drawn(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
    found = [(one, *measured(one)) for one in settings]
    for fixed in (False, True):
        part = [one for one in found if (one[0][-1] == "fixed") == fixed and abs(one[1]) < 5]
        left = sum((one[0][-1] == "fixed") == fixed for one in found) - len(part)
        errors, scales = np.array([abs(one[1]) for one in part]), np.array([one[3] for one in part])
        print("fixed" if fixed else "trained", len(part), "settings,", left, "left out; median error",
              np.median(errors).round(4), "90 %", np.quantile(errors, 0.9).round(4),
              "weights", weights_of(errors, scales).round(2))  # fmt: skip


if __name__ == "__main__":
    main()
