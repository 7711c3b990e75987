r"""The integral of the transient gain by Taylor series on discs, every truncation bounded.

``log C(s0) = int_{s0}^{s*} g ds`` with ``g = (R^2 psi' - kappa*)/f`` and ``f = R^2 psi - s`` (theory section 6). psi is
entire, so g is analytic on a disc round c of radius r without zeros of f, and there

    |coefficient k of g in (s - c)/r| <= M,    M = max |g| on the circle,

which bounds what a truncated series leaves out. That f has no zero in the disc but the expected one is proved by its
winding number along the circle, where its variation between neighbouring points is bounded by its derivative.
At s* both numerator and f vanish: the series are divided by (s - s*) first, exactly. A symmetric target has a second
known zero at 0, a simple pole of g, which gives a logarithm.

The tail of psi's own series: ``|psi(x + iy)| <= e^(y^2/(2 R^2))`` (shift the Gaussian's contour), hence by Cauchy
``|psi_k| <= e^(k/2)/(R sqrt k)^k``.

Source:
    theory section 6.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

import flint
import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.balls import exact_ball
from anneal_theory.errors import PrecisionError

Jet = Callable[[Fraction, int], list[Any]]
"""``jet(c, n)``: the first n Taylor coefficients of psi at c, as Arb balls at flint's precision."""

Kind = Literal["regular", "removable", "pole"]
_MOST_POINTS = 1 << 14
_SLACK = 1e-12  # covers the roundings of a sum of at most 2000 doubles on the circle, in units of its absolute sum


@dataclass(frozen=True)
class Disc:
    """Part [left, right] of the way, inside a disc on which g is known to be analytic.

    Attributes:
        centre: c, exactly.
        radius: r, exactly.
        left: Lower end of the part; None where it ends at s* from above.
        right: Upper end of the part; None where it ends at s*.
        kind: Whether f has no zero in the disc, s* (removable), or 0 (a pole of g).
        bound: An upper bound of ``|g|`` on the circle.
    """

    centre: Fraction
    radius: Fraction
    left: Fraction | None
    right: Fraction | None
    kind: Kind
    bound: float


@dataclass(frozen=True)
class Way:
    """What the integral is about.

    Attributes:
        jet: Taylor coefficients of psi.
        square: R^2.
        star: A rational within `star_radius` of s*.
        start: s0.
        unstable: The zero of f below s*, roughly; None if there is none. For a symmetric target 0, exactly.
        symmetric: Whether h = 0.
    """

    jet: Jet
    square: Fraction
    star: Fraction
    start: Fraction
    unstable: float | None
    symmetric: bool

    @property
    def scale(self) -> float:
        """R."""
        return math.sqrt(float(self.square))


def integral(way: Way, discs: list[Disc], star_radius: Any) -> Any:
    """log C(s0) as an Arb ball at flint's working precision.

    Args:
        way: The problem.
        discs: From `cover`.
        star_radius: Upper bound of the distance of `way.star` from s*.

    Source:
        theory section 6.
    """
    rate = _escape_rate(way, star_radius)
    parts = [_part(way, _recentred(disc, way.star), star_radius, rate) for disc in discs]
    total = sum(parts, flint.arb(0))
    return total if way.start <= way.star else -total


def _recentred(disc: Disc, star: Fraction) -> Disc:
    """The disc round a better s*, a little smaller so that it lies inside the one that was proved."""
    if disc.kind != "removable" or disc.centre == star:
        return disc
    margin = disc.radius / 2**16
    if abs(star - disc.centre) > margin:
        raise PrecisionError("0 digits reached: the collapsed state moved; ask for fewer digits")
    return replace(disc, centre=star, radius=disc.radius - margin)


def _escape_rate(way: Way, star_radius: Any) -> Any:
    slope = exact_ball(way.square) * way.jet(way.star, 2)[1]
    # |psi''| <= E |(tanh)''| < 1
    return slope + flint.arb(0, (exact_ball(way.square) * star_radius).abs_upper())


