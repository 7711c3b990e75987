r"""The collapse probability of slow annealing: the formula's threshold averaged over the mean overlap s0.

``P = E_{s0} I_x(1/2, (d-1)/2)`` with the rho_c of the mode that s0 runs to (theory sections 5 and 6). log C(s0) is a
Taylor series on each piece of its table, so a piece is integrated by Gauss's rule, halved until both halves agree; next
to the unstable zero, where rho_c vanishes like a power of the distance, by the double exponential rule.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import pairwise

import flint
import mpmath

from anneal_theory._types import Mpf
from anneal_theory.balls import CONTEXT, ball_of, exact_ball
from anneal_theory.digits import checked_digits
from anneal_theory.errors import PrecisionError
from anneal_theory.fixed_points import Landscape, Mode, landscape_of
from anneal_theory.formulas.start_law import centre_variance, normal_exponent
from anneal_theory.formulas.start_law_mp import log_normal_norm
from anneal_theory.numerics.ball_quadrature import Pair, end_rule, halved
from anneal_theory.precision import bits_of, flint_precision, mpmath_context, to_ball, to_mpf
from anneal_theory.probability.cap_digits import LogProbability, cap_shares
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.slow.passage import EASY_DIGITS
from anneal_theory.threshold.slow.slow_annealing import METHOD, SlowExponent, formula_digits, regime_note, slow_exponent
from anneal_theory.threshold.slow.slow_gain import TaylorPiece, gain_table
from anneal_theory.work import count_work

_GUARD_BITS = 40
_SCOUT_DIGITS = 10  # to see how much the light mode's side matters
_FARTHEST = 60.0  # standard deviations of s0
_SHARES = (0.0, 2.5, 6.0, 10.0, 16.0, 25.0, 40.0)  # standard deviations at which a stretch is cut to begin with

Share = Callable[[flint.arb, flint.arb], Pair]
"""What a start adds to P and to 1 - P, from s0 and log C(s0)."""
SideShares = tuple[flint.arb, flint.arb, float]
"""What one basin adds to P and to 1 - P, and the error of its log rho_c."""


@dataclass(frozen=True)
class SlowProbability:
    """P of slow annealing and how far the formula may be off."""

    # P, log P and log(1 - P) as ``mpf`` numbers, the value of the formula to the digits asked for
    chance: LogProbability
    error: Mpf  # how far P may be off, as the formula is asymptotic
    log_error: float  # how far log P may be off
    log_complement_error: Mpf  # how far log(1 - P) may be off
    note: str  # the regime


@checked
def slow_chance(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics, digits: int = EASY_DIGITS, *,
    prefactor: bool = True,
) -> SlowProbability:  # fmt: skip
    """P of slow annealing, averaged over s0 (theory sections 5 and 6); without the prefactor A = 1, with its error."""
    count = checked_digits(digits)
    heavy = target.heavy_first
    landscape = landscape_of(target)

    def exponent_of(mode: Mode, digits: int) -> SlowExponent:
        exponent = slow_exponent(mode, schedule, dynamics, digits)
        return exponent if prefactor else _without_prefactor(exponent)

    first = exponent_of(landscape.heavy, count + 1)
    with flint_precision(bits_of(count) + _GUARD_BITS):
        deviation = exact_ball(centre_variance(heavy.exact_separation, Fraction(1, 2), init.exact_variance)).sqrt()
        sides = [_side(first, deviation, init.dim, count)]
        if landscape.unstable is not None:
            with flint_precision(bits_of(EASY_DIGITS) + _GUARD_BITS):
                other = _other_side(landscape, exponent_of, deviation, init.dim, _SCOUT_DIGITS)
            needed = count + 4 - _digits_below(sides[0], other)
            if needed > _SCOUT_DIGITS:
                needed = min(count, needed)
                with flint_precision(bits_of(needed) + _GUARD_BITS):
                    other = _other_side(landscape, exponent_of, deviation, init.dim, needed)
            sides.append(other)
        inside = sum((side[0] for side in sides), flint.arb(0))
        beyond = sum((side[1] for side in sides), flint.arb(0))
        value = inside if inside < beyond else 1 - beyond
        logs = (inside.log(), (-inside).log1p()) if inside < beyond else ((-beyond).log1p(), beyond.log())
        if not all(number.is_finite() for number in logs):
            far = f"P or 1 - P in {float(init.dim):.3g} dimensions is out of reach"
            raise PrecisionError(f'0 digits reached: {far}; use method="large-dim"')
        chance = LogProbability(*(to_ball(number.mid(), count).midpoint for number in (value, *logs)))
        log_error = float((sum((side[0] * _exp(side[2]) for side in sides), flint.arb(0)) / inside).log().mid())
    return SlowProbability(chance, *_errors(chance, log_error, max(side[2] for side in sides)), regime_note(first))


def _exp(value: float) -> flint.arb:
    return flint.arb(value).exp()


def _errors(chance: LogProbability, log_error: float, worst: float) -> tuple[Mpf, float, Mpf]:
    """How far P, log P and log(1 - P) may be off.

    At a given start P is a concave function of rho_c that vanishes with it, so log P follows log rho_c at most in
    proportion, and ``log_error`` is that of log P. There 1 - P = e^-L with L >= (d - 1)/2 log(1 + rho_c^2), so an error
    e of log rho_c moves L by at most ``L (e^(2e) - 1) + e``; and it moves P, on its average, by as much as 1 - P.
    `worst` is the largest error of log rho_c, of both modes.
    """
    with mpmath_context(EASY_DIGITS) as context:
        value, log_complement = context.mpf(chance.value), context.mpf(chance.log_complement)
        complement = context.exp(log_complement)
        error = min(value * context.expm1(min(log_error, 700.0)), context.one)
        deep = worst - log_complement * context.expm1(min(2 * worst, 700.0))
        shallow = -context.log1p(-error / complement) if error < complement else context.inf
        return to_mpf(error), log_error, to_mpf(min(deep, shallow))


def _digits_below(side: SideShares, other: SideShares) -> int:
    """By how many decimal places the other side's part of the smaller of P and 1 - P is smaller; few if it is not."""
    own, others = (side[0], other[0]) if side[0] < side[1] else (side[1], other[1])
    if not others > 0:
        return 10**6
    return max(0, math.floor(float((own / others).log().mid()) / math.log(10)))


