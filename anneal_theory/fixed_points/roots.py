"""The constants that are roots, to any number of proven digits: s*, kappa*, T_c, R_c and D_T.

What is proven of each: the ball holds the one root of the stated equations in a box round the double-precision root.
Which root that is (the first fold on the way from s*, the smallest separation with both kinds of attractors) comes
from the double-precision search in `critical`.

Source:
    theory sections 6 and 7; docs/derivations/fixed_points.md, docs/derivations/saddle_node.md.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache

import flint
import mpmath

from anneal_theory._types import Mpf
from anneal_theory.averages import ball as averages
from anneal_theory.averages.jets import derivatives, label_jet, overlap_jet, psi_jet, squared_overlap_jet
from anneal_theory.balls import CONTEXT, DEFAULT_DIGITS, ball_of, exact_ball, rational, refined
from anneal_theory.digits import checked_digits
from anneal_theory.errors import PrecisionError
from anneal_theory.fixed_points.landscape import Mode
from anneal_theory.formulas.fixed_points import (
    across_push,
    across_rate,
    close_across_rate,
    saddle_node,
    saddle_node_jacobian,
    single_drift,
    single_drift_slope,
)
from anneal_theory.formulas.growth_rate import coincident_growth
from anneal_theory.formulas.hot_phase import hot_distance_squared_leading
from anneal_theory.formulas.saddle_node import critical_separation_jacobian, critical_separation_system
from anneal_theory.numerics.krawczyk import Equations, RootSystem, enclosed_root
from anneal_theory.precision import to_ball
from anneal_theory.problem import BimodalTarget
from anneal_theory.results import Ball

_HALF = Fraction(1, 2)
_SMALLEST_ROUGH = 1e-150
_TINY_BITS = 64  # X below 2^-64 is tiny
_SPARE_DIGITS = 8
_SLACK_BITS = 40  # of a zero found by Newton's method


def collapsed_balls(heavy: BimodalTarget, digits: int, rough: float) -> tuple[Ball, Ball]:
    """(s*, kappa*) of the mode on the positive side; kappa* to relative digits however small it is.

    On the box ``|psi''| <= 2 psi'``, so psi' changes there by at most the factor ``e^(2e)``.
    """
    point = Fraction(rough)

    def system(unknown: list[flint.arb], jacobian: bool) -> Equations:
        (m,) = unknown
        middle, wide = rational(m.mid()), m.rad()
        inner = int(flint.ctx.prec / 3.3219281) + 2
        radius = exact_ball(heavy.exact_separation)
        if jacobian:
            slope = ball_of(averages.psi_prime(middle, heavy, inner), "s*") * (2 * flint.arb(0, wide)).exp()
            return [[single_drift_slope(radius, slope)]]
        return [single_drift(m, radius, ball_of(averages.psi(middle, heavy, inner), "s*"))]

    def evaluate() -> tuple[flint.arb, flint.arb]:
        if point == 0:
            return flint.arb(0), _growth(heavy, point, digits)
        (star,) = enclosed_root(system, [point])
        rate = _growth(heavy, rational(star.mid()), digits)
        return star, rate * (2 * flint.arb(0, star.rad())).exp()

    star, rate = refined(evaluate, digits, "the collapsed state is nearly a double zero of f")
    return to_ball(star, digits), to_ball(rate, digits)


def _growth(target: BimodalTarget, m: Fraction, digits: int) -> flint.arb:
    slope = ball_of(averages.psi_prime(m, target, digits + _SPARE_DIGITS), "m")
    growth: flint.arb = coincident_growth(exact_ball(target.exact_separation), slope)
    return growth


def growth_ball(target: BimodalTarget, m: Fraction, digits: int) -> Ball:
    """R^2 psi'(m), the growth rate of log rho of a coincident pair at m."""
    return to_ball(refined(lambda: _growth(target, m, digits), digits, "psi' is known to no more"), digits)


def fold_balls(heavy: BimodalTarget, digits: int, start: tuple[float, float, float]) -> tuple[Ball, Ball, Ball]:
    """(m1, m2, T_c) at the saddle-node of the collapsed aligned pair, equal family weights."""
    radius = heavy.exact_separation

    def system(unknown: list[flint.arb], jacobian: bool) -> Equations:
        m1, m2, temperature = unknown
        setting = m1, m2, exact_ball(radius), exact_ball(_HALF), temperature
        first, second, g = _pair_jets(heavy, m1, m2, exact_ball(radius), 3 if jacobian else 2)
        if jacobian:
            rows = saddle_node_jacobian(*setting, first[1], second[1], first[2], second[2], *g)
            return [list(row) for row in rows]
        return list(saddle_node(*setting, first[0], second[0], first[1], second[1], *g))

    solution = _refined_root(system, start, digits, "the two folds of a cusp are too close")
    return solution[0], solution[1], solution[2]


def fold_averages(heavy: BimodalTarget, fold: tuple[float, float, float]) -> tuple[list[float], list[float]]:
    """At a saddle-node, in doubles: m1, m2, R, w1 and T; psi' and psi'' at both overlaps, G and its derivatives."""
    radius = exact_ball(heavy.exact_separation)
    first, second, g = _pair_jets(heavy, flint.arb(fold[0]), flint.arb(fold[1]), radius, 3)
    averages = [first[1], second[1], first[2], second[2], *g]
    return [*fold[:2], heavy.separation, 0.5, fold[2]], [float(average.mid()) for average in averages]


