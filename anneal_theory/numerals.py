"""Numbers as text that reads back equal, whatever the precision of mpmath's global context.

In saved results a double is a JSON number (infinities and nan are words) and an ``mpf`` a decimal string, with so many
digits that its length gives the precision it is to be read at, and at that precision it is the same number.
"""

import math
import re
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_UP, Context, Decimal
from fractions import Fraction
from typing import TypeGuard

import mpmath

from anneal_theory._types import Mpf, MpfParts, Number
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact, show

_BITS_PER_DIGIT = math.log2(10)
_FEWEST = 20  # digits; shorter strings are read as if zeros followed
_SPARE_DIGITS = 2  # so that neighbouring numbers of that precision are ten units of the last digit apart
_GUARD_BITS = 64
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,12})?")
_SHORT = Context(prec=6, rounding=ROUND_UP, Emin=MIN_EMIN, Emax=MAX_EMAX)
_LONG = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)
_WORDS = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


def is_mpf(value: object) -> TypeGuard[Mpf]:
    """Whether a value is a number of mpmath.

    Example:
        >>> is_mpf(mpmath.mpf(1)), is_mpf(1.0)
        (True, False)
    """
    return hasattr(value, "_mpf_")


def mpf_text(value: Mpf) -> str:
    """The decimal string of an ``mpf``, from which `read_mpf` makes the same number."""
    digits = max(_FEWEST, math.ceil(value._mpf_[3] / _BITS_PER_DIGIT) + _SPARE_DIGITS)
    while _bits(digits) < value._mpf_[3]:
        digits += 1
    return str(mpmath.libmp.to_str(value._mpf_, digits, strip_zeros=digits == _FEWEST)).replace("+inf", "inf")


def read_mpf(text: object, argument: str = "number") -> Mpf:
    """The ``mpf`` that a decimal string stands for, at the precision that its length gives."""
    if isinstance(text, str) and text in _WORDS:
        word: Mpf = mpmath.mpf(_WORDS[text])
        return word
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise DomainError.of(argument, "a decimal string", text, "give the text that was saved")
    import flint  # which doubles do not need

    from anneal_theory.precision import exact_mpf, flint_precision

    digits = len(re.sub(r"[eE].*|\D", "", text).lstrip("0"))
    bits = _bits(max(digits, _FEWEST))
    with flint_precision(bits + _GUARD_BITS):
        middle = exact_mpf(flint.arb(text).mid())
    number: Mpf = mpmath.mp.make_mpf(mpmath.libmp.mpf_pos(middle, bits, "n"))
    return number


def _bits(digits: int) -> int:
    """The precision at which so many digits are read."""
    return math.floor((digits - _SPARE_DIGITS) * _BITS_PER_DIGIT)


def ball_text(midpoint: Mpf, radius: Mpf) -> tuple[str, str]:
    """Decimals of a ball: the midpoint as `mpf_text`, and a radius rounded up that covers the midpoint's rounding.

    Example:
        >>> ball_text(mpmath.mpf("0.25"), mpmath.mpf(0))
        ('0.25', '0')
    """
    text, arithmetic = mpf_text(midpoint), mpmath.libmp
    if not mpmath.isfinite(midpoint) or not mpmath.isfinite(radius):
        return text, mpf_text(radius)
    total = arithmetic.mpf_add(radius._mpf_, _lost(text, midpoint), 30, "u")
    if total == arithmetic.fzero:
        return text, "0"
    shown = _SHORT.create_decimal(arithmetic.to_str(total, _SHORT.prec))
    while not _covers(str(shown), total):
        shown = _SHORT.next_plus(shown)
    return text, str(shown)


def _lost(text: str, number: Mpf) -> MpfParts:
    """An upper bound of the distance of a decimal from the number that it spells, as the tuple of an ``mpf``."""
    sign, mantissa, exponent, bits = number._mpf_
    digits = Decimal(text).as_tuple()
    if -4 * len(digits.digits) <= exponent <= 0 and isinstance(digits.exponent, int) and digits.exponent <= 0:
        # Where the decimal may be the number itself: n 10^-k = m 2^-e.
        whole = int(Decimal(text).scaleb(-digits.exponent, _LONG))
        if whole << -exponent == (-int(mantissa) if sign else int(mantissa)) * 10**-digits.exponent:
            zero: MpfParts = mpmath.libmp.fzero
            return zero
    import flint  # which doubles do not need

    from anneal_theory.precision import exact_mpf, flint_precision

    with flint_precision(bits + _GUARD_BITS):
        exact = flint.arb((-int(mantissa) if sign else int(mantissa), int(exponent)))
        return exact_mpf(abs(flint.arb(text) - exact).abs_upper())


def _covers(text: str, number: MpfParts) -> bool:
    """Whether a decimal is at least a number (the tuple of an ``mpf``), for certain."""
    import flint

    from anneal_theory.precision import flint_precision

    _, mantissa, exponent, _ = number
    with flint_precision(_GUARD_BITS):
        return bool(flint.arb(text) >= flint.arb((int(mantissa), int(exponent))))


def read_number(value: object, argument: str = "number") -> Number | None:
    """A number of saved data: JSON numbers stay, words of infinity become floats, decimals ``mpf``; None stays.

    Example:
        >>> read_number(0.5), read_number("-inf"), read_number("0.375")
        (0.5, -inf, mpf('0.375'))
    """
    if isinstance(value, str):
        return _WORDS[value] if value in _WORDS else read_mpf(value, argument)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise DomainError.of(argument, "a number or a decimal string", value, "give the data that were saved")


def plain_fraction(value: Fraction) -> float | str:
    """An exact parameter as JSON data: a JSON number where its double's shortest decimal is it, else text.

    Example:
        >>> plain_fraction(Fraction(4, 5)), plain_fraction(Fraction(3)), plain_fraction(Fraction(1, 3))
        (0.8, 3.0, '1/3')
    """
    nearest = float(value)
    if value.denominator == 1 and abs(nearest) < 2**53:
        return nearest
    return nearest if exact(nearest) == value else show(value)
