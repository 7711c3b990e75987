"""Exact parameters: every number given to the package stands for one rational.

A float counts as its shortest decimal, so ``0.8`` means 4/5 at any precision.
"""

import operator
import re
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext
from fractions import Fraction
from functools import lru_cache

import numpy as np

from anneal_theory._types import MpfParts
from anneal_theory.errors import DomainError

_ACCEPTED = "a finite number (int, float, str, Fraction, Decimal or mpf)"

# Larger numbers have no double; exponents beyond the second bound would only fill the memory.
_LARGEST = Fraction(2) ** 1023
_LARGEST_DOUBLE, _LARGEST_BITS = 2.0**1023, 1023
_LARGEST_EXPONENT = 4_000_000
_LONGEST_DECIMAL = 60  # digits; longer ones are spelled as quotients


def exact(value: object, argument: str = "value") -> Fraction:
    """The rational that a number stands for.

    The value is an int, float (its shortest decimal), str (decimal or ``"p/q"``), Fraction, Decimal, NumPy scalar or
    ``mpmath.mpf`` (its exact binary value), finite, up to 2^1023 (8.9e307) in size and with a decimal exponent of
    -4000000 or more.

    Example:
        >>> exact(0.8), exact("1e-3"), exact("2/7")
        (Fraction(4, 5), Fraction(1, 1000), Fraction(2, 7))
    """
    if type(value) is float and abs(value) <= _LARGEST_DOUBLE:  # neither infinite nor nan
        return _of_double(value)
    if type(value) is int and abs(value) < 2**53:  # a double too
        return _of_double(value)
    if isinstance(value, bool | np.bool_):
        raise DomainError.of(argument, _ACCEPTED, value, "give a number instead of a truth value")
    try:
        fraction = _to_fraction(value)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError, InvalidOperation) as error:
        raise DomainError.of(argument, _ACCEPTED, value, _advice(value)) from error
    bits = fraction.numerator.bit_length() - fraction.denominator.bit_length()  # of the size, or one more
    if bits >= _LARGEST_BITS and abs(fraction) > _LARGEST:
        size = f"a number of {bits} bits"
        raise DomainError.of(argument, "at most 2^1023 (8.9e307) in size", size, "use other units")
    return fraction


def _advice(value: object) -> str:
    """What to do about something that is no number: "0,8" is one in half of the world."""
    comma = re.fullmatch(r"\s*([+-]?\d*),(\d+)\s*", value) if isinstance(value, str) else None
    return f"write a decimal point: {comma[1] or 0}.{comma[2]}" if comma else "check its spelling and type"


@lru_cache(4096)
def _of_double(value: float) -> Fraction:
    return Fraction(Decimal(str(value)))


@lru_cache(1024)
def has_complement(share: Fraction) -> bool:
    """Whether a share and its complement are both doubles strictly between 0 and 1."""
    return 0 < share < 1 and 0 < float(share) < 1 and 0 < float(1 - share) < 1


def _to_fraction(value: object) -> Fraction:
    if isinstance(value, Fraction):
        return value
    if isinstance(value, str):
        return _of_short_text(value) if len(value) <= _LONGEST_DECIMAL else _of_text(value)
    if isinstance(value, np.floating):
        return _from_decimal(Decimal(np.format_float_scientific(value, unique=True)))
    if isinstance(value, float | Decimal):
        return _from_decimal(Decimal(str(value)))
    if hasattr(value, "_mpf_"):
        return _from_mpf(value._mpf_)
    return Fraction(operator.index(value))  # type: ignore[arg-type]  # index() itself refuses what is no integer


def _of_text(text: str) -> Fraction:
    top, slash, bottom = text.partition("/")
    return _from_decimal(Decimal(top)) / _from_decimal(Decimal(bottom if slash else 1))


_of_short_text = lru_cache(1024)(_of_text)


def _from_decimal(value: Decimal) -> Fraction:
    if value and value.is_finite():
        _refuse_exponent(value.adjusted())
    return Fraction(value)  # not from the spelling: Python limits the length of integers it reads


def _from_mpf(parts: MpfParts) -> Fraction:
    sign, mantissa, exponent, _bits = parts
    if not mantissa and exponent:  # mpmath's encoding of inf and nan
        raise ValueError("not finite")
    _refuse_exponent(round(0.3 * int(exponent)))
    magnitude = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -magnitude if sign else magnitude


def _refuse_exponent(exponent: int) -> None:
    if abs(exponent) > _LARGEST_EXPONENT:
        raise OverflowError(f"exponent {exponent}")


def show(value: Fraction) -> str:
    """The shortest exact spelling of a rational: a decimal where one of 60 digits has it, else ``p/q``."""
    nearest = float(value)
    if value.denominator != 1 and Fraction(repr(nearest)) == value:
        return repr(nearest)
    top, bottom = Decimal(value.numerator), Decimal(value.denominator)  # Python limits the integers it spells itself
    if value.denominator == 1:
        return f"{top:f}"
    try:
        with localcontext(Context(prec=_LONGEST_DECIMAL, traps=[Inexact])):
            return str(top / bottom)
    except Inexact:
        return f"{top:f}/{bottom:f}"


def spell(value: Fraction) -> str:
    """A rational as Python source that `exact` takes back unchanged: a number, or its text in quotes."""
    text = show(value)
    return text if value.denominator == 1 or text == repr(float(value)) else repr(text)
