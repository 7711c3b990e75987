"""Formulas in doubles or to many digits, by one text."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath

from anneal_theory.digits import checked_digits
from anneal_theory.precision import mpmath_context, rounded

_SPARE_DIGITS = 10


def evaluated(digits: int | None, formula: Callable[[Any], Any]) -> Any:
    """A formula in doubles, or to digits as an ``mpf``; it takes a context with exp, log, sqrt and pi."""
    if digits is None:
        return float(formula(mpmath.fp))
    count = checked_digits(digits)
    with mpmath_context(count + _SPARE_DIGITS) as context:
        return rounded(formula(context), count)


def number(context: Any, value: Fraction) -> Any:
    """A rational in the arithmetic of a context."""
    return float(value) if context is mpmath.fp else context.mpf(value.numerator) / value.denominator


def half_log_odds(context: Any, weight: Fraction) -> Any:
    """log(w/(1 - w))/2."""
    return context.log(number(context, weight / (1 - weight))) / 2
