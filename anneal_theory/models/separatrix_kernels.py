"""Compiled search for the separatrix by runs that tell how far off it they started.

A run's verdict says on which side of the threshold it is. What a small change of its start has grown to (`run_kernels`)
says how far: the inverse of that, times a number that hardly depends on the start. The number is read off a curve,
log distance against log inverse growth, which `threshold.departures` measures once; so a search takes about three
runs, where bisection takes twenty.
"""

import math

import numpy as np

from anneal_theory.models.verdicts import UNDECIDED

DIFFERENCE = 1e-4  # of the logarithm of the alignment, between two starts whose difference is the first tangent
MOST_RUNS = 150
SLOW = 3  # runs in which the bracket must have halved
CAREFUL = 5.0  # the last step of a search errs by this many times what it is of the one before, at most
NEAR = 0.3  # from a threshold: where two runs on one side try the curve
# Where no two runs on one side have tried the curve, a distance errs by this share of it. On eight cells of a map that
# was 0.2 at most for free means; on the sphere more, next to y_u, where little depends on it.
UNTRIED = 0.3
BEYOND = 0.05  # of a distance: what a run aims beyond the threshold by, to have both verdicts
WIDEN = 3.0  # what a search grows by that has met one side alone
BELOW, ABOVE = 0, 1  # the threshold, as a verdict tells
LEAST_CORRECTION, MOST_CORRECTION = 0.03, 30.0


def departed(start, log_alignment, problem, tol, max_steps, y, tangent):
    """(verdict, logarithm of the inverse growth, steps) of one run; an empty tangent: 0 for the second."""
    parameters, averages, temperatures, regions = problem
    n, followed = y.shape[0], tangent.shape[0] > 0
    if followed:
        place(start, log_alignment + DIFFERENCE, parameters, y)
        for i in range(n):
            tangent[i] = y[i]
    place(start, log_alignment, parameters, y)
    if followed:
        for i in range(n):
            tangent[i] = (tangent[i] - y[i]) / DIFFERENCE
        tangent[n], tangent[n + 1], tangent[n + 2] = 0.0, -math.inf, -math.inf
    end, _, steps = run(y, parameters, averages, temperatures, regions, tol, max_steps, tangent)
    return end, -tangent[n + 2] if followed else 0.0, steps


def distance_of(log_off, curve):
    """The distance from the threshold, from the logarithm of the inverse growth; curve: (log off, log distance)."""
    places, values = curve[0], curve[1]
    last = places.shape[0] - 1
    if log_off <= places[0]:
        log_distance = values[0] + log_off - places[0]
    elif log_off >= places[last]:
        log_distance = values[last] + log_off - places[last]
    else:
        k = 1
        while log_off > places[k]:
            k += 1
        share = (log_off - places[k - 1]) / (places[k] - places[k - 1])
        log_distance = values[k - 1] + share * (values[k] - values[k - 1])
    return math.exp(min(log_distance, 300.0))


def one_threshold(start, guess, curves, limits, problem, tol, max_steps, y, tangent):  # noqa: C901
    """(log threshold, last verdict, runs, steps) of one start; where a run stayed undecided, its place and verdict."""
    lowest, highest, width = limits
    low, high, x, steps = -math.inf, math.inf, min(max(guess, lowest), highest), 0
    correction, last_x, last_distance, last_side, since, old_width = np.ones(2), 0.0, math.inf, -1, 0, math.inf
    for count in range(1, MOST_RUNS + 1):
        end, log_off, taken = one_departure(start, x, problem, tol, max_steps, y, tangent)
        steps += taken
        side = side_of(end, problem[0])
        if side == BELOW:
            sign, low = 1.0, x
        elif side == ABOVE:
            sign, high = -1.0, x
        else:
            return x, end, count, steps
        if (side == BELOW and x >= highest) or (side == ABOVE and x <= lowest):
            return sign * math.inf, end, count, steps
        distance = correction[side] * distance_at(log_off, curves[side])
        twice = side == last_side and NEAR > last_distance > distance
        ratio = 1.0
        if twice:
            ratio = abs(x - last_x) / (last_distance - distance)
        elif side == 1 - last_side and max(distance, last_distance) < NEAR:
            ratio = abs(x - last_x) / (last_distance + distance)
        ratio = min(max(ratio, LEAST_CORRECTION), MOST_CORRECTION)
        correction[side] *= ratio
        # Where two distances contradict each other either may be wrong: the larger counts as what is left.
        farthest = distance * max(ratio, 1.0)
        distance *= ratio
        share = min(CAREFUL * distance / last_distance, 1.0) if twice else min(UNTRIED + abs(ratio - 1.0), 1.0)
        aim = x + sign * distance
        if high - low <= width:
            return 0.5 * (low + high), end, count, steps
        # Runs part at other saddles too (a warm pair goes to either mode before a pulse): both verdicts are needed.
        if count > 1 and low < aim < high < math.inf and low > -math.inf and share * farthest <= width:
            return aim, end, count, steps
        since += 1
        if high - low <= 0.5 * old_width:
            since, old_width = 0, high - low
        if high - low < math.inf and (since > SLOW or not low < aim < high):
            aim, since, old_width = 0.5 * (low + high), 0, high - low
        elif high - low == math.inf and side == last_side and distance > 0.5 * last_distance:
            aim = x + sign * max(distance, WIDEN * abs(x - last_x))
        elif high - low == math.inf:
            # a little beyond: to the other side
            aim += sign * max(min(share, BEYOND) * distance, 0.5 * width)
        if aim == x:  # no double lies between
            return x, end, count, steps
        last_x, last_distance, last_side, x = x, distance, side, min(max(aim, lowest), highest)
    return x, UNDECIDED, MOST_RUNS, steps


def searches(starts, places, curves, limits, followed, problem, tol, max_steps):
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
    count = starts.shape[0]
    numbers, ends, runs, steps = np.empty(count), np.empty(count, dtype=np.int64), 0, 0
    y, tangent = np.empty(VARIABLES), np.empty(VARIABLES + 3 if followed else 0)
    for i in range(count):
        if curves.shape[2] == 0:
            ends[i], numbers[i], taken = one_departure(starts[i], places[i], problem, tol, max_steps, y, tangent)
            made = 1
        else:
            numbers[i], ends[i], made, taken = one_search(
                starts[i], places[i], curves, limits, problem, tol, max_steps, y, tangent
            )
        runs, steps = runs + made, steps + taken
    return numbers, ends, runs, steps
