"""Rules of a mixture's training: step, batch, gradient, schedule in steps, and when a run is at rest."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import Schedule
from anneal_theory.training.checks import MOST_NUMBERS, require_real, require_whole
from anneal_theory.training.fates import MOST_UNDECIDED

Route: TypeAlias = Literal["reduced", "plain", "exact"]
Gradient: TypeAlias = Literal["plain", "path"]

HIGHEST_FINAL_TEMPERATURE = 1.15
MOST_STEPS = 2**27  # whose temperatures are one gigabyte
_CALM = 0.05  # a run may be at rest from where the temperature is below 1 + this
_EXTRA_TIME = 200.0  # training goes on for this long after the temperature is below 1.01
_NEVER = 2**62  # steps; more are no integer of compiled code
_LEAST_WINDOW = 20
_WINDOW = 10.0  # the rule of rest compares means over windows of this time


@checked(end_time="training_time")
@dataclass(frozen=True)
class MixtureRules:
    """How a mixture is trained; the arguments are those of `train_mixture`.

    Raises:
        DomainError: a rule lies outside its domain.
    """

    replicas: int = 1000
    seed: int = 0
    batch_size: int = 1000
    step_size: float | int = 0.05
    route: Route = "reduced"
    gradient: Gradient = "plain"
    end_time: float | int | None = None
    highest_final_temperature: float | int = HIGHEST_FINAL_TEMPERATURE
    stop_at_rest: bool = True
    record_every: int | None = None

    most_undecided: float | int = MOST_UNDECIDED

    def __post_init__(self) -> None:
        most = {"batch_size": MOST_NUMBERS // 8, "replicas": MOST_NUMBERS // 16}
        for name, least in (("replicas", 1), ("seed", 0), ("batch_size", 2), ("record_every", 1)):
            value = getattr(self, name)
            if value is not None or name != "record_every":
                object.__setattr__(self, name, require_whole(name, value, least, most.get(name)))
        require_real("step_size", self.step_size, 0)
        if self.end_time is not None:
            require_real("end_time", self.end_time, 0)
        require_real("most_undecided", self.most_undecided, 0, 1, closed=True)
        for name, words in (("route", Route), ("gradient", Gradient)):
            if getattr(self, name) not in get_args(words):
                spelled = " or ".join(map(repr, get_args(words)))
                raise DomainError.of(name, spelled, getattr(self, name), "choose one of these")
        require_temperature(self.highest_final_temperature)
        if not isinstance(self.stop_at_rest, bool | np.bool_):
            raise DomainError.of("stop_at_rest", "True or False", self.stop_at_rest, "True is the default")

    def require_room(self, dim: int, vectors: int) -> None:
        """Refuse samples that do not fit in memory.

        Raises:
            DomainError: so many numbers would be drawn at once.
        """
        if vectors * dim > MOST_NUMBERS:
            what = f"at most {MOST_NUMBERS // vectors} for samples of all their coordinates, {vectors} at once"
            raise DomainError.of("dim", what, dim, 'use route="reduced", or a smaller batch_size')

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
            raise DomainError.of("step_size", what, self.step_size, "use larger steps, or a smaller end_time")
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

    def calm_from(self, schedule: Schedule) -> int | None:
        """The first step from which a run may stop at rest; None where none stops early."""
        calm = schedule.settling_time(_CALM) / self.step_size
        return min(math.ceil(calm), _NEVER) if self.stop_at_rest and math.isfinite(calm) else None


def require_temperature(limit: object) -> None:
    """Refuse what is no highest final temperature: at least 1; infinity accepts any.

    Raises:
        DomainError: it is none.
    """
    if not (isinstance(limit, float) and limit == math.inf):
        require_real("highest_final_temperature", limit, 1, closed=True, next_step="1.15 is the default")
