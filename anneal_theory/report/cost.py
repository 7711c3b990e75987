"""What rarity costs: the decay time that brings the collapse probability down, against the separation."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import erfinv

from anneal_theory._types import Exactable, FloatArray, Objective
from anneal_theory.fixed_points import critical_separation, critical_temperature
from anneal_theory.formulas.start_law import centre_deviation, log_chance_offset_large
from anneal_theory.numerics.pools import parallel_map
from anneal_theory.problem import BimodalTarget
from anneal_theory.results import plain
from anneal_theory.schedules import Exponential
from anneal_theory.threshold.methods import ThresholdMethod, collapse_threshold

CHANCES = (0.1, 0.01)
TEMPERATURE = 100.0
_SEPARATIONS = (1.3, 1.5, 1.7, 1.9)  # of R_c
_GUESS, _STRIDE, _LONGEST, _CLOSE = 300.0, 0.7, 18.0, 3e-3  # of a decay time; strides and ends in its logarithm

WAYS = "exact", "leading order", "slow-annealing formula"
"""What figures of slow annealing call the ways to compute a number, in the order of their dashes."""
Way = Callable[[BimodalTarget, Exponential], float]
"""log rho_c of the start."""
Times = dict[float, FloatArray]
"""Decay times by chance, shape (n,) each; NaN where there is none."""


@dataclass(frozen=True)
class Cost:
    """Decay times t0, in gradient-flow time, at which a start a deviation off centre collapses with a given chance."""

    separations: FloatArray  # R, shape (n,), in standard deviations of a mode
    dim: int  # dimension
    initial_temperature: float  # T0 of the exponential schedules
    exact: Times  # by the separatrix
    formula: Times  # by the formula of slow annealing, within its regime or not: the exact times tell how good it is
    leading: Times  # by its leading order, the cost law of theory section 6

    @property
    def ways(self) -> dict[str, Times]:
        """The decay times by what a figure calls the way to compute them."""
        return dict(zip(WAYS, (self.exact, self.leading, self.formula), strict=True))

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return {name: plain(value) for name, value in vars(self).items()}


def cost_curves(weight: Exactable, dim: int = 128, objective: Objective = "tempered-target") -> Cost:
    """Decay times against separations from 1.3 to 1.9 times R_c, for a variance 1/d of the initial means.

    d is at least 2. Source: theory section 6: ``erf(sqrt(d/2) rho_c(s0)) = P`` at s0 = R/sqrt(2d).
    """
    critical = critical_separation(weight)
    targets = [BimodalTarget(float(f"{ratio * critical:.3g}"), weight) for ratio in _SEPARATIONS]

    def along(method: ThresholdMethod, guesses: list[float]) -> FloatArray:
        pairs = [(target, chance) for chance in CHANCES for target in targets]
        tasks = list(zip(pairs, guesses, strict=True))

        def log_rho(target: BimodalTarget, schedule: Exponential) -> float:
            start = _start(target, dim)
            return float(collapse_threshold(target, schedule, s0=start, objective=objective, method=method).log_value)

        durations = parallel_map(lambda task: _needed(log_rho, task[0][0], task[0][1], dim, task[1]), tasks)
        return np.array(durations).reshape(len(CHANCES), -1)

    rough = along("leading-order", [_GUESS] * (len(CHANCES) * len(targets)))
    methods: tuple[ThresholdMethod, ...] = "exact", "slow-annealing"
    times = [along(way, [*rough.ravel()]) for way in methods]
    by_chance = [dict(zip(CHANCES, rows, strict=True)) for rows in (*times, rough)]
    return Cost(np.array([target.separation for target in targets]), dim, TEMPERATURE, *by_chance)


def _start(target: BimodalTarget, dim: int) -> float:
    """The standard deviation of s0. At 0 itself no pair collapses where the modes have equal weights."""
    return float(f"{centre_deviation(target.separation, 1 / math.sqrt(dim)):.3g}")


def _needed(way: Way, target: BimodalTarget, chance: float, dim: int, guess: float) -> float:
    """t0 where the way's log rho_c is that of the chance; NaN where no t0 from 1 on has it."""
    if critical_temperature(target) >= TEMPERATURE:
        return math.nan
    log_rho = math.log(float(erfinv(chance))) - float(log_chance_offset_large(float(dim)))

    def above(log_time: float) -> float:
        return way(target, Exponential(TEMPERATURE, math.exp(log_time))) - log_rho

    start = math.log(guess if guess >= 1 else _GUESS)
    low, high = max(start - _STRIDE, 0.0), start + _STRIDE
    while above(low) < 0:
        if low == 0:
            return math.nan
        low, high = max(low - _STRIDE, 0.0), low
    while above(high) > 0:
        if high > _LONGEST:
            return math.nan
        low, high = high, high + _STRIDE
    return math.exp(brentq(above, low, high, xtol=_CLOSE))
