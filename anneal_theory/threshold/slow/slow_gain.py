r"""log C(s0) of a mode all over its basin, as Taylor series on overlapping discs, at flint's working precision.

Beside the mode's rest s*, where ``g = (R^2 psi' - kappa*)/f`` is 0/0 and both series are divided by (s - s*), the
unstable zero s_u is the other special place: there ``g = gamma/(s - s_u) + regular``, and C diverges.

Source:
    theory section 6; derivations/transient_gain.py.
"""

from dataclasses import dataclass

import flint

from anneal_theory.averages.jets import psi_jet
from anneal_theory.balls import exact_ball
from anneal_theory.errors import PrecisionError
from anneal_theory.fixed_points import Mode
from anneal_theory.fixed_points.gain_series import quotient_of
from anneal_theory.fixed_points.roots import unstable_point
from anneal_theory.numerics.taylor import series_length, stretch
from anneal_theory.problem import BimodalTarget

_TERMS_PER_BIT = 0.5
_MOST = 400
_STRIDE = 0.9


@dataclass(frozen=True, eq=False)
class TaylorPiece:
    """log C on [left, right] (doubles): ``offset - primitive(s - centre) - pole log(s - centre)``."""

    left: float
    right: float
    centre: flint.arb
    primitive: flint.arb_poly
    offset: flint.arb
    pole: flint.arb | None

    def log_gain(self, s: flint.arb) -> flint.arb:
        """log C at a point of the piece."""
        return self.log_gain_beyond(s - self.centre)

    def log_gain_beyond(self, t: flint.arb) -> flint.arb:
        """log C at a distance from the centre."""
        value = self.offset - self.primitive(t)
        return value if self.pole is None else value - self.pole * t.log()


@dataclass(frozen=True, eq=False)
class GainTable:
    """The pieces, from left to right, and the unstable zero below them (None if there is none)."""

    pieces: list[TaylorPiece]
    saddle: flint.arb | None

    def log_gain(self, s: flint.arb) -> flint.arb:
        """log C at a point of the range."""
        start = float(s)
        for piece in self.pieces:
            if piece.left <= start <= piece.right:
                return piece.log_gain(s)
        raise PrecisionError(f"0 digits reached: no series holds s0 = {start:.6g}")


def gain_table(mode: Mode, star: flint.arb, rate: flint.arb, low: float, high: float) -> GainTable:
    """Cover [low, high] by pieces, down to the unstable zero where there is one."""
    target, cut = mode.target, None if mode.unstable is None else unstable_point(mode)
    terms, reach = _expansion(target, rate, star, "rest")
    middle = TaylorPiece(float(star) - reach, float(star) + reach, star, flint.arb_poly(terms), flint.arb(0), None)
    right = _walk(target, rate, middle, high, 1)
    if cut is None:
        return GainTable([*_walk(target, rate, middle, low, -1)[::-1], middle, *right], None)
    terms, near = _expansion(target, rate, cut, "saddle")
    join = float(cut) + _STRIDE * near
    left = _walk(target, rate, middle, join, -1)
    pole, last = terms[0], (left[-1] if left else middle)
    primitive = flint.arb_poly([0, *(coefficient / k for k, coefficient in enumerate(terms[1:], start=1))])
    seam = flint.arb(join)
    offset = last.log_gain(seam) + primitive(seam - cut) + pole * (seam - cut).log()
    first = TaylorPiece(float(cut), join, cut, primitive, offset, pole)
    return GainTable([first, *left[::-1], middle, *right], cut)


def _walk(target: BimodalTarget, rate: flint.arb, start: TaylorPiece, end: float, sign: int) -> list[TaylorPiece]:
    """Pieces from the edge of one to the end, in the order they are met."""
    out: list[TaylorPiece] = []
    last, stride = start, (start.right - start.left) / 2
    while (last.right < end) if sign > 0 else (last.left > end):
        edge = last.right if sign > 0 else last.left
        stride *= 2
        while True:
            centre = flint.arb(edge + sign * _STRIDE * stride)
            terms, reach = _expansion(target, rate, centre, "plain")
            if reach >= stride:
                break
            stride = min(stride / 2, max(reach, stride / 8))
        primitive = flint.arb_poly(terms)
        seam = flint.arb(edge)
        offset = last.log_gain(seam) + primitive(seam - centre)
        ends = sorted((edge, float(centre) + sign * reach))
        last = TaylorPiece(ends[0], ends[1], centre, primitive, offset, None)
        out.append(last)
        if len(out) > _MOST:
            raise PrecisionError("0 digits reached: the transient gain needs too many series")
    return out


def _expansion(target: BimodalTarget, rate: flint.arb, centre: flint.arb, kind: str) -> tuple[list[flint.arb], float]:
    """Coefficients of g's primitive (of (s - s_u) g at the saddle), and how far they serve."""
    bits = flint.ctx.prec
    count = 12 + int(_TERMS_PER_BIT * bits)
    jet = psi_jet(centre, target, count + 2)
    above, below = quotient_of(jet, exact_ball(target.exact_separation), centre, flint.arb(1), rate)
    if kind == "rest":
        above, below = above[1:], below[1:]
    if kind == "saddle":
        below = below[1:]
    with series_length(count):
        terms = [coefficient.mid() for coefficient in (flint.arb_series(above) / flint.arb_series(below)).coeffs()]
    length = stretch([terms], bits)
    if kind == "saddle":
        return terms, length
    return [flint.arb(0), *(coefficient / (k + 1) for k, coefficient in enumerate(terms))], length
