"""The schedule that the theory chooses: the exponential cooling with the fewest collapses within a budget of time."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, Unpack

import numpy as np
from scipy.special import logsumexp, ndtri

from anneal_theory.design.families import temperature_bounds
from anneal_theory.design.odds import log_odds
from anneal_theory.design.search import SearchPoint, minimum
from anneal_theory.errors import DomainError
from anneal_theory.formulas.start_law import centre_deviation, log_distance_large
from anneal_theory.models.free_pair import free_pair
from anneal_theory.probability import collapse_probability
from anneal_theory.probability.cap_probability import log_cap
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, ModelOptions, SphereInit
from anneal_theory.problem.dynamics import require_fitting
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import Constant, Exponential
from anneal_theory.shown import Shown, with_error
from anneal_theory.threshold.bisection import Search
from anneal_theory.threshold.methods import require_reducible
from anneal_theory.training.mixture_rules import HIGHEST_FINAL_TEMPERATURE

SearchMethod: TypeAlias = Literal["quick", "exact"]

_QUANTILES = ndtri((np.arange(12) + 0.5) / 12)
_ROUGH, _WIDTH = 1e-6, 1e-5  # local error of log rho a step of a run, and width that its threshold is found to
_GRID = 7  # initial temperatures of the first look
_SEARCH_ERROR = 0.03  # an aim; the errors come out smaller, and nearly alike for near schedules


@dataclass(frozen=True, repr=False)
class ChosenSchedule(Shown):
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

    def told(self) -> dict[str, object]:
        """The schedule and both probabilities."""
        chance = with_error(self.probability.value, self.probability.error)
        return {"schedule": self.schedule, "P(collapse)": chance, "without annealing": self.unannealed.value}

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        estimates = {"probability": self.probability.to_dict(), "unannealed": self.unannealed.to_dict()}
        return {"schedule": self.schedule.to_dict(), **estimates, "evaluations": self.evaluations}


@checked(method="choice_method", init="initial_law")
def choose_schedule(
    target: BimodalTarget,
    init: GaussianInit | SphereInit,
    budget: float | int,
    *,
    highest_initial_temperature: float | int = 100,
    highest_final_temperature: float | int = HIGHEST_FINAL_TEMPERATURE,
    method: SearchMethod = "quick",
    relative_error: float = 1e-3,
    **dynamics: Unpack[ModelOptions],
) -> ChosenSchedule:
    """The initial temperature and decay time with the smallest collapse probability that cool down within a budget.

    A search along initial temperatures, each with the longest decay time that the budget allows; where a shorter one
    would do better, a search in both follows. The probability is flat round its minimum: it is found to about one part
    in a thousand, the initial temperature to about a tenth.

    Args:
        target: Separation and weight.
        init: Law of the initial means; `SphereInit` where ``constraint="sphere"``.
        budget: Time of gradient flow at which the temperature is to be at `highest_final_temperature`, > 0. (The
            probability is that of training that goes on from there until it is settled.)
        highest_initial_temperature: Largest T0, above `highest_final_temperature`. Steps of training have to be small
            against 1/T0 under the free energy.
        highest_final_temperature: Temperature at the end of the budget, above 1.
        method: What the search minimises: "quick", the mean of the chance of collapse over twelve quantiles of the
            initial overlap at the typical distance (on the sphere the limit of large dimension), or "exact", the exact
            probability (five to ten times slower, and the only one where the Euclidean metric meets unequal family
            weights).
        relative_error: Aim for the probabilities of the result, which are exact with either method.
        **dynamics: Arguments of `Dynamics`, constraint and variance included. Under the free energy hotter is better
            without end for free means at a fixed budget, and so the answer has the highest initial temperature; on the
            sphere the variance that moves with it makes one best.

    Raises:
        DomainError: an argument lies outside its domain, the law does not go with the constraint, or the method is
            not one of such weights.

    Source:
        theory sections 5, 6 and 11.

    Example:
        >>> found = choose_schedule(BimodalTarget("2.5", 0.8), GaussianInit(32), 50)
        >>> found.schedule.temperature(50.0) < 1.1501, found.probability.value < 0.7 * found.unannealed.value
        (True, True)
    """
    _check(highest_initial_temperature, highest_final_temperature)
    training = Dynamics(**dynamics)
    require_fitting(init, training)
    if method == "quick":
        _require_quick(training)
    floor = math.log(float(highest_final_temperature) - 1)
    rough, fine = (_SEARCH_ERROR, relative_error) if training.reducible else (None, None)  # else starts are drawn

    def schedule(point: SearchPoint) -> Exponential:
        log_excess, share = point  # log(T0 - 1), and the log of t0 over its longest value
        numbers = 1 + math.exp(log_excess), budget / (log_excess - floor) * math.exp(share)
        return Exponential(*(f"{number:.10g}" for number in numbers))  # no longer than anyone would copy

    def objective(point: SearchPoint) -> float:
        if method == "quick" and isinstance(init, GaussianInit):
            return _quick_log_odds(target, schedule(point), init, training)
        route: Literal["exact", "large-dim"] = "exact" if method == "exact" else "large-dim"
        estimate = collapse_probability(target, schedule(point), init, method=route, relative_error=rough, **dynamics)
        return log_odds(estimate)

    unannealed = collapse_probability(target, Constant(1), init, **dynamics, relative_error=fine)
    if unannealed.log_value == -math.inf or unannealed.log_complement == -math.inf:  # certain, whatever the schedule
        return ChosenSchedule(Constant(1), unannealed, unannealed, 1)
    bounds = temperature_bounds(float(highest_final_temperature), float(highest_initial_temperature))
    starts = [(float(log_excess),) for log_excess in np.linspace(*bounds, _GRID)]
    best, evaluations = minimum(objective, [bounds], starts)
    estimate = collapse_probability(target, schedule(best), init, **dynamics, relative_error=fine)
    if estimate.log_value >= unannealed.log_value:
        return ChosenSchedule(Constant(1), unannealed, unannealed, evaluations + 2)
    return ChosenSchedule(schedule(best), estimate, unannealed, evaluations + 2)


def _require_quick(dynamics: Dynamics) -> None:
    if dynamics.constraint == "sphere" and not dynamics.equal_weights:
        what = '"exact" for unequal family weights on the sphere'
        raise DomainError.of("method", what, "quick", "its search draws the starts")
    require_reducible(dynamics)


def _quick_log_odds(target: BimodalTarget, schedule: Exponential, init: GaussianInit, dynamics: Dynamics) -> float:
    """That of the mean over quantiles of the initial overlap, at the root mean square of the initial distance."""
    model = free_pair(target, schedule, dynamics)
    middles = centre_deviation(target.separation, init.scale) * _QUANTILES
    lengths = np.full(middles.shape, log_distance_large(float(init.dim), init.scale))
    starts = np.stack([middles, lengths], axis=1)
    orientations = (1.0,) if dynamics.equal_weights else (1.0, -1.0)
    log_rho = np.concatenate(
        [Search(model.oriented(sign), _ROUGH).thresholds(starts, None, 0.25, _WIDTH) for sign in orientations]
    )
    inside, beyond = (logsumexp(logs) for logs in log_cap(log_rho, init.dim))
    return float(inside - beyond)


def _check(hottest: float, coolest: float) -> None:
    if not 1 < coolest < math.inf:
        raise DomainError.of(
            "highest_final_temperature", "above 1 and finite", coolest, "cooling to exactly 1 never ends"
        )
    if not (coolest - 1) * 1.5 < hottest - 1 < math.inf:
        raise DomainError.of(
            "highest_initial_temperature", f"finite, above {1 + 1.5 * (coolest - 1):g}", hottest, "100 is the default"
        )
