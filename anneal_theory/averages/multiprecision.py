"""The averages to any number of digits in mpmath (with or without gmpy2), by the same series as the balls.

The truncation bounds are the proved ones; roundings are covered by guard bits and by a second look at the size of
the result, not by a proof. `anneal_theory.averages.ball` proves every digit, and is faster where python-flint runs.
Each function returns an ``mpmath.mpf`` with `digits` correct relative digits and a few guard bits.
"""

import math
from fractions import Fraction

import mpmath

from anneal_theory._types import Mpf
from anneal_theory.averages.plan import LN2, SeriesPlan
from anneal_theory.averages.series_evaluation import SeriesAverages, SeriesRequest, summed
from anneal_theory.precision import bits_of, mpmath_precision, rounded


def attempt(request: SeriesRequest, plan: SeriesPlan) -> tuple[Mpf, int]:
    """One evaluation: the result, and the relative bits that the plan's absolute error leaves it."""
    with mpmath_precision(plan.bits) as arithmetic:
        value, bound = summed(arithmetic, request.argument.point(arithmetic), plan, request.quantity)
        result = request.finish(arithmetic, plan, value)
        if not result:
            return result, 0
        planned = (plan.nats + float(mpmath.log(abs(result)))) / LN2
        proved = -float(mpmath.log(bound / abs(result), 2)) if bound else planned
        return result, math.floor(min(planned, proved))


def _known(value: Fraction, digits: int) -> Mpf:
    with mpmath_precision(bits_of(digits) + 32) as arithmetic:
        return arithmetic.rational(value)


_ROUNDED = SeriesAverages(attempt, _known, rounded)
psi, psi_prime, phi, mmse = _ROUNDED.psi, _ROUNDED.psi_prime, _ROUNDED.phi, _ROUNDED.mmse
