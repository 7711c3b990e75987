"""Compiled training of two means with the noise of its gradient: any weights, free or on the sphere, any variance.

A step moves the means by the mean gradient and by Gaussian noise of the derived covariance, back onto the sphere where
they are held there; what the steps of a batch give is a mean, so that its law is nearly Gaussian. The state is that of
`means_state_kernels`.

model    = [R, h, w1, mobility of the first, of the second, on the sphere, rule of the variance, dimension by whose law
           a trained one moves]
averages = (psi, psi', 1/width of their panels for free means; psi for all variances; nodes and masses of a Gaussian)
regions  = (saddle, boxes, rests) of `models.free_pair`, then trapping sides and their band of `models.sphere_pair`
noise    = (dim, batch, score): samples of each component in a step; 1 for plain gradients, 0 for those of the path
plan     = (temperatures, ceilings, times, count): of each move, the highest from it on, its time of gradient flow, and
           the steps of training in it
"""

import math

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.averages.table_kernels import psi_at, psi_prime_at
from anneal_theory.averages.variance_table_kernels import pair_slopes
from anneal_theory.formulas import component_noise, gradient, sphere_flow
from anneal_theory.models.free_pair_run_kernels import at_rest, certain_end
from anneal_theory.models.sphere_pair_kernels import FOLLOWS, TRAINED, parted, trapped
from anneal_theory.models.verdicts import HEAVY, LIGHT, REVERSED, SPLIT, UNDECIDED
from anneal_theory.probability.noisy.means_state_kernels import gather, lengths, place, project

CLEAR = 0.5  # of R^2 on the sphere, of R for free means: overlaps so far from their zero are turned back by no noise
COLD = 1e-6  # above T = 1, from where a run may be at rest

_compiled = kernel(error_model="numpy")
_noise_across = _compiled(component_noise.component_noise_across)
_noise = _compiled(component_noise.component_noise)
_mean_pull, _mode_pull = _compiled(gradient.mean_pull), _compiled(gradient.mode_pull)
_variance_slope = _compiled(gradient.variance_slope)
_label_width, _scaled_distance = _compiled(sphere_flow.label_width), _compiled(sphere_flow.scaled_distance)


@kernel(error_model="numpy")
def share_powers(distance, log_odds, nodes, masses, out):
    """E[r^k], k = 1 to 4, of the other component's responsibility; log_odds of that component, distance over sqrt(v).

    By the trapezoidal rule, which converges geometrically.
    """
    out[:] = 0.0
    offset = log_odds - 0.5 * distance * distance
    for n in range(nodes.size):
        r = 1.0 / (1.0 + math.exp(distance * nodes[n] - offset))
        square = r * r
        out[0] += masses[n] * r
        out[1] += masses[n] * square
        out[2] += masses[n] * square * r
        out[3] += masses[n] * square * square


@kernel(error_model="numpy")
def labels(y, model, averages, out):
    """psi and psi' of both means."""
    a1, a2 = model[0] * y[0] + model[1], model[0] * y[1] + model[1]
    if model[5] > 0.0:
        width = math.log(_label_width(model[0], y[5]))
        out[0, 0], out[1, 0], out[0, 1], out[1, 1], _, _, _ = pair_slopes(a1, a2, width, averages[3])
    else:
        out[0, 0], out[1, 0] = psi_at(a1, averages[0], averages[2]), psi_at(a2, averages[0], averages[2])
        out[0, 1], out[1, 1] = psi_prime_at(a1, averages[1], averages[2]), psi_prime_at(a2, averages[1], averages[2])


@kernel(error_model="numpy")
def averaged(y, model, averages, work):
    """Fill in places, labels and powers of shares of a state; the distance of the means."""
    places, label, powers = work
    distance = place(y, places)
    labels(y, model, averages, label)
    odds, scaled = math.log((1.0 - model[2]) / model[2]), _scaled_distance(distance, y[5])
    share_powers(scaled, odds, averages[4], averages[5], powers[0])
    if odds == 0.0:
        powers[1, :] = powers[0]
    else:
        share_powers(scaled, -odds, averages[4], averages[5], powers[1])
    return distance


