"""Rules of a mixture's training: step, batch, gradient, schedule in steps, and when a run is at rest."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.problem import Dynamics, DynamicsOptions, ModelOptions
from anneal_theory.quantities.arguments import MOST_NUMBERS, MOST_STEPS
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_of
from anneal_theory.schedules import Schedule
from anneal_theory.training.fates import MOST_UNDECIDED

Route: TypeAlias = Literal["reduced", "plain", "exact"]
Gradient: TypeAlias = Literal["plain", "path"]

HIGHEST_FINAL_TEMPERATURE = 1.15
BATCH_SIZE = 1000
_MOST_REPLICAS = MOST_NUMBERS // 16
_CALM = 0.05  # a run may be at rest from where the temperature is below 1 + this
_EXTRA_TIME = 200.0  # training goes on for this long after the temperature is below 1.01
_NEVER = 2**62  # steps; more are no integer of compiled code
_LEAST_WINDOW = 20
_WINDOW = 10.0  # the rule of rest compares means over windows of this time


@checked(end_time="training_time")
@dataclass(frozen=True)
class MixtureRules:
    """How a mixture is trained; the arguments are keywords of `train_mixture`.

    Args:
        replicas: Independent runs.
        seed: Non-negative; replica i has the i-th stream of it, whatever the number of threads or replicas.
        batch_size: Samples a component and step, at least 2; 1000 unless given, and left out on the exact route.
        step_size: Time of gradient flow that one step makes, > 0.
        route: "reduced" (the law of the stochastic run at a cost free of d), "plain" (every sample has d coordinates)
            or "exact" (free means without sampling noise: expectations by the trapezoidal rule).
        gradient: "plain" (the derivative of the estimated loss, the default) or "path" (without its score term); left
            out on the exact route.
        end_time: Longest time of a run; 200 after T is below 1.01 unless given.
        highest_final_temperature: Temperature that the last step may have at most.
        stop_at_rest: End a run where T <= 1.05 and the averages over windows of 10 units of time of m1/R, m2/R and
            |mu_1 - mu_2| change by less than 0.02 R, 0.02 R and 0.02; on the sphere also those of mu_1 . mu_2/R^2 and
            log(v1 v2)/2, by less than 0.02. A passage slower than that counts as rest.
        record_every: Steps between two records of the statistics of two components; none unless given. A run that is
            recorded makes all its steps.
        most_undecided: Share of the replicas that may be undecided, in [0, 1]; one always may, and 1 accepts all.

    Of the fields, `batch_size` and `gradient` hold what is used where nothing was given, and None on the exact route.

    Raises:
        DomainError: a rule lies outside its domain.
    """

    replicas: int = 1000
    seed: int = 0
    batch_size: int | None = None
    step_size: float | int = 0.05
    route: Route = "reduced"
    gradient: Gradient | None = None
    end_time: float | int | None = None
    highest_final_temperature: float | int = HIGHEST_FINAL_TEMPERATURE
    stop_at_rest: bool = True
    record_every: int | None = None
    most_undecided: float | int = MOST_UNDECIDED

    def __post_init__(self) -> None:
        if self.replicas > _MOST_REPLICAS:
            raise DomainError.of("replicas", f"at most {_MOST_REPLICAS}, to fit in memory", self.replicas, "use fewer")
        for name, default in (("batch_size", BATCH_SIZE), ("gradient", "plain")):
            value = getattr(self, name)
            if self.route == "exact" and value is not None:
                raise DomainError.of(name, "left out with route='exact'", value, "that route draws no samples")
            if self.route != "exact" and value is None:
                object.__setattr__(self, name, default)

    @property
    def batch(self) -> int:
        """Samples a component and step; 0 on the exact route, which draws none."""
        return self.batch_size or 0

    def require_room(self, dim: int, vectors: int) -> None:
        """Refuse samples that do not fit in memory.

        Raises:
            DomainError: so many numbers would be drawn at once.
        """
        if vectors * dim > MOST_NUMBERS:
            what = f"at most {MOST_NUMBERS // vectors} for samples of all their coordinates, {vectors} at once"
            step = "use a smaller dim or batch_size"
            raise DomainError.of("dim", what, dim, f'{step}; two modes have train_mixture(route="reduced") too')

    def steps(self, schedule: Schedule) -> int:
        """Number of steps: those of `end_time`, or until |T - 1| is 0.01 for good and 200 units of time more.

        Raises:
            DomainError: the last step's temperature is above the limit, or as far below 1 (the message says how many
                steps would do).
        """
        end = schedule.settling_time(0.01) + _EXTRA_TIME if self.end_time is None else float(self.end_time)
        count = max(1, round(end / self.step_size)) if math.isfinite(end) else 1
        if count > MOST_STEPS:
            what = f"large enough for at most {MOST_STEPS} steps until the time {end:g}"
            raise DomainError.of("step_size", what, self.step_size, "use larger steps or a smaller end_time")
        last, limit = float(schedule.temperature((count - 1) * float(self.step_size))), self.highest_final_temperature
        if not 2 - limit <= last <= limit:
            needed = schedule.settling_time(limit - 1) / self.step_size
            remedy = "no number of steps reaches it"
            if math.isfinite(needed):
                steps = math.ceil(needed) + 1
                remedy = f"{steps} steps (end_time={steps * self.step_size:.12g}) reach it"
            bound = f"at most {limit:g}" if last > limit else f"at least {2 - limit:g}"
            what = f"{bound} in temperature at the last of {count} steps"
            raise DomainError.of("schedule", what, last, f"{remedy}; or raise highest_final_temperature")
        return count

    def temperatures(self, schedule: Schedule) -> FloatArray:
        """The temperature of each step: step i is made at time ``i * step_size``."""
        return np.asarray(
            schedule.temperature(np.arange(self.steps(schedule), dtype=np.float64) * float(self.step_size))
        )

    @property
    def window(self) -> int:
        """Steps of a window: 10 units of time, and no fewer than 20, which swings of coarse steps do not hide in."""
        return max(_LEAST_WINDOW, round(_WINDOW / self.step_size))

    def longer(self, steps: int) -> str:
        """The advice where runs had not settled after so many steps: twice as many, and two windows at least."""
        return f"use end_time={2 * max(steps, self.window) * float(self.step_size):g} or more"

    def calm_from(self, schedule: Schedule) -> int | None:
        """The first step from which a run may stop at rest; None where none stops early."""
        calm = schedule.settling_time(_CALM) / self.step_size
        return min(math.ceil(calm), _NEVER) if self.stop_at_rest and math.isfinite(calm) else None


@keywords_of(MixtureRules, Dynamics)
class StepOptions(DynamicsOptions, total=False):
    """The arguments of `Dynamics`, and those of `MixtureRules` that every training of a mixture takes."""

    seed: int
    step_size: float | int
    gradient: Gradient | None
    highest_final_temperature: float | int
    most_undecided: float | int


@keywords_of(MixtureRules, Dynamics)
class ModelStepOptions(StepOptions, ModelOptions, total=False):
    """`StepOptions`, and those of the model."""


@keywords_of(MixtureRules, Dynamics)
class ComparedOptions(StepOptions, ModelOptions, total=False):
    """Those that a comparison passes on to `train_mixture`, and those of the model."""

    batch_size: int | None
    route: Route
    stop_at_rest: bool


@keywords_of(MixtureRules, Dynamics)
class MixtureOptions(ComparedOptions, total=False):
    """All of them."""

    replicas: int
    end_time: float | int | None
    record_every: int | None
