"""psi and G near a moving point, from Taylor expansions at few centres, at flint's working precision.

A run visits the same overlaps again and again, and so do runs from other starts: psi is entire, so a handful of centres
serve all of them.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

import flint

from anneal_theory.arithmetic import CONTEXT
from anneal_theory.averages.jets import derivatives, label_jet, psi_jet, squared_overlap_jet
from anneal_theory.precision import flint_precision
from anneal_theory.problem import BimodalTarget

_LABEL_REACH, _OVERLAP_REACH = 0.5, 0.15  # how far an expansion serves, in units of R and of X
_LABEL_TERMS, _OVERLAP_TERMS = 0.38, 0.46  # of them a bit
_CELL_WIDTH, _CELL_PLACE = 0.1, 0.5  # sizes of cells: of the logarithm of X, and of the overlap in units of its root
_CELL_TERMS, _CELL_CARRIED, _CELL_SPARE = 0.25, 0.25, 32  # terms a bit in the overlap and in X, and bits beyond
_SAME_WIDTH, _WIDTHS = 5, 8000  # digits to which widths share a polynomial, and how many are kept
_LOG2 = math.log(2.0)
_SHIFTED = 2  # coefficients at a centre for one at a place
_BITS_APART = 64  # precisions that have expansions
_KEPT = 48  # of them, for a few targets at once


@dataclass(eq=False)
class Expansions:
    """Taylor coefficients of a function near a moving point, from expansions at few centres."""

    jet: Callable[[flint.arb, int], list[flint.arb]]  # from a centre and a count to the coefficients there
    reach: float  # how far from a centre its expansion serves, relative to the centre or absolute
    relative: bool  # whether `reach` is relative
    terms: int  # how many coefficients a centre has
    bits: int  # of the precision that they have
    known: list[tuple[flint.arb, list[flint.arb_poly]]] = field(default_factory=list)

    def at(self, place: flint.arb, count: int = 0) -> flint.arb_poly:
        """The polynomial in the distance from a place, of which so many coefficients are to be good.

        A shift to the place mixes those left out at a centre into the last ones: the first half stays clear of it.
        """
        centre, (poly, *_) = self._near(place, max(self.terms, _SHIFTED * count))
        return poly(flint.arb_poly([place - centre, 1]))

    def values(self, place: flint.arb, orders: int) -> list[flint.arb]:
        """The function and so many of its derivatives at a place."""
        centre, polys = self._near(place, self.terms)
        _differentiate(polys, orders, self.bits)
        off = place - centre
        return [poly(off) for poly in polys[: orders + 1]]

    def _near(self, place: flint.arb, terms: int) -> tuple[flint.arb, list[flint.arb_poly]]:
        """A centre within reach, and the expansion there with so many terms, before those of its derivatives."""
        for index, (centre, polys) in enumerate(self.known):
            allowed = self.reach * (float(centre) if self.relative else 1.0)
            if abs(float((place - centre).mid())) <= allowed:
                if polys[0].length() < terms:
                    self.known[index] = centre, [flint.arb_poly(self.jet(centre, terms))]
                return self.known[index]
        self.known.append((place.mid(), [flint.arb_poly(self.jet(place.mid(), terms))]))
        return self.known[-1]


def _differentiate(polys: list[flint.arb_poly], orders: int, bits: int) -> None:
    """Have so many derivatives of the first, at the precision that they are kept for and not at the one in use."""
    if len(polys) <= orders:
        with flint_precision(bits):
            while len(polys) <= orders:
                polys.append(polys[-1].derivative())


@dataclass(eq=False)
class WideExpansions:
    """psi where the width moves too: expansions at places and widths of a grid, carried to each width that is met.

    In X, the variance of its normal density, an average obeys ``dF/dX = F''/2`` (the heat equation), so that each
    derivative D_j becomes ``sum_k D_(j+2k) (dX/2)^k/k!``, which is one product of polynomials.
    """

    target: BimodalTarget  # the weight counts; X has the separation
    bits: int  # of the precision that expansions have
    # derivatives in the overlap by the cell of the grid
    places: dict[tuple[int, int], list[flint.arb]] = field(default_factory=dict)
    # X, and the polynomials of psi, psi', .. there, by cell and X
    known: dict[tuple[int, int, float], tuple[flint.arb, list[flint.arb_poly]]] = field(default_factory=dict)

    def values(self, place: flint.arb, square: flint.arb, orders: int) -> list[flint.arb]:
        """psi and so many of its derivatives in the overlap, at an overlap and an X."""
        row = round(math.log(float(square)) / _CELL_WIDTH)
        step = _CELL_PLACE * math.exp(0.5 * _CELL_WIDTH * row)
        column = round(float(place) / step)
        key = row, column, float(f"{float(square):.{_SAME_WIDTH}g}")
        if key not in self.known:
            if len(self.known) >= _WIDTHS:
                self.known.clear()
            self.known[key] = square.mid(), [self._carried(row, column, flint.arb(step) * column, square.mid())]
        centre, polys = self.known[key]
        half, off = ((square - centre) / 2).mid(), place - flint.arb(step) * column
        more = 0 if half == 0 else math.ceil(flint.ctx.prec / max(-float(abs(half / centre).log()) / _LOG2, 1.0))
        _differentiate(polys, orders + 2 * more, self.bits + _CELL_SPARE)
        values = []
        for order in range(orders + 1):
            value = flint.arb(0)
            for k in range(more, -1, -1):
                value = polys[order + 2 * k](off) + value * half / (k + 1)
            values.append(value)
        return values

    def _carried(self, row: int, column: int, centre: flint.arb, square: flint.arb) -> flint.arb_poly:
        """The expansion at a place of the grid, at any X of its cell."""
        terms = 16 + int(_CELL_TERMS * self.bits)
        with flint_precision(self.bits + _CELL_SPARE):
            middle = (_CELL_WIDTH * flint.arb(row)).exp().mid()
            if (row, column) not in self.places:
                count = terms + 2 * int(_CELL_CARRIED * self.bits)
                jet = label_jet(centre + CONTEXT.half_log_odds(self.target.exact_weight), middle, count)
                self.places[row, column] = derivatives(jet)
            return _heated(self.places[row, column], (square - middle) / 2, terms)


def _heated(derivative_values: list[flint.arb], half: flint.arb, terms: int) -> flint.arb_poly:
    """Taylor coefficients of an average whose variance has grown by twice `half`, from its derivatives."""
    powers = [flint.arb(1)]
    while 2 * len(powers) < len(derivative_values) - terms:
        powers.append(powers[-1] * half / len(powers))
    coefficients = [flint.arb(0)] * terms
    for odd in (0, 1):
        own = derivative_values[odd::2]
        grown = (flint.arb_poly(own[::-1]) * flint.arb_poly(powers)).coeffs()
        for k, order in enumerate(range(odd, terms, 2)):
            coefficients[order] = grown[len(own) - 1 - k] / math.factorial(order)
    return flint.arb_poly(coefficients)


def label_expansions(target: BimodalTarget) -> Expansions:
    """psi at flint's working precision; those of a target and a precision are kept."""
    return _labels(target, _shared_bits())


