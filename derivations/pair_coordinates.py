r"""The coordinates of a pair: overlaps, angle with the axis, distances, centre and difference.

Source: theory section 4.  Output: the changes between the coordinates that the flows are integrated in.
"""

import sympy as sp

from derivations.core import Derivation, jacobian
from derivations.symbols import (
    D,
    R,
    cos,
    delta,
    l_across,
    m_1,
    m_2,
    s,
    s_11,
    s_12,
    s_22,
    symbol,
    w_1,
    x_rho,
)  # fmt: skip

centre, centre_square, cross, square = (symbol(n) for n in ("centre", "centre_square", "cross", "distance_square"))
FIVE, CENTRED = (m_1, m_2, s_11, s_12, s_22), (centre, delta, centre_square, cross, square)
_ANGLE = ["c", "c^2", r"\bar c^2"]


def derive() -> Derivation:
    """Angle, overlaps, distances, centre and difference."""
    d = Derivation("pair_coordinates", "theory section 4", "The coordinates of a pair")
    _angle(d)
    _reduced(d)
    _distances(d)
    _centre(d)
    return d


def _angle(d: Derivation) -> None:
    d.say(
        r"""Let $c$ be the cosine of the angle between $\mu_1 - \mu_2$ and the axis, $\bar c$ its sine and
        $x = \log\rho = \log(c/\bar c)$. Two forms keep all digits, one where the pair lies near the axis ($x > 0$) and
        one where it lies across it, with exponentials that do not overflow:"""
    )
    near, across = sp.exp(-2 * x_rho), sp.exp(2 * x_rho)
    nearly = [1 / sp.sqrt(1 + near), 1 / (1 + near), near / (1 + near)]
    crosswise = [sp.exp(x_rho) / sp.sqrt(1 + across), across / (1 + across), 1 / (1 + across)]
    d.check("cotangent of the angle", nearly[1] / nearly[2], sp.exp(2 * x_rho), shown=r"c^2/\bar c^2")
    d.check("the same angle", [form**2 for form in nearly[:1]] + nearly[1:],
            [form**2 for form in crosswise[:1]] + crosswise[1:], shown=["c^2", *_ANGLE[1:]])  # fmt: skip
    d.output("angle_near_axis", nearly, _ANGLE, "cosine, its square and the squared sine for log rho > 0", report=False)
    d.output("angle_across_axis", crosswise, _ANGLE, "the same for log rho <= 0", report=False)


def _reduced(d: Derivation) -> None:
    d.say(r"""The difference of the overlaps is $\delta = \pm R c D$, and $s$ is their weighted mean:""")
    gap = R * cos * D
    pair = [s + (1 - w_1) * gap, s - w_1 * gap]
    d.check("weighted mean and difference", [w_1 * pair[0] + (1 - w_1) * pair[1], pair[0] - pair[1]], [s, gap],
            shown=["s", r"\delta"])  # fmt: skip
    d.output("reduced_overlaps", pair, ["m_1", "m_2"], "both overlaps of a reduced state", report=False)
    d.say(r"""From $\log\rho$ and $\ell_\perp = \log|\Delta_\perp|$, for $m_1 > m_2$:""")
    gap = R * sp.exp(x_rho + l_across)
    quarter = (sp.exp(2 * (x_rho + l_across)) + sp.exp(2 * l_across)) / 4
    cosine = 1 / sp.sqrt(1 + sp.exp(-2 * x_rho))
    d.check("squared distance", gap**2 / (R * cosine) ** 2, sp.expand(4 * quarter), shown="D^2")
    places = [s + (1 - w_1) * gap, s - w_1 * gap, gap, quarter, sp.exp(2 * l_across)]
    d.output("across_places", places, ["m_1", "m_2", r"\delta", "D^2/4", r"|\Delta_\perp|^2"],
             "overlaps, their difference, squared half distance and squared length across the axis",
             report=False)  # fmt: skip
    d.say(r"""A start is given by its centre $(m_1 + m_2)/2$, its distance and $x$:""")
    gap = R * D * sp.exp(x_rho) / sp.sqrt(1 + sp.exp(2 * x_rho))
    start = [centre + (w_1 - sp.Rational(1, 2)) * gap, x_rho, sp.log(D) - sp.log(1 + sp.exp(2 * x_rho)) / 2]
    middle = (places[0] + places[1]).subs(s, start[0]).subs(l_across, start[2]) / 2
    square = sp.exp(2 * start[2]) * (1 + sp.exp(2 * x_rho))
    d.check("centre and distance of the start", [middle, square], [centre, D**2], shown=["(m_1 + m_2)/2", "D^2"])
    d.output("across_start", start, ["s", "x", r"\ell_\perp"],
             "the state (s, log rho, log length across) of a start", report=False)  # fmt: skip


def _distances(d: Derivation) -> None:
    d.output("distance_squared", s_11 + s_22 - 2 * s_12, "D^2", "squared distance of the two means", report=False)
    d.output("across_squared", square - ((m_1 - m_2) / R) ** 2, r"|\Delta_\perp|^2",
             "squared length of the difference across the axis", report=False)  # fmt: skip
    d.output("quarter_squared", (((m_1 - m_2) / R) ** 2 + symbol("across_square")) / 4, "D^2/4",
             "squared half distance of a pair of given length across the axis", report=False)  # fmt: skip


def _centre(d: Derivation) -> None:
    d.say("Centre and difference of the two means are a linear change of the five statistics:")
    changed = [(m_1 + m_2) / 2, m_1 - m_2, (s_11 + 2 * s_12 + s_22) / 4, (s_11 - s_22) / 2, s_11 + s_22 - 2 * s_12]
    back = [
        centre + delta / 2, centre - delta / 2,
        centre_square + cross + square / 4, centre_square - square / 4, centre_square - cross + square / 4,
    ]  # fmt: skip
    names = dict(zip(CENTRED, changed, strict=True))
    d.check("there and back", [one.xreplace(names) for one in back], list(FIVE), shown=[str(one) for one in FIVE])
    d.output("centre_overlaps", back[:2], ["m_1", "m_2"], "both overlaps from centre and difference", report=False)
    d.output(
        "to_centre", jacobian(changed, FIVE), "A", "the matrix from the five to centre and difference", report=False
    )
    d.output("from_centre", jacobian(back, CENTRED), "A^{-1}", "the matrix back", report=False)