@checked
def slow_probability(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics, digits: int | None = None,
    allow_slow: bool = False,
) -> Estimate:  # fmt: skip
    """The same as an Estimate, in doubles unless digits are asked for."""
    count = EASY_DIGITS if digits is None else formula_digits(digits, allow_slow)
    slow = slow_chance(target, schedule, init, dynamics, count)
    numbers = (*vars(slow.chance).values(), slow.error, slow.log_error, slow.log_complement_error)
    value, inside, beyond, *errors = (float(number) if digits is None else number for number in numbers)
    return Estimate(
        value, errors[0], inside, METHOD, log_complement=beyond, note=slow.note, log_error=errors[1],
        log_complement_error=errors[2], digits=digits,
    )  # fmt: skip


def _without_prefactor(exponent: SlowExponent) -> SlowExponent:
    with flint_precision(bits_of(EASY_DIGITS) + exponent.value.bc):
        value = (ball_of(exponent.value, "exponent") - ball_of(exponent.log_prefactor, "prefactor")).mid()
        rough = to_ball(value, EASY_DIGITS + math.ceil(exponent.value.bc * math.log10(2))).midpoint
    derived, ramp, nonlinear = exponent.error_parts
    return replace(exponent, value=rough, error_parts=(derived + abs(float(exponent.log_prefactor)), ramp, nonlinear))


def _other_side(
    landscape: Landscape, exponent_of: Callable[[Mode, int], SlowExponent], deviation: flint.arb, dim: int, digits: int
) -> SideShares:
    """Starts below the unstable zero: those of the mirrored target, with the constants of its own mode."""
    mode = landscape.light
    if mode is None or not mode.collapses:
        return flint.arb(0), _mass(ball_of(mpmath.mpf(landscape.unstable), "s_u") / deviation), 0.0  # no pair collapses
    exponent = exponent_of(mode, digits + 1)
    return _side(exponent, deviation, dim, digits)


def _mass(z: flint.arb) -> flint.arb:
    """LogProbability that a standard normal is below z."""
    return (-z / flint.arb(2).sqrt()).erfc() / 2


def _side(exponent: SlowExponent, deviation: flint.arb, dim: int, digits: int) -> SideShares:
    """The parts of P and of 1 - P from starts in the basin of a mode, and the error of log rho_c."""
    mode = exponent.mode
    saddle = mode.unstable
    spread = float(deviation)
    gap = 0.0 if saddle is None else abs(saddle) / spread
    far = spread * min(math.sqrt(2 * math.log(10) * (digits + 14) + 60 + gap**2), _FARTHEST)
    star, rate = (
        ball_of(constant, "rest").mid() for constant in (exponent.constants.overlap, exponent.constants.escape_rate)
    )
    if saddle is not None and saddle >= far:
        return flint.arb(0), flint.arb(0), 0.0
    table = gain_table(mode, star, rate, -far, far)
    scale = ball_of(exponent.value, "exponent").mid()
    norm = log_normal_norm(CONTEXT, deviation).exp()

    def share(s: flint.arb, log_gain: flint.arb) -> Pair:
        count_work(nodes=1)
        density = norm * normal_exponent(s0=s / deviation, variance=1).exp()
        inside, beyond = cap_shares(scale - log_gain, dim)
        return (density * inside).mid(), (density * beyond).mid()

    total = [flint.arb(0), flint.arb(0)]
    cuts = sorted({sign * times * spread for times in _SHARES for sign in (-1, 1)})
    reached = -far
    for piece in table.pieces:
        low, high = max(piece.left, reached), min(piece.right, far)  # pieces overlap
        if low >= high:
            continue
        reached = high
        inner = [cut for cut in cuts if low < cut < high]
        edges = [flint.arb(edge) for edge in (low, *inner, high)]
        begin = 0
        if piece.pole is not None:
            edges[0], begin = piece.centre, 1
            width = edges[1] - piece.centre
            part = end_rule(partial(_near_saddle, share, piece, width), digits)
            total = [before + more for before, more in zip(total, part, strict=True)]
        for left, right in list(pairwise(edges))[begin:]:
            part = halved(partial(_on, share, piece), left, right, digits, total)
            total = [before + more for before, more in zip(total, part, strict=True)]
    return total[0], total[1], exponent.error


def _on(share: Share, piece: TaylorPiece, s: flint.arb) -> Pair:
    return share(s, piece.log_gain(s))


def _near_saddle(share: Share, piece: TaylorPiece, width: flint.arb, t: flint.arb) -> Pair:
    """At a share t of the width from the unstable zero, whose distance keeps its digits."""
    inside, beyond = share(piece.centre + t * width, piece.log_gain_beyond(t * width))
    return inside * width, beyond * width
