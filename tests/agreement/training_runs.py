"""Training from a given start by the steps of `anneal_theory.training`, followed in the statistics of the theory.

A start is the state of the reduced route: ``(c1, c2, u1, u2, v)``, coordinates of the means along mu*, along the part
of mu_1 - mu_2 perpendicular to it, and along a third direction that both means share.
"""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.gradient_flow import FullState, solve_flow
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Schedule
from anneal_theory.training.mixture_kernels import WATCHED, train_reduced
from anneal_theory.training.mixture_routes import quadrature, streams

NAMES = ("m1", "m2", "s11", "s12", "s22")


@dataclass(frozen=True)
class Setting:
    """What is trained on what."""

    target: BimodalTarget
    schedule: Schedule
    dynamics: Dynamics = field(default_factory=Dynamics)

    @property
    def seed(self) -> int:
        """A seed that is a function of the setting."""
        return zlib.crc32(repr((self.target, self.schedule.to_dict(), self.dynamics)).encode())

    @property
    def step(self) -> float:
        """A step of 1/64 where the fastest rate is about 1, else a power of two below it.

        The free energy's repulsion is T times as strong, and the natural metric's rates grow as 1/w.
        """
        hottest = float(self.schedule.temperature(0.0)) if self.dynamics.objective == "free-energy" else 1.0
        least = min(self.dynamics.family_weight, 1 - self.dynamics.family_weight)
        fastest = hottest * (0.5 / least if self.dynamics.metric == "natural" else 1.0)
        return 2.0 ** -(6 + math.ceil(math.log2(fastest)))

    @property
    def words(self) -> dict[str, Any]:
        """The dynamics as the keywords of the package."""
        weight = str(self.dynamics.exact_family_weight)
        return {"objective": self.dynamics.objective, "metric": self.dynamics.metric, "family_weight": weight}


def follow(
    setting: Setting, start: Sequence[float], times: Sequence[float], step: float, *, dim: int = 5, batch: int = 0,
    replica: int = 0,
) -> FloatArray:  # fmt: skip
    """The five statistics at times that are multiples of the step, shape (times, 5); batch 0 is without noise."""
    state, found, done = np.array(start, dtype=np.float64), [], 0
    for time in times:
        last = round(time / step)
        train(setting, state, done, last, step, dim=dim, batch=batch, seed=setting.seed + 7919 * done, replica=replica)
        found.append(statistics(state, setting.target.separation))
        done = last
    return np.array(found)


def train(
    setting: Setting, state: FloatArray, first: int, last: int, step: float, *, dim: int, batch: int, seed: int,
    replica: int,
) -> None:  # fmt: skip
    """Steps `first` to `last` of a run, in place, none of them left out."""
    target, dynamics = setting.target, setting.dynamics
    temperatures = np.asarray(setting.schedule.temperature(np.arange(first, last) * step), dtype=np.float64)
    scales = temperatures if dynamics.objective == "free-energy" else np.ones_like(temperatures)
    weights = np.array([dynamics.family_weight, 1 - dynamics.family_weight])
    train_reduced(
        *streams(seed, replica), state, dim, target.separation, target.half_log_odds, weights, 1 / temperatures, scales,
        dynamics.metric == "natural", step, True, batch, *quadrature(target.separation), 0, 0,
        np.zeros(WATCHED),
    )  # fmt: skip


def statistics(state: FloatArray, separation: float) -> FloatArray:
    """m1, m2, s11, s12, s22 of a state."""
    c1, c2, u1, u2, v = state
    return np.array([separation * c1, separation * c2, c1**2 + u1**2 + v**2, c1 * c2 + u1 * u2 + v**2,
                     c2**2 + u2**2 + v**2])  # fmt: skip


def flow(setting: Setting, start: Sequence[float], times: Sequence[float]) -> FloatArray:
    """The theory's five statistics from the same start, shape (times, 5)."""
    first = FullState(*statistics(np.array(start), setting.target.separation))
    solved = solve_flow(setting.target, setting.schedule, first, times, **setting.words)
    return np.stack([solved[name] for name in NAMES], axis=1)


def reduced(found: FloatArray, setting: Setting) -> FloatArray:
    """(s, log|rho|, log D) of rows of five statistics: the variables of theory section 4."""
    m1, m2, s11, s12, s22 = found.T
    share = setting.dynamics.family_weight if setting.dynamics.metric == "natural" else 0.5
    along, square = np.abs(m1 - m2) / setting.target.separation, s11 - 2 * s12 + s22
    across = np.sqrt(square - along**2)
    return np.stack([share * m1 + (1 - share) * m2, np.log(along / across), 0.5 * np.log(square)], axis=1)


def extrapolated(runs: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """The limit of step 0 from runs at steps h, h/2 and h/4, and an allowance for its error of order h^3.

    The allowance is what the third run changed, of order h^2, and a hundredth of the last halving's change, of order h.
    """
    coarse, middle, fine = runs
    limit = (8 * fine - 6 * middle + coarse) / 3
    return limit, np.abs(limit - (2 * fine - middle)) + 0.01 * np.abs(fine - middle)
