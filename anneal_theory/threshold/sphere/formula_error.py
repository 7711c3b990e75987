"""How far the linear passage may be off, from what it leaves out; the weights are empirical.

They come from `python -m tests.benchmarks.sphere_passage_errors`, 2000 exact thresholds: R from 2.2 to 4, w* from 0.505
to 0.9, T0 from 2 to 1e5, annealing times from 3 to 70, all three rules of the variance. They are twice the smallest (on
average over these) that cover all of them; the median error there is 0.006 (0.02 for a fixed variance).
Slower annealing is beyond them: see `linear_passage`. `python -m tests.honesty --sharp` holds the whole error against
settings drawn anew, slow ones too.
"""

import numpy as np

from anneal_theory._types import VarianceRule
from anneal_theory.formulas.sphere_flow import sphere_overlaps
from anneal_theory.formulas.sphere_formulas import bias_of_target, passage_rates
from anneal_theory.problem import BimodalTarget
from anneal_theory.threshold.sphere.passage_path import DOUBLES, LinearPassage

_TRAINED = (0.04, 0.28, 0.53, 0.23)
_FIXED = (0.04, 1.34, 8.48, 0.0)
WEIGHTS: dict[VarianceRule, tuple[float, float, float, float]] = {
    "trained": _TRAINED, "follows-temperature": _TRAINED, "fixed": _FIXED,
}  # fmt: skip
"""Of `error_terms`, for each rule of the variance."""


def error_terms(target: BimodalTarget, passage: LinearPassage) -> tuple[float, float, float, float]:
    """What the error of log x_c is made of.

    1. A constant, for the number 2 at which the passage ends.
    2. The bias eps: the passage is linear in it.
    3. What the push still does at the end, by the square of its ratio to the growth rate, over the growth until then.
    4. The push of a mean that has arrived at its mode on the other one, over the growth rate.
    """
    radius = target.separation
    overlap = DOUBLES.overlap(np.array([sphere_overlaps(0.0, 0.0, 0.0, radius)[2]]))
    turning, growth = passage_rates(radius, 1.0, 1.0, overlap, DOUBLES.centre_slope(np.array([radius])))
    left = float(passage.push) ** 2 * float(passage.log_growth)
    return 1.0, bias_of_target(radius, target.half_log_odds), left, float(turning[0] / growth[0]) / 2


def formula_error(target: BimodalTarget, variance: VarianceRule, passage: LinearPassage) -> float:
    """How far log x_c of the passage until N = 2 may be off: an empirical estimate and no bound."""
    return sum(weight * scale for weight, scale in zip(WEIGHTS[variance], error_terms(target, passage), strict=True))