@kernel(error_model="numpy")
def covariances(y, beta, score, model, work, plane, across):
    """Covariance of both gradients, for batches of 1: in the plane (1 along, 1 aside, 2 along, 2 aside), and across."""
    places, label, powers = work
    plane[:] = 0.0
    across[:] = 0.0
    for j in range(2):
        o, weight = 1 - j, model[2] if j == 0 else 1.0 - model[2]
        p1, p2, p3, p4 = powers[j]
        own, mixed, other = _noise_across(
            component_weight=weight, variance=y[5], beta=beta, score=score, share_power_1=p1, share_power_2=p2
        )
        across[j, j] += own
        across[o, o] += other
        across[0, 1] += mixed
        n = _noise(
            separation=model[0], component_weight=weight, variance=y[5], beta=beta, score=score,
            gap_along=places[j, 0] - places[o, 0], gap_across=places[j, 1] - places[o, 1], label_mean=label[j, 0],
            label_slope=label[j, 1], share_power_1=p1, share_power_2=p2, share_power_3=p3, share_power_4=p4,
        )  # fmt: skip
        a, b = 2 * j, 2 * o
        plane[a, a] += n[0]
        plane[a, a + 1] += n[1]
        plane[a + 1, a + 1] += n[2]
        plane[b, b] += n[7]
        plane[b, b + 1] += n[8]
        plane[b + 1, b + 1] += n[9]
        plane[0, 2] += n[3]
        plane[1, 3] += n[6]
        plane[0, 3] += n[4] if j == 0 else n[5]
        plane[1, 2] += n[5] if j == 0 else n[4]


@kernel(error_model="numpy")
def factor(matrix):
    """Cholesky's factor in place, from the upper triangle to the lower; directions without noise stay 0."""
    size = matrix.shape[0]
    for i in range(size):
        for j in range(i + 1):
            total = matrix[j, i]
            for k in range(j):
                total -= matrix[i, k] * matrix[j, k]
            if i == j:
                matrix[i, i] = math.sqrt(max(total, 0.0))
            else:
                matrix[i, j] = total / matrix[j, j] if matrix[j, j] > 0.0 else 0.0


@kernel(error_model="numpy")
def mean_move(y, beta, time, model, work):
    """Move the means in `work` down the mean gradient."""
    places, label, powers = work
    moved = np.empty((2, 3))
    for j in range(2):
        weight, share = model[2] if j == 0 else 1.0 - model[2], powers[j, 0]
        own = _mean_pull(component_weight=weight, variance=y[5], beta=beta, same=1.0, own_share=1.0 - share)
        other = _mean_pull(component_weight=weight, variance=y[5], beta=beta, same=0.0, own_share=share)
        pull = _mode_pull(component_weight=weight, beta=beta, mode_share=label[j, 0])  # the modes' shares' difference
        for k in range(3):
            force = own * places[j, k] + other * places[1 - j, k] + (pull * model[0] if k == 0 else 0.0)
            moved[j, k] = places[j, k] + time * model[3 + j] * force
    places[:] = moved


@kernel(error_model="numpy")
def variance_after(y, dim, beta, time, distance, model, work):
    """The variance after a step of its own, of the mean of both components' gradients."""
    _, label, powers = work
    total = 0.0
    for j in range(2):
        total += _variance_slope(
            dim=dim, variance=y[5], beta=beta, own_spread=distance * distance * (powers[j, 0] - powers[j, 1]),
            mode_spread=model[0] * model[0] * label[j, 1],
        )  # fmt: skip
    shrunk = 1.0 - 0.5 * time * total / dim  # both have the weight 1/2
    return y[5] * shrunk * shrunk


