"""What a search looks at: log odds of collapse under a schedule, exact or with noise, the worst of a box of targets."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from anneal_theory.design.box import Box, worst_of
from anneal_theory.errors import DomainError, SolveError, Words
from anneal_theory.exact import show
from anneal_theory.numerics.progress import Move
from anneal_theory.probability import collapse_probability
from anneal_theory.probability.noisy import noisy_collapse_probability, quick_chance
from anneal_theory.probability.noisy.stable_steps import fastest_return
from anneal_theory.probability.noisy.training_noise import Gradient
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.work import count_work

_SEARCH_ERROR = 1e-2  # an aim; the errors come out smaller, and nearly alike for near schedules
_WORSE = 1e-2  # of log odds: so much worse a target has to be for a search to look at it too
_PLATEAU = 1e6  # of log odds: finite, so that a search can compare certain collapses with others


@dataclass(frozen=True)
class Steps:
    """How training makes its steps, each of so many samples a component and so much time of gradient flow."""

    batch_size: int
    step_size: float
    gradient: Gradient


class Odds:
    """Probabilities of collapse, counted (`move`); over a box the largest. `steps` of None are the gradient flow."""

    def __init__(
        self, box: Box, init: GaussianInit | SphereInit, options: dict[str, Any], steps: Steps | None = None,
        move: Move | None = None,
    ) -> None:  # fmt: skip
        self._box, self._init, self._options, self._steps = box, init, options, steps
        rules = Dynamics(**options)
        # averages over the same starts under every schedule have no aim
        self._search_error = _SEARCH_ERROR if rules.equal_weights or rules.constraint == "free" else None
        self._looked_at = list(box.corners())
        self._known: dict[tuple[str, BimodalTarget], float] = {}
        self.evaluations, self._move = 0, move

    def log_odds(self, schedule: Schedule) -> float:
        """Log odds of collapse for a search, the largest of the corners and of what was worse than they are."""
        return max(self._log_odds_at(target, schedule) for target in self._looked_at)

    def finds_worse(self, schedule: Schedule) -> bool:
        """Whether a target of the box is worse than those that a search looks at; if so, it looks at that one too."""
        if self._box.known:
            return False
        worst = worst_of(self._box, lambda target: self._log_odds_at(target, schedule))
        if worst.log_odds <= self.log_odds(schedule) + _WORSE:
            return False
        self._looked_at.append(worst.target)
        return True

    def probability(self, schedule: Schedule, relative_error: float | None) -> tuple[Estimate, BimodalTarget]:
        """The probability of the worst target, with the error of where that is, and the target."""
        if self._box.known:
            return self._of(self._box.target, schedule, relative_error), self._box.target
        worst = worst_of(self._box, lambda target: self._log_odds_at(target, schedule))
        return _widened(self._of(worst.target, schedule, relative_error), worst.error), worst.target

    def _log_odds_at(self, target: BimodalTarget, schedule: Schedule) -> float:
        """Log odds of a target for a search; the largest where no probability can be computed."""
        name = repr(schedule), target
        if name not in self._known:
            try:
                if self._steps is None:
                    value = log_odds(self._of(target, schedule, self._search_error))
                else:
                    value = self._quick(target, schedule) if self._stable(target, schedule) else math.inf
            except SolveError:  # no candidate, then
                value = math.inf
            self._known[name] = min(max(value, -_PLATEAU), _PLATEAU)
        return self._known[name]

    def _of(self, target: BimodalTarget, schedule: Schedule, relative_error: float | None) -> Estimate:
        self._count()
        with self._intervals_named():
            if self._steps is None:
                found = collapse_probability(
                    target, schedule, self._init, relative_error=relative_error, **self._options
                )
            else:
                found = noisy_collapse_probability(
                    target, schedule, self._init, method="quantiles", **vars(self._steps), **self._options
                )
        if found.work is not None:  # its own, and the design's too
            count_work(found.work.runs, found.work.steps, found.work.nodes)
        return found

    @contextmanager
    def _intervals_named(self) -> Iterator[None]:
        """A target of the box that is refused is one of an interval that was given: its error names that."""
        try:
            yield
        except DomainError as refusal:
            name = f"{refusal.argument}s"
            if self._box.known or name not in ("separations", "weights"):
                raise
            ends = tuple(map(show, getattr(self._box, name)))
            what = f"an interval whose ends are {refusal.requirement}"
            raise DomainError.of(name, what, Words(f"({', '.join(ends)})"), "narrow it") from refusal

    def _count(self) -> None:
        self.evaluations += 1
        if self._move is not None:
            self._move(advance=1)

    def _stable(self, target: BimodalTarget, schedule: Schedule) -> bool:
        """Whether training comes to rest with these steps at every temperature of a schedule."""
        longest = fastest_return(target, schedule, Dynamics(**self._options)).longest_step
        return self._steps is None or self._steps.step_size <= longest

    def _quick(self, target: BimodalTarget, schedule: Schedule) -> float:
        """Log odds with noise by a coarse rule."""
        self._count()
        with self._intervals_named():
            chance = quick_chance(target, schedule, self._init, **vars(self._steps), **self._options)
        return math.log(chance) - math.log1p(-chance) if 0 < chance < 1 else math.inf if chance >= 1 else -math.inf


def _widened(estimate: Estimate, off: float) -> Estimate:
    """An estimate whose log odds may be off by so much more."""
    if estimate.log_complement is None:  # with noise, whose error is larger by far
        return estimate
    keeps = math.exp(estimate.log_complement)
    return replace(
        estimate,
        error=estimate.error + estimate.value * keeps * off,
        log_error=estimate.log_error + keeps * off,
        log_complement_error=estimate.log_complement_error + estimate.value * off,
    )


def log_odds(probability: Estimate) -> float:
    """log(P/(1-P)), which tells probabilities apart at both ends."""
    log_other = probability.log_complement
    if log_other is None:  # from a count of runs
        log_other = math.log1p(-probability.value) if probability.value < 1 else -math.inf
    return math.inf if log_other == -math.inf else float(probability.log_value - log_other)
