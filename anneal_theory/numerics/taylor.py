"""Taylor series in time of any flow, and of averages along them, at flint's working precision.

A flow near a point gives the rates along a series, and their derivatives by the state: generated functions are plain
arithmetic, so they run on power series as they are. Solutions come by Newton's method on series, which doubles the
number of right terms at each step.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar, runtime_checkable

import flint

_FAR = 1e6

Vector = list[flint.arb]
Temperature = TypeVar("Temperature", contravariant=True)
"""The temperature as a flow takes it: a power series, or a number where it stands still."""
Given = TypeVar("Given")
Series = list[flint.arb_series]
"""A vector along a power series."""
Matrix = list[Series]
Coefficients = list[list[flint.arb]]
"""Coefficients of each series."""


@runtime_checkable
class NearFlow(Protocol[Temperature]):
    """A flow near a point, where the averages that it takes have been expanded."""

    def rates(self, state: Series, temperature: Temperature, length: int, slopes: int) -> tuple[Series, Matrix]:
        """Rates in time along a series to `length` terms, and their derivatives by the state to `slopes` terms."""


@runtime_checkable
class AlongSeries(Protocol):
    """A flow at power series of the current length."""

    def rates(self) -> Sequence[flint.arb_series | flint.arb | float]:
        """Rates in time."""

    def slopes(self) -> Sequence[Sequence[flint.arb_series | flint.arb | float]]:
        """Their derivatives by the state."""


@runtime_checkable
class SeriesFlow(Protocol[Temperature]):
    """A flow that can be followed along power series."""

    def near(self, start: Vector, temperature: Temperature, count: int) -> NearFlow[Temperature]:
        """The flow for series of `count` terms at most from a state, Arb balls, while T goes along `temperature`."""


@contextmanager
def series_length(count: int) -> Iterator[None]:
    """Flint's power series keep so many terms; put back at the end."""
    before = flint.ctx.cap
    try:
        flint.ctx.cap = count
        yield
    finally:
        flint.ctx.cap = before


def composed(poly: flint.arb_poly, series: flint.arb_series) -> flint.arb_series:
    """A local expansion along a series, whose constant term is where it was expanded."""
    moving = series.coeffs()
    if not any(moving[1:]):
        return flint.arb_series([poly[0]])
    moving[0] = flint.arb(0)
    return flint.arb_series(poly.coeffs()[: flint.ctx.cap])(flint.arb_series(moving))


def rates_and_slopes(along: Callable[[], AlongSeries], length: int, slopes: int) -> tuple[Series, Matrix]:
    """The rates of a flow to `length` terms, and their derivatives by the state to `slopes`."""
    with series_length(length):
        rates = series_of(along().rates())
    with series_length(slopes):
        return rates, [series_of(row) for row in along().slopes()]


def composed_derivatives(poly: flint.arb_poly, series: flint.arb_series, orders: int) -> Series:
    """The same of an expansion and so many of its derivatives."""
    derivatives = [composed(poly, series)]
    for _ in range(orders):
        poly = poly.derivative()
        derivatives.append(composed(poly, series))
    return derivatives


def extended(many: Sequence[flint.arb_series]) -> Series:
    """The same series with zeros up to the current length; flint would end sums and products with the shorter one."""
    return [flint.arb_series(list(series.coeffs())) for series in many]


def series_of(entries: Sequence[flint.arb_series | flint.arb | float]) -> Series:
    """Entries of a generated function, of which constants are no series, as series of the current length."""
    return [entry if isinstance(entry, flint.arb_series) else flint.arb_series([entry]) for entry in entries]


def coefficients(many: Sequence[flint.arb_series], count: int) -> Coefficients:
    """The first coefficients of series, with zeros where they end."""
    truncated = [list(coefficients_of.coeffs())[:count] for coefficients_of in many]
    return [coefficients_of + [flint.arb(0)] * (count - len(coefficients_of)) for coefficients_of in truncated]


def stretch(series: Coefficients, bits: int) -> float:
    """The argument at which the last terms of series are 2^-bits, at most a million."""
    length = _FAR
    for terms in series:
        for k in range(len(terms) - 4, len(terms)):
            size = abs(terms[k]).mid()
            if size > 0:
                length = min(length, math.exp((-bits * math.log(2) - float(size.log())) / k))
    return length


