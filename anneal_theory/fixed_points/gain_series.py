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
from typing import Literal

import flint
import numpy as np
from numpy.typing import NDArray

from anneal_theory._types import FloatArray
from anneal_theory.balls import exact_ball
from anneal_theory.errors import PrecisionError
from anneal_theory.fixed_points.landscape import Mode
from anneal_theory.formulas.growth_rate import coincident_growth
from anneal_theory.formulas.transient_gain import gain_quotient
from anneal_theory.numerics.taylor import coefficients, series_length

Jet = Callable[[Fraction, int], list[flint.arb]]
"""``jet(c, n)``: the first n Taylor coefficients of psi at c, as Arb balls at flint's precision."""

PointKind = Literal["regular", "removable", "pole"]
_MOST_POINTS = 1 << 14
_SLACK = 1e-12  # covers the roundings of a sum of at most 2000 doubles on the circle, in units of its absolute sum


@dataclass(frozen=True)
class Disc:
    """Part [left, right] of the path, inside a disc on which g is known to be analytic."""

    centre: Fraction  # c, exactly
    radius: Fraction  # r, exactly
    left: Fraction | None  # lower end of the part; None where it ends at s* from above
    right: Fraction | None  # upper end of the part; None where it ends at s*
    kind: PointKind  # whether f has no zero in the disc, s* (removable), or 0 (a pole of g)
    bound: float  # an upper bound of ``|g|`` on the circle


@dataclass(frozen=True)
class IntegrationPath:
    """What the integral is about."""

    mode: Mode  # whose basin holds s0
    jet: Jet  # Taylor coefficients of psi
    star: Fraction  # a rational within `star_radius` of s*
    start: Fraction  # s0

    @property
    def separation(self) -> Fraction:
        """R."""
        return self.mode.target.exact_separation

    @property
    def scale(self) -> float:
        """R in double precision."""
        return self.mode.target.separation

    @property
    def unstable(self) -> float | None:
        """The zero of f below s*, roughly; None if there is none. For a symmetric target 0, exactly."""
        return self.mode.unstable

    @property
    def symmetric(self) -> bool:
        """Whether h = 0."""
        return self.mode.target.half_log_odds == 0


def integral(path: IntegrationPath, discs: list[Disc], star_radius: flint.arb) -> flint.arb:
    """log C(s0) (theory section 6) as a ball; `star_radius` bounds how far `path.star` is from s*."""
    rate = _escape_rate(path, star_radius)
    parts = [_part(path, _recentred(disc, path.star), star_radius, rate) for disc in discs]
    total = sum(parts, flint.arb(0))
    return total if path.start <= path.star else -total


def _recentred(disc: Disc, star: Fraction) -> Disc:
    """The disc round a better s*, a little smaller so that it lies inside the one that was proved."""
    if disc.kind != "removable" or disc.centre == star:
        return disc
    margin = disc.radius / 2**16
    if abs(star - disc.centre) > margin:
        raise PrecisionError("0 digits reached: the collapsed state moved; ask for fewer digits")
    return replace(disc, centre=star, radius=disc.radius - margin)


def _escape_rate(path: IntegrationPath, star_radius: flint.arb) -> flint.arb:
    # |psi''| <= E |(tanh)''| < 1
    slope = path.jet(path.star, 2)[1] + flint.arb(0, star_radius)
    rate: flint.arb = coincident_growth(exact_ball(path.separation), slope)
    return rate


