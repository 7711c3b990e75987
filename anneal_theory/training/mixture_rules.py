"""Rules of a mixture's training: step, batch, gradient, schedule in steps, and when a run is at rest."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.schedules import Schedule

Route: TypeAlias = Literal["reduced", "plain", "exact"]
Gradient: TypeAlias = Literal["plain", "path"]

HIGHEST_FINAL_TEMPERATURE = 1.15
MOST_NUMBERS = 2**28  # drawn at once: two gigabytes
_CALM = 0.05  # a run may be at rest from where the temperature is below 1 + this
_EXTRA_TIME = 200.0  # training goes on for this long after the temperature is below 1.01
_WINDOW = 10.0  # the rule of rest compares means over windows of this time


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

    def __post_init__(self) -> None:
        for name, least in (("replicas", 1), ("seed", 0), ("batch_size", 2), ("record_every", 1)):
            value = getattr(self, name)
            if value is None and name == "record_every":
                continue
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise DomainError.of(name, f"an integer, at least {least}", value, "leave it out for the default")
        for name in ("step_size", "end_time"):
            value = getattr(self, name)
            if not (value is None and name == "end_time") and not 0 < value < math.inf:
                raise DomainError.of(name, "positive and finite", value, "leave it out for the default")
        for name, words in (("route", Route), ("gradient", Gradient)):
            if getattr(self, name) not in get_args(words):
                spelled = " or ".join(map(repr, get_args(words)))
                raise DomainError.of(name, spelled, getattr(self, name), "choose one of these")
        if not self.highest_final_temperature >= 1:
            raise DomainError.of(
                "highest_final_temperature", "at least 1", self.highest_final_temperature, "1.15 is the default"
            )

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
        last, limit = float(schedule.temperature((count - 1) * float(self.step_size))), self.highest_final_temperature
        if not 2 - limit <= last <= limit:
            needed = schedule.settling_time(limit - 1) / self.step_size
            remedy = "no number of steps reaches it"
            if math.isfinite(needed):
                steps = math.ceil(needed) + 1
                remedy = f"{steps} steps (end_time={steps * self.step_size:g}) reach it"
            bound = f"at most {limit:g}" if last > limit else f"at least {2 - limit:g}"
            what = f"{bound} in temperature at the last of {count} steps"
            raise DomainError.of("schedule", what, last, f"{remedy}; or raise highest_final_temperature")
        return count

    def temperatures(self, schedule: Schedule) -> FloatArray:
        """The temperature of each step: step i is made at time ``i * step_size``."""
        return np.asarray(
            schedule.temperature(np.arange(self.steps(schedule), dtype=np.float64) * float(self.step_size))
        )

    def rest(self, schedule: Schedule) -> tuple[int, int]:
        """Steps of a window, and the first step from which a run may be at rest; (0, 0) where none stops early."""
        calm = schedule.settling_time(_CALM) / self.step_size
        if not self.stop_at_rest or not math.isfinite(calm):
            return 0, 0
        return max(2, round(_WINDOW / self.step_size)), math.ceil(calm)
