"""Discs along the path of the transient gain's integral, each proved to hold no zero of f but the one expected."""

import math
from fractions import Fraction

import flint

from anneal_theory.errors import PrecisionError
from anneal_theory.fixed_points.gain_series import Disc, IntegrationPath, PointKind, circle, quotient_series, terms

_SHARE = 0.5  # of a disc's radius that is integrated over
_CLEAR = 0.9  # of the distance to the unstable zero that a disc reaches
_WIDEST = 6.0  # radius of a disc in units of R: beyond it psi grows like e^18
_SHRINK = 0.8
_SHRINKINGS = 40
_LOW_BITS = 96
_MOST_DISCS = 600
_FARTHEST = 1200.0  # in units of R: two hundred of the widest discs


def disc_cover(path: IntegrationPath) -> list[Disc]:
    """Discs along the path, each proved to hold no zero of f but the one expected."""
    if abs(float(path.start - path.star)) > _FARTHEST * path.scale:
        raise PrecisionError(
            f"0 digits reached: s0 = {float(path.start):.6g} is more than {_FARTHEST:g} R from the collapsed state; "
            "take it nearer, or leave digits and certified out (doubles are right to 1e-12 there)"
        )
    before = flint.ctx.prec
    try:
        flint.ctx.prec = _LOW_BITS
        return _cover_up(path) if path.start > path.star else _cover_down(path)
    finally:
        flint.ctx.prec = before


def _cover_down(path: IntegrationPath) -> list[Disc]:
    """From s* down to s0."""
    room = _WIDEST * path.scale
    if path.unstable is not None:
        room = min(room, _CLEAR * (float(path.star) - path.unstable))
    discs = [_proved(path, "removable", path.star, room, path.start, None)]
    while _lower(discs[-1]) > path.start:
        if len(discs) > _MOST_DISCS:
            raise _too_close(path)
        discs.append(_next_down(path, _lower(discs[-1])))
    return discs


def _lower(disc: Disc) -> Fraction:
    assert disc.left is not None
    return disc.left


def _next_down(path: IntegrationPath, end: Fraction) -> Disc:
    if path.symmetric and path.unstable == 0:
        around = _proved(
            path, "pole", Fraction(0), min(_WIDEST * path.scale, _CLEAR * float(path.star)), path.start, end
        )
        if around.right == end:
            return around
    gap = math.inf if path.unstable is None else float(end) - path.unstable
    reach = min(_WIDEST * path.scale, _CLEAR * gap / (1 + _CLEAR * _SHARE))
    if not reach > 1e-15 * (1 + abs(float(end))):
        raise _too_close(path)
    for _ in range(_SHRINKINGS):
        width = _dyadic(_SHARE * reach)
        last = end - 2 * width <= path.start
        centre = (path.start + end) / 2 if last else end - width
        disc = _tried(path, "regular", centre, reach, path.start if last else end - 2 * width, end)
        if disc is not None:
            return disc
        reach *= _SHRINK
    raise _too_close(path)


def _cover_up(path: IntegrationPath) -> list[Disc]:
    """From s* up to s0: f falls all the path."""
    room = _WIDEST * path.scale
    if path.unstable is not None:
        room = min(room, _CLEAR * (float(path.star) - path.unstable))
    discs = [_proved(path, "removable", path.star, room, None, path.start)]
    while (begin := discs[-1].right) is not None and begin < path.start:
        reach = min(_WIDEST * path.scale, _CLEAR * float(begin - path.star) / (1 - _CLEAR * _SHARE))
        for _ in range(_SHRINKINGS):
            width = _dyadic(_SHARE * reach)
            last = begin + 2 * width >= path.start
            centre = (path.start + begin) / 2 if last else begin + width
            disc = _tried(path, "regular", centre, reach, begin, path.start if last else begin + 2 * width)
            if disc is not None:
                break
            reach *= _SHRINK
        else:
            raise _too_close(path)
        discs.append(disc)
        if len(discs) > _MOST_DISCS:
            raise _too_close(path)
    return discs


def _too_close(path: IntegrationPath) -> PrecisionError:
    return PrecisionError(
        f"0 digits reached: the path from s0 = {float(path.start):.17g} passes too close to a zero of f "
        f"(the unstable one is {path.unstable}); take s0 further from it"
    )


def _proved(
    path: IntegrationPath, kind: PointKind, centre: Fraction, room: float, left: Fraction | None, right: Fraction | None
) -> Disc:
    """The widest disc within `room` round a zero of f that proves to hold no other; its part is cut to its share."""
    reach = room
    for _ in range(_SHRINKINGS):
        width = _dyadic(_SHARE * reach)
        low = None if left is None else max(left, centre - width) if kind == "removable" else left
        high = None if right is None else min(right, centre + width)
        disc = _tried(path, kind, centre, reach, low, high)
        if disc is not None:
            return disc
        reach *= _SHRINK
    raise _too_close(path)


def _dyadic(value: float) -> Fraction:
    """A short dyadic number just below a positive one."""
    mantissa, exponent = math.frexp(value)
    return Fraction(math.floor(mantissa * 2**20)) * Fraction(2) ** (exponent - 20)


def _tried(
    path: IntegrationPath, kind: PointKind, centre: Fraction, reach: float, left: Fraction | None,
    right: Fraction | None,
) -> Disc | None:  # fmt: skip
    """The disc, if the winding number of f along its circle is that of the expected zeros."""
    radius = _dyadic(reach)
    rate, drift = quotient_series(path, centre, radius, terms(path, radius, 42))
    zeros, bound = circle(drift, rate)
    if zeros != (0 if kind == "regular" else 1):
        return None
    return Disc(centre, radius, left, right, kind, bound)
