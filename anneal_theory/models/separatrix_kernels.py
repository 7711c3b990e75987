"""Compiled search for the separatrix by runs that tell how far off it they started.

A run's verdict says on which side of the threshold it is. What a small change of its start has grown to (`run_kernels`)
says how far: the inverse of that, times a number that hardly depends on the start. The number is read off a curve,
log distance against log inverse growth, which `threshold.departures` measures once; so a search takes about three
runs, where bisection takes twenty.
"""

import math

from anneal_theory.models.verdicts import UNDECIDED

MOST_RUNS = 150
SLOW = 3  # runs in which the bracket must have halved
CAREFUL = 5.0  # the last step of a search errs by this many times what it is of the one before, at most
NEAR = 0.3  # from a threshold: where two runs on one side try the curve
# Where no two runs on one side have tried the curve, a distance errs by this share of it. On eight cells of a map that
# was 0.2 at most for free means; on the sphere more, next to y_u, where little depends on it.
UNTRIED = 0.3
BEYOND = 0.05  # of a distance: what a run aims beyond the threshold by, to have both verdicts
WIDEN = 3.0  # what a search grows by that has met one side alone
BELOW, ABOVE = 0, 1  # the threshold, by the verdict
LEAST_CORRECTION, MOST_CORRECTION = 0.03, 30.0
# What a search remembers from run to run: its bracket, where the next run starts, what distances on either side are to
# be multiplied by, the last run, and in how many the bracket has not halved, from which width on.
LOW, HIGH, PLACE, CORRECTION, LAST_PLACE, LAST_DISTANCE, LAST_SIDE, SINCE, OLD_WIDTH, COUNT = (
    0,
    1,
    2,
    3,
    5,
    6,
    7,
    8,
    9,
    10,
)
MEMORY = 11


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


def search_begun(memory, guess, limits):
    """Set what a search knows, shape (MEMORY,), for its first run at the guess."""
    memory[:] = 0.0
    memory[LOW], memory[HIGH], memory[OLD_WIDTH], memory[LAST_DISTANCE] = -math.inf, math.inf, math.inf, math.inf
    memory[PLACE], memory[LAST_SIDE] = min(max(guess, limits[0]), limits[1]), -1.0
    memory[CORRECTION] = memory[CORRECTION + 1] = 1.0


def search_goes_on(memory, end, log_off, curves, limits, parameters):  # noqa: C901, PLR0915
    """(whether the search is over, log threshold, verdict) after a run at memory[PLACE], which is then the next place.

    Where a run stayed undecided, its place and verdict.
    """
    lowest, highest, width = limits
    low, high, x = memory[LOW], memory[HIGH], memory[PLACE]
    last_x, last_distance, last_side = memory[LAST_PLACE], memory[LAST_DISTANCE], int(memory[LAST_SIDE])
    memory[COUNT] += 1.0
    side = side_of(end, parameters)
    if side == BELOW:
        sign = 1.0
        low = memory[LOW] = x
    elif side == ABOVE:
        sign = -1.0
        high = memory[HIGH] = x
    else:
        return True, x, end
    if (side == BELOW and x >= highest) or (side == ABOVE and x <= lowest):
        return True, sign * math.inf, end
    distance = memory[CORRECTION + side] * distance_at(log_off, curves[side])
    twice = side == last_side and NEAR > last_distance > distance
    ratio = 1.0
    if twice:
        ratio = abs(x - last_x) / (last_distance - distance)
    elif side == 1 - last_side and max(distance, last_distance) < NEAR:
        ratio = abs(x - last_x) / (last_distance + distance)
    ratio = min(max(ratio, LEAST_CORRECTION), MOST_CORRECTION)
    memory[CORRECTION + side] *= ratio
    # Where two distances contradict each other either may be wrong: the larger counts as what is left.
    farthest = distance * max(ratio, 1.0)
    distance *= ratio
    share = min(CAREFUL * distance / last_distance, 1.0) if twice else min(UNTRIED + abs(ratio - 1.0), 1.0)
    aim = x + sign * distance
    if high - low <= width:
        return True, 0.5 * (low + high), end
    # Runs part at other saddles too (a warm pair goes to either mode before a pulse): both verdicts are needed.
    if memory[COUNT] > 1.0 and low < aim < high < math.inf and low > -math.inf and share * farthest <= width:
        return True, aim, end
    memory[SINCE] += 1.0
    if high - low <= 0.5 * memory[OLD_WIDTH]:
        memory[SINCE], memory[OLD_WIDTH] = 0.0, high - low
    if high - low < math.inf and (memory[SINCE] > SLOW or not low < aim < high):
        aim, memory[SINCE], memory[OLD_WIDTH] = 0.5 * (low + high), 0.0, high - low
    elif high - low == math.inf and side == last_side and distance > 0.5 * last_distance:
        aim = x + sign * max(distance, WIDEN * abs(x - last_x))
    elif high - low == math.inf:
        # a little beyond: to the other side
        aim += sign * max(min(share, BEYOND) * distance, 0.5 * width)
    if aim == x:  # no double lies between
        return True, x, end
    memory[LAST_PLACE], memory[LAST_DISTANCE], memory[LAST_SIDE] = x, distance, side
    memory[PLACE] = min(max(aim, lowest), highest)
    return memory[COUNT] >= MOST_RUNS, memory[PLACE], UNDECIDED
