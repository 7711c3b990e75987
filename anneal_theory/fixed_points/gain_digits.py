"""The transient gain to any number of digits, proven: the integral by Taylor series on discs."""

import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
import mpmath

from anneal_theory.balls import DEFAULT_DIGITS, ball_of, refined
from anneal_theory.digits import checked_digits
from anneal_theory.exact import exact
from anneal_theory.fixed_points.gain_cover import cover
from anneal_theory.fixed_points.gain_series import Jet, Way, integral
from anneal_theory.fixed_points.single import collapsed_state, unstable_overlap
from anneal_theory.precision import bits_of, flint_precision, to_ball
from anneal_theory.problem import BimodalTarget
from anneal_theory.results import Ball


def gain(target: BimodalTarget, start: Fraction, digits: int | None, certified: bool) -> Any:
    """C(s0) for a target with w* >= 1/2 and a start in the basin of its heavy mode.

    Raises:
        PrecisionError: the digits are out of reach.

    Source:
        theory section 6.

    Example:
        >>> import mpmath
        >>> mpmath.nstr(gain(BimodalTarget(3, 0.8), Fraction(0), 20, False), 20)
        '12.918651498387948794'
    """
    ball = _gain(target, start, DEFAULT_DIGITS if digits is None else checked_digits(digits))
    return ball if certified else ball.midpoint


@lru_cache(maxsize=64)
def _gain(target: BimodalTarget, start: Fraction, digits: int) -> Ball:
    jet = jet_of(target)
    with flint_precision(bits_of(30)):
        rough, _ = rest(target)
        way = _way(target, jet, rough, start)
        discs = cover(way)

    def evaluate() -> Any:
        star, radius = rest(target)
        return integral(_way(target, jet, star, start), discs, radius).exp()

    return to_ball(refined(evaluate, digits, "the integral loses them"), digits)


def _way(target: BimodalTarget, jet: Jet, star: Fraction, start: Fraction) -> Way:
    symmetric = target.exact_weight == Fraction(1, 2)
    return Way(jet, target.exact_separation**2, star, start, unstable_overlap(target), symmetric)


def rest(target: BimodalTarget) -> tuple[Fraction, Any]:
    """A rational near s* and an upper bound of its distance, good for flint's working precision."""
    ball = collapsed_state(target, digits=math.ceil(flint.ctx.prec / 3.3219) + 2, certified=True).overlap
    return exact(ball.midpoint), ball_of(Ball(ball.radius, mpmath.mpf(0)), "radius").abs_upper()


def jet_of(target: BimodalTarget) -> Jet:
    """The Taylor coefficients of psi as the series ask for them, each jet computed once."""
    from anneal_theory.averages.jets import psi_jet

    known: dict[tuple[Fraction, int], list[Any]] = {}

    def jet(centre: Fraction, count: int) -> list[Any]:
        key = centre, flint.ctx.prec
        if len(known.get(key, ())) < count:
            known[key] = psi_jet(centre, target, count)
        return known[key][:count]

    return jet
