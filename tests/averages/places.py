"""Random places over the whole domain of the averages: tiny R and R = 200, the body and the tails."""

import math
from fractions import Fraction

from hypothesis import strategies as st

from anneal_theory.problem import BimodalTarget


def _rational(value, digits=9):
    return Fraction(value).limit_denominator(10**digits)


separations = st.floats(-2, math.log10(200)).map(lambda e: _rational(10**e))
weights = st.one_of(st.just(Fraction(1, 2)), st.floats(1e-6, 1 - 1e-6).map(_rational))
small_digits = st.integers(1, 30)


@st.composite
def places(draw, farthest=1e6):
    """(m, target): m of the order of 1, of R, of R^2, tiny, zero, or far out."""
    separation, weight = draw(separations), draw(weights)
    share, kind = draw(st.floats(-1, 1)), draw(st.sampled_from(["unit", "body", "square", "tiny", "zero", "far"]))
    scale = {"unit": 4, "body": 5 * separation, "square": 6 * separation**2, "tiny": 1e-6, "zero": 0, "far": farthest}
    return _rational(share * float(scale[kind])), BimodalTarget(separation, weight)


@st.composite
def distances(draw):
    """(D, w) with D from 1e-3 to 100, or 0 < D tiny."""
    return _rational(10 ** draw(st.floats(-3, 2))), draw(weights)
