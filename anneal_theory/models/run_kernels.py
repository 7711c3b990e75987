"""Compiled integration of single training runs of any model, in the clock in which only the pair's push is tempered.

A problem travels as (parameters, averages, temperatures, regions), so that one compilation serves all of a model's:
    parameters   = an array
    averages     = on panels, see averages.tables
    temperatures = (lows, highs, reaches, ends, coefficients, ceilings, final) against the clock since the last joint,
                   see temperature_table
    regions      = what decides a run's fate

A run may be followed: beside its state goes what a small change of the alignment at the start has become, as
    tangent = (its direction, n entries, the largest 1; the logarithm of its length; then of its size in the overlaps,
              now and at its largest)
Near the separatrix that size grows until the pair has chosen, so that one over its largest value tells how far off the
separatrix the start was. An empty array: not followed.
"""

import math
from typing import Any

import numpy as np

from anneal_theory._compiled import kernel, specialised
from anneal_theory.models import separatrix_kernels as separatrix
from anneal_theory.models.verdicts import FAILED, HEAVY, LIGHT, REVERSED, SPLIT, UNDECIDED
from anneal_theory.numerics.rosenbrock_kernels import STAGES, rosenbrock_step
from anneal_theory.numerics.tangent_kernels import tangent_step

SHORTEST = 1e-250  # step
NUDGE = 1e-6  # of a state, to see what its direction does to the overlaps
FADED = 1e-290  # a size below this counts as this
LINGERING = 60  # steps after the verdict, at most, in which a followed change may still grow


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


def follow(y, new, clock, used, panel, parameters, averages, temperatures, tangent, work, stages, matrix):
    """Carry the tangent of a run over a step from y to new."""
    n = VARIABLES
    middle, by_force = work[1], work[2]
    for i in range(n):
        middle[i] = 0.5 * (y[i] + new[i])
    temperature = temperature_at(clock + 0.5 * used, panel, temperatures)[0]
    jacobian(middle, temperature, parameters, averages, matrix, by_force)
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


def outcomes(starts, problem, tol, max_steps):
    """Codes of `verdicts` for many starts, shape (n, variables), which stay as they are, and the steps taken in all."""
    parameters, averages, temperatures, regions = problem
    codes, steps, alone = np.empty(starts.shape[0], dtype=np.int64), 0, np.empty(0)
    y = np.empty(starts.shape[1])
    for i in range(starts.shape[0]):
        for k in range(starts.shape[1]):
            y[k] = starts[i, k]
        codes[i], _, count = run(y, parameters, averages, temperatures, regions, tol, max_steps, alone)
        steps += count
    return codes, steps


@kernel()
def collapsed_or_split(end, parameters):
    """Which side of the threshold a verdict tells of."""
    if end in (HEAVY, LIGHT):
        return separatrix.BELOW
    return separatrix.ABOVE if end in (SPLIT, REVERSED) else -1


def compiled_evolve(
    model: str, variables: int, rates: object, jacobian: object, error_scales: object, fate: object, overlaps: object
) -> Any:
    """`evolve` for a model.

    Args:
        model: Its name.
        variables: Of a state.
        rates: Kernel (y, temperature, parameters, averages, out).
        jacobian: Kernel (y, temperature, parameters, averages, matrix, by_temperature).
        error_scales: Kernel (y, new, tol, parameters, regions, out): what each variable may be off by in a step to new.
        fate: Kernel (y, ceiling, settled, parameters, regions): the verdict of a run whose temperature never again
            exceeds `ceiling`, and no longer changes when `settled`.
        overlaps: Kernel (y, parameters): (m1, m2).
    """
    parts = {"force_at": temperature_at, "rates": rates, "jacobian": jacobian, "error_scales": error_scales}
    size, fast = {"VARIABLES": variables}, {"error_model": "numpy"}
    step = specialised(rosenbrock_step, model, parts | size, **fast)
    followed = specialised(follow, model, {"jacobian": jacobian, "overlaps": overlaps} | size, **fast)
    return specialised(evolve, model, {"one_step": step, "fate": fate, "follow_step": followed} | size, **fast)


def compiled_outcomes(model: str, run: object) -> Any:
    """`outcomes` for a model with this `evolve`."""
    return specialised(outcomes, model, {"run": run}, nogil=True)


def compiled_searches(
    model: str, run: object, place: object, variables: int, side_of: object = collapsed_or_split
) -> Any:
    """`separatrix_kernels.searches` for a model with this `evolve`.

    Args:
        model: Its name.
        run: Its `evolve`.
        place: Kernel (start, log_alignment, parameters, y): the state of a start in the model's coordinates.
        variables: Of a state.
        side_of: Kernel (end, parameters): which side of the threshold a verdict tells of, -1 for none.
    """
    one = specialised(separatrix.departed, model, {"run": run, "place": place})
    distance_at = kernel()(separatrix.distance_of)
    parts = {"one_departure": one, "distance_at": distance_at, "side_of": side_of}
    search = specialised(separatrix.one_threshold, model, parts)
    loops = {"one_departure": one, "one_search": search, "VARIABLES": variables}
    return specialised(separatrix.searches, model, loops, nogil=True)
