"""Roots of small systems with proof: Newton's method with doubling precision, then Krawczyk's test on a box.

Krawczyk: for a box X = x + [-e, e], a matrix Y and balls J(X) that hold the Jacobian everywhere on X, let
``K = x - Y F(x) + (1 - Y J(X)) (X - x)``. If K lies inside X, then X holds exactly one root, and K holds it too.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeAlias, cast

import flint

from anneal_theory.balls import exact_ball, rational
from anneal_theory.errors import PrecisionError

Equations: TypeAlias = Sequence[flint.arb] | Sequence[Sequence[flint.arb]]
RootSystem: TypeAlias = Callable[[list[flint.arb], bool], Equations]
"""At Arb balls and flint's working precision: the values; the rows of the Jacobian if the second argument is True."""

_START_BITS = 16  # what a start is good for at least
_GUARD_BITS = 24
_STEPS = 60
_SCALE = Fraction(1, 1 << 16)
_WIDTH = 1 << 12  # of the box, in units of the point's own error


def enclosed_root(system: RootSystem, start: Sequence[Fraction], scale: Fraction = _SCALE) -> list[flint.arb]:
    """Balls round the one root of a system in a box near the start, at flint's working precision.

    The start is good to double precision. Unknowns smaller than `scale` are found to absolute digits of it, with 0 to
    relative digits of all. Where no box contracts the root is (nearly) multiple, or the start not close to one.
    """
    bits = flint.ctx.prec
    try:
        half = max(_START_BITS + _GUARD_BITS, bits // 2 + 2 * _GUARD_BITS)
        point = _newton(system, list(start), half)
        return _krawczyk(system, point, half, bits, scale)
    except ZeroDivisionError as error:  # a singular matrix
        raise PrecisionError("0 digits reached: the root is (nearly) multiple; move the parameters") from error
    finally:
        flint.ctx.prec = bits


def _newton(system: RootSystem, point: list[Fraction], bits: int) -> list[Fraction]:
    """Newton's method until the point is good for `bits`; the precision follows the digits that are right."""
    good = _START_BITS
    for _ in range(_STEPS):
        flint.ctx.prec = min(bits, 2 * good) + 2 * _GUARD_BITS
        middle = [exact_ball(x) for x in point]
        step = _jacobian(system, middle).solve(_values(system, middle))
        point = [_short(x - rational(step[i, 0].mid()), flint.ctx.prec) for i, x in enumerate(point)]
        if good >= bits:
            return point
        good = min(2 * good - _GUARD_BITS // 2, bits)
    return point


def _krawczyk(system: RootSystem, point: list[Fraction], good: int, bits: int, scale: Fraction) -> list[flint.arb]:
    """One evaluation at full precision doubles the digits; the Jacobian on the box needs half of them only."""
    size = len(point)
    width = [max(abs(x), scale) * Fraction(_WIDTH, 1 << good) for x in point]
    flint.ctx.prec = good + _GUARD_BITS
    box = [exact_ball(x) + flint.arb(0, exact_ball(w).abs_upper()) for x, w in zip(point, width, strict=True)]
    jacobian = _jacobian(system, box)
    inverse = flint.arb_mat([[entry.mid() for entry in row] for row in jacobian.inv().tolist()])
    defect = flint.arb_mat([[int(i == j) for j in range(size)] for i in range(size)]) - inverse * jacobian
    flint.ctx.prec = bits + _GUARD_BITS
    moved = inverse * _values(system, [exact_ball(x) for x in point])
    balls = []
    for i, x in enumerate(point):
        spread = sum((abs(defect[i, j]).abs_upper() * exact_ball(w) for j, w in enumerate(width)), flint.arb(0))
        if not (abs(moved[i, 0]) + spread).abs_upper() < exact_ball(width[i]):
            raise PrecisionError("0 digits reached: no box round the root contracts; the root is nearly multiple")
        balls.append(exact_ball(x) - moved[i, 0] + flint.arb(0, spread.abs_upper()))
    return balls


def _values(system: RootSystem, box: list[flint.arb]) -> flint.arb_mat:
    """The values of the equations, as a column."""
    values = cast(Sequence[flint.arb], system(box, False))
    return flint.arb_mat([[value] for value in values])


def _jacobian(system: RootSystem, box: list[flint.arb]) -> flint.arb_mat:
    return flint.arb_mat(cast(Sequence[Sequence[flint.arb]], system(box, True)))


def _short(value: Fraction, bits: int) -> Fraction:
    """Rounded to a dyadic number, so that it stays exact in balls of that precision."""
    if not value:
        return value
    exponent = value.numerator.bit_length() - value.denominator.bit_length() - bits
    scale = Fraction(2) ** exponent
    return round(value / scale) * scale
