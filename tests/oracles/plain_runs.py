"""Runs one after the other, in doubles: the plain route, which the package's engine of `Lanes` is compared with.

The models' rates, Jacobians, scales and fates are theirs; the method's tableau is `rosenbrock_kernels`'. Written out
here is all that a run does by itself: its steps, its panels of the temperature, its end, and its tangent.
"""

import math

import numpy as np

from anneal_theory._compiled import kernel, specialised
from anneal_theory.models import free_pair_kernels as free
from anneal_theory.models import free_pair_run_kernels as free_runs
from anneal_theory.models import sphere_means_kernels as means
from anneal_theory.models import sphere_pair_kernels as pair
from anneal_theory.models.free_pair import FreePair
from anneal_theory.models.run_kernels import DIFFERENCE, FADED, LINGERING, NUDGE, SHORTEST
from anneal_theory.models.sphere_pair import SpherePair
from anneal_theory.models.verdicts import FAILED, UNDECIDED
from anneal_theory.numerics.rosenbrock_kernels import GAMMA, NODES, STAGES, TIME_SLOPES, A, C
from anneal_theory.numerics.tangent_kernels import POLE


@kernel()
def temperature_at(clock, panel, temperatures):
    """(T, dT/dtau) at a time since the last joint, in or after `panel`; beyond the table T is constant."""
    highs, ends, coefficients = temperatures[1], temperatures[3], temperatures[4]
    if panel >= highs.shape[0]:
        return temperatures[6], 0.0
    while clock > highs[panel] and not ends[panel]:
        panel += 1
    half = 0.5 * (highs[panel] - temperatures[0][panel])
    u = min((clock - temperatures[0][panel]) / half - 1.0, 1.0)
    row = coefficients[panel]
    value = slope = 0.0
    for k in range(row.shape[0] - 1, -1, -1):
        slope = slope * u + value
        value = value * u + row[k]
    return value, slope / half


@kernel()
def filled(found, matrix, by_force):
    """Put a model's Jacobian into arrays."""
    rows, forced = found
    for i in range(len(rows)):
        by_force[i] = forced[i]
        for j in range(len(rows)):
            matrix[i, j] = rows[i][j]


@kernel(error_model="numpy", inline="always")
def factor(matrix, n):
    """LU factors in place, without pivoting: I/(gamma h) - J is dominated by its diagonal at accepted step sizes.

    The diagonal has the inverse pivots. `n` is the matrix's size; where that is a constant, LLVM unrolls the loops.
    """
    for k in range(n):
        if matrix[k, k] == 0.0:
            return False
        inverse = 1.0 / matrix[k, k]
        matrix[k, k] = inverse
        for i in range(k + 1, n):
            matrix[i, k] *= inverse
            for j in range(k + 1, n):
                matrix[i, j] -= matrix[i, k] * matrix[k, j]
    return True


@kernel(error_model="numpy", inline="always")
def solve_factored(matrix, rows, k, n):
    """Solve with the factors of `factor` for row k of some, in place. (A row taken out would cost a count.)"""
    for i in range(n):
        total = rows[k, i]
        for j in range(i):
            total -= matrix[i, j] * rows[k, j]
        rows[k, i] = total
    for i in range(n - 1, -1, -1):
        total = rows[k, i]
        for j in range(i + 1, n):
            total -= matrix[i, j] * rows[k, j]
        rows[k, i] = total * matrix[i, i]


def rosenbrock_step(y, clock, step, panel, parameters, tables, forcing, limits, tol, work, stages, matrix):  # noqa: C901
    """Advance `work[0]` from y by one step; the scaled error estimate (above 1: reject)."""
    new, slopes, by_force = work[0], work[1], work[2]
    force, force_slope = force_at(clock, panel, forcing)
    filled(jacobian(y, force, parameters, tables), matrix, by_force)
    inverse = 1.0 / step
    for i in range(VARIABLES):
        for j in range(VARIABLES):
            matrix[i, j] = -matrix[i, j]
        matrix[i, i] += inverse / GAMMA
    if not factor(matrix, VARIABLES):
        return math.inf
    here = force
    for s in range(STAGES):
        for i in range(VARIABLES):
            new[i] = y[i]
        for j in range(s):
            share = A[s, j]
            for i in range(VARIABLES):
                new[i] += share * stages[j, i]
        if s > 0 and NODES[s] != NODES[s - 1]:  # the last stages are at the end of the step
            here = force_at(clock + NODES[s] * step, panel, forcing)[0]
        given = rates(new, here, parameters, tables)
        pushed = step * TIME_SLOPES[s] * force_slope
        for i in range(VARIABLES):
            slopes[i] = given[i] + pushed * by_force[i]
        for j in range(s):
            share = C[s, j] * inverse
            for i in range(VARIABLES):
                slopes[i] += share * stages[j, i]
        for i in range(VARIABLES):
            stages[s, i] = slopes[i]
        solve_factored(matrix, stages, s, VARIABLES)
    for i in range(VARIABLES):
        new[i] += stages[STAGES - 1, i]
    scales = error_scales(y, new, tol, parameters, limits)
    worst = 0.0
    for i in range(VARIABLES):
        ratio = abs(stages[STAGES - 1, i]) / scales[i]
        if not ratio <= worst:
            worst = ratio
    return worst


