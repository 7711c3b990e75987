"""Compiled critical runs of the gradient flow, and how far noise along them moves the threshold, to first order.

A critical run y = (s, log rho, log D) starts on the separatrix; what a kick of noise along it is worth at the start is
its product with the covector p of the separatrix (`critical_run_kernels`, `derivations.alignment_noise`).

grid    = (times, temperatures, paces) of `critical_run_kernels`
problem = (model, tables, regions) of `models.free_pair_kernels` and `free_pair_run_kernels`
noise   = (dim, score)
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.averages.table_kernels import psi_at, psi_prime_at
from anneal_theory.formulas import alignment_noise, gradient_noise
from anneal_theory.models.free_pair_kernels import angle, reduced_jacobian, reduced_overlaps, reduced_rates
from anneal_theory.models.free_pair_run_kernels import ACROSS, reduced_fate, reduced_place
from anneal_theory.probability.noisy.critical_run_kernels import compiled_critical_runs
from anneal_theory.probability.noisy.pair_noise_kernels import clock_of, overlap_and_bend

POWERS = np.array([1.0, 1.0, 2.0, 2.0])  # of p in M, A, W and U

_noise_across = kernel(error_model="numpy")(gradient_noise.noise_across)
_noise_in_plane = kernel(error_model="numpy")(gradient_noise.noise_in_plane)
_moves = kernel(error_model="numpy")(alignment_noise.threshold_moves)
_worth = kernel(error_model="numpy")(alignment_noise.start_worth)


@kernel(error_model="numpy")
def moved(p, node, y, temperature, pace, problem, extra, out):
    """Rates of `threshold_moves` per unit of time."""
    model, tables = problem[0], problem[1]
    dim, score = extra
    _, cosine_squared, sine_squared = angle(y[1])
    m1, m2 = reduced_overlaps(y, model)
    distance = math.exp(y[2])
    perp = distance * math.sqrt(sine_squared)
    overlap, bend = overlap_and_bend(distance, tables)
    a1, a2 = m1 + model[1], m2 + model[1]
    across = _noise_across(beta=1.0 / temperature, score=score, overlap=overlap)
    plane = _noise_in_plane(
        delta=m1 - m2, perp=perp, separation=model[0], beta=1.0 / temperature, score=score,
        psi_1=psi_at(a1, tables[0], tables[2]), psi_2=psi_at(a2, tables[0], tables[2]),
        psi_prime_1=psi_prime_at(a1, tables[1], tables[2]), psi_prime_2=psi_prime_at(a2, tables[1], tables[2]),
        overlap=overlap, overlap_in_square=bend,
    )  # fmt: skip
    up, wide, aligned, blur = _moves(
        by_centre=p[0], by_alignment=p[1], by_distance=p[2], cosine_squared=cosine_squared, sine_squared=sine_squared,
        dim=dim, across_variance=max(across, 0.0), perp=perp, noise_variance=max(plane[3], 0.0), delta=m1 - m2,
        centre_variance=max(plane[0], 0.0),
    )  # fmt: skip
    out[0], out[1], out[2], out[3] = pace * pace * up, pace * pace * aligned, pace * pace * wide, pace * pace * blur


run_along, summed_back = compiled_critical_runs(
    "free_pair", 3, clock_of, reduced_rates, reduced_jacobian, reduced_fate, moved
)


@kernel(error_model="numpy", nogil=True)
def moves_of_starts(starts, log_rho, grid, noise, problem):
    """(M, A, W, U of each, steps) of noise of the strength 1 at starts (s, log of a length) on the separatrix."""
    times, temperatures, paces, ceilings = grid
    states, p, sums = np.empty((times.shape[0], 3)), np.empty(3), np.empty(4)
    moves, made, model = np.empty((4, starts.shape[0])), 0, problem[0]
    steps_of = (times, temperatures, paces)
    for i in range(starts.shape[0]):
        reduced_place(starts[i], log_rho[i], model, states[0])
        steps = run_along(states, steps_of, ceilings, problem)
        p[0] = p[1] = 0.0
        p[2] = 1.0  # where the run has left the separatrix, D tells; log rho of an aligned pair says nothing
        summed_back(p, states, steps, steps_of, problem, noise, POWERS, sums)
        share = angle(states[0, 1])[1] if model[5] == ACROSS else 0.0  # of a length that is not held
        whole = _worth(by_alignment=p[1], by_distance=p[2], cosine_squared=share)
        for k in range(4):
            moves[k, i] = sums[k] / whole ** POWERS[k]
        made += steps
    return moves[0], moves[1], moves[2], moves[3], made