def terms(path: IntegrationPath, radius: Fraction, bits: int) -> int:
    """How many coefficients of psi leave a remainder of f and R^2 psi' below 2^-bits on the circle."""
    ratio, count = float(radius) / path.scale, 8
    margin = math.log2(float(path.separation**2) + 1) + max(0.0, -math.log2(float(radius))) + 3
    while _tail_log2(count, ratio) + margin + math.log2(count) > -bits:
        count += max(1, count // 16)
    return count


def _tail_log2(count: int, ratio: float) -> float:
    """log2 of the bound of ``|psi_k| r^k`` for k >= count; infinite where it does not fall by half a term."""
    if count <= 4 * ratio**2:
        return math.inf
    return count * (0.5 + math.log(ratio) - 0.5 * math.log(count)) / math.log(2) + 1


def quotient_series(
    path: IntegrationPath, centre: Fraction, radius: Fraction, count: int, escape_rate: flint.arb | int = 0
) -> tuple[list[flint.arb], list[flint.arb]]:
    """R^2 psi' - kappa* and f in powers of (s - c)/r, `count` terms; the terms left out are below `_tail_log2`."""
    jet, separation = path.jet(centre, count + 1), exact_ball(path.separation)
    return quotient_of(jet, separation, exact_ball(centre), exact_ball(radius), escape_rate)


def quotient_of(
    jet: list[flint.arb], separation: flint.arb, centre: flint.arb, radius: flint.arb, escape_rate: flint.arb | int
) -> tuple[list[flint.arb], list[flint.arb]]:
    """The same from the Taylor coefficients of psi at c, of which the last is used up by its derivative."""
    power, label, count = flint.arb(1), [], len(jet) - 1
    for coefficient in jet:
        label.append(coefficient * power)
        power *= radius
    slope = [label[k + 1] * (k + 1) / radius for k in range(count)]
    with series_length(count):
        s, psi, psi_prime = (flint.arb_series(part) for part in ([centre, radius], label[:count], slope))
        above, below = coefficients(gain_quotient(s, separation, psi, psi_prime, escape_rate), count)
    return above, below


def circle(drift: list[flint.arb], rate: list[flint.arb]) -> tuple[int, float]:
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


def _doubles(coefficients: list[flint.arb]) -> tuple[FloatArray, float, float]:
    """Coefficients as doubles, a bound of the error of their sum on the circle, and of the sum's derivative."""
    values = np.array([float(c.mid()) for c in coefficients])
    sizes = np.abs(values)
    radii = float(sum(float(c.rad()) for c in coefficients)) * 1.01
    slack = _SLACK * float(sizes.sum()) + radii + 2.0**-40  # the last for the terms left out
    slope = float(np.sum(np.arange(len(values)) * sizes)) * 1.01 + len(values) * (radii + 2.0**-40)
    return values, slack, slope


def _on_circle(values: FloatArray, points: int) -> NDArray[np.complex128]:
    """Values of a polynomial at the roots of unity."""
    folded = np.zeros(max(points, len(values)))
    folded[: len(values)] = values
    rows = math.ceil(len(folded) / points)
    folded = np.pad(folded, (0, rows * points - len(folded))).reshape(rows, points).sum(axis=0)
    return np.fft.fft(folded)  # runs clockwise


def _part(path: IntegrationPath, disc: Disc, star_radius: flint.arb, rate_star: flint.arb) -> flint.arb:
    """The integral of g over the part of one disc, from its lower to its upper end."""
    r = exact_ball(disc.radius)
    ends = [_place(end, disc, star_radius) for end in (disc.left, disc.right)]
    share = max(max(float(abs(end)) for end in ends), 1e-3) * (1 + 1e-9)
    count = _length(disc, share)
    above, below = _quotient_series(path, disc, star_radius, rate_star, count)
    quotient = _divide(above, below, count)
    values = _integrated(quotient, ends, disc.kind)
    # coefficients of g are below its bound on the circle; those of t g for a pole are too
    tail = flint.arb(disc.bound) * flint.arb(share) ** count / (1 - flint.arb(share))
    return (values + flint.arb(0, (2 * tail).abs_upper())) * r


def _length(disc: Disc, share: float) -> int:
    """How many coefficients of g leave out less than the working precision."""
    size = math.log2(max(disc.bound * float(disc.radius), 1e-300))
    return max(8, math.ceil((flint.ctx.prec + size) / -math.log2(share)) + 2)


def _place(end: Fraction | None, disc: Disc, star_radius: flint.arb) -> flint.arb:
    """An end of the part in units of the disc; s* is a ball round the centre."""
    if end is None:
        return flint.arb(0, (star_radius / exact_ball(disc.radius)).abs_upper())
    return exact_ball((end - disc.centre) / disc.radius)


def _quotient_series(
    path: IntegrationPath, disc: Disc, star_radius: flint.arb, rate_star: flint.arb, count: int
) -> tuple[list[flint.arb], list[flint.arb]]:
    """Numerator and denominator of g, without the common zero at s* or the pole's zero at 0."""
    shift = 0 if disc.kind == "regular" else 1
    wanted = min(count + shift, terms(path, disc.radius, flint.ctx.prec + 16))
    rate, drift = quotient_series(path, disc.centre, disc.radius, wanted, rate_star)
    remainder = flint.arb(0, flint.arb(2) ** -(flint.ctx.prec + 16))
    drift += [remainder] * (count + shift - wanted)
    rate += [remainder] * (count + shift - wanted)
    if disc.kind == "regular":
        return rate, drift
    if disc.kind == "pole":
        return rate[:count], drift[1:]
    offset = (star_radius / exact_ball(disc.radius)).abs_upper()
    return _deflated(rate, offset), _deflated(drift, offset)


def _deflated(series: list[flint.arb], offset: flint.arb) -> list[flint.arb]:
    """``(F(t) - F(e))/(t - e)`` for a zero e within `offset` of 0: ``sum_k t^k sum_{j>k} F_j e^(j-k-1)``."""
    whole = sum((abs(c) for c in series), flint.arb(0)) + 1
    error = flint.arb(0, (offset * whole).abs_upper())
    return [c + error for c in series[1:]]


def _divide(above: list[flint.arb], below: list[flint.arb], count: int) -> list[flint.arb]:
    with series_length(count):
        return coefficients([flint.arb_series(above[:count]) / flint.arb_series(below[:count])], count)[0]


def _integrated(quotient: list[flint.arb], ends: list[flint.arb], kind: PointKind) -> flint.arb:
    """The primitive of the series between the ends, in units of the disc."""
    if kind == "pole":
        first, *quotient = quotient
    primitive = flint.arb_poly([flint.arb(0), *(c / (k + 1) for k, c in enumerate(quotient))])
    value = primitive(ends[1]) - primitive(ends[0])
    return value + first * (ends[1] / ends[0]).log() if kind == "pole" else value
