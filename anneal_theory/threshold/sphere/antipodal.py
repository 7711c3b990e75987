"""Where the antipodal pair is no longer held: alpha for large separation, and the temperature at a target.

With means on the sphere a pair that points to opposite sides of it is held together by the push of its components until
the temperature has fallen to about R^2/alpha (theory section 11).
"""

from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
import numpy as np
from scipy.optimize import brentq

from anneal_theory._types import FloatArray
from anneal_theory.averages import quadrature_double
from anneal_theory.averages.jets import overlap_jet
from anneal_theory.balls import CONTEXT, DEFAULT_DIGITS, answer, refined
from anneal_theory.digits import checked_digits
from anneal_theory.errors import DomainError
from anneal_theory.formulas.sphere_flow_mp import label_width
from anneal_theory.formulas.sphere_formulas import antipodal_growth, stability_constant_of
from anneal_theory.formulas.sphere_formulas_mp import antipodal_surplus, antipodal_surplus_slope, passage_distance
from anneal_theory.numerics.krawczyk import Equations, enclosed_root
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked
from anneal_theory.threshold.sphere.passage_path import DOUBLES

_ROUGH = Fraction("0.76383")  # q; Newton's method takes it from there
_FAR = np.inf  # rapidity of the antipodal pair
_HOTTEST = 1e6  # of R^2
_SCANNED = 500  # temperatures: steps of 6 %; roots that are closer are of weights below 1e-6


def antipodal_root() -> flint.arb:
    """q with 2 G(2q) = q/sqrt(2 pi), as a ball at flint's working precision that holds the only root near it."""

    def system(unknown: list[flint.arb], jacobian: bool) -> Equations:
        (q,) = unknown
        value, slope = overlap_jet(2 * q, Fraction(1, 2), 2)
        if jacobian:
            return [[antipodal_surplus_slope(CONTEXT, slope)]]
        return [antipodal_surplus(CONTEXT, value, q)]

    return enclosed_root(system, [_ROUGH])[0]


@checked
def antipodal_alpha(*, digits: int | None = None, certified: bool = False) -> Any:
    """alpha = R^2/T where a pair on the sphere stops being held antipodal, in the limit of large separation.

    The root of ``2 G(2 sqrt(alpha)) = sqrt(alpha/(2 pi))`` for a variance that follows the temperature. The paper's
    draft has 0.608.

    Args:
        digits: None for a double, else correct relative digits.
        certified: Give a `Ball`, proven by Krawczyk's test.

    Returns:
        float, ``mpf`` with digits, `Ball` when certified.

    Raises:
        DomainError: the digits are no number of digits.

    Source:
        theory section 11; docs/derivations/sphere_formulas.md.

    Example:
        >>> import mpmath
        >>> round(antipodal_alpha(), 10), mpmath.nstr(antipodal_alpha(digits=20), 20)
        (0.5834295148, '0.58342951479098043244')
    """
    count = DEFAULT_DIGITS + 2 if digits is None else checked_digits(digits)
    ball = _alpha(count)
    return float(answer(ball, count, False)) if digits is None and not certified else answer(ball, count, certified)


@lru_cache(maxsize=8)
def _alpha(digits: int) -> flint.arb:
    alpha: flint.arb = refined(
        lambda: stability_constant_of(antipodal_root()), digits, "the root is known to no more digits"
    )
    return alpha


@checked
def antipodal_temperature(target: BimodalTarget) -> float:
    """The temperature above which an antipodal pair across the axis is held together, for a variance that follows it.

    Below, the sum of its overlaps (m1 = m2 = 0) grows. This is where a linear rate changes sign: with w* = 1/2 the pair
    is at rest there and others branch off it (a pitchfork), else the target's bias drives the sum at every temperature,
    and no pair at rest appears or vanishes there (an imperfect pitchfork).

    Args:
        target: Separation R and weight w*.

    Returns:
        T_a > 0, to about 12 digits, the largest where there are several; R^2/T_a tends to `antipodal_alpha` as R grows.

    Raises:
        DomainError: the separation is so small that there is none above 1e-6 R^2.

    Source:
        theory section 11: 2 g = psi'(0)/2 in units of R^2; docs/derivations/sphere_formulas.md.

    Example:
        >>> round(antipodal_temperature(BimodalTarget(3, 0.8)), 6)
        15.349676
    """
    square = float(target.exact_separation**2)

    def growth(log_temperatures: FloatArray) -> FloatArray:
        temperatures = square * np.exp(log_temperatures)
        return antipodal_rates(target, temperatures, temperatures)[1]

    log_temperatures = np.linspace(np.log(_HOTTEST), -np.log(_HOTTEST), _SCANNED)
    grows = growth(log_temperatures) > 0
    if grows[0] or not grows.any():
        raise DomainError.of("separation", "one with such a temperature", target.separation, "take a larger one")
    last = int(np.argmax(grows))
    edge = brentq(
        lambda log_temperature: growth(np.array([log_temperature]))[0],
        log_temperatures[last],
        log_temperatures[last - 1],
        xtol=1e-14,
    )
    return square * float(np.exp(edge))


def antipodal_rates(
    target: BimodalTarget, temperatures: FloatArray, variances: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Growth rates of x and of m1 + m2 (< 0: held) at the antipodal pair across the axis, in the clock of the pull."""
    overlaps = DOUBLES.overlap(passage_distance(np, np.full(variances.shape, _FAR), target.separation, variances))
    widths = label_width(np, target.separation, variances)
    arguments = np.full(variances.shape, abs(target.half_log_odds))
    slopes = quadrature_double.assembled(*quadrature_double.sech_mean_log(arguments, widths, 2))
    cosine, total = antipodal_growth(target.separation, variances, temperatures, overlaps, slopes)
    return cosine, total
