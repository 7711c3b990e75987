r"""Theory and training of one setting: counts with exact intervals, the biases of finite steps and batches, a verdict.

The theory is that of gradient flow. Training by steps of size e on batches of B samples is a random walk whose law
differs from the flow's, to first order, by terms in e and in e/B (its noise has variance e/B a unit of time). So

    P(e, B) = P + a e + b e/B,    P(e, B) - P = 2 (P(e, B) - P(e/2, B)),    b e/B = 2 (P(e, B) - P(e, 2B)):

halving the step shows the whole bias, doubling the batch the part of it that comes from sampling noise. The runs start
from the same initial means, so that the difference comes from the few that change their verdict.
"""

import math
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
from jaxtyping import Bool

from anneal_theory.compare.binomial import interval
from anneal_theory.compare.keywords import own_words
from anneal_theory.errors import DomainError
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_for
from anneal_theory.results import Estimate, Outcomes, plain
from anneal_theory.schedules import Schedule
from anneal_theory.shown import Shown, with_error
from anneal_theory.training.mixture import train_mixture
from anneal_theory.training.mixture_rules import ComparedOptions, MixtureRules

FALSE_ALARM = 1e-3
_KNOWN = 2  # standard errors from 0 at which a bias counts as seen


@dataclass(frozen=True)
class Count:
    """What training found at one step and batch size.

    Attributes:
        step_size: Time of gradient flow of one step.
        batch_size: Samples a component and step; None for training by exact expectations.
        collapsed: Number of replicas that collapsed.
        replicas: Number of replicas.
        low: Lower end of the exact binomial interval of the probability of collapse, whatever the undecided ones are.
        high: Its upper end.
        undecided: Number of replicas whose fate is not known (`Outcomes.undecided`).
    """

    step_size: float
    batch_size: int | None
    collapsed: int
    replicas: int
    low: float
    high: float
    undecided: int = 0

    @property
    def share(self) -> float:
        """Share of the decided replicas that collapsed; NaN where none is decided."""
        decided = self.replicas - self.undecided
        return self.collapsed / decided if decided else math.nan


@dataclass(frozen=True)
class Bias:
    """What a finite step size or batch size adds to training's probability of collapse, to first order.

    Attributes:
        cause: "step_size" (the whole bias, that of sampling noise included) or "batch_size" (the noise's part of it).
        value: The estimate.
        error: Its standard error.
        low: Lower end of an exact interval of it, at the comparison's false-alarm rate.
        high: Its upper end.
        gained: Replicas that collapsed at the coarse setting alone.
        lost: Replicas that collapsed at the fine setting alone.
        replicas: Number of pairs.
        undecided: Pairs of which either is undecided: `value` and `error` are of the others, and the interval covers
            whatever these would have done.
    """

    cause: str
    value: float
    error: float
    low: float
    high: float
    gained: int
    lost: int
    replicas: int
    undecided: int = 0


@dataclass(frozen=True, repr=False)
class TrainingComparison(Shown):
    """Theory and training of one setting.

    Attributes:
        theory: Probability of collapse under gradient flow.
        count: What training found.
        finer: What it found at half the step size, and at twice the batch size.
        biases: The biases that these show.
        false_alarm: A right theory lies outside the interval of an unbiased count with at most this probability, and
            each bias outside its interval with at most this.
        settings: What was run, as plain data.
    """

    theory: Estimate
    count: Count
    finer: tuple[Count, ...]
    biases: tuple[Bias, ...]
    false_alarm: float
    settings: dict[str, Any]

    def told(self) -> dict[str, object]:
        """Theory, count, interval, biases and verdict."""
        count = self.count
        biases = {f"bias of {bias.cause.replace('_', ' ')}": with_error(bias.value, bias.error) for bias in self.biases}
        return {
            "theory": with_error(self.theory.value, self.theory.error),
            "counted": f"{count.collapsed} of {count.replicas - count.undecided}",
            "interval": f"{count.low:.4f} to {count.high:.4f}",
            **biases,
            "verdict": self.verdict,
        }

    @property
    def bias(self) -> Bias | None:
        """The whole bias; None where it was not looked at."""
        return next((bias for bias in self.biases if bias.cause == "step_size"), None)

    @property
    def verdict(self) -> str:
        """What the theory's number is to the count.

        "agrees": it lies in the interval. "agrees within the known bias": it does so after the bias is taken off, and
        the bias is more than two of its standard errors from 0. "undecided": the bias is not, but could be large enough
        for all that the pairs tell; train more of them. "disagrees": no bias in its interval explains the count. That
        is wrong with a probability below twice `false_alarm`, as far as the bias is one of first order.
        """
        if self._holds(0.0, 0.0):
            return "agrees"
        bias = self.bias
        if bias is None or not self._holds(bias.low, bias.high):
            return "disagrees"
        return "agrees within the known bias" if abs(bias.value) > _KNOWN * bias.error else "undecided"

    def _holds(self, least: float, most: float) -> bool:
        """Whether the theory lies in the interval of the count when a bias from least to most is taken off."""
        value, error = self.theory.value, self.theory.error
        return bool(self.count.low - most - error <= value <= self.count.high - least + error)

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return {
            "theory": self.theory.to_dict(),
            "count": plain(vars(self.count) | {"share": self.count.share}),
            "finer": [plain(vars(count) | {"share": count.share}) for count in self.finer],
            "biases": [plain(vars(bias)) for bias in self.biases],
            "false_alarm": self.false_alarm,
            "verdict": self.verdict,
            "settings": plain(self.settings),
        }


