"""What noise a training has: batch, step and gradient, and the moves that stand for its steps."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from anneal_theory.errors import DomainError
from anneal_theory.models.free_pair import free_pair
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.problem.dynamics import loss_factors
from anneal_theory.schedules import Schedule

Gradient: TypeAlias = Literal["plain", "path"]

LONGEST_MOVE = 0.05  # time of the tempered flow: shorter steps are made several at once
EXTRA_TIME = 200.0  # at T = 1, as training has it
_SETTLED, _QUIET = 0.01, 0.05  # above T = 1: where the extra time begins, and where verdicts are looked for
_MOST_MOVES = 2**24


@dataclass(frozen=True, eq=False)
class NoisyTraining:
    """A training with noise, as the kernels take it.

    Attributes:
        problem: Parameters, averages and regions of `models.free_pair`.
        noise: (dim, batch, score).
        plan: Temperatures, ceilings, times and the steps of a move.
        quiet_from: The move from which on a noisy run may end early.
    """

    problem: tuple[Any, ...]
    noise: tuple[float, float, float]
    plan: tuple[Any, ...]
    quiet_from: int


def noisy_training(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics,
    batch_size: int, step_size: float, gradient: Gradient,
) -> NoisyTraining:  # fmt: skip
    """The training of a pair of equal weights.

    Raises:
        DomainError: the family's weights differ, the schedule does not end at T = 1, or takes too many steps.
    """
    require_equal_weights(dynamics)
    model = free_pair(target, schedule, dynamics)
    settled = schedule.settling_time(_SETTLED)
    end = settled + EXTRA_TIME
    hottest = max(schedule.temperature(np.linspace(0.0, settled, 1000)))
    factor = loss_factors(dynamics.objective)(float(hottest))[1]
    mobility = 2.0 if dynamics.metric == "natural" else 1.0
    count = max(1, int(LONGEST_MOVE / (step_size * factor * mobility)))
    moves = round(end / (step_size * count))
    if moves > _MOST_MOVES:
        what = f"large enough for at most {_MOST_MOVES} moves until the time {end:.6g}"
        raise DomainError.of("step_size", what, step_size, "use larger steps or a shorter schedule")
    middles = (np.arange(moves) * count + 0.5 * (count - 1)) * step_size
    temperatures = np.asarray(schedule.temperature(middles), dtype=np.float64)
    scales = (
        np.array([loss_factors(dynamics.objective)(1.0)[1]]) if dynamics.objective != "free-energy" else temperatures
    )
    times = np.ascontiguousarray(np.broadcast_to(step_size * count * mobility * scales, temperatures.shape))
    ceilings = np.maximum.accumulate(temperatures[::-1])[::-1].copy()
    quiet = int(schedule.settling_time(_QUIET) / (step_size * count)) + 1
    regions = model.saddle, model.basins, model.rests
    noise = float(init.dim), float(batch_size), float(gradient == "plain")
    return NoisyTraining(
        (model.parameters, model.averages, regions), noise, (temperatures, ceilings, times, float(count)), quiet
    )


def require_equal_weights(dynamics: Dynamics) -> None:
    """Refuse unequal weights and means on the sphere, for which no covariance is derived."""
    if dynamics.constraint != "free":
        step = "leave it out; compare_training counts runs on the sphere"
        raise DomainError.of("constraint", "'free': the noise is derived for free means", dynamics.constraint, step)
    if not dynamics.equal_weights:
        step = "leave it out; compare_training counts runs of other weights"
        raise DomainError.of(
            "family_weight", "0.5: the noise is derived for equal weights", dynamics.family_weight, step
        )
