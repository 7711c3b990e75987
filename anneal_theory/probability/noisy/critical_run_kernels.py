"""Compiled critical runs of any model, and covectors along them: of the separatrix backwards, of laws forwards.

A critical run starts on the separatrix. The gradient p of a function that is zero on the separatrix obeys the
transposed linear flow backwards from where the run leaves it; what a kick of noise at any time is worth at the start is
its product with p. Slopes of the logarithm of a law obey it forwards, with a source.

grid    = (times, temperatures, paces): times of the nodes; temperatures at the begin, middle and end of each step; the
          time of tempered flow that a unit of time makes there, alike. Steps go in pairs, no kink inside a pair.
problem = (parameters, averages, regions) of the model

`compiled_critical_runs` puts the model's functions for the names below that have no body.
"""

from typing import Any

import numpy as np

from anneal_theory._compiled import specialised
from anneal_theory.models.verdicts import UNDECIDED

COLD = 1e-6  # above T = 1, from where a run may be at rest
_FAST = {"error_model": "numpy"}


def stepped(y, length, temperatures, paces, problem, work, out):
    """A step of Runge and Kutta's from y; the pace of time is that of the model's clock, over T."""
    for stage in range(4):
        place = (stage + 1) // 2  # begin, middle, middle, end
        share = length * (0.5 if stage < 3 else 1.0)
        for k in range(VARIABLES):
            work[4, k] = y[k] + (share * work[stage - 1, k] if stage > 0 else 0.0)
        velocity = rates(work[4], temperatures[place], problem[0], problem[1])
        clock = clock_of(paces[place], temperatures[place])
        for k in range(VARIABLES):
            work[stage, k] = clock * velocity[k]
    for k in range(VARIABLES):
        out[k] = y[k] + length / 6.0 * (work[0, k] + 2.0 * work[1, k] + 2.0 * work[2, k] + work[3, k])


def run_along(states, grid, ceilings, problem):
    """Fill the states of a run from the first one; an even number of steps, after which its fate is certain."""
    times, temperatures, paces = grid
    work = np.empty((5, VARIABLES))
    for i in range(times.shape[0] - 1):
        if i % 2 == 0 and fate(states[i], ceilings[i], ceilings[i] < 1.0 + COLD, problem[0], problem[2]) != UNDECIDED:
            return i
        one_step(states[i], times[i + 1] - times[i], temperatures[i], paces[i], problem, work, states[i + 1])
    return times.shape[0] - 1


def pulled(p, y, temperature, pace, problem, out):
    """The rate of a covector along a run: less what the transposed Jacobian makes of it, and less its source."""
    rows = jacobian(y, temperature, problem[0], problem[1])[0]
    clock = clock_of(pace, temperature)
    for k in range(VARIABLES):
        out[k] = 0.0
    source(y, temperature, problem, out)
    for k in range(VARIABLES):
        for i in range(VARIABLES):
            out[k] += p[i] * rows[i][k]
    for k in range(VARIABLES):
        out[k] *= -clock


def carried(p, states, first, last, grid, problem, slopes, middle, new):
    """A step of Runge and Kutta's over a pair of steps, on or back, whose middle is a node; p there by Hermite."""
    times, temperatures, paces = grid
    span, near = times[last] - times[first], min(first, last)
    for stage in range(5):
        share = 0.5 * span if stage < 3 else span
        for k in range(VARIABLES):
            if stage < 4:
                new[k] = p[k] + (share * slopes[stage - 1, k] if stage > 0 else 0.0)
            else:
                new[k] = p[k] + span / 6.0 * (slopes[0, k] + 2.0 * slopes[1, k] + 2.0 * slopes[2, k] + slopes[3, k])
        node = first if stage == 0 else (near + 1 if stage < 3 else last)
        step, side = (near, 0) if node == near else ((near, 2) if node == near + 1 else (near + 1, 2))
        pull(new, states[node], temperatures[step, side], paces[step, side], problem, slopes[min(stage, 3)])
    for k in range(VARIABLES):
        middle[k] = 0.5 * (p[k] + new[k]) + 0.125 * span * (slopes[0, k] - slopes[3, k])


