"""psi and G near a moving point, from Taylor expansions at few centres, at flint's working precision.

A run visits the same overlaps again and again, and so do runs from other starts: psi is entire, so a handful of centres
serve all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

import flint

from anneal_theory.averages.jets import psi_jet, squared_overlap_jet
from anneal_theory.problem import BimodalTarget

_LABEL_REACH, _OVERLAP_REACH = 0.5, 0.15  # how far an expansion serves, in units of R and of X
_LABEL_TERMS, _OVERLAP_TERMS = 0.38, 0.46  # of them a bit
_SHIFTED = 2  # coefficients at a centre for one at a place
_KEPT = 48  # precisions that a run goes through, for a few runs at once


@dataclass(eq=False)
class Expansions:
    """Taylor coefficients of a function near a moving point, from expansions at few centres.

    Attributes:
        jet: From a centre and a count to the coefficients there.
        reach: How far from a centre its expansion serves, relative to the centre or absolute.
        relative: Whether `reach` is relative.
        terms: How many coefficients a centre has.
    """

    jet: Callable[[flint.arb, int], list[flint.arb]]
    reach: float
    relative: bool
    terms: int
    known: list[tuple[flint.arb, flint.arb_poly]] = field(default_factory=list)

    def at(self, place: flint.arb, count: int = 0) -> flint.arb_poly:
        """The polynomial in the distance from a place, of which so many coefficients are to be good.

        A shift to the place mixes those left out at a centre into the last ones: the first half stays clear of it.
        """
        terms = max(self.terms, _SHIFTED * count)
        for index, (centre, poly) in enumerate(self.known):
            allowed = self.reach * (float(centre) if self.relative else 1.0)
            if abs(float((place - centre).mid())) <= allowed:
                if poly.length() < terms:
                    poly = flint.arb_poly(self.jet(centre, terms))
                    self.known[index] = centre, poly
                return poly(flint.arb_poly([place - centre, 1]))
        centre = place.mid()
        poly = flint.arb_poly(self.jet(centre, terms))
        self.known.append((centre, poly))
        return poly(flint.arb_poly([place - centre, 1]))


def label_expansions(target: BimodalTarget) -> Expansions:
    """psi at flint's working precision; those of a target and a precision are kept.

    Example:
        >>> label_expansions(BimodalTarget(3, "0.8")).at(flint.arb(0))[0].str(10, radius=False)
        '0.1752021045'
    """
    return _labels(target, flint.ctx.prec)


def overlap_expansions(weight: Fraction) -> Expansions:
    """G as a function of ``X = D^2/4 > 0``, kept likewise.

    Example:
        >>> overlap_expansions(Fraction(1, 2)).at(flint.arb("0.4225"))[0].str(10, radius=False)
        '0.1726961176'
    """
    return _overlaps(weight, flint.ctx.prec)


@lru_cache(maxsize=_KEPT)
def _labels(target: BimodalTarget, bits: int) -> Expansions:
    reach, terms = _LABEL_REACH * target.separation, 24 + int(_LABEL_TERMS * bits)
    return Expansions(lambda centre, count: psi_jet(centre, target, count), reach, False, terms)


@lru_cache(maxsize=_KEPT)
def _overlaps(weight: Fraction, bits: int) -> Expansions:
    terms = 16 + int(_OVERLAP_TERMS * bits)
    return Expansions(lambda centre, count: squared_overlap_jet(centre, weight, count), _OVERLAP_REACH, True, terms)