@kernel(error_model="numpy", inline="always")
def tangent_step(matrix, step, change, rows, n):
    """Carry a small change of the state over a step, in place.

    Args:
        matrix: The Jacobian in the middle of the step, shape (n, n); overwritten.
        step: Its length.
        change: The first n entries, of what may be a longer array.
        rows: Room, shape (1, n) or more.
        n: How many variables.
    """
    for i in range(n):
        pushed = 0.0
        for j in range(n):
            pushed += matrix[i, j] * change[j]
        rows[0, i] = change[i] + (1.0 - 2.0 * POLE) * step * pushed
    inverse = 1.0 / (POLE * step)
    for i in range(n):
        for j in range(n):
            matrix[i, j] = -matrix[i, j]
        matrix[i, i] += inverse
    if factor(matrix, n):
        for _ in range(2):
            solve_factored(matrix, rows, 0, n)
            for i in range(n):
                rows[0, i] *= inverse
        for i in range(n):
            change[i] = rows[0, i]


def follow(y, new, clock, used, panel, parameters, averages, temperatures, tangent, work, stages, matrix):
    """Carry the tangent of a run over a step from y to new."""
    n = VARIABLES
    middle, by_force = work[1], work[2]
    for i in range(n):
        middle[i] = 0.5 * (y[i] + new[i])
    temperature = temperature_at(clock + 0.5 * used, panel, temperatures)[0]
    filled(jacobian(middle, temperature, parameters, averages), matrix, by_force)
    tangent_step(matrix, used, tangent, stages, n)
    longest = FADED
    for i in range(n):
        longest = max(longest, abs(tangent[i]))
    for i in range(n):
        tangent[i] /= longest
        middle[i] = new[i] + NUDGE * tangent[i]
    tangent[n] += math.log(longest)
    m1, m2 = overlaps(new, parameters)
    moved_1, moved_2 = overlaps(middle, parameters)
    # beside overlaps far beyond both modes, which a start may have, a change counts in proportion
    unit = NUDGE * (1.0 + (abs(m1) + abs(m2)) / parameters[0] ** 2)
    tangent[n + 1] = tangent[n] + math.log(max((abs(moved_1 - m1) + abs(moved_2 - m2)) / unit, FADED))
    tangent[n + 2] = max(tangent[n + 2], tangent[n + 1])


def evolve(y, parameters, averages, temperatures, regions, tol, max_steps, tangent):
    """Train y (changed in place) until its fate is certain, and its tangent, if it has one, no longer grows.

    tangent = (its direction, n entries, the largest 1; the logarithm of its length; then of its size in the overlaps,
    now and at its largest); an empty array: not followed.

    Returns:
        (verdict, clock, steps): a code of `verdicts`, UNDECIDED if `max_steps` were not enough; FAILED if the step
        size vanished.
    """
    highs, reaches, ends, ceilings = temperatures[1], temperatures[2], temperatures[3], temperatures[5]
    n, panels, followed = VARIABLES, highs.shape[0], tangent.shape[0] > 0
    work, stages, matrix = np.zeros((4, n)), np.zeros((STAGES, n)), np.zeros((n, n))
    before, clock, end, last = 0.0, 0.0, UNDECIDED, max_steps  # the clock at the last joint, and since then
    panel = np.int64(0)  # of a literal 0 the callees would be compiled a second time
    step = min(0.05, 0.5 * highs[0])
    for count in range(max_steps):
        if end == UNDECIDED:
            ceiling = ceilings[panel] if panel < panels else temperatures[6]
            end = fate(y, ceiling, panel == panels, parameters, regions)
            last = count + LINGERING
        if end != UNDECIDED and (not followed or tangent[n + 1] < tangent[n + 2] or count >= last):
            return end, before + clock, count
        limit = reaches[panel] - clock if panel < panels else math.inf
        landing = step >= limit * (1.0 - 1e-12)
        used = limit if landing else step
        error = one_step(y, clock, used, panel, parameters, averages, temperatures, regions, tol, work, stages, matrix)
        factor_ = 0.9 * max(error, 1e-10) ** -0.2
        if error <= 1.0:
            if followed:
                follow_step(
                    y, work[0], clock, used, panel, parameters, averages, temperatures, tangent, work, stages, matrix
                )
            clock = reaches[panel] if landing else clock + used
            for i in range(n):
                y[i] = work[0, i]
            grown = used * min(5.0, max(0.3, factor_))
            step = max(step, grown) if landing else grown
            while panel < panels and clock >= highs[panel]:
                if ends[panel]:
                    before, clock = before + clock, 0.0
                panel += 1
        else:
            step = used * (max(0.1, min(0.8, factor_)) if error < math.inf else 0.1)
            if step < SHORTEST:  # below the last digit of a long clock the temperature stands still, the run need not
                return FAILED, before + clock, count
    return end, before + clock, max_steps


