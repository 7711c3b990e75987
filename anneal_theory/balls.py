"""Arb balls at work: more precision until the digits asked for are there, and the numbers that are returned.

The arithmetic itself is `arithmetic`, which stands below the precision that it works at; it is re-exported here.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Literal, TypeVar, overload

import flint
import mpmath

from anneal_theory._types import Exactable, Mpf
from anneal_theory.arithmetic import CONTEXT, BallContext, exact_ball
from anneal_theory.errors import PrecisionError
from anneal_theory.exact import exact
from anneal_theory.precision import bits_of, flint_precision, to_ball
from anneal_theory.results import Ball

__all__ = [
    "CONTEXT",
    "DEFAULT_DIGITS",
    "BallContext",
    "accuracy",
    "answer",
    "ball_of",
    "exact_ball",
    "rational",
    "refined",
    "scaled",
]

DEFAULT_DIGITS = 15
_GUARD_BITS = 32
_SPARE_BITS = 2**21  # of working precision, to get over cancellation; more would take minutes
_PATIENCE = 3  # attempts without gain
_ANY = 2**40

Balls = TypeVar("Balls", bound=flint.arb | tuple[flint.arb, ...])
"""A ball, or a tuple of balls."""


def rational(number: flint.arb) -> Fraction:
    """An exact Arb number (a midpoint, say) as the rational it is."""
    mantissa, exponent = number.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def refined(evaluate: Callable[[], Balls], digits: int, reason: str) -> Balls:
    """An Arb ball good for `digits` relative digits (or a tuple of such), by raising the working precision.

    0 digits take the first finite balls; `reason` is what stands in the way if more precision does not help.

    Example:
        >>> refined(lambda: flint.arb(2).sqrt(), 30, "").rel_accuracy_bits() > 100
        True
    """
    wanted = bits_of(digits) + 2 if digits else -_ANY
    start = bits = bits_of(max(digits, DEFAULT_DIGITS)) + _GUARD_BITS
    reached, stalled = -_ANY, 0
    while bits <= 16 * start + _SPARE_BITS and stalled < _PATIENCE:
        with flint_precision(bits):
            value = evaluate()
        good = min(map(accuracy, value if isinstance(value, tuple) else (value,)))
        if good >= wanted:
            return value
        stalled = stalled + 1 if -_ANY < good <= reached + 8 else 0
        reached = max(reached, good)
        bits = 2 * bits if good <= 0 else bits + (wanted - good) + _GUARD_BITS * (1 + stalled)
    shown = max(0, int(reached / 3.3219281))
    raise PrecisionError(f"{digits} digits were asked for and {shown} reached: {reason}; ask for fewer")


def accuracy(value: flint.arb) -> int:
    """Relative bits that a ball is good for; infinity and exact numbers are good for any.

    Example:
        >>> accuracy(flint.arb(1, 0.25)) in (1, 2, 3), accuracy(flint.arb(2)) > 10**9
        (True, True)
    """
    if value.is_nan() or not (value.is_finite() or value.is_exact()):
        return -_ANY - 1
    return int(value.rel_accuracy_bits()) if value.is_finite() and not value.is_exact() else _ANY


@overload
def answer(value: flint.arb, digits: int, certified: Literal[False]) -> Mpf: ...
@overload
def answer(value: flint.arb, digits: int, certified: Literal[True]) -> Ball: ...
@overload
def answer(value: flint.arb, digits: int, certified: bool) -> Mpf | Ball: ...
def answer(value: flint.arb, digits: int, certified: bool) -> Mpf | Ball:
    """An Arb ball as the `Ball` it is, or as its midpoint; infinity is one of radius 0."""
    ball = to_ball(value, digits) if value.is_finite() else Ball(mpmath.mpf("inf"), mpmath.mpf(0))
    return ball if certified else ball.midpoint


def scaled(ball: Ball, factor: Fraction, digits: int, certified: bool) -> Mpf | Ball:
    """A ball times a rational."""
    with flint_precision(bits_of(digits) + _GUARD_BITS):
        return answer(ball_of(ball, "ball") * CONTEXT.rational(factor), digits, certified)


def ball_of(value: Exactable | Ball, argument: str) -> flint.arb:
    """A number or a `Ball` as an Arb ball at flint's working precision, its radius included.

    Example:
        >>> ball_of(Ball(mpmath.mpf(1), mpmath.mpf("0.5")), "T").contains(flint.arb(1.5))
        True
    """
    if not isinstance(value, Ball):
        return CONTEXT.rational(exact(value, argument))
    middle, radius = (_exact_arb(part) for part in (value.midpoint, value.radius))
    return flint.arb(middle, radius)


def _exact_arb(number: Mpf) -> flint.arb:
    sign, mantissa, exponent, _bits = number._mpf_
    return flint.arb((-int(mantissa) if sign else int(mantissa), int(exponent)))