@checked(init="initial_law", end_time="training_time")
@own_words()
def compare_training(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit | SphereInit,
    *,
    replicas: int = 1000,
    bias_replicas: int | None = None,
    end_time: float | int | None = None,
    false_alarm: float = FALSE_ALARM,
    theory: Estimate | None = None,
    threads: int | None = None,
    progress: bool = False,
    **options: Unpack[ComparedOptions],
) -> TrainingComparison:
    """Train replicas of a mixture and set their count of collapses beside the exact formula.

    Args:
        target: Separation and weight.
        schedule: Annealing schedule that ends at temperature 1.
        init: Law of the initial means; a `SphereInit` where ``constraint="sphere"``.
        replicas: Independent runs, at least 1.
        bias_replicas: The first so many of them are trained again with half the step size, and again with twice the
            batch size (at twice the cost each); a tenth of the replicas unless given, 0 for none.
        end_time: Longest time of a run, as in `train_mixture`.
        false_alarm: Of the intervals, strictly between 0 and 1.
        theory: The theory's probability where it is known already.
        threads: One a processor unless given.
        progress: Show a bar on the standard error.
        **options: Arguments of `MixtureRules` (seed, the same for all three runs, which so start alike; batch_size,
            step_size, route, where "exact" has no bias from noise to look for ...) and of `Dynamics`,
            constraint and variance included.

    Raises:
        DomainError: an argument lies outside its domain.
        SolveError: more runs are undecided than may be, or the theory found no number.

    Source:
        theory sections 1, 5 and 11.

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> few = {"replicas": 30, "batch_size": 20, "step_size": 0.2, "bias_replicas": 10}
        >>> found = compare_training(BimodalTarget(3, 0.8), Constant(1), GaussianInit(128), **few)
        >>> found.verdict, len(found.finer), found.bias.cause
        ('agrees', 2, 'step_size')
    """
    own = MixtureRules(replicas, **keywords_for(MixtureRules, options))  # refuses bad rules before the work
    pairs = replicas // 10 if bias_replicas is None else bias_replicas
    if pairs > replicas:
        raise DomainError.of("bias_replicas", f"from 0 to {replicas}", pairs, "they are the first of the replicas")

    def train(count: int, step: float, batch: int | None) -> Outcomes:
        words: dict[str, Any] = {**options, "replicas": count, "step_size": step, "batch_size": batch}
        return train_mixture(target, schedule, init, end_time=end_time, threads=threads, progress=progress, **words)

    batch, step_size = own.batch_size, own.step_size
    coarse = train(replicas, step_size, batch)
    fine = {"step_size": (step_size / 2, batch)} if pairs else {}
    if pairs and batch is not None:
        fine["batch_size"] = (step_size, 2 * batch)
    runs = {cause: train(pairs, *rule) for cause, rule in fine.items()}
    if theory is None:
        theory = collapse_probability(target, schedule, init, **keywords_for(Dynamics, options))
    return TrainingComparison(
        theory,
        _count(coarse, step_size, batch, false_alarm),
        tuple(_count(runs[cause], *fine[cause], false_alarm) for cause in fine),
        tuple(_bias_of(cause, coarse, run, false_alarm) for cause, run in runs.items()),
        false_alarm,
        coarse.settings,
    )


def _count(outcomes: Outcomes, step: float, batch: int | None, false_alarm: float) -> Count:
    undecided = outcomes.replicas - outcomes.decided
    bounds = interval(outcomes.count, outcomes.replicas, 1 - false_alarm, undecided)
    return Count(float(step), batch, outcomes.count, outcomes.replicas, *bounds, undecided)


def _bias_of(cause: str, coarse: Outcomes, fine: Outcomes, false_alarm: float) -> Bias:
    pairs = fine.replicas
    unknown = coarse.undecided[:pairs] | fine.undecided
    return _bias(cause, coarse.collapsed[:pairs], fine.collapsed, false_alarm, unknown)


def _bias(
    cause: str, coarse: Bool[np.ndarray, " n"], fine: Bool[np.ndarray, " n"], false_alarm: float,
    unknown: Bool[np.ndarray, " n"] | None = None,
) -> Bias:  # fmt: skip
    """Twice the difference of the shares, of pairs of one start; its bounds have half the false-alarm rate each."""
    decided = np.ones(coarse.size, dtype=bool) if unknown is None else ~unknown
    n, left = coarse.size, int(np.sum(decided))
    gained, lost = int(np.sum(coarse & ~fine & decided)), int(np.sum(~coarse & fine & decided))
    (more_low, more_high), (less_low, less_high) = (
        interval(k, n, 1 - false_alarm / 2, n - left) for k in (gained, lost)
    )
    bounds = 2 * (more_low - less_high), 2 * (more_high - less_low)
    if not left:
        return Bias(cause, math.nan, math.inf, *bounds, gained, lost, n, n)
    difference = (gained - lost) / left
    error = math.sqrt(max((gained + lost) / left - difference**2, 0.0) / left)
    return Bias(cause, 2 * difference, 2 * error, *bounds, gained, lost, n, n - left)
