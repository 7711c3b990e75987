"""The transient gain to any number of digits, proven: the integral by Taylor series on discs."""

import math
from dataclasses import replace
from fractions import Fraction

import flint
import mpmath

from anneal_theory._types import Mpf
from anneal_theory.balls import DEFAULT_DIGITS, ball_of, refined
from anneal_theory.digits import checked_digits
from anneal_theory.exact import exact
from anneal_theory.fixed_points.gain_cover import disc_cover
from anneal_theory.fixed_points.gain_series import IntegrationPath, Jet, integral
from anneal_theory.fixed_points.landscape import Mode
from anneal_theory.precision import bits_of, flint_precision, to_ball
from anneal_theory.problem import BimodalTarget
from anneal_theory.results import Ball


def gain(mode: Mode, start: Fraction, digits: int | None, certified: bool) -> Mpf | Ball:
    """C(s0) of a mode and a start in its basin. Source: theory section 6."""
    count = DEFAULT_DIGITS if digits is None else checked_digits(digits)
    ball = mode.remembered(("gain", start, count), lambda: _gain(mode, start, count))
    return ball if certified else ball.midpoint


def _gain(mode: Mode, start: Fraction, digits: int) -> Ball:
    with flint_precision(bits_of(30)):
        path = IntegrationPath(mode, jet_of(mode.target), rest(mode)[0], start)
        discs = disc_cover(path)

    def evaluate() -> flint.arb:
        star, radius = rest(mode)
        return integral(replace(path, star=star), discs, radius).exp()

    return to_ball(refined(evaluate, digits, "the integral loses them"), digits)


def rest(mode: Mode) -> tuple[Fraction, flint.arb]:
    """A rational near s* and an upper bound of its distance, good for flint's working precision."""
    ball = mode.at(math.ceil(flint.ctx.prec / 3.3219) + 2).overlap
    return exact(ball.midpoint), ball_of(Ball(ball.radius, mpmath.mpf(0)), "radius").abs_upper()


def jet_of(target: BimodalTarget) -> Jet:
    """The Taylor coefficients of psi as the series ask for them, each jet computed once."""
    from anneal_theory.averages.jets import psi_jet

    jets: dict[tuple[Fraction, int], list[flint.arb]] = {}

    def jet(centre: Fraction, count: int) -> list[flint.arb]:
        key = centre, flint.ctx.prec
        if len(jets.get(key, ())) < count:
            jets[key] = psi_jet(centre, target, count)
        return jets[key][:count]

    return jet
