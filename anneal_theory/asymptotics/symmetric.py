"""Equal modes: the gain of small starts, and how collapse gets rarer with the dimension (theory section 6)."""

import math
import sys
from fractions import Fraction

from anneal_theory._types import Exactable
from anneal_theory.asymptotics.evaluation import evaluated, number
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.fixed_points import collapsed_state, transient_gain
from anneal_theory.fixed_points.single import growth
from anneal_theory.formulas.transient_gain import absolute_moment_of, symmetric_probability
from anneal_theory.formulas.transient_gain import dimension_exponent as probability_power
from anneal_theory.formulas.transient_gain import gain_exponent as gain_power
from anneal_theory.formulas.transient_gain_mp import gain_small_start
from anneal_theory.problem import BimodalTarget
from anneal_theory.quantities.doors import checked

_TINY = Fraction(1, 10**6)  # of R: a start whose gain differs from its power law by 1e-12


@checked
def gain_exponent(target: BimodalTarget) -> float:
    """gamma of the power law ``C ~ |s0|^-gamma`` of a symmetric target.

    Source: theory section 6; docs/derivations/transient_gain.md.

    Example:
        >>> round(gain_exponent(BimodalTarget(3, 0.5)), 6)
        1.743177
    """
    return float(gain_power(*_rates(target)))


@checked
def small_start_gain(target: BimodalTarget, s0: Exactable) -> float:
    """C(s0) of a symmetric target at a small start; its constant is read off the exact gain at a tiny one.

    Args:
        target: With w* = 1/2 and kappa_0 > 1.
        s0: Mean overlap at the start, not 0 and well below R.

    Remainder: O(s0^4) in log C.

    Source: theory section 6; docs/derivations/transient_gain.md.

    Example:
        >>> round(small_start_gain(BimodalTarget(3, 0.5), 0.01) / transient_gain(BimodalTarget(3, 0.5), 0.01), 7)
        1.0
    """
    from anneal_theory.averages.jets import psi_jet  # loads flint

    start, rates = exact(s0), _rates(target)
    if not 0 < abs(start) < target.exact_separation:
        raise DomainError.of("s0", "between 0 and R, in size", s0, "use transient_gain")
    third = 6 * float(psi_jet(Fraction(0), target, 4)[3].mid())
    letters = (target.separation, *rates, third, gain_power(*rates))
    tiny = _TINY * target.exact_separation
    below = evaluated(None, lambda context: gain_small_start(context, number(context, tiny), *letters, 0.0))
    constant = math.log(transient_gain(target, tiny)) - below
    log_gain = evaluated(None, lambda context: gain_small_start(context, number(context, start), *letters, constant))
    if log_gain > math.log(sys.float_info.max):
        step = "log C grows by gain_exponent for every factor of e in s0"
        raise DomainError.of("s0", "large enough for C to be a double", s0, step)
    return math.exp(log_gain)


@checked
def dimension_exponent(target: BimodalTarget) -> float:
    """Limit of ``d log P/d log d`` for a symmetric target at a fixed slow schedule: collapse gets rarer.

    Source: theory section 6; docs/derivations/transient_gain.md.

    Example:
        >>> round(dimension_exponent(BimodalTarget(3, 0.5)), 6)
        -0.371589
    """
    return float(probability_power(*_rates(target)))


@checked
def large_dim_probability(target: BimodalTarget, dim: int, threshold_scale: Exactable) -> float:
    """P of a symmetric target in large dimension, sigma = 1/sqrt(d), from how its threshold vanishes with s0.

    Args:
        target: With w* = 1/2 and kappa_0 > 1.
        dim: d.
        threshold_scale: B of ``rho_c = B |s0|^gamma`` as s0 -> 0, at D0 = sqrt 2.

    Remainder: Relative O(d^-1) + O(d^(1 - gamma)).

    Source: theory section 6; docs/derivations/transient_gain.md.

    Example:
        >>> f"{large_dim_probability(BimodalTarget(3, 0.5), 10**6, 0.01):.3e}"
        '1.602e-04'
    """
    power = gain_exponent(target)
    moment = float(absolute_moment_of(power, math.gamma((power + 1) / 2)))
    scale = float(exact(threshold_scale))
    value = float(symmetric_probability(target.separation, float(dim), power, scale, moment))
    if not value < 1:
        raise DomainError.of("threshold_scale", "so small that P stays below 1", threshold_scale, "use large-dim")
    return value


def _rates(target: BimodalTarget) -> tuple[float, float]:
    """kappa* and kappa_0 of a symmetric target, in doubles."""
    start = float(growth(0.0, target))
    if target.exact_weight != Fraction(1, 2) or start <= 1:
        raise DomainError.of(
            "target", "symmetric, with kappa_0 > 1", target, "take equal weights and a separation above 1.46"
        )
    return collapsed_state(target).escape_rate, start
