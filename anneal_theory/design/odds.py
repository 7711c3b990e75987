"""What a search looks at: the exact log odds of collapse under a schedule, the worst of a few targets."""

import math
from typing import Any

from anneal_theory.errors import SolveError
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule

_SEARCH_ERROR = 1e-2  # an aim; the errors come out smaller, and nearly alike for near schedules
_PLATEAU = 1e6  # of log odds: finite, so that a search can compare certain collapses with others


class Odds:
    """Exact probabilities of collapse, counted.

    Args:
        targets: The targets; the probability of a schedule is that of the target that fares worst.
        init: Law of the initial means.
        options: Arguments of `Dynamics`.
    """

    def __init__(
        self, targets: tuple[BimodalTarget, ...], init: GaussianInit | SphereInit, options: dict[str, Any]
    ) -> None:
        self._targets, self._init, self._options = targets, init, options
        self._known: dict[str, float] = {}
        self.evaluations = 0

    def badness(self, schedule: Schedule) -> float:
        """Log odds of collapse for a search; the largest where no probability can be computed."""
        name = repr(schedule)
        if name not in self._known:
            try:
                found = log_odds(self.probability(schedule, _SEARCH_ERROR))
            except SolveError:  # no candidate, then
                found = math.inf
            self._known[name] = min(max(found, -_PLATEAU), _PLATEAU)
        return self._known[name]

    def probability(self, schedule: Schedule, relative_error: float) -> Estimate:
        """The exact probability, of the target with the largest."""
        self.evaluations += 1
        found = [
            collapse_probability(target, schedule, self._init, relative_error=relative_error, **self._options)
            for target in self._targets
        ]
        return max(found, key=log_odds)


def log_odds(probability: Estimate) -> float:
    """log(P/(1-P)), which tells probabilities apart at both ends."""
    log_other = probability.log_complement
    if log_other is None:  # from a count of runs
        log_other = math.log1p(-probability.value) if probability.value < 1 else -math.inf
    return math.inf if log_other == -math.inf else float(probability.log_value - log_other)
