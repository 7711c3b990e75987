"""The longest steps with which training comes to rest: explicit descent by eta is unstable where eta lambda > 2.

Measured beside `train_mixture` (d = 32, batches of 100): of free means at T = 1, whose bound is 4, 60 of 60 runs came
to rest with steps of 3.9 and none with 4.1; of a variance trained on the sphere, whose bound is 2, 60 with 1.9 and 1
with 2.1. At a heat the bound is one of what is computed, conservative for whether training ends well: under the free
energy at T = 40, whose bound is 0.61, runs with steps of 1.1 and 1.3 came to rest after the heat, 2 and 0 of 60 of them
at one mode, where of those with steps of 0.05 and 0.3 it were 6 and 7.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from anneal_theory.averages.table_kernels import mmse_slope_at
from anneal_theory.averages.tables import mmse_table
from anneal_theory.errors import DomainError
from anneal_theory.fixed_points.hot import hot_separation
from anneal_theory.fixed_points.sphere_flow import FrozenSphere
from anneal_theory.fixed_points.sphere_rests import SphereFixedPoint, sphere_attractors
from anneal_theory.formulas.pair_statistics import reduced_log_jacobian
from anneal_theory.formulas.sphere_variance import variance_rate
from anneal_theory.formulas.summary_statistics import full_jacobian
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import clock_pace_at, loss_factors
from anneal_theory.schedules import Schedule

_SETTLED = 0.01  # above T = 1
_LOOKS = 1000  # at the temperature, for the highest
_ASIDE = np.array([1e-4, 0.0])  # angles, for the derivatives of the rates of two
_MARGINAL = 2.0  # of eta lambda: a step then leaps as far beyond a rest as it was from it


@dataclass(frozen=True)
class Fastest:
    """The fastest return to a pair at rest.

    Attributes:
        rate: lambda, per unit of gradient-flow time.
        temperature: Where it is.
    """

    rate: float
    temperature: float

    @property
    def longest_step(self) -> float:
        """The step above which training leaves that rest."""
        return _MARGINAL / self.rate


def require_stable(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, step_size: float) -> None:
    """Refuse steps that carry means further from a rest than they were.

    Raises:
        DomainError: they do at some temperature of the schedule.
    """
    fastest = fastest_return(target, schedule, dynamics)
    if step_size <= fastest.longest_step:
        return
    what = (
        f"at most {fastest.longest_step:.4g}: longer steps leap over the rest at T = {fastest.temperature:.4g}, to "
        f"which the flow returns at the rate {fastest.rate:.4g}, and training never comes to it"
    )
    cooler = ", or a cooler schedule" if fastest.temperature > 1 else ""
    raise DomainError.of("step_size", what, step_size, f"use {fastest.longest_step / 10:.2g}, say{cooler}")


def fastest_return(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics) -> Fastest:
    """The fastest return to a pair at rest at T = 1 and at the highest temperature of a schedule.

    In between it is no faster for free means: the pull has the rate beta under the tempered target and 1 under the free
    energy, and the push of a pair at rest grows with T under the free energy and is slower than the cold pull under the
    other. On the sphere it was seen up to 6 % faster in between, at R = 1.2.
    """
    times = np.linspace(0.0, schedule.settling_time(_SETTLED), _LOOKS, dtype=np.float64)
    hottest = float(np.max(schedule.temperature(times)))
    if dynamics.constraint == "sphere":
        found = [Fastest(_on_sphere(target, dynamics, one), one) for one in (1.0, max(hottest, 1.0))]
    else:
        found = [Fastest(_of_free_means(dynamics, one), one) for one in (1.0, max(hottest, 1.0))]
    return max(found, key=lambda one: one.rate)


@lru_cache(maxsize=1024)
def _of_free_means(dynamics: Dynamics, temperature: float) -> float:
    """Of a mean across the axis, which the target pulls to it, and of the distance that heat holds a pair at."""
    nothing = dict.fromkeys(("m1", "m2", "s11", "s12", "s22", "psi_1", "psi_2", "psi_prime_1", "psi_prime_2",
                             "overlap", "overlap_prime"), 0.0)  # fmt: skip
    attraction, repulsion = map(float, loss_factors(dynamics.objective)(temperature))
    mobility_1, mobility_2 = dynamics.mobilities
    rows = full_jacobian(
        **nothing, distance=1.0, separation=1.0, family_weight=dynamics.family_weight, attraction=attraction,
        repulsion=repulsion, mobility_1=mobility_1, mobility_2=mobility_2,
    )  # fmt: skip
    pull = max(-rows[place][place] for place in (2, 4)) / 2  # of squared lengths, which fall twice as fast
    if not dynamics.reducible or temperature <= 1:
        return float(pull)
    share, apart = dynamics.exact_family_weight, hot_separation(temperature, dynamics.exact_family_weight)
    table = mmse_table(share)
    across = dict.fromkeys(("delta", "cosine_squared", "psi_prime_1", "psi_prime_2", "slope", "slope_1", "slope_2"), 0)
    log_rows = reduced_log_jacobian(
        **across, sine_squared=1.0, distance=apart, separation=1.0, family_weight=dynamics.family_weight,
        temperature=temperature, overlap_prime=mmse_slope_at(apart, table.coefficients, table.inverse_width)[1],
    )  # fmt: skip
    push = -log_rows[2][2] * float(clock_pace_at(dynamics, temperature, dynamics.clock_rate))
    return float(max(pull, push))


@lru_cache(maxsize=1024)
def _on_sphere(target: BimodalTarget, dynamics: Dynamics, temperature: float) -> float:
    """Of the attractors, at the variance that goes with the temperature, and of a trained variance to it."""
    variance = 1.0 if dynamics.variance == "fixed" else temperature
    flow = FrozenSphere(target, temperature, variance, dynamics.exact_family_weight)
    rests = sphere_attractors(target, temperature, variance, dynamics.exact_family_weight)
    rate = max(_turning_back(flow, rest) for rest in rests)
    if dynamics.variance == "trained":
        rate = max(rate, float(variance_rate(0.0, temperature=0.0) - variance_rate(1.0, temperature=0.0)))
    return float(clock_pace_at(dynamics, temperature, rate))


def _turning_back(flow: FrozenSphere, rest: SphereFixedPoint) -> float:
    """The fastest rate, in the clock, at which the angles of a pair beside one at rest return to it."""
    square = flow.target.separation**2
    first, second = (math.acos(min(max(m / square, -1.0), 1.0)) for m in (rest.m1, rest.m2))
    if abs(math.cos(first + second) - rest.pair_overlap) < abs(math.cos(first - second) - rest.pair_overlap):
        second = -second
    ahead, back = (np.array(flow.turning(first + way * _ASIDE, second + way * _ASIDE[::-1])) for way in (1.0, -1.0))
    return -float(np.linalg.eigvals((ahead - back) / (2 * _ASIDE.max())).real.min())
