"""Compiled critical runs of the gradient flow, and how far noise along them moves the threshold, to first order.

A critical run y = (s, log rho, log D) starts on the separatrix. Its covector p, the gradient of the distance from the
separatrix, obeys the transposed linear flow backwards from where the run leaves it; what a kick of noise at any time is
worth at the start is its product with p (`derivations.alignment_noise`).

grid  = (times, temperatures, paces): times of the nodes; temperatures at the begin, middle and end of each step; the
        time of tempered flow that a unit of time makes there, alike. Steps go in pairs, no kink inside a pair.
model, tables, regions as `models.free_pair_kernels` and `free_pair_run_kernels` have them
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.averages.table_kernels import mmse_slope_at, psi_at, psi_prime_at
from anneal_theory.formulas import alignment_noise, gradient_noise
from anneal_theory.models.free_pair_kernels import angle, reduced_jacobian, reduced_overlaps, reduced_rates
from anneal_theory.models.free_pair_run_kernels import ACROSS, reduced_fate, reduced_place
from anneal_theory.models.verdicts import UNDECIDED

COLD = 1e-6  # above T = 1, from where a run may be at rest

_noise_across = kernel(error_model="numpy")(gradient_noise.noise_across)
_noise_in_plane = kernel(error_model="numpy")(gradient_noise.noise_in_plane)
_moves = kernel(error_model="numpy")(alignment_noise.threshold_moves)


@kernel(error_model="numpy")
def _step(y, length, temperatures, paces, model, tables, work, out):
    """A step of Runge and Kutta's from y; half of the pace of time is that of the clock, over T."""
    for stage in range(4):
        place = (stage + 1) // 2  # begin, middle, middle, end
        if stage > 0:
            share = length * (0.5 if stage < 3 else 1.0)
            for k in range(3):
                work[4, k] = y[k] + share * work[stage - 1, k]
        here = y if stage == 0 else work[4]
        rates = reduced_rates(here, temperatures[place], model, tables)
        clock = 0.5 * paces[place] / temperatures[place]
        for k in range(3):
            work[stage, k] = clock * rates[k]
    for k in range(3):
        out[k] = y[k] + length / 6.0 * (work[0, k] + 2.0 * work[1, k] + 2.0 * work[2, k] + work[3, k])


@kernel(error_model="numpy")
def run_along(states, grid, ceilings, model, tables, regions):
    """Fill the states of a run from the first one; an even number of steps, after which its fate is certain."""
    times, temperatures, paces = grid
    work = np.empty((5, 3))
    for i in range(times.shape[0] - 1):
        if i % 2 == 0 and reduced_fate(states[i], ceilings[i], ceilings[i] < 1.0 + COLD, model, regions) != UNDECIDED:
            return i
        _step(states[i], times[i + 1] - times[i], temperatures[i], paces[i], model, tables, work, states[i + 1])
    return times.shape[0] - 1


@kernel(error_model="numpy")
def _pulled(p, y, temperature, pace, model, tables, out):
    """The rate of p along a run."""
    rows = reduced_jacobian(y, temperature, model, tables)[0]
    clock = 0.5 * pace / temperature
    for k in range(3):
        out[k] = -clock * (p[0] * rows[0][k] + p[1] * rows[1][k] + p[2] * rows[2][k])


@kernel(error_model="numpy")
def _moved(p, y, temperature, pace, dim, score, model, tables):
    """Rates of `threshold_moves` per unit of time."""
    _, cosine_squared, sine_squared = angle(y[1])
    m1, m2 = reduced_overlaps(y, model)
    distance = math.exp(y[2])
    perp = distance * math.sqrt(sine_squared)
    overlap, overlap_prime = mmse_slope_at(distance, tables[3], tables[4])
    a1, a2 = m1 + model[1], m2 + model[1]
    across = _noise_across(beta=1.0 / temperature, score=score, overlap=overlap)
    plane = _noise_in_plane(
        delta=m1 - m2, perp=perp, separation=model[0], beta=1.0 / temperature, score=score,
        psi_1=psi_at(a1, tables[0], tables[2]), psi_2=psi_at(a2, tables[0], tables[2]),
        psi_prime_1=psi_prime_at(a1, tables[1], tables[2]), psi_prime_2=psi_prime_at(a2, tables[1], tables[2]),
        overlap=overlap, overlap_in_square=2.0 * overlap_prime / distance,
    )  # fmt: skip
    up, wide, aligned, blur = _moves(
        by_centre=p[0], by_alignment=p[1], by_distance=p[2], cosine_squared=cosine_squared, sine_squared=sine_squared,
        dim=dim, across_variance=max(across, 0.0), perp=perp, noise_variance=max(plane[3], 0.0), delta=m1 - m2,
        centre_variance=max(plane[0], 0.0),
    )  # fmt: skip
    return pace * pace * up, pace * pace * aligned, pace * pace * wide, pace * pace * blur