def unstable_point(mode: Mode) -> flint.arb:
    """The unstable zero of f at flint's working precision by Newton's method, as a point; 0 where there is none."""
    if not mode.unstable:
        return flint.arb(0)
    point, radius = flint.arb(mode.unstable), exact_ball(mode.target.exact_separation)
    for _ in range(flint.ctx.prec.bit_length() + 2):
        value, slope = psi_jet(point, mode.target, 2)
        change = (single_drift(point, radius, value) / single_drift_slope(radius, slope)).mid()
        point = (point - change).mid()
    if not abs(change) < abs(point) * 2.0 ** (_SLACK_BITS - flint.ctx.prec):
        raise PrecisionError("0 digits reached: the unstable zero of f is nearly a double zero; ask for fewer")
    return point


@lru_cache(maxsize=64)
def separation_balls(weight: Fraction, digits: int, start: tuple[float, float, float]) -> tuple[Ball, Ball, Ball]:
    """(m1, m2, R_c): the fold at T = 1, equal family weights."""
    target = BimodalTarget(1, weight)

    def system(unknown: list[flint.arb], jacobian: bool) -> Equations:
        m1, m2, radius = unknown
        setting = m1, m2, radius, exact_ball(_HALF)
        first, second, g = _pair_jets(target, m1, m2, radius, 4 if jacobian else 2)
        labels = [part for pair in zip(first, second, strict=True) for part in pair]
        if jacobian:
            return [list(row) for row in critical_separation_jacobian(*setting, *labels, *g)]
        return list(critical_separation_system(*setting, *labels, *g))

    solution = _refined_root(system, start, digits, "the two folds of a cusp are too close")
    return solution[0], solution[1], solution[2]


@lru_cache(maxsize=64)
def hot_ball(temperature: Fraction, weight: Fraction, digits: int, rough: float) -> Ball:
    """D_T from ``G(D; w1) T = w1 w2``, solved for ``X = D^2/4``, in which G is regular at 0."""
    if temperature == 1:
        return Ball(mpmath.mpf(0), mpmath.mpf(0))
    # where a double is too small for D, the leading order is right to more digits than a double has
    leading = hot_distance_squared_leading(temperature - 1, weight * (1 - weight)) / 4
    start = Fraction(rough) ** 2 / 4 if rough > _SMALLEST_ROUGH else leading

    def system(unknown: list[flint.arb], jacobian: bool) -> Equations:
        value = _surplus(unknown[0], temperature, weight, jacobian)
        return [[value]] if jacobian else [value]

    def evaluate() -> flint.arb:
        return 2 * enclosed_root(system, [start], Fraction(0))[0].sqrt()

    return to_ball(refined(evaluate, digits, "the temperature is too close to 1"), digits)


def _surplus(square: flint.arb, temperature: Fraction, weight: Fraction, derivative: bool) -> flint.arb:
    """``T G/(w1 w2) - 1`` at X, or its derivative in X; small T - 1 and w1 w2 cost bits, which are added.

    At tiny X by Taylor's theorem at 0: the last coefficient, taken on all of [0, X], holds the remainder.
    """
    product, excess = weight * (1 - weight), temperature - 1
    surplus: flint.arb
    size, lost = -float(square.abs_upper().log()) / math.log(2), _bits_below_one(product)
    if size < _TINY_BITS:
        with flint.ctx.extraprec(lost + _bits_below_one(excess)):
            overlap, slope = squared_overlap_jet(square, weight, 2)
            if derivative:
                surplus = across_push(exact_ball(temperature), slope, exact_ball(product))
            else:
                surplus = across_rate(exact_ball(weight), exact_ball(temperature), overlap)
        return surplus
    with flint.ctx.extraprec(lost):
        variance = exact_ball(product)
        count = 2 + math.ceil(flint.ctx.prec / (size - _TINY_BITS / 4))  # coefficients grow like factorials
        jet = squared_overlap_jet(flint.arb(0), weight, count)[1:]
        jet.append(squared_overlap_jet(square.union(flint.arb(0)), weight, count + 1)[-1])
        series = flint.arb_poly([part * (n + 1) for n, part in enumerate(jet)] if derivative else [0, *jet])
        if derivative:
            surplus = across_push(exact_ball(temperature), series(square), variance)
        else:
            surplus = close_across_rate(exact_ball(excess), series(square), variance)
    return surplus


def _bits_below_one(value: Fraction) -> int:
    return max(0, value.denominator.bit_length() - value.numerator.bit_length())


def shown(balls_at: Callable[[int], tuple[Ball, ...]], digits: int | None, certified: bool) -> tuple[Mpf | Ball, ...]:
    """Balls at the digits asked for, or their midpoints."""
    balls = balls_at(DEFAULT_DIGITS if digits is None else checked_digits(digits))
    return balls if certified else tuple(ball.midpoint for ball in balls)


def _pair_jets(
    target: BimodalTarget, m1: flint.arb, m2: flint.arb, radius: flint.arb, count: int
) -> tuple[list[flint.arb], ...]:
    """The first derivatives of psi at both overlaps and, at most three, of G at D = (m1 - m2)/R."""
    h, square = CONTEXT.half_log_odds(target.exact_weight), radius * radius
    first, second = (derivatives(label_jet(m + h, square, count)) for m in (m1, m2))
    return first, second, derivatives(overlap_jet((m1 - m2) / radius, _HALF, min(count, 3)))


def _refined_root(system: RootSystem, start: Sequence[float], digits: int, reason: str) -> list[Ball]:
    guess = [Fraction(x) for x in start]
    balls = refined(lambda: tuple(enclosed_root(system, guess)), digits, reason)
    return [to_ball(part, digits) for part in balls]