def overlap_expansions(weight: Fraction) -> Expansions:
    """G as a function of ``X = D^2/4 > 0``, kept likewise."""
    return _overlaps(weight, _shared_bits())


def wide_label_expansions(target: BimodalTarget) -> WideExpansions:
    """psi of a moving width, kept likewise."""
    return _wide(target, _shared_bits())


def _shared_bits() -> int:
    """Few precisions, each of which has expansions of its own: flint's working one, rounded up."""
    return _BITS_APART * math.ceil(flint.ctx.prec / _BITS_APART)


@lru_cache(maxsize=_KEPT)
def _wide(target: BimodalTarget, bits: int) -> WideExpansions:
    return WideExpansions(target, bits)


@lru_cache(maxsize=_KEPT)
def _labels(target: BimodalTarget, bits: int) -> Expansions:
    reach, terms = _LABEL_REACH * target.separation, 24 + int(_LABEL_TERMS * bits)

    def jet(centre: flint.arb, count: int) -> list[flint.arb]:
        with flint_precision(bits):
            return psi_jet(centre, target, count)

    return Expansions(jet, reach, False, terms, bits)


@lru_cache(maxsize=_KEPT)
def _overlaps(weight: Fraction, bits: int) -> Expansions:
    terms = 16 + int(_OVERLAP_TERMS * bits)

    def jet(centre: flint.arb, count: int) -> list[flint.arb]:
        with flint_precision(bits):
            return squared_overlap_jet(centre, weight, count)

    return Expansions(jet, _OVERLAP_REACH, True, terms, bits)
