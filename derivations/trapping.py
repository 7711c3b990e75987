r"""Boxes that no run leaves: the highest temperature at which each side of a box holds.

Source: theory sections 3 and 4.  Output: the two temperatures of a box.
"""

from functools import cache

import sympy as sp

from derivations.alignment import gram_flow
from derivations.core import Derivation
from derivations.fixed_points import drift
from derivations.symbols import (
    D,
    G,
    Gamma_1,
    Gamma_2,
    R,
    T,
    attraction,
    cos2,
    information,
    m_1,
    m_2,
    overlap,
    phi,
    repulsion,
    s_11,
    s_12,
    s_22,
    slope,
    symbol,
    w_1,
    w_i,
)  # fmt: skip


@cache
def derive() -> Derivation:
    """The rates at the sides of a box, and where they point inwards."""
    d = Derivation("trapping", "theory sections 3 and 4", "Boxes that no run leaves")
    d.say(
        r"""Take the box $m_1, m_2 \ge a$, $D \le b$ round a mode. Per unit of the natural clock an overlap moves at the
        rate $f(m_i)$ of a single mean and is pushed by the other component; $|m_i - m_j| \le R D$ bounds the push."""
    )
    second, distance = 1 - w_1, sp.sqrt(s_11 + s_22 - 2 * s_12)
    pull = w_1 * (s_11 / 2 - phi(m_1)) + second * (s_22 / 2 - phi(m_2))
    natural = {Gamma_1: 1 / w_1, Gamma_2: 1 / second, repulsion: T * attraction}
    rates = [rate.xreplace(natural) for rate in gram_flow(-repulsion * information(distance) + attraction * pull)]
    push = T * G(distance) * (m_1 - m_2)
    d.check(
        "rates of the overlaps", [sp.expand(rate / attraction) for rate in rates[:2]],
        [drift(m_1) + push / w_1, drift(m_2) - push / second], shown=[r"dm_1/d\tau", r"dm_2/d\tau"],
    )  # fmt: skip
    value = symbol("drift")
    highest = w_i * value / (R * D * overlap)
    d.say(r"An overlap at $a$ moves up whatever its partner does while $f(a) \ge T G(D) R D/w_i$ for all $D \le b$:")
    d.check("the push just stopped", value - highest * overlap * R * D / w_i, sp.Integer(0), shown="f(a) - T G R D/w_i")
    d.output("overlap_ceiling", highest, "T", "temperature up to which a drift outweighs the push at a distance",
             report=False)  # fmt: skip
    d.say(
        r"""The distance grows at $T G/(w_1 w_2) - 1 + c^2 K$ (page Summary statistics and the alignment identity),
        where $K$ is $R^2$ times the mean of $\psi'$ between the overlaps, at most $R^2 \psi'(a)$ where $\psi'$ falls;
        so at $D = b$ it shrinks whatever the angle while"""
    )
    steepest = symbol("psi_prime_s")
    bound = (1 - R**2 * steepest) * w_1 * second / overlap
    growth = T * overlap / (w_1 * second) - 1 + cos2 * slope
    d.check("the growth just stopped", growth.subs({T: bound, cos2: 1, slope: R**2 * steepest}), sp.Integer(0),
            shown=r"d\log D/d\tau")  # fmt: skip
    d.output("distance_ceiling", bound, "T", "temperature up to which a distance shrinks at any angle", report=False)
    return d
