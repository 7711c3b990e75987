"""What noise a training has: batch, step and gradient, and the moves that stand for its steps."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from anneal_theory._types import VarianceLaw
from anneal_theory.errors import DomainError
from anneal_theory.models.free_pair import free_pair
from anneal_theory.probability.noisy.means_problem import is_pair, means_problem
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.problem.dynamics import law_dim, loss_factors, require_equal_on_sphere
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
        problem: Parameters, averages and regions, as the kernels of the model take them.
        noise: (dim, batch, score).
        plan: Temperatures, ceilings, times and the steps of a move.
        quiet_from: The move from which on a noisy run may end early.
    """

    problem: tuple[Any, ...]
    noise: tuple[float, float, float]
    plan: tuple[Any, ...]
    quiet_from: int


def noisy_training(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit | SphereInit, dynamics: Dynamics,
    batch_size: int, step_size: float, gradient: Gradient, longest_move: float = LONGEST_MOVE,
    law: VarianceLaw | None = None,
) -> NoisyTraining:  # fmt: skip
    """The training of a pair; steps shorter than the longest move are made several at once.

    Free means of equal weights have the problem of `pair_noise_kernels`, all others that of `means_noise_kernels`.

    Raises:
        DomainError: the model is not treated, the schedule does not end at T = 1, or takes too many steps.
    """
    plan, quiet_from = _plan(schedule, dynamics, step_size, longest_move)
    if is_pair(dynamics):
        model = free_pair(target, schedule, dynamics)
        problem: tuple[Any, ...] = model.parameters, model.averages, (model.saddle, model.basins, model.rests)
    else:
        problem = means_problem(target, schedule, dynamics, law_dim(dynamics, init.dim, law))
    noise = float(init.dim), float(batch_size), float(gradient == "plain")
    return NoisyTraining(problem, noise, plan, quiet_from)


def _plan(schedule: Schedule, dynamics: Dynamics, step_size: float, longest_move: float) -> tuple[tuple[Any, ...], int]:
    """(temperatures, ceilings, times, steps in a move), and the move from which on a run may end early."""
    settled = schedule.settling_time(_SETTLED)
    mobility = dynamics.mobilities[0] if is_pair(dynamics) else 1.0  # others have theirs in the problem
    hottest = np.max(schedule.temperature(np.linspace(0.0, settled, _LOOKS, dtype=np.float64)))
    factors = loss_factors(dynamics.objective)
    count = max(1, int(longest_move / (step_size * max(dynamics.mobilities) * factors(float(hottest))[1])))
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
    return plan, int(schedule.settling_time(_QUIET) / move) + 1


def require_noise(dynamics: Dynamics) -> None:
    """Refuse unequal weights on the sphere, whose noise is not derived."""
    require_equal_on_sphere(dynamics, "the noise of training")


def require_quantiles(dynamics: Dynamics) -> None:
    """Refuse what has no runs at quantiles: five numbers of a start, not one threshold, decide at unequal weights."""
    require_noise(dynamics)
    if not dynamics.equal_weights:
        step = 'leave it out, or count runs: simulate_noisy_flow, or noisy_collapse_probability(method="simulated")'
        raise DomainError.of("family_weight", "0.5, but where runs are simulated", dynamics.family_weight, step)


def require_many(dim: int) -> None:
    """Refuse dimensions in which noise to leading order says nothing."""
    if dim < 4:
        raise DomainError.of("dim", "at least 4", dim, "in fewer dimensions a typical length has no drift")
