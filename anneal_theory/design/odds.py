"""What a search looks at: log odds of collapse under a schedule, exact or with noise, the worst of a few targets."""

import math
from dataclasses import dataclass
from typing import Any

from anneal_theory.errors import SolveError
from anneal_theory.probability import collapse_probability
from anneal_theory.probability.noisy import noisy_collapse_probability, quick_chance
from anneal_theory.probability.noisy.training_noise import Gradient
from anneal_theory.problem import BimodalTarget, DynamicsOptions, GaussianInit, SphereInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule

_SEARCH_ERROR = 1e-2  # an aim; the errors come out smaller, and nearly alike for near schedules
_PLATEAU = 1e6  # of log odds: finite, so that a search can compare certain collapses with others


@dataclass(frozen=True)
class Steps:
    """How training makes its steps.

    Attributes:
        batch_size: Samples of each component in each of them.
        step_size: Time of gradient flow that each makes.
        gradient: "plain" or "path".
    """

    batch_size: int
    step_size: float
    gradient: Gradient


class Odds:
    """Probabilities of collapse, counted.

    Args:
        targets: The targets; the probability of a schedule is that of the target that fares worst.
        init: Law of the initial means.
        options: Arguments of `Dynamics`.
        steps: Of training with noise; None for the gradient flow.
    """

    def __init__(
        self,
        targets: tuple[BimodalTarget, ...],
        init: GaussianInit | SphereInit,
        options: dict[str, Any],
        steps: Steps | None = None,
    ) -> None:
        self._targets, self._init, self._options, self._steps = targets, init, options, steps
        self._known: dict[str, float] = {}
        self.evaluations = 0

    @property
    def _free(self) -> dict[str, Any]:
        """The options of free means, which those with noise are."""
        return {name: value for name, value in self._options.items() if name in DynamicsOptions.__annotations__}

    def badness(self, schedule: Schedule) -> float:
        """Log odds of collapse for a search; the largest where no probability can be computed."""
        name = repr(schedule)
        if name not in self._known:
            try:
                found = self._quick(schedule) if self._steps else log_odds(self.probability(schedule, _SEARCH_ERROR))
            except SolveError:  # no candidate, then
                found = math.inf
            self._known[name] = min(max(found, -_PLATEAU), _PLATEAU)
        return self._known[name]

    def probability(self, schedule: Schedule, relative_error: float) -> Estimate:
        """The probability, of the target with the largest."""
        self.evaluations += 1
        return max((self._of(target, schedule, relative_error) for target in self._targets), key=log_odds)

    def _of(self, target: BimodalTarget, schedule: Schedule, relative_error: float) -> Estimate:
        if self._steps is None or isinstance(self._init, SphereInit):
            return collapse_probability(target, schedule, self._init, relative_error=relative_error, **self._options)
        return noisy_collapse_probability(
            target, schedule, self._init, method="quantiles", **vars(self._steps), **self._free
        )

    def _quick(self, schedule: Schedule) -> float:
        """Log odds with noise by a coarse rule."""
        assert isinstance(self._init, GaussianInit)  # `designing` refuses noise for others
        self.evaluations += 1
        init, words = self._init, vars(self._steps) | self._free
        chance = max(quick_chance(target, schedule, init, **words) for target in self._targets)
        return math.log(chance) - math.log1p(-chance) if 0 < chance < 1 else math.inf if chance >= 1 else -math.inf


def log_odds(probability: Estimate) -> float:
    """log(P/(1-P)), which tells probabilities apart at both ends."""
    log_other = probability.log_complement
    if log_other is None:  # from a count of runs
        log_other = math.log1p(-probability.value) if probability.value < 1 else -math.inf
    return math.inf if log_other == -math.inf else float(probability.log_value - log_other)