def plain_evolve(model, variables, rates, jacobian, error_scales, fate, overlaps):
    """`evolve` for a model."""
    parts = {"force_at": temperature_at, "rates": rates, "jacobian": jacobian, "error_scales": error_scales}
    size, fast = {"VARIABLES": variables}, {"error_model": "numpy"}
    step = specialised(rosenbrock_step, model, parts | size, **fast)
    followed = specialised(follow, model, {"jacobian": jacobian, "overlaps": overlaps} | size, **fast)
    return specialised(evolve, model, {"one_step": step, "fate": fate, "follow_step": followed} | size, **fast)


_EVOLVE = {
    "reduced": plain_evolve(
        "free_pair_reduced", 3, free.reduced_rates, free.reduced_jacobian, free_runs.reduced_scales,
        free_runs.reduced_fate, free.reduced_overlaps,
    ),
    "full": plain_evolve(
        "free_pair_full", 5, free.full_rates, free.full_jacobian, free_runs.full_scales, free_runs.full_fate,
        free_runs.full_overlaps,
    ),
    "sphere_pair": plain_evolve(
        "sphere_pair", 4, pair.rates, pair.jacobian, pair.error_scales, pair.fate, pair.overlaps
    ),
    "sphere_means": plain_evolve(
        "sphere_means", 5, means.rates, means.jacobian, means.error_scales, means.fate, means.overlaps
    ),
}  # fmt: skip
PLACE = {
    "reduced": free_runs.reduced_place, "full": free_runs.full_place, "sphere_pair": pair.start_state,
    "sphere_means": means.start_state,
}  # fmt: skip


def kind_of(model, variables):
    """Which equations a model's runs with so many variables have."""
    if isinstance(model, FreePair):
        return "full" if variables == 5 else "reduced"
    return "sphere_pair" if isinstance(model, SpherePair) else "sphere_means"


def plain_temperatures(table):
    """A temperature table as `temperature_at` and `evolve` take it."""
    return table.lows, table.highs, table.reaches, table.ends, table.coefficients, table.ceilings, table.final


def plain_run(model, y, tol, max_steps, tangent=None):
    """(verdict, clock, steps) of a model's run from y, which is changed in place, as is its tangent if it has one."""
    parameters, averages, _, regions = model.packed
    own = np.empty(0) if tangent is None else tangent
    evolve_own = _EVOLVE[kind_of(model, len(y))]
    return evolve_own(y, parameters, averages, plain_temperatures(model.temperatures), regions, tol, max_steps, own)


def plain_departure(model, start, log_alignment, tol, max_steps, variables, followed=True):
    """(verdict, logarithm of the inverse growth, steps) of the run of a start in a model's coordinates."""
    place, y, moved = PLACE[kind_of(model, variables)], np.zeros(variables), np.zeros(variables)
    place(start, log_alignment + DIFFERENCE, model.parameters, moved)
    place(start, log_alignment, model.parameters, y)
    tangent = np.append((moved - y) / DIFFERENCE, [0.0, -math.inf, -math.inf])
    end, _, steps = plain_run(model, y, tol, max_steps, tangent if followed else None)
    return end, -tangent[-1] if followed else 0.0, steps
