"""Exact parameters: every number given to the package stands for one rational.

A float counts as its shortest decimal, so ``0.8`` means 4/5 at any precision.
"""

import math
import operator
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import numpy as np

from anneal_theory._types import Exactable
from anneal_theory.errors import DomainError

_ACCEPTED = "a finite number (int, float, str, Fraction, Decimal or mpf)"


def exact(value: Exactable, argument: str = "value") -> Fraction:
    """The rational that a number stands for.

    Args:
        value: int, float (its shortest decimal), str (decimal or ``"p/q"``), Fraction, Decimal, NumPy scalar
            or ``mpmath.mpf`` (its exact binary value).
        argument: Name used in the error message.

    Raises:
        DomainError: the value is not a finite real number.

    Example:
        >>> exact(0.8), exact("1e-3"), exact("2/7")
        (Fraction(4, 5), Fraction(1, 1000), Fraction(2, 7))
    """
    if isinstance(value, bool | np.bool_):
        raise DomainError.of(argument, _ACCEPTED, value, "give a number instead of a truth value")
    try:
        return _to_fraction(value)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError, InvalidOperation) as error:
        raise DomainError.of(argument, _ACCEPTED, value, "check its spelling and type") from error


def _to_fraction(value: Exactable) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        return Fraction(value.strip())
    if isinstance(value, np.floating):
        return Fraction(np.format_float_scientific(value, unique=True))
    if isinstance(value, float | Decimal):
        return Fraction(str(value))
    if hasattr(value, "_mpf_"):
        return _from_mpf(value._mpf_)
    return Fraction(operator.index(value))  # type: ignore[arg-type]  # index() itself refuses what is no integer


def _from_mpf(parts: tuple[int, int, int, int]) -> Fraction:
    sign, mantissa, exponent, _bits = parts
    if not mantissa and exponent:  # mpmath's encoding of inf and nan
        raise ValueError("not finite")
    magnitude = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -magnitude if sign else magnitude


def show(value: Fraction) -> str:
    """The shortest exact spelling of a rational: a decimal where it ends, else ``p/q``.

    Example:
        >>> show(Fraction(4, 5)), show(Fraction(1, 3)), show(Fraction(3))
        ('0.8', '1/3', '3')
    """
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1 or value.denominator == 1:
        return str(value)
    nearest = float(value)
    if math.isfinite(nearest) and Fraction(repr(nearest)) == value:
        return repr(nearest)
    return str(value)
