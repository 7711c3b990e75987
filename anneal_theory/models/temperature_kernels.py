"""The temperature against the clock, for `Lanes` of runs that are each in a panel of their own.

temperatures = (panels, passing), a row a panel of `temperature_table`, and one more for the time after all of them:
    panels  = coefficients of T in u = (clock - low)/half - 1, padded with zeros, then low, 1/half, and where the next
              panel begins, inf if a joint is between, shape (panels + 1, COLUMNS)
    passing = how far a step may go, where the panel ends, whether a joint follows, the largest temperature from it on,
              and whether all panels have been passed, shape (panels + 1, 8)
Clock times count from the last joint.
"""

import numpy as np

from anneal_theory._compiled import INNER, kernel
from anneal_theory.numerics.lane_kernels import any_of, where
from anneal_theory.numerics.lane_memory_kernels import entries_at

TERMS = 13  # of a panel's polynomial
COLUMNS = 16
LOW, SCALE, HIGH = 13, 14, 15  # columns of `panels`
REACH, END, JOINT, CEILING, SETTLED = 0, 1, 2, 3, 4  # columns of `passing`
_FIRST, _SHARE = 0.05, 0.5  # of the clock, and of the first panel: the first step


@kernel(error_model="numpy", **INNER)
def row(panel, panels):
    """What `temperature` and `slope` take of the panels that steps begin in."""
    return entries_at(panels, panel, 0, COLUMNS)


@kernel(error_model="numpy", **INNER)
def value(clock, c):
    """The polynomial of a panel, in pairs of terms."""
    u = np.minimum((clock - c[LOW]) * c[SCALE] - 1.0, 1.0)
    s = u * u
    q = s * s
    low, middle = (c[0] + u * c[1]) + s * (c[2] + u * c[3]), (c[4] + u * c[5]) + s * (c[6] + u * c[7])
    return low + q * (middle + q * ((c[8] + u * c[9]) + s * (c[10] + u * c[11]) + q * c[12]))


@kernel(error_model="numpy", **INNER)
def slope(clock, c):
    """dT/dclock within the panel."""
    u = np.minimum((clock - c[LOW]) * c[SCALE] - 1.0, 1.0)
    s = u * u
    q = s * s
    low = (c[1] + u * (2.0 * c[2])) + s * (3.0 * c[3] + u * (4.0 * c[4]))
    middle = (5.0 * c[5] + u * (6.0 * c[6])) + s * (7.0 * c[7] + u * (8.0 * c[8]))
    high = (9.0 * c[9] + u * (10.0 * c[10])) + s * (11.0 * c[11] + u * (12.0 * c[12]))
    return c[SCALE] * (low + q * (middle + q * high))


@kernel(error_model="numpy", **INNER)
def temperature(clock, c, panel, panels):
    """T at a clock in the panel with the row c, or after it up to the next joint."""
    current = value(clock, c)
    beyond = clock > c[HIGH]
    while any_of(beyond):
        panel = where(beyond, panel + 1, panel)
        c = entries_at(panels, panel, 0, COLUMNS)
        current = where(beyond, value(clock, c), current)
        beyond = clock > c[HIGH]
    return current


@kernel(error_model="numpy", **INNER)
def ahead(panel, passing):
    """(reach, end, joint, ceiling, settled) of panels."""
    return entries_at(passing, panel, 0, 5)


@kernel(error_model="numpy", **INNER)
def passed(clock, panel, here, accepted, passing):
    """(clock, panel, its row of `passing`) after accepted steps to these clocks, which begin anew at joints."""
    beyond = accepted & (clock >= here[END])
    while any_of(beyond):
        clock = where(beyond & (here[JOINT] > 0.5), 0.0, clock)
        panel = where(beyond, panel + 1, panel)
        here = entries_at(passing, panel, 0, 5)
        beyond = beyond & (clock >= here[END])
    return clock, panel, here


@kernel(**INNER)
def passed_all(temperatures):
    """The row for the time after all panels."""
    return float(temperatures[1].shape[0] - 1)


@kernel(**INNER)
def first_step(temperatures):
    """A first step in the clock."""
    return min(_FIRST, _SHARE * temperatures[1][0, END])
