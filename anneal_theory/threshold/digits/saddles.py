"""The saddles that runs on the separatrix end in, in doubles (theory section 5)."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy.optimize import root

from anneal_theory._types import FloatArray
from anneal_theory.averages import mmse, psi, psi_prime
from anneal_theory.averages.table_kernels import mmse_slope_at
from anneal_theory.averages.tables import mmse_table
from anneal_theory.formulas.fixed_points import aligned_rest, aligned_rest_jacobian
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.threshold.digits.separatrix import Rest

SomeSaddle = TypeVar("SomeSaddle", bound=Rest)
_JUMP = 0.1  # of R^2: farther than this from one saddle to the next is another saddle


@dataclass(frozen=True)
class Saddle:
    """The pair at rest that the separatrix leads to, in doubles."""

    m1: float  # overlap of the better aligned mean
    m2: float  # overlap of the other
    rate: float  # rate of the unstable direction in the clock of theory section 4
    fastest: float  # the largest rate of any direction, at least 1
    row: FloatArray  # the unstable left eigenvector, by (m1, m2)


def saddle_at(
    target: BimodalTarget, dynamics: Dynamics, temperature: float, guess: tuple[float, float]
) -> Saddle | None:
    """The pair at rest near a guess, None if it is no saddle."""
    setting = target, dynamics, temperature
    m = root(_rates, np.array(guess), setting, jac=_slopes, tol=1e-13).x
    if np.max(np.abs(_rates(m, *setting))) > 1e-9 * target.separation**2 or not m[0] > m[1]:
        return None
    rates, rows = np.linalg.eig(_slopes(m, *setting).T)
    if np.iscomplexobj(rates) or np.sum(rates > 0) != 1:
        return None
    index = int(np.argmax(rates))
    fastest = max(1.0, float(np.max(np.abs(rates))))
    return Saddle(float(m[0]), float(m[1]), float(rates[index]), fastest, rows[:, index])


def _rates(m: FloatArray, target: BimodalTarget, dynamics: Dynamics, temperature: float) -> FloatArray:
    labels = np.asarray(psi(m, target))
    overlap = float(mmse(abs(m[0] - m[1]) / target.separation, dynamics.exact_family_weight))
    setting = _place(m, target, dynamics, temperature)
    return np.array(aligned_rest(psi_1=labels[0], psi_2=labels[1], overlap=overlap, **setting))


def _slopes(m: FloatArray, target: BimodalTarget, dynamics: Dynamics, temperature: float) -> FloatArray:
    """Of the rates, by the overlaps."""
    table = mmse_table(dynamics.exact_family_weight)
    primes, distance = np.asarray(psi_prime(m, target)), (m[0] - m[1]) / target.separation
    overlap, overlap_prime = mmse_slope_at(abs(distance), table.coefficients, table.inverse_width)
    along = {"overlap": overlap, "overlap_prime": math.copysign(1.0, distance) * overlap_prime}
    setting = _place(m, target, dynamics, temperature)
    return np.array(aligned_rest_jacobian(psi_prime_1=primes[0], psi_prime_2=primes[1], **along, **setting))


def _place(m: FloatArray, target: BimodalTarget, dynamics: Dynamics, temperature: float) -> dict[str, float]:
    return {
        "m1": m[0], "m2": m[1], "separation": target.separation, "family_weight": dynamics.family_weight,
        "temperature": temperature,
    }  # fmt: skip


def saddle_branch(
    first: SomeSaddle, near: Callable[[float, SomeSaddle], SomeSaddle | None], highest: float, separation: float
) -> list[tuple[float, SomeSaddle]]:
    """A saddle at T = 1 and as T rises, up to its fold or the highest T; one farther off than a tenth of R^2 is
    another.
    """
    points, temperature, step = [(1.0, first)], 1.0, 0.05
    while temperature < highest and step > 1e-6:
        tried, last = min(temperature * (1 + step), highest), points[-1][1]
        moved = near(tried, last)
        if moved is None or abs(moved.m1 - last.m1) + abs(moved.m2 - last.m2) > _JUMP * separation**2:
            step /= 4
            continue
        temperature, step = tried, min(1.5 * step, 0.2)
        points.append((temperature, moved))
    return points


@dataclass(frozen=True, eq=False)
class SaddleBranch:
    """The saddles that one at T = 1 becomes as T rises (m1 > m2, shape (n,)), up to the fold that ends them, in
    doubles.
    """

    target: BimodalTarget
    dynamics: Dynamics
    temperatures: FloatArray
    m1: FloatArray
    m2: FloatArray

    @property
    def fold(self) -> float:
        """The temperature that ends them, or the highest looked at."""
        return float(self.temperatures[-1])

    @classmethod
    def through(cls, target: BimodalTarget, dynamics: Dynamics, saddle: Saddle, highest: float) -> "SaddleBranch":
        """From a saddle at T = 1 as far up as there is one, or to the highest temperature of the schedule."""
        steps = saddle_branch(
            saddle,
            lambda temperature, last: saddle_at(target, dynamics, temperature, (last.m1, last.m2)),
            highest,
            target.separation,
        )
        return cls(target, dynamics, *np.array([(temperature, rest.m1, rest.m2) for temperature, rest in steps]).T)

    def at(self, temperature: float) -> Saddle | None:
        """The saddle at a temperature, None above the fold."""
        if temperature > self.fold:
            return None
        rows = self.temperatures, self.m1, self.m2
        guess = float(np.interp(temperature, rows[0], rows[1])), float(np.interp(temperature, rows[0], rows[2]))
        return saddle_at(self.target, self.dynamics, max(temperature, 1.0), guess)
