"""The schedule that the theory chooses: the exponential cooling with the fewest collapses within a budget of time."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import betainc, ndtri

from anneal_theory._types import Exactable, Metric, Objective
from anneal_theory.errors import DomainError
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import Constant, Exponential
from anneal_theory.threshold.exact.bisection import Search
from anneal_theory.threshold.exact.compiled_problem import collapse_problem
from anneal_theory.threshold.methods import require_reducible
from anneal_theory.training.mixture_rules import HIGHEST_FINAL_TEMPERATURE

Method: TypeAlias = Literal["quick", "exact"]
_Place: TypeAlias = tuple[float, float]  # log(T0 - 1), and the log of t0 over its longest value

_QUANTILES = ndtri((np.arange(12) + 0.5) / 12)
_ROUGH, _WIDTH = 1e-6, 1e-5  # local error of log rho a step of a run, and width that its threshold is found to
_GRID = 7  # initial temperatures of the first look
_FINEST = 0.06  # the search ends when its steps in both logarithms are below this
_SEARCH_ERROR = 0.03  # an aim; the errors come out smaller, and nearly alike for near schedules
_SHORTER = (math.log(0.9), math.log(0.6))  # decay times that are tried beside the longest
_SHORTEST = math.log(0.1)  # decay times below this share of the longest are not looked at


@dataclass(frozen=True)
class ChosenSchedule:
    """The best schedule that was found.

    Attributes:
        schedule: ``Exponential(T0, t0)``; ``Constant(1)`` where no annealing collapses as rarely.
        probability: Its probability of collapse by the exact formula.
        unannealed: That of ``Constant(1)``.
        evaluations: Schedules whose probability was computed.
    """

    schedule: Exponential | Constant
    probability: Estimate
    unannealed: Estimate
    evaluations: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        estimates = {"probability": self.probability.to_dict(), "unannealed": self.unannealed.to_dict()}
        return {"schedule": self.schedule.to_dict(), **estimates, "evaluations": self.evaluations}


@checked(method="choice_method")
def choose_schedule(
    target: BimodalTarget,
    init: GaussianInit,
    budget: float | int,
    objective: Objective = "tempered-target",
    *,
    metric: Metric = "euclidean",
    family_weight: Exactable = 0.5,
    highest_initial_temperature: float | int = 100,
    highest_final_temperature: float | int = HIGHEST_FINAL_TEMPERATURE,
    method: Method = "quick",
    relative_error: float = 1e-3,
) -> ChosenSchedule:
    """The initial temperature and decay time with the smallest collapse probability that cool down within a budget.

    A search along initial temperatures, each with the longest decay time that the budget allows; where a shorter one
    would do better, a search in both follows. The probability is flat round its minimum: it is found to about one part
    in a thousand, the initial temperature to about a tenth.

    Args:
        target: Separation and weight.
        init: Law of the initial means.
        budget: Time of gradient flow at which the temperature is to be at `highest_final_temperature`, > 0. (The
            probability is that of training that goes on from there until it is settled.)
        objective: "tempered-target" or "free-energy". Under the free energy hotter is better without end at a fixed
            budget, and so the answer has the highest initial temperature.
        metric: "euclidean" or "natural".
        family_weight: w1.
        highest_initial_temperature: Largest T0, above `highest_final_temperature`. Steps of training have to be small
            against 1/T0 under the free energy.
        highest_final_temperature: Temperature at the end of the budget, above 1.
        method: What the search minimises: "quick", the mean of the chance of collapse over twelve quantiles of the
            initial overlap at the typical distance, or "exact", the exact probability (five to ten times slower, and
            the only one where the Euclidean metric meets unequal family weights).
        relative_error: Aim for the probabilities of the result, which are exact with either method.

    Raises:
        DomainError: an argument lies outside its domain.

    Source:
        theory sections 5 and 6.

    Example:
        >>> found = choose_schedule(BimodalTarget("2.5", 0.8), GaussianInit(32), 50)
        >>> found.schedule.temperature(50.0) < 1.1501, found.probability.value < 0.7 * found.unannealed.value
        (True, True)
    """
    _check(highest_initial_temperature, highest_final_temperature)
    training = Dynamics(objective, metric, family_weight)
    if method == "quick":
        require_reducible(training)
    floor = math.log(float(highest_final_temperature) - 1)
    dynamics: dict[str, Any] = {"objective": objective, "metric": metric, "family_weight": family_weight}
    rough, fine = (_SEARCH_ERROR, relative_error) if training.reducible else (None, None)  # else starts are drawn

    def schedule(place: _Place) -> Exponential:
        heat, share = place
        numbers = 1 + math.exp(heat), budget / (heat - floor) * math.exp(share)
        return Exponential(*(f"{number:.10g}" for number in numbers))  # no longer than anyone would copy

    def badness(place: _Place) -> float:
        if method == "quick":
            return _quick_log_odds(target, schedule(place), init, training)
        found = collapse_probability(target, schedule(place), init, **dynamics, relative_error=rough)
        return log_odds(found)

    unannealed = collapse_probability(target, Constant(1), init, **dynamics, relative_error=fine)
    if unannealed.log_value == -math.inf or unannealed.log_complement == -math.inf:  # certain, whatever the schedule
        return ChosenSchedule(Constant(1), unannealed, unannealed, 1)
    # The longest decay time has its pole at T0 = the final temperature; 0.3 above it in log(T0 - 1) is low enough.
    bounds = (floor + 0.3, math.log(float(highest_initial_temperature) - 1))
    best, evaluations = _minimum(badness, bounds)
    found = collapse_probability(target, schedule(best), init, **dynamics, relative_error=fine)
    if found.log_value >= unannealed.log_value:
        return ChosenSchedule(Constant(1), unannealed, unannealed, evaluations + 2)
    return ChosenSchedule(schedule(best), found, unannealed, evaluations + 2)


def _minimum(badness: Callable[[_Place], float], bounds: tuple[float, float]) -> tuple[_Place, int]:
    """The best place: along the first coordinate at the largest second one, then in both if less of that is better."""
    known: dict[_Place, float] = {}

    def value(place: _Place) -> float:
        if place not in known:
            known[place] = badness(place)
        return known[place]

    heats = np.linspace(*bounds, _GRID)
    best = min(((float(heat), 0.0) for heat in heats), key=value)
    step = float(heats[1] - heats[0])
    around = max(bounds[0], best[0] - step), min(bounds[1], best[0] + step)
    fine = minimize_scalar(lambda heat: value((float(heat), 0.0)), bounds=around, options={"xatol": _FINEST})
    best = min((best, (float(fine.x), 0.0)), key=value)
    shorter = min(((best[0], share) for share in _SHORTER), key=value)
    if value(shorter) < value(best):
        best = _pattern_search(value, shorter, bounds)
    return best, len(known)


def _pattern_search(value: Callable[[_Place], float], best: _Place, bounds: tuple[float, float]) -> _Place:
    """The best place by steps along both coordinates that halve where no step is better."""
    steps = [0.5, 0.35]
    while max(steps) > _FINEST:
        heat, share = best
        near = [(heat + sign * steps[0], share) for sign in (-1, 1)]
        near += [(heat, min(0.0, share + sign * steps[1])) for sign in (-1, 1)]
        inside = [place for place in near if bounds[0] <= place[0] <= bounds[1] and place[1] >= _SHORTEST]
        better = min(inside, key=value, default=best)
        if value(better) < value(best):
            best = better
        else:
            steps = [step / 2 for step in steps]
    return best


def log_odds(probability: Estimate) -> float:
    """log(P/(1-P)), which tells probabilities apart at both ends."""
    log_other = probability.log_complement
    if log_other is None:  # from a count of runs
        log_other = math.log1p(-probability.value) if probability.value < 1 else -math.inf
    return math.inf if log_other == -math.inf else probability.log_value - log_other


def _quick_log_odds(target: BimodalTarget, schedule: Exponential, init: GaussianInit, dynamics: Dynamics) -> float:
    """That of the mean over quantiles of the initial overlap, at the root mean square of the initial distance."""
    problem = collapse_problem(target, schedule, dynamics)
    middles = target.separation * init.scale / math.sqrt(2) * _QUANTILES
    lengths = np.full(middles.shape, math.log(init.scale) + 0.5 * math.log(2 * init.dim))
    orientations = (1.0,) if dynamics.equal_weights else (1.0, -1.0)
    log_rho = np.concatenate(
        [Search(problem, _ROUGH, sign).thresholds(middles, lengths, None, 0.25, _WIDTH) for sign in orientations]
    )
    x, rest = 1 / (1 + np.exp(-2 * log_rho)), 1 / (1 + np.exp(2 * log_rho))
    chances = np.mean(betainc(0.5, 0.5 * (init.dim - 1), x)), np.mean(betainc(0.5 * (init.dim - 1), 0.5, rest))
    return float(np.log(chances[0]) - np.log(chances[1]))


def _check(hottest: float, coolest: float) -> None:
    if not 1 < coolest < math.inf:
        raise DomainError.of(
            "highest_final_temperature", "above 1 and finite", coolest, "cooling to exactly 1 takes for ever"
        )
    if not (coolest - 1) * 1.5 < hottest - 1 < math.inf:
        raise DomainError.of(
            "highest_initial_temperature", f"finite, above {1 + 1.5 * (coolest - 1):g}", hottest, "100 is the default"
        )
