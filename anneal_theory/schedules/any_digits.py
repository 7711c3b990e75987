"""Times above a temperature to any number of digits, proven: closed forms in Arb balls, parameters as exact rationals.

Both `Schedule.time_above` and `Schedule.clock_above` fall as the temperature rises, so a temperature known only as a
ball gives the hull of the values at its two ends, each of which is an exact rational. Where a schedule has no closed
form, the time comes from signs and the clock from an integral of balls.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import overload

import flint
import numpy as np

from anneal_theory._types import Exactable, FloatArray, Mpf
from anneal_theory.arithmetic import Analytic
from anneal_theory.balls import CONTEXT as CONTEXT
from anneal_theory.balls import DEFAULT_DIGITS, BallContext, answer, refined
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.results import Ball
from anneal_theory.schedules.forms import Form

Kernel = Callable[[Fraction], flint.arb]
_DOUBLE_DIGITS = 17
_SPARE_BITS = 8
_FARTHEST = 2**14  # octaves from 1 in which a crossing is looked for


def above(
    kernel: Kernel, T: Exactable | Ball | Sequence[float] | FloatArray, digits: int | None, certified: bool
) -> Mpf | Ball:
    """A quantity that falls as the temperature level rises, at an exact level or at a ball.

    The kernel takes an exact level to an Arb ball at flint's working precision, infinite where the answer is. Digits of
    None are 15, or whatever a ball allows, and a level whose ball is too wide for them is refused.
    """
    low, high = _ends(T)
    count = DEFAULT_DIGITS if digits is None else digits
    wanted = 0 if digits is None and isinstance(T, Ball) else count
    return answer(refined(lambda: _hull(kernel, low, high), wanted, "the ball of T is too wide"), count, certified)


def _hull(kernel: Kernel, low: Fraction, high: Fraction) -> flint.arb:
    shortest = kernel(high)
    if low is high or low == high or str(shortest) == "inf":
        return shortest
    longest = kernel(low)
    if not longest.is_finite():
        raise DomainError.of(
            "T", "a ball above the final temperature", "one that contains it", "give the ball with more digits"
        )
    return shortest.union(longest)


def _ends(T: Exactable | Ball | Sequence[float] | FloatArray) -> tuple[Fraction, Fraction]:
    if isinstance(T, np.ndarray | list | tuple):
        raise DomainError.of("T", "one number where digits are asked for", T, "ask for one level at a time")
    if isinstance(T, Ball):
        middle, radius = exact(T.midpoint, "T"), exact(T.radius, "T")
        if middle <= radius:
            raise DomainError.of("T", "a positive finite temperature", T, "use 1 for the target itself")
        return middle - radius, middle + radius
    level = exact(T, "T")  # positive: the door has asked
    return level, level


def nearest_double(evaluate: Callable[[], flint.arb]) -> float:
    """The double nearest to a ball that is made at flint's working precision."""
    return float(refined(evaluate, _DOUBLE_DIGITS, "the schedule's formula does not get sharper").mid())


def time_at_level(excess: Form, level: flint.arb, end: flint.arb | float | None) -> flint.arb:
    """Where T - 1, which never rises, comes down to a level, as a ball proven by signs; `end` of None is never."""

    def above(x: flint.arb) -> flint.arb:
        return flint.arb(-1) * level if end is not None and x >= end else excess(elapsed=x) - level

    low, high = _octave(above)
    for _ in range(flint.ctx.prec + _SPARE_BITS):
        middle = ((low + high) / 2).mid()
        low, high = (middle, high) if above(middle).mid() > 0 else (low, middle)
    radius = high - low
    while radius < high:
        if above((low - radius).mid()) > 0 > above((high + radius).mid()):
            return (low - radius).union(high + radius)
        radius *= 2
    return flint.arb("nan")  # more precision is needed


def _octave(above: Callable[[flint.arb], flint.arb]) -> tuple[flint.arb, flint.arb]:
    """A power of two and its double between which the sign changes, found in midpoints."""
    x, factor = flint.arb(1), 2 if above(flint.arb(1)).mid() > 0 else flint.arb("0.5")
    for _ in range(_FARTHEST):
        x, before = x * factor, x
        if (above(x).mid() > 0) != (factor == 2):
            return (before, x) if factor == 2 else (x, before)
    return flint.arb(0), x


class AnalyticContext(BallContext):
    """Functions of power series, and of complex balls in an integral, whose logarithms may respect their cuts
    (`analytic`).
    """

    def __init__(self, analytic: bool = False) -> None:
        self.analytic = analytic

    def log(self, x: Analytic) -> Analytic:
        """Natural logarithm."""
        return x.log(analytic=self.analytic) if isinstance(x, flint.acb) else x.log()

    @overload
    def sqrt(self, x: int) -> flint.arb: ...
    @overload
    def sqrt(self, x: Analytic) -> Analytic: ...
    def sqrt(self, x: int | Analytic) -> flint.arb | Analytic:
        """Square root."""
        return x.sqrt(analytic=self.analytic) if isinstance(x, flint.acb) else super().sqrt(x)

    def log1p(self, x: Analytic) -> Analytic:
        """log(1 + x)."""
        return self.log(1 + x)

    def expm1(self, x: Analytic) -> Analytic:
        """e^x - 1."""
        return x.exp() - 1


def integral_of_beta(excess_in: Callable[[BallContext], Form], end: flint.arb | float) -> flint.arb:
    """The integral of 1/T from 0 to an end, as an Arb ball; beta is at most 1, so that the end's radius counts once."""
    end = flint.arb(end)
    middle = end.mid()
    forms = {analytic: excess_in(AnalyticContext(analytic)) for analytic in (False, True)}

    def beta(share: flint.acb, analytic: bool) -> flint.acb:
        return flint.acb(1 / (1 + forms[bool(analytic)](elapsed=share * middle)))

    return middle * flint.acb.integral(beta, 0, 1).real + flint.arb(0, end.rad().abs_upper())
