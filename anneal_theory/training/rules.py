"""How RealNVP flows are made and trained: shapes, steps, batches, learning rates, clocks and limits; without torch."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, TypedDict

import numpy as np

from anneal_theory._types import FloatArray, Objective
from anneal_theory.errors import DomainError
from anneal_theory.quantities.arguments import MOST_STEPS
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_of
from anneal_theory.schedules import Schedule
from anneal_theory.training.fates import MOST_UNDECIDED
from anneal_theory.training.mixture_rules import HIGHEST_FINAL_TEMPERATURE

Clock: TypeAlias = Literal["steps", "flow"]
Optimiser: TypeAlias = Literal["adam", "sgd"]
Networks: TypeAlias = Literal["joint", "separate"]
Products: TypeAlias = Literal["full", "bfloat16"]
ScaleForm: TypeAlias = Literal["soft-clip", "tanh"]
Verdict: TypeAlias = Literal["mode-weight", "spread"]

LEAST_STEPS = 3000
_LONGEST = 2**24  # steps of a run in flow time that are looked for
PERTURBATION = 0.3
LOST_SHARE = 0.5  # of a mode's weight in the target
LOST_SPREAD = 0.375  # of the way from the spread of one mode, 1, to the target's: the paper's 1.6 at R = 3, w* = 0.8
LOG_SCALE_BOUND = math.log(1000.0)  # zuko's: scales between 1/1000 and 1000


@checked(scale="scale_form")
@dataclass(frozen=True)
class FlowShape:
    """How flows are made; the arguments are those of `RealNVP` and keywords of `train_realnvp`.

    Args:
        couplings: Number of affine couplings.
        hidden: Widths of the hidden layers of their networks.
        networks: "joint" (one network gives a coupling's shift and log-scale) or "separate" (one each).
        scale: How a log-scale is kept within its bound, "soft-clip" or "tanh".
        batch_norm: Normalise the inputs of the networks, in training by the moments of each replica's batch, else by
            their running averages (see `RealNVP`).
        perturbation: Distance from the identity at the start (see `RealNVP`).
        log_scale_bound: Bound of a coupling's log-scale.
        dtype: "float32" or "float64".
        products: Precision of the networks' matrix products, "full" (that of `dtype`) or "bfloat16"; weights, sums,
            log-determinants and Adam keep `dtype`. A point and its inverse then agree to about a hundredth only.
        device: Name of a torch device.

    Raises:
        DomainError: an argument lies outside its domain.
    """

    couplings: int = 6
    hidden: Sequence[int] = (64, 64)
    networks: Networks = "joint"
    scale: ScaleForm = "soft-clip"
    batch_norm: bool = False
    perturbation: float | int = PERTURBATION
    log_scale_bound: float | int = LOG_SCALE_BOUND
    dtype: str = "float32"
    products: Products = "full"
    device: str = "cpu"


@checked
@dataclass(frozen=True)
class FlowVerdict:
    """How trained flows are judged; the arguments are keywords of `train_realnvp`.

    Args:
        verdict: "mode-weight" (a flow counts as collapsed when a mode holds too little of its weight in the target) or
            "spread" (when the standard deviation of ``x . mu*/R`` over its samples is too small, the paper's rule).
        lost_share: How little: the share of a mode's weight, 0.5 unless given, or the share of the way from the spread
            of one mode, 1, to the target's, ``sqrt(1 + 4 R^2 w* (1 - w*))``, 0.375 unless given, which is the paper's
            cut of 1.6 at R = 3 and w* = 0.8.
        most_undecided: Share of the flows that may be undecided, in [0, 1]; one always may, and 1 accepts all.
        evaluation_samples: Samples a replica for the final statistics.

    Raises:
        DomainError: an argument lies outside its domain.

    Example:
        >>> FlowVerdict().cut, FlowVerdict(verdict="spread").cut, FlowVerdict(lost_share=0.2).cut
        (0.5, 0.375, 0.2)
    """

    verdict: Verdict = "mode-weight"
    lost_share: float | None = None
    most_undecided: float | int = MOST_UNDECIDED
    evaluation_samples: int = 10_000

    @property
    def cut(self) -> float:
        """The share, that of the verdict where none was given."""
        if self.lost_share is not None:
            return self.lost_share
        return LOST_SPREAD if self.verdict == "spread" else LOST_SHARE


@checked(step_size="learning_rate", clock="training_clock")
@dataclass(frozen=True)
class TrainingRules:
    """How a flow is trained.

    Args:
        steps: Optimiser steps, at least 1.
        batch_size: Samples a replica and step, at least 2.
        step_size: Learning rate of the first step, > 0.
        final_step_size: Learning rate of the last step, > 0; None: constant.
        falling_share: Share of the steps, the last ones, over which the learning rate goes geometrically from
            step_size to final_step_size; in (0, 1].
        optimiser: "adam" or "sgd".
        objective: "tempered-target" or "free-energy" (theory section 1).
        clock: The time that the schedule sees: "steps" (step k is at time k) or "flow" (the sum of the learning rates
            of the steps before it: gradient-flow time under SGD).
        gradient_limit: Each replica's gradient is scaled down to this norm; None: no limit.
        highest_final_temperature: Temperature that the last step may have at most (it may be as far below 1); infinity
            accepts any.
        record_every: Steps between two records of the history (the end is always recorded).
        record_samples: Fresh samples a replica that a record is measured on, at least 2.

    Raises:
        DomainError: a rule lies outside its domain.
    """

    steps: int = 3000
    batch_size: int = 256
    step_size: float | int = 1e-3
    final_step_size: float | int | None = None
    falling_share: float | int = 1.0
    optimiser: Optimiser = "adam"
    objective: Objective = "tempered-target"
    clock: Clock = "steps"
    gradient_limit: float | int | None = None
    highest_final_temperature: float | int = HIGHEST_FINAL_TEMPERATURE
    record_every: int = 100
    record_samples: int = 1000

    @property
    def step_sizes(self) -> FloatArray:
        """The learning rate of each step."""
        last = self.step_size if self.final_step_size is None else self.final_step_size
        falling = max(1, round(self.falling_share * self.steps))
        level = np.full(self.steps - falling, float(self.step_size))
        fall = np.geomspace(self.step_size, last, falling)
        fall[-1] = last  # also where one step is all there is of it
        return np.concatenate([level, fall])

    @property
    def times(self) -> FloatArray:
        """The schedule's time at each step."""
        if self.clock == "steps":
            return np.arange(self.steps, dtype=np.float64)
        return np.concatenate([[0.0], np.cumsum(self.step_sizes)[:-1]])

    @checked
    def temperatures(self, schedule: Schedule) -> FloatArray:
        """The temperature of each step.

        Raises:
            DomainError: the last one is above `highest_final_temperature`.
        """
        temperatures = np.asarray(schedule.temperature(self.times))
        limit = self.highest_final_temperature
        if not 2 - limit <= temperatures[-1] <= limit:
            needed = self.steps_needed(schedule)
            remedy = "no number of steps will" if needed is None else f"use at least {needed} steps"
            raise DomainError.of(
                "schedule",
                (f"at most {limit:g}" if temperatures[-1] > limit else f"at least {2 - limit:g}")
                + f" in temperature at the last of {self.steps} steps",
                float(temperatures[-1]),
                f"{remedy} or raise highest_final_temperature",
            )
        return temperatures

    @checked
    def steps_needed(self, schedule: Schedule) -> int | None:
        """The least number of steps whose last is made when the schedule has reached the final temperature for good.

        Returns:
            None where no number of steps that fits in memory does.

        Example:
            >>> from anneal_theory.schedules import Exponential
            >>> TrainingRules().steps_needed(Exponential(10, 300))
            1230
        """
        if math.isinf(self.highest_final_temperature):
            return 1
        wanted = schedule.settling_time(float(self.highest_final_temperature) - 1)

        def cold(steps: int) -> bool:
            last = float(replace(self, steps=steps).times[-1])
            return last >= wanted and float(schedule.temperature(last)) <= self.highest_final_temperature

        if self.clock == "steps":
            least = math.ceil(wanted) + 1 if wanted < MOST_STEPS else MOST_STEPS
        else:
            high = 1
            while not cold(high):
                if high >= _LONGEST:
                    return None
                high = min(2 * high, _LONGEST)
            least = bisect_left(range(high), True, lo=1, key=cold)
        enough = (steps for steps in range(least, min(least + 3, MOST_STEPS)) if cold(steps))  # roundings
        return next(enough, None)


def steps_for(schedule: object, rules: dict[str, Any]) -> int:
    """3000 steps, or as many as a schedule takes to cool down to the limit."""
    if not isinstance(schedule, Schedule):
        return LEAST_STEPS
    return max(LEAST_STEPS, TrainingRules(**(rules | {"steps": LEAST_STEPS})).steps_needed(schedule) or 0)


@keywords_of(TrainingRules)
class LoopOptions(TypedDict, total=False):
    """The arguments of `TrainingRules` but the optimiser as the keywords of a function."""

    steps: int
    batch_size: int
    step_size: float | int
    final_step_size: float | int | None
    falling_share: float | int
    objective: Objective
    clock: Clock
    gradient_limit: float | int | None
    highest_final_temperature: float | int
    record_every: int
    record_samples: int


@keywords_of(FlowShape)
class FlowOptions(TypedDict, total=False):
    """The arguments of `FlowShape` as the keywords of a function."""

    couplings: int
    hidden: Sequence[int]
    networks: Networks
    scale: ScaleForm
    batch_norm: bool
    perturbation: float | int
    log_scale_bound: float | int
    dtype: str
    products: Products
    device: str


@keywords_of(TrainingRules, FlowShape, FlowVerdict)
class RealNVPOptions(LoopOptions, FlowOptions, total=False):
    """The arguments of `TrainingRules`, `FlowShape` and `FlowVerdict` as the keywords of a function."""

    optimiser: Optimiser
    verdict: Verdict
    lost_share: float | None
    most_undecided: float | int
    evaluation_samples: int
