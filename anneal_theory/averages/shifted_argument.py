"""Where an average is taken, in exact parameters: reflected to a >= 0, with sizes in double precision."""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial

from anneal_theory._types import Exactable
from anneal_theory.arithmetic import Arithmetic, Num
from anneal_theory.averages.appell_lerch import Point
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.precision import mpmath_precision
from anneal_theory.problem import BimodalTarget

MAX_OVERLAP = 10**12  # sizes are planned in double precision
MAX_SEPARATION = 10**6
_SMALLEST_SIZE = 1e-100  # for planning: a smaller R or a counts the same


@dataclass(frozen=True)
class ShiftedArgument:
    """``a = shift + log(odds)/2 >= 0`` and R, exactly."""

    shift: Fraction  # rational part of a
    odds: Fraction  # odds of the heavier label as seen from here; its half logarithm is the rest of a
    radius: Fraction  # R > 0
    sign: int  # 1, or -1 if the point was reflected, 0 if a = 0 exactly
    a_size: float  # a in double precision; 0.0 only if a = 0
    r_size: float  # R in double precision

    def point(self, arithmetic: Arithmetic[Num]) -> Point[Num]:
        """The numbers of the series in an arithmetic, at its present precision."""
        shift, odds = self.shift, self.odds
        a = arithmetic.quotient(shift.numerator, shift.denominator)
        level = odds.numerator == odds.denominator
        if not level:
            a += arithmetic.log(arithmetic.quotient(odds.numerator, odds.denominator)) / 2
        top, bottom = self.radius.numerator**2, self.radius.denominator**2
        central = level and shift.numerator * bottom == top * shift.denominator
        decay = partial(self._decay, arithmetic)
        return Point(a, arithmetic.quotient(top, bottom), decay, self.a_size, self.r_size, central)

    def _decay(self, arithmetic: Arithmetic[Num], multiple: int) -> Num:
        # by whole numbers: fractions would be brought to lowest terms at every step
        top, bottom = self.radius.numerator**2, self.radius.denominator**2
        share = arithmetic.quotient(self.odds.denominator, self.odds.numerator)
        numerator = multiple * top * self.shift.denominator - self.shift.numerator * bottom
        if not numerator:
            return share
        return share * arithmetic.exp(arithmetic.quotient(2 * numerator, bottom * self.shift.denominator))


def of_overlap(m: Exactable, target: BimodalTarget) -> ShiftedArgument:
    """The place of psi, psi' and phi."""
    shift = exact(m, "m")
    if abs(shift.numerator) > MAX_OVERLAP * shift.denominator:  # by whole numbers: fractions compare slowly
        raise DomainError.of("m", "at most 10^12 in size", m, "at such overlaps psi = sign(m) and phi = |m| - log 2")
    return _reflected(shift, _odds(target.exact_weight), target.exact_separation, "separation")


def of_distance(distance: Fraction, weight: Fraction) -> ShiftedArgument:
    """The place of G: ``G(D; w) = (w/2) (1 - psi)`` at ``a = (1/2) log(w/(1-w)) + D^2/4``, ``R = D/2``, if w >= 1/2."""
    return _reflected(distance**2 / 4, _odds(max(weight, 1 - weight)), distance / 2, "distance")


@lru_cache(1024)
def _odds(weight: Fraction) -> Fraction:
    return weight / (1 - weight)


def _reflected(shift: Fraction, odds: Fraction, radius: Fraction, argument: str) -> ShiftedArgument:
    if radius.numerator > MAX_SEPARATION * radius.denominator:
        raise DomainError.of(argument, "at most 10^6", radius, "use the limit of large separation")
    r_size = max(float(radius), _SMALLEST_SIZE)
    size = _signed_size(shift, odds)
    if size == 0:
        return ShiftedArgument(Fraction(0), Fraction(1), radius, 0, 0.0, r_size)
    if size < 0:
        shift, odds = -shift, 1 / odds
    return ShiftedArgument(shift, odds, radius, 1 if size > 0 else -1, max(abs(size), _SMALLEST_SIZE), r_size)


def _signed_size(shift: Fraction, odds: Fraction) -> float:
    """``shift + log(odds)/2`` to double precision, its sign always right: the logarithm of a rational is irrational."""
    if odds == 1:
        return math.copysign(max(abs(float(shift)), _SMALLEST_SIZE), shift) if shift else 0.0
    half_log = (math.log(odds.numerator) - math.log(odds.denominator)) / 2
    quick = float(shift) + half_log
    if abs(quick) > 1e-6 * (abs(float(shift)) + math.log(odds.numerator * odds.denominator)):
        return quick
    bits = 128
    while True:
        with mpmath_precision(bits) as arithmetic:
            rational = arithmetic.rational(shift)
            total = rational + arithmetic.log(arithmetic.rational(odds)) / 2
            if abs(total) > abs(rational) / 2 ** (bits // 2):
                return math.copysign(max(abs(float(total)), _SMALLEST_SIZE), total)
        bits *= 2
