"""The probability of collapse on the sphere to leading order in eta/B, along critical runs of the gradient flow.

Noise of a strength eps = eta/B changes the law of the starts as a flow of its own does (`derivations.sphere_noise`). By
what that moves the critical start of a run is an integral along it, so it is found once for all batches and steps.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from anneal_theory._types import FloatArray, VarianceLaw
from anneal_theory.errors import DomainError
from anneal_theory.formulas.sphere_noise import beyond_first, chance_slope, fastest_rate
from anneal_theory.formulas.start_law import log_cosine
from anneal_theory.models.runs import on_all_cores
from anneal_theory.models.sphere_pair import SpherePair, sphere_pair
from anneal_theory.probability.counted import counted_estimate
from anneal_theory.probability.noisy.first_order import LOOKS, SETTLED, STEP, step_grid
from anneal_theory.probability.noisy.sphere_first_order_kernels import PARTS, SUMS, shifts_of_starts
from anneal_theory.probability.noisy.sphere_quantiles import quantile_at, sphere_nodes
from anneal_theory.probability.sphere.rules import LOWER, log_gamma_ratio, sum_balances
from anneal_theory.problem import BimodalTarget, Dynamics, SphereInit
from anneal_theory.problem.dynamics import law_dim
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.departures import Departures
from anneal_theory.work import count_work

LEAST_DIM = 4  # in fewer the law of u is not widest at 0
_TOLERANCE = 1e-9  # of log rho_c: the closer, the later a run leaves the separatrix
_GUESS = -2.0  # of log rho_c
_BALANCED = 1e-6  # of y_u
AFTER = 200.0  # time at T = 1 in which runs leave the separatrix


@dataclass(frozen=True)
class Rule:
    """How fine an average over starts and the runs from them are.

    Attributes:
        sums: Nodes of y on either side of its unstable zero.
        cosines: Nodes of c.
        step: Of the runs, in the time in which the fastest motion has the rate 1.
    """

    sums: int
    cosines: int
    step: float


FINE = Rule(sums=12, cosines=5, step=STEP)
CHECK = Rule(sums=8, cosines=3, step=2 * STEP)  # beside the fine one: what they differ by is in the error


@dataclass(frozen=True)
class Shifts:
    """What noise of strength 1 does at starts.

    Attributes:
        starts: (y, c) of the nodes.
        weights: Of the average over them.
        log_rho: Logarithms of the thresholds of the gradient flow, infinite where there is none.
        parts: S_x, S_c, S_u and S_y of each, shape (4, n), 0 where there is no threshold.
        spread: W and U of each, shape (2, n), alike.
    """

    starts: FloatArray
    weights: FloatArray
    log_rho: FloatArray
    parts: FloatArray
    spread: FloatArray

    def steepness(self, dim: int) -> FloatArray:
        """The slope of P in the critical log u of each node."""
        critical = np.exp(log_cosine(log_rho=self.log_rho))
        half = 0.5 * (dim - 2)
        with np.errstate(divide="ignore"):  # at u = 1, where nothing is left to move
            slope = chance_slope(cosine=critical, half_freedom=half, log_gamma_ratio=log_gamma_ratio(half))
        return np.where(np.isfinite(self.log_rho), self.weights * slope, 0.0)

    def slope(self, dim: int) -> float:
        """dP/d(eta/B)."""
        return float(self.steepness(dim) @ self.parts.sum(axis=0))


def first_order_sphere_probability(
    target: BimodalTarget, schedule: Schedule, init: SphereInit, dynamics: Dynamics, strength: float, flow: Estimate,
    *, plain: bool, law: VarianceLaw | None = None,
) -> Estimate:  # fmt: skip
    """P with noise of the strength eta/B, from that of the gradient flow: thresholds are moved.

    A trained variance is that of large dimension in what noise changes: in d dimensions it depends on the start, and
    the law of starts has no density beside it. That leaves out of the order of 1/d of the change.

    Args:
        target: Separation and weight.
        schedule: Annealing schedule.
        init: Law of the starts.
        dynamics: On the sphere.
        strength: eta/B.
        flow: The probability without noise.
        plain: Whether gradients have their score term.
        law: Of a trained variance, as `flow` has it.

    Raises:
        DomainError: too few dimensions, or the schedule is too long.
    """
    dim = init.dim
    if dim < LEAST_DIM:
        step = 'use method="quantiles", or count runs with method="simulated"'
        raise DomainError.of("dim", f"at least {LEAST_DIM} for noise to leading order", dim, step)
    shifts, check = (noise_shifts(target, schedule, dim, dynamics, rule, plain=plain) for rule in (FINE, CHECK))
    slope = shifts.slope(dim)
    beyond = strength * abs(slope - check.slope(dim)) + beyond_slope(shifts, dim, strength)
    beyond += strength * abs(slope) / law_dim(dynamics, dim, law)
    probability = min(max(float(flow.value) + strength * slope, 0.0), 1.0)
    error = min(float(beyond) + float(flow.error), max(probability, 1.0 - probability))
    note = "of the gradient flow and, to leading order, its noise; the error estimates the next orders and is no bound"
    estimate = counted_estimate(probability, error, "leading-order", note)
    return replace(estimate, parts={"flow": float(flow.value), "slope": slope})


def beyond_slope(shifts: Shifts, dim: int, strength: float) -> float:
    """Size of the orders beyond the first of P, node by node: by the drift of x, by other drifts, and by widening.

    Near the unstable zero of y what widening along x does and what it does along m1 + m2 and c cancel at each node.
    """
    turned, moved, *wide = shifts.parts
    sizes = np.abs([turned, moved, sum(wide)])
    return float(shifts.steepness(dim) @ beyond_first(noise_scale=strength, shift_part=sizes).sum(axis=0))


def noise_shifts(
    target: BimodalTarget, schedule: Schedule, dim: int, dynamics: Dynamics, rule: Rule = FINE, *, plain: bool
) -> Shifts:
    """What noise does at the nodes of an average over starts.

    Args:
        target: Separation and weight.
        schedule: Annealing schedule.
        dim: Of the means.
        dynamics: On the sphere.
        rule: Nodes and steps.
        plain: Whether gradients have their score term.
    """
    model = sphere_pair(target, schedule, dynamics)
    grid = step_grid(schedule, dynamics, fastest_along(target, schedule, dynamics), AFTER, rule.step)
    nodes, weights = sphere_nodes(dim, rule.sums, rule.cosines, lambda cosines: _quantiles(model, dim, cosines))
    return shifts_of(model, grid, np.ascontiguousarray(nodes[:, 1:]), weights, dim, plain=plain)


def shifts_of(
    model: SpherePair, grid: tuple[FloatArray, ...], starts: FloatArray, weights: FloatArray, dim: int, *, plain: bool
) -> Shifts:
    """What noise does at starts (y, c), shape (n, 2), of the law of random ones."""
    log_rho = Departures(model, _TOLERANCE).thresholds(starts, np.full(len(starts), _GUESS), _TOLERANCE, 0.0)
    known, sums = np.flatnonzero(np.isfinite(log_rho)), np.zeros((SUMS, len(starts)))
    if known.size:
        problem = model.parameters, model.averages, model.packed[3]
        given = np.ascontiguousarray(starts[known]), np.ascontiguousarray(log_rho[known])
        *known_sums, steps = on_all_cores(shifts_of_starts, given, (grid, problem, (float(dim), float(plain))))
        sums[:, known] = [one[0] for one in known_sums]
        count_work(runs=known.size, steps=sum(steps))
    return Shifts(starts, weights, log_rho, sums[:PARTS], sums[PARTS:])


def fastest_along(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics) -> Callable[[FloatArray], FloatArray]:
    """About the fastest rate per unit of time of the tempered flow, at the least variance that goes with each T."""
    end = schedule.settling_time(SETTLED) + AFTER
    seen = np.asarray(schedule.temperature(np.linspace(0.0, end, LOOKS)), dtype=float)
    wide = dynamics.variance == "follows-temperature" or (
        dynamics.variance == "trained" and bool(np.all(np.diff(seen) <= 0.0))
    )

    def fastest(temperatures: FloatArray) -> FloatArray:
        least = temperatures if wide else np.ones_like(temperatures)
        return np.asarray(fastest_rate(separation=target.separation, temperature=temperatures, variance=least))

    return fastest


def _quantiles(model: SpherePair, dim: int, cosines: FloatArray) -> list[float]:
    """Those of y at which a pair across the axis changes its mode: log rho_c has a power law there."""
    middles = sum_balances(model, cosines, _BALANCED).tolist()
    return [math.inf if abs(middle) >= LOWER else quantile_at(middle, dim) for middle in middles]