@kernel(error_model="numpy")
def noisy_step(rng, y, temperature, time, noise, count, model, averages, work):
    """One move of a run in place."""
    places, beta = work[0], 1.0 / temperature
    dim, batch, score = noise
    plane, across = np.empty((4, 4)), np.empty((2, 2))
    if model[6] == FOLLOWS:
        y[5] = temperature
    distance = averaged(y, model, averages, work)
    covariances(y, beta, score, model, work, plane, across)
    factor(plane)
    factor(across)
    variance = variance_after(y, model[7], beta, time, distance, model, work) if model[6] == TRAINED else y[5]
    mean_move(y, beta, time, model, work)
    first = time * model[3] / math.sqrt(batch * count)
    second = time * model[4] / math.sqrt(batch * count)
    z = np.empty(4)
    for k in range(4):
        z[k] = rng.standard_normal()
        for i in range(k + 1):
            places[k // 2, k % 2] += (first if k < 2 else second) * plane[k, i] * z[i]
    a, b, c = first * across[0, 0], second * across[1, 0], second * across[1, 1]
    if dim > 2:
        z1, z2 = rng.standard_normal(), rng.standard_normal()
        places[0, 2] += a * z1
        places[1, 2] += b * z1 + c * z2
    gather(places, y)
    y[5] = variance
    if dim > 3:  # the other d - 3 directions add a Wishart matrix, drawn by Bartlett's decomposition
        one, mixed = math.sqrt(2.0 * rng.standard_gamma(0.5 * (dim - 3))), rng.standard_normal()
        two = math.sqrt(2.0 * rng.standard_gamma(0.5 * (dim - 4))) if dim > 4 else 0.0
        far, near, rest = a * one, b * one + c * mixed, c * two
        y[2] += far * far
        y[3] += far * near
        y[4] += near * near + rest * rest
    if model[5] > 0.0:
        project(y, model[0])


@kernel(error_model="numpy")
def sphere_verdict(y, ceiling, clear, model, regions):
    """What is certain of a pair on the sphere; `clear` is how far split overlaps have to be beyond their zero."""
    m1, m2, edge = model[0] * y[0], model[0] * y[1], abs(model[1]) + clear
    end = parted(m1, m2, edge)
    if end == UNDECIDED and abs(math.log(y[5])) <= regions[4]:
        return trapped(min(m1, m2), max(m1, m2), ceiling, regions[3])
    return end


@kernel(error_model="numpy")
def verdict(y, ceiling, model, regions):
    """What is certain of a pair whose temperature never again exceeds `ceiling`."""
    m1, m2 = model[0] * y[0], model[0] * y[1]
    if model[5] > 0.0:
        return sphere_verdict(y, ceiling, CLEAR * model[0] * model[0], model, regions)
    spread, distance = lengths(y)
    free = regions[0], regions[1], regions[2]
    end = certain_end(m1, m2, distance, ceiling, free)
    if end in (SPLIT, REVERSED) and min(abs(m1 - regions[0]), abs(m2 - regions[0])) < CLEAR * model[0]:
        return UNDECIDED
    return at_rest(m1, m2, model[0] * spread, free) if end == UNDECIDED and ceiling < 1.0 + COLD else end


@kernel(error_model="numpy")
def by_signs(y, model):
    """The verdict of training: free means by the signs of both overlaps, on the sphere by that of mu_1 . mu_2."""
    together = y[0] * y[1] + y[3] > 0.0 if model[5] > 0.0 else y[0] * y[1] > 0.0
    if together:
        return HEAVY if y[0] + y[1] > 0.0 else LIGHT
    return SPLIT if y[0] > y[1] else REVERSED


@kernel(error_model="numpy", nogil=True)
def noisy_means_run(rng, y, problem, noise, plan, quiet_from):
    """Train y in place with noise; (verdict, moves made). A run may end early from the move `quiet_from` on."""
    model, averages, regions = problem
    temperatures, ceilings, times, count = plan
    work = np.empty((2, 3)), np.empty((2, 2)), np.empty((2, 4))
    for i in range(temperatures.shape[0]):
        if i >= quiet_from:
            end = verdict(y, ceilings[i], model, regions)
            if end != UNDECIDED:
                return end, i
        noisy_step(rng, y, temperatures[i], times[i], noise, count, model, averages, work)
    return by_signs(y, model), temperatures.shape[0]
