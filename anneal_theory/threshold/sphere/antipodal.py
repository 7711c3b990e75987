"""Where the antipodal pair loses its stability: alpha for large separation, and the temperature at a target.

With means on the sphere a pair that points to opposite sides of it is held together by the push of its components until
the temperature has fallen to about R^2/alpha (theory section 11).
"""

from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
import numpy as np
from scipy.optimize import brentq

from anneal_theory.averages.jets import overlap_jet
from anneal_theory.balls import CONTEXT, DEFAULT_DIGITS, answer, refined
from anneal_theory.digits import checked_digits
from anneal_theory.errors import DomainError
from anneal_theory.formulas.sphere_flow import label_width
from anneal_theory.formulas.sphere_formulas import antipodal_growth, stability_constant_of
from anneal_theory.formulas.sphere_formulas_mp import antipodal_surplus, antipodal_surplus_slope, passage_distance
from anneal_theory.numerics.krawczyk import Equations, enclosed_root
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked
from anneal_theory.threshold.sphere.passage_path import DOUBLES

_ROUGH = Fraction("0.76383")  # q; Newton's method takes it from there
_FAR = np.inf  # rapidity of the antipodal pair
_HOTTEST = 1e6  # of R^2


def antipodal_root() -> flint.arb:
    """q with 2 G(2q) = q/sqrt(2 pi), as a ball at flint's working precision that holds the only root near it.

    Raises:
        PrecisionError: the test of Krawczyk fails at this precision.
    """

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
    """The temperature below which a pair on the sphere no longer stays antipodal, for a variance that follows it.

    Args:
        target: Separation R; the weight plays no part, since psi' is taken at the target's neutral point m = -h. At
            m = 0 it differs by a term of order h^2 and depends on the weight.

    Returns:
        T_a > 0, to about 12 digits; R^2/T_a tends to `antipodal_alpha` as R grows.

    Raises:
        DomainError: the separation is so small that there is none above 1e-6 R^2.

    Source:
        theory section 11: 2 g = psi'(-h)/2, with R^2 psi' as psi' of the overlap in units of R^2.

    Example:
        >>> round(antipodal_temperature(BimodalTarget(3, 0.8)), 6)
        15.377835
    """
    square = float(target.exact_separation**2)

    def surplus(log_temperature: float) -> float:
        return antipodal_rate(target, square * float(np.exp(log_temperature)), square * float(np.exp(log_temperature)))

    low, high = -np.log(_HOTTEST), np.log(_HOTTEST)
    if not surplus(low) > 0 > surplus(high):
        raise DomainError.of("separation", "one with such a temperature", target.separation, "take a larger one")
    return square * float(np.exp(brentq(surplus, low, high, xtol=1e-14)))


def antipodal_rate(target: BimodalTarget, temperature: float, variance: float) -> float:
    """Growth rate of the sum of the overlaps of an antipodal pair, in the clock of the pull; negative where it is held.

    Example:
        >>> antipodal_rate(BimodalTarget(3, 0.8), 1, 1) > 0 > antipodal_rate(BimodalTarget(3, 0.8), 90, 90)
        True
    """
    spread = np.array([variance])
    overlap = DOUBLES.overlap(passage_distance(np, np.array([_FAR]), target.separation, spread))
    slope = DOUBLES.centre_slope(label_width(target.separation, spread))
    return float(antipodal_growth(target.separation, variance, temperature, overlap, slope)[0])
