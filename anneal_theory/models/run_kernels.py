"""Compiled runs of any model to their verdict, as many at once as `Lanes` hold, in the clock in which only the pair's
push is tempered.

A problem travels as (parameters, averages, temperatures, regions), so that one compilation serves all of a model's:
    parameters   = an array
    averages     = on panels, see averages.tables
    temperatures = panels against the clock since the last joint and how runs pass them, see temperature_kernels
    regions      = what decides a run's fate

Each lane has a run of its own: its state, clock, step and panel, and the search that it belongs to. A lane whose search
is over takes the next start that waits. No lane sees another, so that a run's numbers depend on its start alone.

Runs may be followed: beside a state goes what a small change of the alignment at the start has become, its direction
(the largest entry 1), the logarithm of its length, then of its size in the overlaps, now and at its largest. Near the
separatrix that size grows until the pair has chosen, so that one over its largest value measures how far off it the
start was.
"""

import math
from typing import Any

import numpy as np

from anneal_theory._compiled import INNER, kernel, specialised
from anneal_theory.models import separatrix_kernels as separatrix
from anneal_theory.models import temperature_kernels
from anneal_theory.models.verdicts import FAILED, HEAVY, LIGHT, REVERSED, SPLIT, UNDECIDED
from anneal_theory.numerics.lane_kernels import LANES, any_of, as_doubles, where, whole
from anneal_theory.numerics.lane_memory_kernels import lanes_of, put, taken
from anneal_theory.numerics.rosenbrock_kernels import STAGES, rosenbrock_step
from anneal_theory.numerics.tangent_kernels import tangent_step

SHORTEST = 1e-250  # step
NUDGE = 1e-6  # of a state, to see what its direction does to the overlaps
FADED = 1e-290  # a size below this counts as this
LINGERING = 60  # steps after the verdict, at most, in which a followed change may still grow
DIFFERENCE = 1e-4  # of the logarithm of the alignment, between two starts whose difference is the first tangent
# Rows of what a lane's run has beside its state: the last three are of its change.
CLOCK, STEP, PANEL, TAKEN, END, LAST, OPEN, OVER, LENGTH, NOW, LARGEST = range(11)
ROWS = 11


def followed(work, clock, used, panel, accepted, length, parameters, averages, panels):
    """(logarithms of the length of the runs' changes, and of their sizes in the overlaps) after an accepted step."""
    n, new, matrix = VARIABLES, VARIABLES, (3 + STAGES) * VARIABLES
    room, change = 2 * VARIABLES, (3 + STAGES) * VARIABLES + VARIABLES * VARIABLES
    middle = room + VARIABLES
    for i in range(n):
        put(work, middle + i, 0.5 * (lanes_of(work, i) + lanes_of(work, new + i)))
    row = temperature_kernels.row(panel, panels)
    temperature = temperature_kernels.temperature(clock + 0.5 * used, row, panel, panels)
    rows, _ = jacobian(taken(work, middle, VARIABLES), temperature, parameters, averages)
    put(work, matrix, rows)
    tangent_step(work, matrix, used, change, room, n)
    longest = 0.0 * used + FADED
    for i in range(n):
        longest = np.maximum(longest, abs(lanes_of(work, room + i)))
    for i in range(n):
        turned = lanes_of(work, room + i) / longest
        put(work, change + i, where(accepted, turned, lanes_of(work, change + i)))
        put(work, middle + i, lanes_of(work, new + i) + NUDGE * turned)
    length = length + np.log(longest)
    m1, m2 = overlaps(taken(work, new, VARIABLES), parameters)
    moved_1, moved_2 = overlaps(taken(work, middle, VARIABLES), parameters)
    # beside overlaps far beyond both modes, which a start may have, a change counts in proportion
    unit = NUDGE * (1.0 + (abs(m1) + abs(m2)) / parameters[0] ** 2)
    return length, length + np.log(np.maximum((abs(moved_1 - m1) + abs(moved_2 - m2)) / unit, FADED))


