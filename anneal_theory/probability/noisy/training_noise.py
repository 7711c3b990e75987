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
SEARCHED_MOVE = 0.2  # the same for searches: P is off by a few per cent, alike for schedules that are alike
EXTRA_TIME = 200.0  # at T = 1, as training has it
_SETTLED, _QUIET = 0.01, 0.05  # above T = 1: where the extra time begins, and where verdicts are looked for
_MOST_MOVES = 2**24
_LOOKS = 1000  # for the highest temperature, which decides how many short steps are made at once


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
    batch_size: int, step_size: float, gradient: Gradient, longest_move: float = LONGEST_MOVE,
) -> NoisyTraining:  # fmt: skip
    """The training of a pair of equal weights; steps shorter than the longest move are made several at once.

    Raises:
        DomainError: the family's weights differ, the schedule does not end at T = 1, or takes too many steps.
    """
    require_equal_weights(dynamics)
    model = free_pair(target, schedule, dynamics)
    settled = schedule.settling_time(_SETTLED)
    mobility = 2.0 if dynamics.metric == "natural" else 1.0
    hottest = np.max(schedule.temperature(np.linspace(0.0, settled, _LOOKS, dtype=np.float64)))
    factors = loss_factors(dynamics.objective)
    count = max(1, int(longest_move / (step_size * mobility * factors(float(hottest))[1])))
    move = step_size * count
    if not settled + EXTRA_TIME <= _MOST_MOVES * move:
        what = f"large enough for at most {_MOST_MOVES} moves until the time {settled + EXTRA_TIME:.6g}"
        raise DomainError.of("step_size", what, step_size, "use larger steps or a shorter schedule")
    moves = round((settled + EXTRA_TIME) / move)
    middles = (np.arange(moves, dtype=np.float64) + 0.5 * (count - 1) / count) * move
    temperatures = np.asarray(schedule.temperature(middles), dtype=np.float64)
    scales = np.broadcast_to(np.asarray(factors(temperatures)[1], dtype=np.float64), temperatures.shape)
    ceilings = np.maximum.accumulate(temperatures[::-1])[::-1].copy()
    plan = temperatures, ceilings, np.ascontiguousarray(move * mobility * scales), float(count)
    problem = model.parameters, model.averages, (model.saddle, model.basins, model.rests)
    noise = float(init.dim), float(batch_size), float(gradient == "plain")
    return NoisyTraining(problem, noise, plan, int(schedule.settling_time(_QUIET) / move) + 1)


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