def step_series(flow: SeriesFlow[Given], start: Vector, temperature: Given, count: int) -> tuple[Series, Matrix]:
    """The solution to `count` terms, and the matrix of its derivatives by the start to half as many."""
    state, slopes = _doubled(flow, [[value] for value in start], temperature, count, None)
    matrix = _fundamental(slopes)
    with series_length(count):
        return [flint.arb_series(terms) for terms in state], [
            [flint.arb_series(terms) for terms in row] for row in matrix
        ]


def in_time(flow: SeriesFlow[Given], start: Vector, temperature: Given, count: int) -> Coefficients:
    """The solution alone."""
    return _doubled(flow, [[value] for value in start], temperature, count, None)[0]


def leaving(
    flow: SeriesFlow[Given], rest: Vector, direction: Vector, rate: flint.arb, temperature: Given, count: int
) -> Coefficients:
    """The orbit that leaves rest along an eigenvector, in ``e = exp(rate tau)``: ``rate e d/de = rates``."""
    return _doubled(flow, [list(pair) for pair in zip(rest, direction, strict=True)], temperature, count, rate)[0]


def _doubled(
    flow: SeriesFlow[Given], state: Coefficients, temperature: Given, count: int, rate: flint.arb | None
) -> tuple[Coefficients, list[Coefficients]]:
    """The solution from its first coefficients to `count`, and the Jacobian along it to half as many.

    Each step of Newton's method doubles the right terms; its linear equation is solved order by order, by one product
    of matrices for each. `rate` is that of the equation ``rate e d/de = rates``; None for ``d/dt = rates``.
    """
    shift = 1 if rate is None else 0  # of the order that a coefficient of the rates gives
    size, lengths = len(state), [count]
    while lengths[-1] > len(state[0]):
        lengths.append(max(len(state[0]), (lengths[-1] + 1) // 2))
    slopes: list[Coefficients] = []
    here = flow.near([terms[0] for terms in state], temperature, count)
    for wanted in reversed(lengths[:-1]):
        length = len(state[0])
        with series_length(wanted):
            series = [flint.arb_series(terms) for terms in state]
        rates, rows = here.rates(series, temperature, wanted - shift, length)
        right, slopes = coefficients(rates, wanted - shift), [coefficients(row, length) for row in rows]
        carriers = [[terms[1 - shift :] for terms in row] for row in slopes]
        first = flint.arb_mat([[terms[0] for terms in row] for row in slopes])
        change: Coefficients = [[] for _ in state]
        for order in range(length, wanted):
            known_part = flint.arb_mat(size, 1, [terms[order - shift] for terms in right])
            sums = known_part + _carried(carriers, [change])
            if rate is None:
                solved = sums / order
            else:
                still = flint.arb_mat(size, size, [rate * order * (i == j) for i in range(size) for j in range(size)])
                solved = (still - first).solve(sums)
            for terms, more in zip(change, solved.entries(), strict=True):
                terms.append(more)
        state = [terms + more for terms, more in zip(state, change, strict=True)]
    return state, slopes


def _fundamental(slopes: list[Coefficients]) -> list[Coefficients]:
    """The matrix M with ``M' = J M`` and M = 1 at first, entry by entry, from the Jacobian J."""
    size = len(slopes)
    columns: list[Coefficients] = [[[flint.arb(int(i == j))] for i in range(size)] for j in range(size)]
    for order in range(1, len(slopes[0][0])):
        entries = (_carried(slopes, columns) / order).entries()
        for i in range(size):
            for j in range(size):
                columns[j][i].append(entries[i * size + j])
    return [[columns[j][i] for j in range(size)] for i in range(size)]


def _carried(rows: list[Coefficients], columns: list[Coefficients]) -> flint.arb_mat:
    """The last coefficient of a matrix of series times columns of series: one product of matrices."""
    order, size = len(columns[0][0]), len(rows)
    if not order:
        return flint.arb_mat(size, len(columns))
    flat = [entry for row in rows for terms in row for entry in terms[:order]]
    upright = [entry for column in columns for terms in column for entry in terms[::-1]]
    backwards = flint.arb_mat(len(columns), size * order, upright).transpose()
    return flint.arb_mat(size, size * order, flat) * backwards
