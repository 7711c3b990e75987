"""The chance that a random direction lies within a threshold, to any number of digits, proven (theory section 5).

Both logarithms keep their relative digits however small P or 1 - P is. P grows with the threshold, so a threshold
known as a ball gives the hull of the values at its ends.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from anneal_theory._types import Exactable
from anneal_theory.balls import CONTEXT, DEFAULT_DIGITS, answer, ball_of, refined
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.formulas.start_law import angle_of_cotangent, chance_argument_squared
from anneal_theory.problem import GaussianInit
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Ball
from anneal_theory.shown import Shown

_LN2 = 0.6931471805599453
_LONGEST = 10**7  # terms


@dataclass(frozen=True, repr=False)
class LogProbability(Shown):
    """A probability with both logarithms; each an ``mpmath.mpf``, or a `Ball` when certified."""

    value: Any  # P
    log_value: Any  # log P
    log_complement: Any  # log(1 - P)

    def told(self) -> dict[str, object]:
        """All three numbers."""
        return {"value": self.value, "log value": self.log_value, "log complement": self.log_complement}


@checked(rho="threshold_rho", log_rho="threshold_log_rho")
def cap_chance(
    dim: int, *, rho: Exactable | Ball | None = None, log_rho: Exactable | Ball | None = None,
    digits: int | None = None, certified: bool = False,
) -> LogProbability:  # fmt: skip
    """I_x(1/2, (d-1)/2) with x = rho^2/(1 + rho^2): a uniform direction is within the threshold, in d dimensions.

    A threshold is a number (a float is its shortest decimal) or a `Ball`, of which a wide one is refused. Digits of
    None are 15, or what a ball allows. Source: theory section 5; DLMF 8.17.
    """
    size = GaussianInit(dim).dim
    return _chance(lambda log_r: cap_shares(log_r, size), rho, log_rho, digits, certified)


@checked(rho="threshold_rho", log_rho="threshold_log_rho")
def erf_chance(
    dim: int, *, rho: Exactable | Ball | None = None, log_rho: Exactable | Ball | None = None,
    digits: int | None = None, certified: bool = False,
) -> LogProbability:  # fmt: skip
    """erf(sqrt(d/2) rho), the limit of `cap_chance` in large dimension; arguments as there (DLMF 7.2)."""
    size = GaussianInit(dim).dim
    return _chance(lambda log_r: _erf(log_r, size), rho, log_rho, digits, certified)


def _chance(
    rule: Callable[[flint.arb], tuple[flint.arb, flint.arb]], rho: Exactable | Ball | None,
    log_rho: Exactable | Ball | None, digits: int | None, certified: bool,
) -> LogProbability:  # fmt: skip
    threshold = rho if log_rho is None else log_rho
    if threshold is None or (rho is not None and log_rho is not None):
        raise DomainError.of("rho", "given, or log_rho in its place", (rho, log_rho), "give exactly one of them")
    count = DEFAULT_DIGITS if digits is None else digits
    wide = isinstance(threshold, Ball)
    if log_rho is None and _least(threshold) <= 0:
        raise DomainError.of("rho", "positive", threshold, "a threshold of 0 has probability 0")

    def evaluate() -> tuple[flint.arb, ...]:
        point = ball_of(threshold, "rho")
        log_r = point.log() if log_rho is None else point
        if not wide:
            return _with_logs(*rule(log_r))
        ends = (_with_logs(*rule(end)) for end in (log_r.lower(), log_r.upper()))
        return tuple(low.union(high) for low, high in zip(*ends, strict=True))

    wanted = 0 if wide and digits is None else count
    values = refined(evaluate, wanted, "the ball of the threshold is too wide")
    return LogProbability(*(answer(part, count, certified or (wide and digits is None)) for part in values))


def _least(rho: Exactable | Ball) -> Fraction:
    if isinstance(rho, Ball):
        return exact(rho.midpoint, "rho") - exact(rho.radius, "rho")
    return exact(rho, "rho")


def _with_logs(inside: flint.arb, beyond: flint.arb) -> tuple[flint.arb, flint.arb, flint.arb]:
    """P and both logarithms, each from the smaller of P and 1 - P."""
    if inside < 0.5:
        return inside, inside.log(), (-inside).log1p()
    return 1 - beyond, (-beyond).log1p(), beyond.log()


def cap_shares(log_rho: flint.arb, dim: int) -> tuple[flint.arb, flint.arb]:
    """P and 1 - P; the one above 1/2 may come out wide."""
    half, b = flint.arb(0.5), CONTEXT.rational(Fraction(dim - 1, 2))
    square = (2 * log_rho).exp()
    cosine2, sine2 = angle_of_cotangent(square)
    if b * square.log1p() > _far():
        # 1 - P = y^b/(sqrt(x) b B(b, 1/2)) 2F1(1/2, 1; b + 1; -1/rho^2) (DLMF 8.17.7, 15.8.1)
        front = _inverse_beta(b) / b * (-b * square.log1p()).exp() / cosine2.sqrt()
        beyond = front * _enveloped(b + 1, square)
        return 1 - beyond, beyond
    if square > 1:
        inside = cosine2.beta_lower(half, b, regularized=1)
        return inside, inside if inside < 0.5 else sine2.beta_lower(b, half, regularized=1)
    front = 2 * _inverse_beta(b) * (log_rho - (b + half) * square.log1p()).exp()
    inside = front * _rising(b + half, cosine2)
    return inside, 1 - inside


def _erf(log_rho: flint.arb, dim: int) -> tuple[flint.arb, flint.arb]:
    square = chance_argument_squared(dim, (2 * log_rho).exp())
    if square > _far():
        beyond = (-square).exp() / (square * flint.arb.pi()).sqrt() * _enveloped(flint.arb(0), square, 0)  # DLMF 7.12.1
        return 1 - beyond, beyond
    return square.sqrt().erf(), square.sqrt().erfc()


def _far() -> float:
    """Where 1 - P falls below the working precision and the enveloping series reaches it."""
    return _LN2 * (flint.ctx.prec + 64)


def _inverse_beta(b: flint.arb) -> flint.arb:
    """1/B(1/2, b), through logarithms: b may be 10^300."""
    return ((b + flint.arb(0.5)).lgamma() - b.lgamma()).exp() / flint.arb.pi().sqrt()


def _rising(top: flint.arb, x: flint.arb) -> flint.arb:
    """2F1(top, 1; 3/2; x) for 0 < x <= 1/2: positive terms, the tail bounded by a geometric series."""
    total, term, k = flint.arb(0), flint.arb(1), 0
    smallest = flint.arb(2) ** -(flint.ctx.prec + 8)
    while True:
        total += term
        ratio = (top + k) / (k + flint.arb(1.5)) * x  # later ones do not exceed this one or x
        term *= ratio
        k += 1
        if ratio < 0.9 and term < smallest * total:
            return total + flint.arb(0, (10 * term).abs_upper())
        if not term.is_finite() or k > _LONGEST:
            return flint.arb.nan()


def _enveloped(third: flint.arb, square: flint.arb, step: int = 1) -> flint.arb:
    """``sum (-1)^k (1/2)_k / ((third)_k square^k)``, without the Pochhammer symbol in the denominator if step = 0.

    It is the binomial series of ``(1 + t/square)^(-1/2)`` under a positive integral over t: it alternates and
    envelops, so the error is at most the first term left out.
    """
    total, term, k = flint.arb(0), flint.arb(1), 0
    smallest = flint.arb(2) ** -(flint.ctx.prec + 2)
    while term > smallest and k < 2 * flint.ctx.prec:
        total += term if k % 2 == 0 else -term
        term = term * (k + flint.arb(0.5)) / ((third + k if step else 1) * square)
        k += 1
    return total + flint.arb(0, term.abs_upper())
