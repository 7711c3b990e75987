"""Temperature against the clock, as the panels of polynomials that compiled kernels read.

Any schedule, closed form or user-supplied, becomes the same few arrays; the kernels never call Python. Clock times
count from the last joint, where the temperature may jump or turn a corner: a pulse is as exact late as early.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev

from anneal_theory._types import BoolArray, FloatArray, IntArray
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.models.temperature_kernels import (
    CEILING,
    COLUMNS,
    END,
    HIGH,
    JOINT,
    LOW,
    REACH,
    SCALE,
    SETTLED,
    TERMS,
)
from anneal_theory.numerics.lane_kernels import LANES
from anneal_theory.problem import Dynamics
from anneal_theory.schedules import Constant, Schedule
from anneal_theory.schedules.cells import Cells

_DEGREE = 12
_TOLERANCE = 2e-14  # of the largest T in a panel, by the last three Chebyshev coefficients
_SETTLED = 1e-14  # |T - 1| that no double-precision run can tell from 0
_WEIGHTLESS = 1e-16  # an error of T as wide as this, in T times clock: log D is off by less
_MOST_PANELS = 4000  # of a schedule with few cells
_IN_A_CELL = 64  # and more where there are many
_STRIDE = 4.0  # a step may not be longer than so many times the narrowest panel that it crosses
_LATEST = 1e150  # schedules are read at no later time
_UNATTRACTED = (
    1e-18  # clock in which no overlap changes by more than its rounding, nor log rho by more than R times this
)
_SHORTEST = 1e-3  # clock of a table, where nothing is annealed


@dataclass(frozen=True, eq=False)
class TemperatureTable:
    """T on panels: T = sum_k coefficients[i, k] u^k with u in [-1, 1] across the panel.

    Clock times of a panel count from the joint before it.

    Attributes:
        lows: Where each panel begins, shape (panels,).
        highs: Where it ends, shape (panels,).
        reaches: How far a step from within it may go, shape (panels,).
        ends: Whether a joint or the end of the table follows, at which a step has to land, shape (panels,).
        coefficients: Shape (panels, degree + 1).
        ceilings: Largest temperature at or after each panel, shape (panels,).
        final: Temperature after the last panel.
        errors: How far off T may be in each panel, shape (panels,).
    """

    lows: FloatArray
    highs: FloatArray
    reaches: FloatArray
    ends: BoolArray
    coefficients: FloatArray
    ceilings: FloatArray
    final: float
    errors: FloatArray

    @property
    def first(self) -> float:
        """The temperature at the start."""
        return float(np.polynomial.polynomial.polyval(-1.0, self.coefficients[0]))

    @cached_property
    def arrays(self) -> tuple[FloatArray, FloatArray]:
        """What the kernels take: (panels, passing) of `temperature_kernels`."""
        count = len(self.lows)
        panels, passing = np.zeros((count + 1, COLUMNS)), np.zeros((count + 1, LANES))
        panels[:count, :TERMS], panels[count, 0] = self.coefficients, self.final
        panels[:count, LOW], panels[:count, SCALE] = self.lows, 2.0 / (self.highs - self.lows)
        panels[:, HIGH] = np.append(np.where(self.ends, np.inf, self.highs), np.inf)
        passing[:, REACH] = np.append(self.reaches, np.inf)
        passing[:, END], passing[:, JOINT] = np.append(self.highs, np.inf), np.append(self.ends, False)
        passing[:, CEILING], passing[count, SETTLED] = np.append(self.ceilings, self.final), 1.0
        return panels, passing

    def hotter(self) -> "TemperatureTable":
        """The table with its errors added: what these change shows how much they count."""
        coefficients = self.coefficients.copy()
        coefficients[:, 0] += self.errors
        ceilings = self.ceilings + np.maximum.accumulate(self.errors[::-1])[::-1]
        return replace(self, coefficients=coefficients, ceilings=ceilings)


def temperature_table(schedule: Schedule, dynamics: Dynamics, unit: float) -> TemperatureTable:
    """The temperature against a clock that runs `unit` times the integral of beta (times t, for the free energy).

    Raises:
        DomainError: the schedule takes too long to settle.
        SolveError: it is too rough.
    """
    settled = max(_SETTLED, 2.0 * (schedule.final_temperature - 1.0))  # a schedule may end a little above 1
    if not schedule.settling_time(settled) < _LATEST:
        raise DomainError.of(
            "schedule", f"one that has settled by the time {_LATEST:g}", schedule, "let it cool faster, or end at T = 1"
        )
    cells = schedule.cells(dynamics.objective == "tempered-target", settled)
    if not cells.lengths.sum() > 0:
        cells = replace(cells, lengths=np.full(1, _SHORTEST))
    panels = _fitted(cells)
    joints = np.append(cells.joints[1:], True)
    begins = _since_joint(cells)
    lows, highs = (begins[panels.cell] + edge for edge in (panels.low, panels.high))
    ends = np.append(panels.cell[1:] != panels.cell[:-1], True) & joints[panels.cell]
    ceilings = np.maximum.accumulate(np.maximum(_tops(panels.coefficients), schedule.final_temperature)[::-1])[::-1]
    if np.sum((highs - lows) * ceilings) * unit <= _WEIGHTLESS and type(schedule) is not Constant:
        # An annealing so brief is none.
        return temperature_table(Constant(schedule.final_temperature), dynamics, unit)
    return _merged_start(
        TemperatureTable(
            lows * unit, highs * unit, _reaches(lows, highs, ends) * unit, ends,
            np.ascontiguousarray(panels.coefficients), np.ascontiguousarray(ceilings),
            float(schedule.final_temperature), panels.errors,
        )
    )  # fmt: skip


def _merged_start(table: TemperatureTable) -> TemperatureTable:
    """The table with its first panels as one, where the clock is so short that the target attracts nothing yet.

    The means then only part, by ``d log D = (G/(w1 w2)) T dtau``, so that all depends on the integral of T alone: its
    mean does what a temperature does that falls by dozens of powers of ten.
    """
    count = int(np.searchsorted(table.highs, _UNATTRACTED, side="right"))
    joint = np.flatnonzero(table.ends[:count])
    count = int(joint[0]) if joint.size else count
    if count < 2:
        return table
    widths, degrees = np.diff(np.append(table.lows[:count], table.highs[count - 1])), np.arange(0, _DEGREE + 1, 2)
    means = table.coefficients[:count, degrees] @ (1.0 / (degrees + 1.0))
    length = float(table.highs[count - 1])
    first = np.zeros((1, _DEGREE + 1))
    first[0, 0] = float(means @ widths) / length

    since = length * (np.cumsum(table.ends) - table.ends == 0)  # what follows up to the next joint counts from here

    def joined(values: Any, head: Any) -> Any:
        return np.ascontiguousarray(np.concatenate([head, values[count:]]))

    return TemperatureTable(
        joined(table.lows - since, table.lows[:1]), joined(table.highs - since, [length]),
        joined(table.reaches - since, [length]), joined(table.ends, [True]), joined(table.coefficients, first),
        joined(table.ceilings, table.ceilings[:1]), table.final,
        joined(table.errors, [float(table.errors[:count] @ widths) / length]),
    )  # fmt: skip


def _since_joint(cells: Cells) -> FloatArray:
    """The clock from the last joint to the start of each cell."""
    begins, clock = np.zeros(len(cells.lengths)), 0.0
    for i, (length, joint) in enumerate(zip(cells.lengths.tolist(), cells.joints.tolist(), strict=True)):
        begins[i] = clock = 0.0 if joint else clock
        clock += length
    return begins


def _reaches(lows: FloatArray, highs: FloatArray, ends: BoolArray) -> FloatArray:
    """Where a step may end at most: at a joint, and before it is much longer than a panel that it crosses."""
    reaches, open_ = highs.copy(), ~ends
    narrowest = highs - lows
    for ahead in range(1, int(_STRIDE)):
        rows = np.flatnonzero(open_[: len(lows) - ahead])
        narrowest[rows] = np.minimum(narrowest[rows], (highs - lows)[rows + ahead])
        allowed = highs[rows + ahead] - lows[rows] <= _STRIDE * narrowest[rows]
        reaches[rows[allowed]] = highs[rows[allowed] + ahead]
        open_[rows[~allowed]] = False
        open_[rows] &= ~ends[rows + ahead]
        open_[len(lows) - ahead :] = False
    return reaches


def _tops(coefficients: FloatArray) -> FloatArray:
    """Bounds of |T| on panels: 65 points of a resolved panel miss less than the margin."""
    values = np.polynomial.polynomial.polyval(np.linspace(-1.0, 1.0, 65), coefficients.T)
    sampled = values.max(axis=1) + 0.02 * (values.max(axis=1) - values.min(axis=1))
    return np.asarray(np.minimum(np.abs(coefficients).sum(axis=1), sampled))


@dataclass(frozen=True, eq=False)
class _Panels:
    """Panels in order: their cells, ends within these, power coefficients and errors of T."""

    cell: IntArray
    low: FloatArray
    high: FloatArray
    coefficients: FloatArray
    errors: FloatArray


def _fitted(cells: Cells) -> _Panels:
    """Panels that resolve the temperature, by bisection of the cells."""
    count = len(cells.lengths)
    cell, low, high = np.arange(count), np.zeros(count), cells.lengths
    done: list[tuple[IntArray, FloatArray, FloatArray, FloatArray, FloatArray]] = []
    most, made = _MOST_PANELS + _IN_A_CELL * count, 0
    while len(cell):
        series, errors, ready = _series(cells, cell, low, high)
        done.append((cell[ready], low[ready], high[ready], series[ready] @ _TO_POWERS, errors[ready]))
        again = ~ready
        cell, low, high = cell[again], low[again], high[again]
        middle = 0.5 * (low + high)
        cell, low, high = np.tile(cell, 2), np.concatenate([low, middle]), np.concatenate([middle, high])
        made += int(ready.sum())
        if made + len(cell) > most:
            raise SolveError(
                f"the schedule needs more than {most} smooth pieces; give its kinks as breakpoints, or a smoother "
                "schedule"
            )
    cell, low, high, powers, errors = (np.concatenate([part[k] for part in done]) for k in range(5))
    order = np.lexsort((low, cell))
    return _Panels(cell[order], low[order], high[order], powers[order], errors[order])


_NODES = chebyshev.chebpts1(_DEGREE + 1)
_BETWEEN = np.append(chebyshev.chebpts1(_DEGREE), [-0.999, 0.999])  # off the nodes, and towards the ends
_TO_SERIES = np.linalg.inv(chebyshev.chebvander(_NODES, _DEGREE)).T
_AT_BETWEEN = chebyshev.chebvander(_BETWEEN, _DEGREE).T


def _series(
    cells: Cells, cell: IntArray, low: FloatArray, high: FloatArray
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Chebyshev series on panels, how far off they may be, and whether they are good enough.

    No fit is better than the temperature is known: to rounding, to its noise, and to what the rounding of the clock
    makes of its slope. A panel is looked at between its nodes as well.
    """
    values, between = (_read(cells, cell, low, high, points) for points in (_NODES, _BETWEEN))
    first = values[:, :1]
    series = (values - first) @ _TO_SERIES  # a temperature that is held stays what it is, to the last bit
    series[:, :1] += first
    slope = np.abs(np.diff(values, axis=1) / np.diff(_NODES)).max(axis=1) * 2 / (high - low)
    allowed = np.maximum(_TOLERANCE, cells.noise[cell]) * np.abs(values).max(axis=1) + slope * cells.rounding[cell]
    tail, misfit = np.abs(series[:, -3:]).max(axis=1), np.abs(series @ _AT_BETWEEN - between).max(axis=1)
    error = np.maximum(tail, misfit)
    ready = ((tail <= allowed) & (misfit <= 4 * allowed)) | (error * (high - low) <= _WEIGHTLESS)
    return series, np.maximum(error, allowed), ready


def _read(cells: Cells, cell: IntArray, low: FloatArray, high: FloatArray, points: FloatArray) -> FloatArray:
    clock = 0.5 * (low + high)[:, None] + 0.5 * (high - low)[:, None] * points
    return cells.read(np.repeat(cell, len(points)), clock.reshape(-1)).reshape(clock.shape)


def _powers_of_series() -> FloatArray:
    """Row k: the power coefficients of the k-th Chebyshev polynomial."""
    rows = np.zeros((_DEGREE + 1, _DEGREE + 1))
    for k, unit in enumerate(np.eye(_DEGREE + 1)):
        rows[k, : k + 1] = chebyshev.cheb2poly(unit[: k + 1])
    return rows


_TO_POWERS = _powers_of_series()