def summed_back(p, states, steps, grid, problem, extra, powers, sums):
    """Sum what a covector is worth along a run back to its start, by Simpson's rule over pairs; p there, of any length.

    Args:
        p: At the end of the run; changed.
        powers: Of p in each sum. p is kept at the length 1, and the sums in the units of p.
        extra: What the model's `moved` takes beside the state.
        sums: Filled.
    """
    times, temperatures, paces = grid
    new, middle, slopes = np.empty(VARIABLES), np.empty(VARIABLES), np.empty((4, VARIABLES))
    ends = np.empty((3, sums.shape[0]))
    sums[:] = 0.0
    for i in range(steps - 2, -1, -2):
        span, late = times[i + 2] - times[i], i + 1
        carry(p, states, i + 2, i, grid, problem, slopes, middle, new)
        moved(p, i + 2, states[i + 2], temperatures[late, 2], paces[late, 2], problem, extra, ends[2])
        moved(middle, late, states[late], temperatures[i, 2], paces[i, 2], problem, extra, ends[1])
        moved(new, i, states[i], temperatures[i, 0], paces[i, 0], problem, extra, ends[0])
        size = 0.0
        for k in range(VARIABLES):
            size += abs(new[k])
        for k in range(sums.shape[0]):
            here = sums[k] + span / 6.0 * (ends[0, k] + 4.0 * ends[1, k] + ends[2, k])
            sums[k] = here / size ** powers[k]
        for k in range(VARIABLES):
            p[k] = new[k] / size


def summed_on(q, states, steps, grid, problem, out):
    """Fill a covector at the nodes of a run from its start on."""
    middle, new, slopes = np.empty(VARIABLES), np.empty(VARIABLES), np.empty((4, VARIABLES))
    out[0] = q
    for i in range(0, steps - 1, 2):
        carry(out[i], states, i, i + 2, grid, problem, slopes, middle, new)
        out[i + 1], out[i + 2] = middle, new


def no_source(y, temperature, problem, out):
    """Gradients of what a flow keeps have none."""


def compiled_critical_runs(
    model: str, variables: int, clock: object, rates: object, jacobian: object, fate: object, moved: object,
    source: object | None = None,
) -> tuple[Any, ...]:  # fmt: skip
    """(`run_along`, `summed_back`) for a model, and `summed_on` for the covectors that have its source, if it has one.

    Args:
        model: Its name.
        variables: Of a state.
        clock: Kernel (time, temperature): the model's clock that a time of the tempered flow makes.
        rates: Kernel (y, temperature, parameters, averages), a tuple.
        jacobian: Kernel (y, temperature, parameters, averages): rows of derivatives in y, then others.
        fate: Kernel (y, ceiling, settled, parameters, regions): the verdict of a state.
        moved: Kernel (p, node, y, temperature, pace, problem, extra, out): rates of what is summed.
        source: Kernel (y, temperature, problem, out): adds the source of a law's slopes, in the clock.
    """
    size = {"VARIABLES": variables, "clock_of": clock}
    step = specialised(stepped, model, {"rates": rates} | size, **_FAST)
    run = specialised(run_along, model, {"one_step": step, "fate": fate} | size, **_FAST)

    def carrying(name: str, own: object) -> Any:
        pull = specialised(pulled, name, {"jacobian": jacobian, "source": own} | size, **_FAST)
        return specialised(carried, name, {"pull": pull} | size, **_FAST)

    none = specialised(no_source, model, {}, **_FAST)
    back = specialised(summed_back, model, {"carry": carrying(model, none), "moved": moved} | size, **_FAST)
    if source is None:
        return run, back
    return run, back, specialised(summed_on, model, {"carry": carrying(f"{model}_law", source)} | size, **_FAST)
