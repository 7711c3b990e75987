"""Compiled critical runs of a pair on the sphere, and how far noise along them moves the threshold, to first order.

A critical run y = (log x, m1 + m2, cosine c, log v) starts on the separatrix. Beside it goes q, the slopes of the
logarithm of the law of (x, m1 + m2, c) that starts have, from the start on; the covector p of the separatrix comes back
(`critical_run_kernels`). The velocity that noise gives the law is worth its product with p: `derivations.sphere_noise`.

grid    = (times, temperatures, paces) of `critical_run_kernels`
problem = (parameters, averages, regions) of `models.sphere_pair`
noise   = (dim, score)
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.averages.table_kernels import mmse_curve_at
from anneal_theory.averages.variance_table_kernels import mean_curve
from anneal_theory.formulas import sphere_diffusion, sphere_flow, sphere_noise, summary_statistics
from anneal_theory.models.sphere_pair_kernels import FOLLOWS, fate, jacobian, rates, start_state
from anneal_theory.probability.noisy.critical_run_kernels import compiled_critical_runs

PARTS = 4  # by the drift of x, by other drifts, by widening the law along x, and along m1 + m2 and c
_POWERS = np.array([1.0, 1.0, 1.0, 1.0, 2.0, 2.0])  # of p in these, and in W and U
SUMS = _POWERS.size

_compiled = kernel(error_model="numpy")
_diffusion = _compiled(sphere_diffusion.pair_diffusion)
_moves = _compiled(sphere_noise.sphere_threshold_moves)
_spread = _compiled(sphere_noise.sphere_start_spread)
_divergence = _compiled(sphere_noise.divergence_slopes)
_start_slopes = _compiled(sphere_noise.start_slopes)
_label_width = _compiled(sphere_flow.label_width)
_distances = _compiled(sphere_flow.sphere_overlaps)
_scaled_distance = _compiled(sphere_flow.scaled_distance)
_tempered = _compiled(summary_statistics.tempered_factors)


@kernel(error_model="numpy")
def seen(y, temperature, problem):
    """(x, c, v, psi, psi' and psi'' of both means, G and its two derivatives) of a state."""
    parameters, averages = problem[0], problem[1]
    x, cosine = parameters[3] * math.exp(y[0]), min(y[2], 1.0 - 1e-15)
    m1, m2, distance = _distances(x, y[1], cosine, parameters[0])
    variance = temperature if parameters[2] == FOLLOWS else math.exp(y[3])
    log_radius = math.log(_label_width(parameters[0], variance))
    first = mean_curve(m1 + parameters[1], log_radius, averages[0])
    second = mean_curve(m2 + parameters[1], log_radius, averages[0])
    shares = mmse_curve_at(_scaled_distance(distance, variance), averages[1], averages[2])
    return x, cosine, variance, first, second, shares


@kernel(error_model="numpy")
def diffusion(y, temperature, problem, dim, score):
    """What noise of strength 1 gives a state in a unit of the tempered flow's time: `pair_diffusion`."""
    x, cosine, variance, first, second, shares = seen(y, temperature, problem)
    return _diffusion(
        difference_cosine=x, overlap_sum=y[1], pair_cosine=cosine, separation=problem[0][0], variance=variance,
        beta=1.0 / temperature, dim=dim, score=score, psi_1=first[0], psi_prime_1=first[1], psi_second_1=first[2],
        psi_2=second[0], psi_prime_2=second[1], psi_second_2=second[2], overlap=shares[0], overlap_prime=shares[1],
        overlap_second=shares[2],
    )  # fmt: skip


@kernel(error_model="numpy")
def divergence(y, temperature, problem, out):
    """Add the slopes of the flow's divergence, in the clock."""
    x, cosine, variance, first, second, shares = seen(y, temperature, problem)
    divergences = _divergence(
        difference_cosine=x, overlap_sum=y[1], pair_cosine=cosine, separation=problem[0][0], variance=variance,
        temperature=temperature, psi_1=first[0], psi_prime_1=first[1], psi_second_1=first[2], psi_2=second[0],
        psi_prime_2=second[1], psi_second_2=second[2], overlap=shares[0], overlap_prime=shares[1],
        overlap_second=shares[2],
    )  # fmt: skip
    for k in range(3):
        out[k] += divergences[k]


@kernel(error_model="numpy")
def moved(p, node, y, temperature, pace, problem, extra, out):
    """Rates of the parts, and of W and U, per unit of time."""
    dim, score, along = extra
    c = diffusion(y, temperature, problem, dim, score)
    moves = _moves(
        by_difference=p[0], by_sum=p[1], by_cosine=p[2], difference_variance=c[0], difference_with_total=c[1],
        difference_with_cosine=c[2], total_variance=c[3], total_with_cosine=c[4], cosine_variance=c[5],
        difference_drift=c[6], total_drift=c[7], cosine_drift=c[8], difference_push=c[9], total_push=c[10],
        cosine_push=c[11], law_by_difference=along[node, 0], law_by_sum=along[node, 1], law_by_cosine=along[node, 2],
    )  # fmt: skip
    wide, blur = _spread(
        by_difference=p[0], by_sum=p[1], by_cosine=p[2], difference_variance=c[0], difference_with_total=c[1],
        difference_with_cosine=c[2], total_variance=c[3], total_with_cosine=c[4], cosine_variance=c[5],
    )  # fmt: skip
    for k in range(PARTS):
        out[k] = pace * pace * moves[k]
    out[PARTS], out[PARTS + 1] = pace * pace * max(wide, 0.0), pace * pace * max(blur, 0.0)


@kernel(error_model="numpy")
def clock_of(time, temperature):
    """The clock, the integral of beta, that a time of the tempered flow makes."""
    return time * _tempered(temperature)[0]


run_along, summed_back, summed_on = compiled_critical_runs(
    "sphere_pair", 4, clock_of, rates, jacobian, fate, moved, divergence
)


@kernel(error_model="numpy", nogil=True)
def shifts_of_starts(starts, log_rho, grid, problem, noise):
    """(parts of the shift of the critical log u, W, U, steps): noise of strength 1, starts (y, c) on the separatrix.

    The parts are those of the law of random starts.
    """
    times, temperatures, paces, ceilings = grid
    states, along = np.empty((times.shape[0], 4)), np.empty((times.shape[0], 4))
    shifts, made, steps_of = np.empty((SUMS, starts.shape[0])), 0, (times, temperatures, paces)
    p, q, sums = np.empty(4), np.zeros(4), np.empty(SUMS)
    for i in range(starts.shape[0]):
        start_state(starts[i], log_rho[i], problem[0], states[0])
        steps = run_along(states, steps_of, ceilings, problem)
        q[0], q[1], q[2] = _start_slopes(
            difference_cosine=math.exp(states[0, 0]), overlap_sum=states[0, 1], pair_cosine=states[0, 2],
            separation=problem[0][0], dim=noise[0],
        )  # fmt: skip
        summed_on(q, states, steps, steps_of, problem, along)
        p[0] = p[3] = 0.0  # where the run has left the separatrix, log x of an aligned pair says nothing
        p[1] = p[2] = 1.0
        summed_back(p, states, steps, steps_of, problem, (noise[0], noise[1], along), _POWERS, sums)
        for k in range(SUMS):
            shifts[k, i] = sums[k] / p[0] ** _POWERS[k]
        made += steps
    return shifts[0], shifts[1], shifts[2], shifts[3], shifts[4], shifts[5], made