@kernel(error_model="numpy")
def _pulled_back(p, states, i, span, temperatures, paces, model, tables, slopes, middle, new):
    """A step of Runge and Kutta's back over a pair of steps, whose middle node is its own; p there by Hermite."""
    for stage in range(4):
        node = i + 2 - (stage + 1) // 2
        share = 0.5 * span if stage < 3 else span
        for k in range(3):
            new[k] = p[k] - (share * slopes[stage - 1, k] if stage > 0 else 0.0)
        step, side = (i + 1, 2) if stage == 0 else ((i + 1, 0) if stage < 3 else (i, 0))
        _pulled(new, states[node], temperatures[step, side], paces[step, side], model, tables, slopes[stage])
    for k in range(3):
        new[k] = p[k] - span / 6.0 * (slopes[0, k] + 2.0 * slopes[1, k] + 2.0 * slopes[2, k] + slopes[3, k])
    _pulled(new, states[i], temperatures[i, 0], paces[i, 0], model, tables, slopes[3])
    for k in range(3):
        middle[k] = 0.5 * (p[k] + new[k]) + 0.125 * span * (slopes[3, k] - slopes[0, k])


@kernel(error_model="numpy")
def back_along(states, steps, grid, dim, score, model, tables):
    """M, A, W and U of `threshold_moves`, along a run, by noise of the strength 1.

    They are sums with a p of any length, kept at 1; what a unit of log delta at the start is worth is divided out.
    """
    times, temperatures, paces = grid
    p, new, middle, slopes = np.zeros(3), np.empty(3), np.empty(3), np.empty((4, 3))
    p[2] = 1.0  # where the run has left the separatrix, D tells; log rho of an aligned pair says nothing
    sums = np.zeros(4)
    for i in range(steps - 2, -1, -2):
        span = times[i + 2] - times[i]
        _pulled_back(p, states, i, span, temperatures, paces, model, tables, slopes, middle, new)
        last = _moved(p, states[i + 2], temperatures[i + 1, 2], paces[i + 1, 2], dim, score, model, tables)
        half = _moved(middle, states[i + 1], temperatures[i + 1, 0], paces[i + 1, 0], dim, score, model, tables)
        first = _moved(new, states[i], temperatures[i, 0], paces[i, 0], dim, score, model, tables)
        size = abs(new[0]) + abs(new[1]) + abs(new[2])
        for k in range(4):  # the first two are linear in p, the others quadratic
            sums[k] = (sums[k] + span / 6.0 * (first[k] + 4.0 * half[k] + last[k])) / (size if k < 2 else size * size)
        for k in range(3):
            p[k] = new[k] / size
    whole = p[1] + (angle(states[0, 1])[1] * p[2] if model[5] == ACROSS else 0.0)
    return sums[0] / whole, sums[1] / whole, sums[2] / (whole * whole), sums[3] / (whole * whole)


@kernel(error_model="numpy", nogil=True)
def moves_of_starts(starts, log_rho, grid, dim, score, model, tables, regions):
    """(M, A, W, U of each, steps) of noise of the strength 1 at starts (s, log of a length) on the separatrix."""
    times, temperatures, paces, ceilings = grid
    states = np.empty((times.shape[0], 3))
    found, made = np.empty((4, starts.shape[0])), 0
    steps_of = (times, temperatures, paces)
    for i in range(starts.shape[0]):
        reduced_place(starts[i], log_rho[i], model, states[0])
        steps = run_along(states, steps_of, ceilings, model, tables, regions)
        found[0, i], found[1, i], found[2, i], found[3, i] = back_along(
            states, steps, steps_of, dim, score, model, tables
        )
        made += steps
    return found[0], found[1], found[2], found[3], made
