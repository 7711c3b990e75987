"""Discs along the way of the transient gain's integral, each proved to hold no zero of f but the one expected."""

import math
from fractions import Fraction

import flint

from anneal_theory.errors import PrecisionError
from anneal_theory.fixed_points.gain_series import Disc, Kind, Way, circle, quotient_series, terms

_SHARE = 0.5  # of a disc's radius that is integrated over
_CLEAR = 0.9  # of the distance to the unstable zero that a disc reaches
_WIDEST = 6.0  # radius of a disc in units of R: beyond it psi grows like e^18
_SHRINK = 0.8
_SHRINKINGS = 40
_LOW_BITS = 96
_MOST_DISCS = 600
_FARTHEST = 1200.0  # in units of R: two hundred of the widest discs


def cover(way: Way) -> list[Disc]:
    """Discs along the way, each proved to hold no zero of f but the one expected.

    Raises:
        PrecisionError: s0 is too close to the unstable zero or too far out, or zeros lie too close together.
    """
    if abs(float(way.start - way.star)) > _FARTHEST * way.scale:
        raise PrecisionError(
            f"0 digits reached: s0 = {float(way.start):.6g} is more than {_FARTHEST:g} R from the collapsed state; "
            "take it nearer, or leave digits and certified out (doubles are right to 1e-12 there)"
        )
    before = flint.ctx.prec
    try:
        flint.ctx.prec = _LOW_BITS
        return _cover_up(way) if way.start > way.star else _cover_down(way)
    finally:
        flint.ctx.prec = before


def _cover_down(way: Way) -> list[Disc]:
    """From s* down to s0."""
    room = _WIDEST * way.scale
    if way.unstable is not None:
        room = min(room, _CLEAR * (float(way.star) - way.unstable))
    discs = [_proved(way, "removable", way.star, room, way.start, None)]
    while _lower(discs[-1]) > way.start:
        if len(discs) > _MOST_DISCS:
            raise _too_close(way)
        discs.append(_next_down(way, _lower(discs[-1])))
    return discs


def _lower(disc: Disc) -> Fraction:
    assert disc.left is not None
    return disc.left


def _next_down(way: Way, end: Fraction) -> Disc:
    if way.symmetric and way.unstable == 0:
        around = _proved(way, "pole", Fraction(0), min(_WIDEST * way.scale, _CLEAR * float(way.star)), way.start, end)
        if around.right == end:
            return around
    gap = math.inf if way.unstable is None else float(end) - way.unstable
    reach = min(_WIDEST * way.scale, _CLEAR * gap / (1 + _CLEAR * _SHARE))
    if not reach > 1e-15 * (1 + abs(float(end))):
        raise _too_close(way)
    for _ in range(_SHRINKINGS):
        width = _dyadic(_SHARE * reach)
        last = end - 2 * width <= way.start
        centre = (way.start + end) / 2 if last else end - width
        disc = _tried(way, "regular", centre, reach, way.start if last else end - 2 * width, end)
        if disc is not None:
            return disc
        reach *= _SHRINK
    raise _too_close(way)


def _cover_up(way: Way) -> list[Disc]:
    """From s* up to s0: f falls all the way."""
    room = _WIDEST * way.scale
    if way.unstable is not None:
        room = min(room, _CLEAR * (float(way.star) - way.unstable))
    discs = [_proved(way, "removable", way.star, room, None, way.start)]
    while (begin := discs[-1].right) is not None and begin < way.start:
        reach = min(_WIDEST * way.scale, _CLEAR * float(begin - way.star) / (1 - _CLEAR * _SHARE))
        for _ in range(_SHRINKINGS):
            width = _dyadic(_SHARE * reach)
            last = begin + 2 * width >= way.start
            centre = (way.start + begin) / 2 if last else begin + width
            disc = _tried(way, "regular", centre, reach, begin, way.start if last else begin + 2 * width)
            if disc is not None:
                break
            reach *= _SHRINK
        else:
            raise _too_close(way)
        discs.append(disc)
        if len(discs) > _MOST_DISCS:
            raise _too_close(way)
    return discs


def _too_close(way: Way) -> PrecisionError:
    return PrecisionError(
        f"0 digits reached: the way from s0 = {float(way.start):.17g} passes too close to a zero of f "
        f"(the unstable one is {way.unstable}); take s0 further from it"
    )


def _proved(way: Way, kind: Kind, centre: Fraction, room: float, left: Fraction | None, right: Fraction | None) -> Disc:
    """The widest disc within `room` round a zero of f that proves to hold no other; its part is cut to its share."""
    reach = room
    for _ in range(_SHRINKINGS):
        width = _dyadic(_SHARE * reach)
        low = None if left is None else max(left, centre - width) if kind == "removable" else left
        high = None if right is None else min(right, centre + width)
        disc = _tried(way, kind, centre, reach, low, high)
        if disc is not None:
            return disc
        reach *= _SHRINK
    raise _too_close(way)


def _dyadic(value: float) -> Fraction:
    """A short dyadic number just below a positive one."""
    mantissa, exponent = math.frexp(value)
    return Fraction(math.floor(mantissa * 2**20)) * Fraction(2) ** (exponent - 20)


def _tried(
    way: Way, kind: Kind, centre: Fraction, reach: float, left: Fraction | None, right: Fraction | None
) -> Disc | None:
    """The disc, if the winding number of f along its circle is that of the expected zeros."""
    radius = _dyadic(reach)
    rate, drift = quotient_series(way, centre, radius, terms(way, radius, 42))
    zeros, bound = circle(drift, rate)
    if zeros != (0 if kind == "regular" else 1):
        return None
    return Disc(centre, radius, left, right, kind, bound)
