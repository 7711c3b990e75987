"""Taylor series in time of any flow, and of averages along them, at flint's working precision.

A flow gives the rates along a series, and their derivatives by the state: generated functions are plain arithmetic, so
they run on power series as they are. Solutions come by Newton's method on series (Brent and Kung), which doubles the
number of right terms at each step and brings the matrix of their derivatives by the start along.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, runtime_checkable

import flint

Vector = list[Any]
Matrix = list[list[Any]]


@runtime_checkable
class SeriesFlow(Protocol):
    """A flow that can be followed along power series."""

    def rates(self, state: Vector, heat: Any, length: int, slopes: int) -> tuple[Vector, Matrix]:
        """Rates in time along a series to `length` terms, and their derivatives by the state to `slopes` terms.

        Args:
            state: Power series of the state.
            heat: Power series of the temperature.
            length: Terms of the rates.
            slopes: Terms of the derivatives.
        """


@contextmanager
def series_length(count: int) -> Iterator[None]:
    """Flint's power series keep so many terms; put back at the end."""
    before = flint.ctx.cap
    try:
        flint.ctx.cap = count
        yield
    finally:
        flint.ctx.cap = before


def composed(poly: Any, series: Any) -> Any:
    """A local expansion along a series, whose constant term is where it was expanded."""
    moving = series.coeffs()
    if not any(moving[1:]):
        return flint.arb_series([poly[0]])
    moving[0] = 0
    return flint.arb_series(poly.coeffs()[: flint.ctx.cap])(flint.arb_series(moving))


def extended(many: Sequence[Any]) -> Vector:
    """The same series with zeros up to the current length; flint would end sums and products with the shorter one."""
    return [flint.arb_series(list(one.coeffs())) for one in many]


def series_of(entries: Sequence[Any]) -> Vector:
    """Entries of a generated function, of which constants are no series, as series of the current length."""
    return [one if isinstance(one, flint.arb_series) else flint.arb_series([one]) for one in entries]


def step_series(flow: SeriesFlow, start: Vector, heat: Any, count: int) -> tuple[Vector, Matrix]:
    """The solution to `count` terms, and the matrix of its derivatives by the start to half as many.

    With M the matrix and N its inverse, a residual r of the equation is removed by ``M int N r``.
    """
    lengths = [count]
    while lengths[-1] > 1:
        lengths.append((lengths[-1] + 1) // 2)
    state = [flint.arb_series([one]) for one in start]
    identity = [[flint.arb_series([int(i == j)]) for j in range(len(start))] for i in range(len(start))]
    matrix, inverse = identity, identity
    for length in reversed(lengths[:-1]):
        known = (length + 1) // 2
        rates, slopes = flow.rates(state, heat, length - 1, known)
        with series_length(known):
            matrix, inverse, unit = ([extended(row) for row in one] for one in (matrix, inverse, identity))
            wrong = _minus(_product(slopes, matrix), [[one.derivative() for one in row] for row in matrix])
            change = [[one.integral() for one in row] for row in _product(inverse, wrong)]
            matrix = _plus(matrix, _product(matrix, change))
            inverse = _plus(inverse, _product(inverse, _minus(unit, _product(matrix, inverse))))
        with series_length(length):
            state = extended(state)
            residual = [rate - one.derivative() for rate, one in zip(extended(rates), state, strict=True)]
            turned = [one.integral() for one in _applied([extended(row) for row in inverse], residual)]
            removed = _applied([extended(row) for row in matrix], turned)
            state = [one + more for one, more in zip(state, removed, strict=True)]
    return state, matrix


def _dot(row: Sequence[Any], column: Sequence[Any]) -> Any:
    total = row[0] * column[0]
    for one, other in zip(row[1:], column[1:], strict=True):
        total += one * other
    return total


def _applied(matrix: Matrix, vector: Vector) -> Vector:
    return [_dot(row, vector) for row in matrix]


def _product(left: Matrix, right: Matrix) -> Matrix:
    columns = list(zip(*right, strict=True))
    return [[_dot(row, column) for column in columns] for row in left]


def _plus(left: Matrix, right: Matrix) -> Matrix:
    return [[a + b for a, b in zip(one, other, strict=True)] for one, other in zip(left, right, strict=True)]


def _minus(left: Matrix, right: Matrix) -> Matrix:
    return [[a - b for a, b in zip(one, other, strict=True)] for one, other in zip(left, right, strict=True)]
