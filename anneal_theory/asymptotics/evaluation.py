"""Formulas as doubles or to many digits; numbers between may be too large or too small for a double."""

import math
from collections.abc import Callable
from fractions import Fraction

from anneal_theory._types import MpContext, Mpf, Number
from anneal_theory.digits import checked_digits
from anneal_theory.errors import DomainError
from anneal_theory.precision import mpmath_context, rounded

_SPARE_DIGITS = 10
_DOUBLE_DIGITS = 17


def evaluated(digits: int | None, formula: Callable[[MpContext], Mpf]) -> Number:
    """A formula of an mpmath context as a double, or to digits as an ``mpf``."""
    count = _DOUBLE_DIGITS if digits is None else checked_digits(digits)
    with mpmath_context(count + _SPARE_DIGITS) as context:
        value = rounded(formula(context), count)
    if digits is not None:
        return value
    if not math.isfinite(value):
        raise DomainError.of("digits", "given where the value is too large for a double", None, "ask for digits=15")
    return float(value)


def number(context: MpContext, value: Fraction) -> Mpf:
    """A rational in a context."""
    return context.mpf(value.numerator) / value.denominator