def advance(work, control, parameters, averages, temperatures, regions, tol, max_steps, follows):
    """Step all runs until one of them is over or more: its fate is certain, and its change no longer grows."""
    panels, passing = temperatures
    clock, step, panel = lanes_of(control, CLOCK), lanes_of(control, STEP), whole(lanes_of(control, PANEL))
    taken_, end, last = lanes_of(control, TAKEN), whole(lanes_of(control, END)), lanes_of(control, LAST)
    length, now, largest = lanes_of(control, LENGTH), lanes_of(control, NOW), lanes_of(control, LARGEST)
    open_, ahead = lanes_of(control, OPEN) > 0.5, temperature_kernels.ahead(panel, passing)
    while True:
        verdict = fate(
            taken(work, 0, VARIABLES),
            ahead[temperature_kernels.CEILING],
            ahead[temperature_kernels.SETTLED] > 0.5,
            parameters,
            regions,
        )
        last = where(end == UNDECIDED, taken_ + LINGERING, last)
        end = where(end == UNDECIDED, verdict, end)
        over = end != UNDECIDED
        if follows:
            over = over & ((now < largest) | (taken_ >= last) | (end == FAILED))
        over = open_ & (over | (taken_ >= max_steps))
        if any_of(over):
            break
        limit = ahead[temperature_kernels.REACH] - clock
        landing = step >= limit * (1.0 - 1e-12)
        used = where(landing, limit, step)
        error = one_step(work, clock, used, panel, parameters, averages, panels, regions, tol)
        factor_ = 0.9 * np.exp(-0.2 * np.log(np.maximum(error, 1e-10)))
        accepted = open_ & (error <= 1.0)
        if follows:
            long, size = follow_step(work, clock, used, panel, accepted, length, parameters, averages, panels)
            length, now = where(accepted, long, length), where(accepted, size, now)
            largest = where(accepted, np.maximum(largest, now), largest)
        for i in range(VARIABLES):
            put(work, i, where(accepted, lanes_of(work, VARIABLES + i), lanes_of(work, i)))
        clock = where(accepted, where(landing, ahead[temperature_kernels.REACH], clock + used), clock)
        grown = used * np.minimum(np.maximum(factor_, 0.3), 5.0)
        shrunk = used * where(error < np.inf, np.minimum(np.maximum(factor_, 0.1), 0.8), 0.1)
        step = where(accepted, where(landing, np.maximum(step, grown), grown), where(open_, shrunk, step))
        # below the last digit of a long clock the temperature stands still, the run need not
        end = where(open_ & (step < SHORTEST), FAILED, end)
        taken_ = taken_ + 1.0
        clock, panel, ahead = temperature_kernels.passed(clock, panel, ahead, accepted, passing)
    put(control, CLOCK, (clock, step, as_doubles(panel), taken_, as_doubles(end), last))
    put(control, OVER, (where(over, 1.0, 0.0), length, now, largest))


def begin(lane, start, log_alignment, problem, follows, work, control, y, change):
    """Set a run into a lane: its first state, and the first change of it."""
    parameters, temperatures = problem[0], problem[2]
    at = ((3 + STAGES) + VARIABLES) * VARIABLES
    if follows:
        place(start, log_alignment + DIFFERENCE, parameters, change)
    place(start, log_alignment, parameters, y)
    for i in range(VARIABLES):
        work[i * LANES + lane] = y[i]
        if follows:
            work[(at + i) * LANES + lane] = (change[i] - y[i]) / DIFFERENCE
    for row in range(ROWS):
        control[row * LANES + lane] = 0.0
    control[STEP * LANES + lane] = temperature_kernels.first_step(temperatures)
    control[OPEN * LANES + lane] = 1.0
    control[NOW * LANES + lane] = control[LARGEST * LANES + lane] = -math.inf


