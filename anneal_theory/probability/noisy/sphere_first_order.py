"""The probability of collapse on the sphere to leading order in eta/B, along critical runs of the gradient flow.

Noise of a strength eps = eta/B changes the law of the starts as a flow of its own does (`derivations.sphere_noise`). By
what that moves the critical start of a run is an integral along it, so it is found once for all batches and steps.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.formulas.sphere_noise import beyond_first, beyond_widening
from anneal_theory.models.free_pair import ALIGNED, VANISHED
from anneal_theory.models.runs import on_all_cores
from anneal_theory.models.sphere_pair import SpherePair, sphere_pair
from anneal_theory.probability.cap_probability import log_cap
from anneal_theory.probability.counted import counted_estimate
from anneal_theory.probability.noisy.first_order import step_grid
from anneal_theory.probability.noisy.means_problem import means_problem
from anneal_theory.probability.noisy.quantiles import gathered_nodes
from anneal_theory.probability.noisy.sphere_first_order_kernels import PARTS, carried, shifts_of_starts
from anneal_theory.probability.noisy.sphere_quantiles import cosine_at, quantile_at
from anneal_theory.probability.sphere.rules import LOWER, gegenbauer_rule, sum_balances
from anneal_theory.problem import BimodalTarget, Dynamics, SphereInit
from anneal_theory.problem.dynamics import law_dim
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.departures import Departures
from anneal_theory.work import count_work

LEAST_DIM = 4  # in fewer the law of u is not widest at 0
_SUMS, _COSINES = 12, 5  # nodes: y on either side of its unstable zero, and c
_TOLERANCE = 1e-9  # of log rho_c: the closer, the later a run leaves the separatrix
_GUESS = -2.0  # of log rho_c
_BALANCED = 1e-6  # of y_u
_AFTER = 200.0  # time at T = 1 in which runs leave the separatrix
_LOOKS = 4000  # at the temperature, for whether it rises
_NEAR = 1e-4  # of log rho, for the slope of a chance
_LEAST = 1e-300  # of a sum that is divided by
_RULE = 0.01  # of the parts, which nearly cancel: what finer nodes and steps change stays below it


@dataclass(frozen=True)
class Shifts:
    """What noise of strength 1 does at starts.

    Attributes:
        starts: (y, c) of the nodes.
        weights: Of the average over them.
        log_rho: Logarithms of the thresholds of the gradient flow, infinite where there is none.
        parts: S_x, S_c, S_u and S_y of each, shape (4, n), 0 where there is no threshold.
        curved: Size of what is left out where x is not small.
        width: Variance that y of each gains.
    """

    starts: FloatArray
    weights: FloatArray
    log_rho: FloatArray
    parts: FloatArray
    curved: FloatArray
    width: FloatArray

    def chances(self, shift: FloatArray, dim: int) -> FloatArray:
        """The chance of each start to collapse where log rho_c is shifted; 0 or 1 where there is no threshold."""
        return np.asarray(np.exp(log_cap(np.clip(self.log_rho + shift, VANISHED, ALIGNED), dim - 1)[0]))

    def slopes(self, dim: int) -> FloatArray:
        """The slope of P in log rho_c of each node."""
        return (
            self.weights * (self.chances(np.array([_NEAR]), dim) - self.chances(np.array([-_NEAR]), dim)) / (2 * _NEAR)
        )


def first_order_sphere_probability(
    target: BimodalTarget, schedule: Schedule, init: SphereInit, dynamics: Dynamics, strength: float, flow: Estimate,
    *, plain: bool,
) -> Estimate:  # fmt: skip
    """P with noise of the strength eta/B, from that of the gradient flow: thresholds are moved.

    Args:
        target: Separation and weight.
        schedule: Annealing schedule.
        init: Law of the starts.
        dynamics: On the sphere.
        strength: eta/B.
        flow: The probability without noise.
        plain: Whether gradients have their score term.

    Raises:
        DomainError: too few dimensions, or the schedule is too long.
    """
    if init.dim < LEAST_DIM:
        step = 'use method="quantiles", or count runs with method="simulated"'
        raise DomainError.of("dim", f"at least {LEAST_DIM} for noise to leading order", init.dim, step)
    found = noise_shifts(target, schedule, init.dim, dynamics, plain=plain)
    steep = found.slopes(init.dim)
    slope = float(steep @ found.parts.sum(axis=0))
    sizes = np.abs(found.parts) @ steep
    rule = _RULE * float(sizes.sum())
    sizes[3] = abs(float(steep @ found.parts[3]))  # of either sign at either end of the law of y
    typical = sizes / max(float(steep.sum()), _LEAST)
    beyond = float(steep.sum() * beyond_first(noise_scale=strength, shift_part=typical).sum())
    wide = float(found.weights @ found.width) + _LEAST
    beyond += strength * sizes[3] * float(beyond_widening(dim=init.dim, noise_scale=strength, centred_width=wide))
    beyond += strength * (float(steep @ found.curved) + rule)
    value = min(max(float(flow.value) + strength * slope, 0.0), 1.0)
    error = min(float(beyond) + float(flow.error), max(value, 1.0 - value))
    note = "of the gradient flow and, to leading order, its noise; the error estimates the next orders and is no bound"
    told = counted_estimate(value, error, "leading-order", note)
    return replace(told, parts={"flow": float(flow.value), "slope": slope})


def noise_shifts(target: BimodalTarget, schedule: Schedule, dim: int, dynamics: Dynamics, *, plain: bool) -> Shifts:
    """What noise does at the nodes of an average over starts.

    Args:
        target: Separation and weight.
        schedule: Annealing schedule.
        dim: Of the means.
        dynamics: On the sphere.
        plain: Whether gradients have their score term.
    """
    model = sphere_pair(target, schedule, dynamics, law_dim(dynamics, dim))
    grid = step_grid(schedule, dynamics, _fastest(target, schedule, dynamics), _AFTER)
    starts, weights = _starts(model, dim)
    log_rho = Departures(model, _TOLERANCE).thresholds(starts, np.full(len(starts), _GUESS), _TOLERANCE, 0.0)
    known, parts = np.flatnonzero(np.isfinite(log_rho)), np.zeros((PARTS, len(starts)))
    if known.size:
        noise = float(dim), float(plain), *means_problem(target, schedule, dynamics)[:2]
        flow = model.parameters, model.averages, model.packed[3]
        # One run of each c, of its weightiest start, carries the slope of y.
        middles, rows = np.unique(starts[known, 1], return_inverse=True)
        first = [known[rows == k][np.argmax(weights[known[rows == k]])] for k in range(len(middles))]
        along = carried(np.ascontiguousarray(starts[first]), np.ascontiguousarray(log_rho[first]), grid, flow)
        given = np.ascontiguousarray(starts[known]), np.ascontiguousarray(log_rho[known]), rows
        *found, steps = on_all_cores(shifts_of_starts, given, (along, grid, flow, noise))
        parts[:, known] = [one[0] for one in found]
        count_work(runs=known.size + len(first), steps=sum(steps))
    return Shifts(starts, weights, log_rho, parts[:4], parts[4], parts[5])


def _fastest(target: BimodalTarget, schedule: Schedule, dynamics: Dynamics) -> Callable[[FloatArray], FloatArray]:
    """Rates of the fastest motion per unit of time of the tempered flow: R^2/T of the pull, 1/v of the push."""
    end = schedule.settling_time(1e-3) + _AFTER
    seen = np.asarray(schedule.temperature(np.linspace(0.0, end, _LOOKS)), dtype=float)
    wide = dynamics.variance == "follows-temperature" or (
        dynamics.variance == "trained" and bool(np.all(np.diff(seen) <= 0.0))
    )

    def fastest(temperatures: FloatArray) -> FloatArray:
        push = 1.0 / temperatures if wide else np.ones_like(temperatures)
        return np.asarray(push + target.separation**2 / temperatures)

    return fastest


def _starts(model: SpherePair, dim: int) -> tuple[FloatArray, FloatArray]:
    """Starts (y, c) and their weights; log rho_c has a power law where a pair across the axis changes its mode."""
    cosines, log_weights = gegenbauer_rule(dim, _COSINES)
    starts, weights = [], []
    for cosine, log_weight, middle in zip(cosines, log_weights, sum_balances(model, cosines, _BALANCED), strict=True):
        place = math.inf if abs(middle) >= LOWER else quantile_at(float(middle), dim)
        quantiles, shares = gathered_nodes(place, _SUMS)
        starts += [(cosine_at(float(one), dim), float(cosine)) for one in quantiles]
        weights.append(math.exp(log_weight) * shares)
    return np.array(starts), np.concatenate(weights)
