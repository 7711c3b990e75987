"""The averages as proven enclosures: Arb balls with every truncation bound added to the radius.

Every function returns a `Ball` that contains the true number, with ``radius <= 10^-digits |midpoint|``.
Which series is summed, and where the switches lie: `anneal_theory.averages.plan`.
"""

from fractions import Fraction

import flint

from anneal_theory.averages.plan import SeriesPlan
from anneal_theory.averages.series_evaluation import SeriesAverages, SeriesRequest, summed
from anneal_theory.precision import bits_of, flint_precision, to_ball


def attempt(request: SeriesRequest, plan: SeriesPlan) -> tuple[flint.arb, int]:
    """One evaluation in balls: the result, and the relative bits it is good for."""
    with flint_precision(plan.bits) as arithmetic:
        value, bound = summed(arithmetic, request.argument.point(arithmetic), plan, request.quantity)
        result = request.finish(arithmetic, plan, value + flint.arb(0, bound))
        return result, int(result.rel_accuracy_bits()) if result.is_finite() else -1


def _known(value: Fraction, digits: int) -> flint.arb:
    with flint_precision(bits_of(digits) + 32) as arithmetic:
        return arithmetic.rational(value)


_PROVEN = SeriesAverages(attempt, _known, to_ball)
psi, psi_prime, phi, mmse = _PROVEN.psi, _PROVEN.psi_prime, _PROVEN.phi, _PROVEN.mmse