def searches(starts, places, curves, limits, follows, problem, tol, max_steps):
    """(numbers, verdicts, runs, steps in all) for many starts of a model, shape (n, coordinates).

    Without curves, shape (2, 2, 0): of one run a start, at these logarithms of the alignment; its number is the
    logarithm of the inverse growth if it is followed, else 0. With curves, of collapsed and of split runs, shape
    (2, 2, points): of a search from there; its number is the logarithm of the threshold, and its verdict that of the
    last run, UNDECIDED where that is all one knows.

    Args:
        limits: Where a search ends, lowest and highest (the threshold is then -inf or inf), and how far off a
            threshold may be.
        problem, tol, max_steps: As runs take them.
    """
    parameters, averages, temperatures, regions = problem
    count, searching = starts.shape[0], curves.shape[2] > 0
    numbers, ends, runs, steps = np.empty(count), np.empty(count, dtype=np.int64), 0, 0
    work, control = np.zeros(((4 + STAGES) + VARIABLES) * VARIABLES * LANES), np.zeros(ROWS * LANES)
    memory, y, change = np.zeros((LANES, separatrix.MEMORY)), np.zeros(VARIABLES), np.zeros(VARIABLES)
    which, waiting, busy = np.full(LANES, -1), 0, 0
    for lane in range(LANES):
        control[STEP * LANES + lane] = 1.0
        control[PANEL * LANES + lane] = passed_all(temperatures)
        if waiting < count:
            search_begun(memory[lane], places[waiting], limits)
            x = memory[lane, separatrix.PLACE] if searching else places[waiting]
            begin_run(lane, starts[waiting], x, problem, follows, work, control, y, change)
            which[lane], waiting, busy = waiting, waiting + 1, busy + 1
    while busy > 0:
        advance_all(work, control, parameters, averages, temperatures, regions, tol, float(max_steps), follows)
        for lane in range(LANES):
            if control[OVER * LANES + lane] < 0.5:
                continue
            i, end = which[lane], int(control[END * LANES + lane])
            log_off = -control[LARGEST * LANES + lane] if follows else 0.0
            runs, steps, done, number = runs + 1, steps + int(control[TAKEN * LANES + lane]), True, log_off
            if searching:
                done, number, end = search_goes_on(memory[lane], end, log_off, curves, limits, parameters)
            if done:
                numbers[i], ends[i] = number, end
                control[OPEN * LANES + lane], control[OVER * LANES + lane] = 0.0, 0.0
                if waiting == count:
                    busy -= 1
                    continue
                i = which[lane] = waiting
                waiting += 1
                search_begun(memory[lane], places[i], limits)
            x = memory[lane, separatrix.PLACE] if searching else places[i]
            begin_run(lane, starts[i], x, problem, follows, work, control, y, change)
    return numbers, ends, runs, steps


@kernel(**INNER)
def collapsed_or_split(end, parameters):
    """On which side of the threshold a verdict is."""
    if end in (HEAVY, LIGHT):
        return separatrix.BELOW
    return separatrix.ABOVE if end in (SPLIT, REVERSED) else -1


def compiled_searches(
    model: str, variables: int, rates: object, jacobian: object, error_scales: object, fate: object, overlaps: object,
    place: object, side_of: object = collapsed_or_split,
) -> Any:  # fmt: skip
    """`searches` for a model.

    Args:
        model: Its name.
        variables: Of a state.
        rates: Kernel (y, temperature, parameters, averages), a tuple; this and what follows up to `overlaps` take
            doubles or Lanes.
        jacobian: Kernel (y, temperature, parameters, averages): rows of derivatives in y, and those in the temperature.
        error_scales: Kernel (y, new, tol, parameters, regions): what each variable may be off by in a step to new.
        fate: Kernel (y, ceiling, settled, parameters, regions): the verdict of a run whose temperature never again
            exceeds `ceiling`, and no longer changes when `settled`.
        overlaps: Kernel (y, parameters): (m1, m2).
        place: Kernel (start, log_alignment, parameters, y): the state of a start in the model's coordinates.
        side_of: Kernel (end, parameters): on which side of the threshold a verdict is, -1 for none.
    """
    size, fast = {"VARIABLES": variables}, INNER | {"error_model": "numpy"}
    force = {
        "force_row": temperature_kernels.row,
        "slope_in": temperature_kernels.slope,
        "force_in": temperature_kernels.temperature,
    }
    parts = {"rates": rates, "jacobian": jacobian, "error_scales": error_scales}
    step = specialised(rosenbrock_step, model, parts | force | size, **fast)
    follow = specialised(followed, model, {"jacobian": jacobian, "overlaps": overlaps} | size, **fast)
    moved = specialised(advance, model, {"one_step": step, "follow_step": follow, "fate": fate} | size, **fast)
    begun = specialised(begin, model, {"place": place} | size, **fast)
    distance_at = kernel(**INNER)(separatrix.distance_of)
    goes_on = specialised(separatrix.search_goes_on, model, {"distance_at": distance_at, "side_of": side_of}, **INNER)
    loops = {"advance_all": moved, "begin_run": begun, "passed_all": temperature_kernels.passed_all,
             "search_goes_on": goes_on, "search_begun": kernel(**INNER)(separatrix.search_begun)}  # fmt: skip
    return specialised(searches, model, loops | size, nogil=True)