def terms(way: Way, radius: Fraction, bits: int) -> int:
    """How many coefficients of psi to take so that the rest of f and R^2 psi' stays below 2^-bits on the circle."""
    ratio, count = float(radius) / way.scale, 8
    margin = math.log2(float(way.square) + 1) + max(0.0, -math.log2(float(radius))) + 3
    while _tail_log2(count, ratio) + margin + math.log2(count) > -bits:
        count += max(1, count // 16)
    return count


def _tail_log2(count: int, ratio: float) -> float:
    """log2 of the bound of ``|psi_k| r^k`` for k >= count; infinite where it does not fall by half a term."""
    if count <= 4 * ratio**2:
        return math.inf
    return count * (0.5 + math.log(ratio) - 0.5 * math.log(count)) / math.log(2) + 1


def drift_series(way: Way, centre: Fraction, radius: Fraction, count: int) -> tuple[list[Any], list[Any]]:
    """f and R^2 psi' in powers of (s - c)/r, `count` terms; the terms left out are below `_tail_log2`."""
    square, r = exact_ball(way.square), exact_ball(radius)
    power, scaled = flint.arb(1), []
    for coefficient in way.jet(centre, count + 1):
        scaled.append(square * coefficient * power)
        power *= r
    rate = [scaled[k + 1] * (k + 1) / r for k in range(count)]
    drift = scaled[:count]
    drift[0] -= exact_ball(centre)
    drift[1] -= r
    return drift, rate


def circle(drift: list[Any], rate: list[Any]) -> tuple[int, float]:
    """Number of zeros of f inside the unit circle, and a bound of ``|R^2 psi' - kappa*|/|f|`` on it (-1 if unproved).

    kappa* lies between 0 and 1, so 1 is added to the numerator's bound.
    """
    values, slack, slope = _doubles(drift)
    rates, rate_slack, _ = _doubles(rate)
    top = float(np.sum(np.abs(rates))) + rate_slack + 1
    points = 64
    while points <= _MOST_POINTS:
        on_circle = _on_circle(values, points)
        low = float(np.min(np.abs(on_circle))) - slack
        step = slope * 2 * math.pi / points
        if low > 2 * step:
            turns = np.angle(on_circle[np.r_[1:points, 0]] / on_circle).sum() / (2 * math.pi)
            return round(-float(turns)), top / (low - step) * (1 + _SLACK)
        if low < 0:
            break
        points = max(2 * points, min(_MOST_POINTS, 2 ** math.ceil(math.log2(2.2 * step / low * points))))
        if 2.2 * step / low * 64 > 64 * _MOST_POINTS:
            break
    return -1, math.inf


def _doubles(coefficients: list[Any]) -> tuple[FloatArray, float, float]:
    """Coefficients as doubles, a bound of the error of their sum on the circle, and of the sum's derivative."""
    values = np.array([float(c.mid()) for c in coefficients])
    sizes = np.abs(values)
    radii = float(sum(float(c.rad()) for c in coefficients)) * 1.01
    slack = _SLACK * float(sizes.sum()) + radii + 2.0**-40  # the last for the terms left out
    slope = float(np.sum(np.arange(len(values)) * sizes)) * 1.01 + len(values) * (radii + 2.0**-40)
    return values, slack, slope


def _on_circle(values: FloatArray, points: int) -> Any:
    """Values of a polynomial at the roots of unity."""
    folded = np.zeros(max(points, len(values)))
    folded[: len(values)] = values
    rows = math.ceil(len(folded) / points)
    folded = np.pad(folded, (0, rows * points - len(folded))).reshape(rows, points).sum(axis=0)
    return np.fft.fft(folded)  # runs clockwise


def _part(way: Way, disc: Disc, star_radius: Any, rate_star: Any) -> Any:
    """The integral of g over the part of one disc, from its lower to its upper end."""
    r = exact_ball(disc.radius)
    ends = [_place(end, disc, star_radius) for end in (disc.left, disc.right)]
    share = max(max(float(abs(end)) for end in ends), 1e-3) * (1 + 1e-9)
    count = _length(disc, share)
    above, below = _quotient_series(way, disc, star_radius, rate_star, count)
    quotient = _divide(above, below, count)
    values = _integrated(quotient, ends, disc.kind)
    # coefficients of g are below its bound on the circle; those of t g for a pole are too
    tail = flint.arb(disc.bound) * flint.arb(share) ** count / (1 - flint.arb(share))
    return (values + flint.arb(0, (2 * tail).abs_upper())) * r


def _length(disc: Disc, share: float) -> int:
    """How many coefficients of g leave out less than the working precision."""
    size = math.log2(max(disc.bound * float(disc.radius), 1e-300))
    return max(8, math.ceil((flint.ctx.prec + size) / -math.log2(share)) + 2)


def _place(end: Fraction | None, disc: Disc, star_radius: Any) -> Any:
    """An end of the part in units of the disc; s* is a ball round the centre."""
    if end is None:
        return flint.arb(0, (star_radius / exact_ball(disc.radius)).abs_upper())
    return exact_ball((end - disc.centre) / disc.radius)


def _quotient_series(way: Way, disc: Disc, star_radius: Any, rate_star: Any, count: int) -> tuple[list[Any], list[Any]]:
    """Numerator and denominator of g, without the common zero at s* or the pole's zero at 0."""
    shift = 0 if disc.kind == "regular" else 1
    wanted = min(count + shift, terms(way, disc.radius, flint.ctx.prec + 16))
    drift, rate = drift_series(way, disc.centre, disc.radius, wanted)
    rest = flint.arb(0, flint.arb(2) ** -(flint.ctx.prec + 16))
    drift += [rest] * (count + shift - wanted)
    rate += [rest] * (count + shift - wanted)
    if disc.kind == "regular":
        rate[0] -= rate_star
        return rate, drift
    if disc.kind == "pole":
        rate[0] -= rate_star
        return rate[:count], drift[1:]
    offset = (star_radius / exact_ball(disc.radius)).abs_upper()
    return _deflated(rate, offset), _deflated(drift, offset)


def _deflated(series: list[Any], offset: Any) -> list[Any]:
    """``(F(t) - F(e))/(t - e)`` for a zero e within `offset` of 0: ``sum_k t^k sum_{j>k} F_j e^(j-k-1)``."""
    whole = sum((abs(c) for c in series), flint.arb(0)) + 1
    error = flint.arb(0, (offset * whole).abs_upper())
    return [c + error for c in series[1:]]


def _divide(above: list[Any], below: list[Any], count: int) -> list[Any]:
    before = flint.ctx.cap
    try:
        flint.ctx.cap = count
        quotient = flint.arb_series(above[:count], count) / flint.arb_series(below[:count], count)
        return [quotient[k] for k in range(count)]
    finally:
        flint.ctx.cap = before


def _integrated(quotient: list[Any], ends: list[Any], kind: Kind) -> Any:
    """The primitive of the series between the ends, in units of the disc."""
    if kind == "pole":
        first, *quotient = quotient
    primitive = flint.arb_poly([flint.arb(0), *(c / (k + 1) for k, c in enumerate(quotient))])
    value = primitive(ends[1]) - primitive(ends[0])
    return value + first * (ends[1] / ends[0]).log() if kind == "pole" else value
