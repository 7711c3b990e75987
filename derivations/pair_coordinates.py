r"""The coordinates of a pair: overlaps, angle with the axis, distances, centre and difference.

Source: theory section 4.  Output: the changes between the coordinates that the flows are integrated in.
"""

from functools import cache
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import hypot
from sympy.codegen.numpy_nodes import logaddexp

from derivations.core import Derivation, jacobian
from derivations.symbols import (
    D,
    R,
    across2,
    cos,
    delta,
    ell,
    l_across,
    m_1,
    m_2,
    perp,
    rho,
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
side = symbol("side")
_ANGLE = ["c", "c^2", r"\bar c^2"]
_STRETCH = logaddexp(0, 2 * x_rho) / 2  # log(D/|Delta_perp|)
_LEAN = -logaddexp(0, -2 * x_rho) / 2  # log of the cosine, one term: x itself would drown the other letters
_W_2 = 1 - w_1
# Two means by their coordinates along the axis and across it. Scalar products are sums over coordinates, so one
# coordinate across stands for all.
_PLACES = sp.symbols("p_1 p_2", real=True)
FIRST, SECOND = (sp.Matrix([m / R, place]) for m, place in zip((m_1, m_2), _PLACES, strict=True))
APART = FIRST - SECOND
PRODUCTS = {s_11: FIRST.dot(FIRST), s_12: FIRST.dot(SECOND), s_22: SECOND.dot(SECOND)}


@cache
def derive() -> Derivation:
    """Angle, distances, overlaps, runs, centre and difference."""
    d = Derivation("pair_coordinates", "theory section 4", "The coordinates of a pair")
    _distances(d)
    _angle(d)
    _reduced(d)
    _statistics(d)
    _across(d)
    _runs(d)
    _centre(d)
    return d


def _distances(d: Derivation) -> None:
    d.say(
        r"""Write the two means by their coordinates along the axis, $m_i/R$, and across it, $p_i$; where there are more
        coordinates across it, each adds terms of the same form. Of $\mu_1 - \mu_2$ the squared lengths are"""
    )
    square_of = s_11 + s_22 - 2 * s_12
    across_of = square - ((m_1 - m_2) / R) ** 2
    quarter_of = (((m_1 - m_2) / R) ** 2 + across2) / 4
    whole, part = APART.dot(APART), APART[1] ** 2
    d.check(
        "squared lengths of the difference",
        [square_of.xreplace(PRODUCTS), across_of.subs(square, whole), quarter_of.subs(across2, part)],
        [whole, part, whole / 4], shown=["D^2", r"|\Delta_\perp|^2", "D^2/4"],
    )  # fmt: skip
    d.output("distance_squared", square_of, "D^2", "squared distance of the two means", report=False)
    d.output("across_squared", across_of, r"|\Delta_\perp|^2",
             "squared length of the difference across the axis", report=False)  # fmt: skip
    d.output("quarter_squared", quarter_of, "D^2/4",
             "squared half distance of a pair of given length across the axis", report=False)  # fmt: skip
    sum_of = s_11 + s_22 + 2 * s_12
    whole = (FIRST + SECOND).dot(FIRST + SECOND)
    d.check("squared length of the sum", sum_of.xreplace(PRODUCTS), whole, shown=r"|\mu_1 + \mu_2|^2")
    d.output("sum_squared", sum_of, r"|\mu_1 + \mu_2|^2", "squared length of the sum of the two means", report=False)
    d.say(r"""Variances are squared lengths and covariances scalar products: both forms hold of the noise of two means,
        along any direction, too. What the means have across the axis is what is left of their scalar products:""")
    on_axis = [(m_1 / R) ** 2, (m_2 / R) ** 2]
    left = [s_11 - on_axis[0], s_12 - m_1 * m_2 / R**2, s_22 - on_axis[1]]
    p_1, p_2 = _PLACES
    d.check("products across the axis", [one.xreplace(PRODUCTS) for one in left], [p_1**2, p_1 * p_2, p_2**2],
            shown=["p_{11}", "p_{12}", "p_{22}"])  # fmt: skip
    d.output("across_products", left, ["p_{11}", "p_{12}", "p_{22}"],
             "scalar products of the means' parts across the axis", report=False)  # fmt: skip
    # as squares of quotients: the square of an overlap alone may be beyond doubles
    squares = [sp.Pow(sp.UnevaluatedExpr(m / R), 2, evaluate=False) for m in (m_1, m_2)]
    d.output("aligned_squares", squares, ["s_{11}", "s_{22}"], "squared lengths of two means on the axis", report=False)


def _angle(d: Derivation) -> None:
    d.say(
        r"""Let $c$ be the cosine of the angle between $\mu_1 - \mu_2$ and the axis, $\bar c$ its sine and
        $x = \log\rho = \log(c/\bar c)$. Two forms keep all digits, one where the pair lies near the axis ($x > 0$) and
        one where it lies across it, with exponentials that do not overflow:"""
    )
    near, across = sp.exp(-2 * x_rho), sp.exp(2 * x_rho)
    nearly = [1 / sp.sqrt(1 + near), 1 / (1 + near), near / (1 + near)]
    crosswise = [sp.exp(x_rho) / sp.sqrt(1 + across), across / (1 + across), 1 / (1 + across)]
    d.check(
        "cotangent of the angle", [nearly[1] / nearly[2], nearly[1] + nearly[2]], [sp.exp(2 * x_rho), sp.Integer(1)],
        shown=[r"c^2/\bar c^2", r"c^2 + \bar c^2"],
    )  # fmt: skip
    d.check("the same angle", [nearly[0] ** 2, *nearly], [nearly[1], *crosswise], shown=["c^2", *_ANGLE])
    d.say(r"""From a pair's $\delta$ and $|\Delta_\perp|$ to its angle and distance, and back; with
        $\mathrm{hypot}(a, b) = \sqrt{a^2 + b^2}$, which does not overflow,""")
    along = delta / R
    cotangent, long, lean = along / perp, hypot(along, perp), delta / (R * D)
    back = [R * D * rho / hypot(1, rho), D / hypot(1, rho)]
    plain = {delta: APART[0] * R, perp: APART[1]}
    d.check("angle and distance", [cotangent.subs(plain), long.expand(func=True).subs(plain) ** 2],
            [APART[0] / APART[1], APART.dot(APART)], shown=[r"\rho", "D^2"])  # fmt: skip
    squared = (lean**2 / (1 - lean**2)).subs(D, sp.sqrt(along**2 + perp**2))
    d.verify("cotangent and cosine", squared, cotangent**2)
    again = dict(zip((delta, perp), [one.expand(func=True) for one in back], strict=True))
    d.check("there and back", [cotangent.subs(again), long.expand(func=True).subs(again) ** 2], [rho, D**2],
            shown=[r"\rho", "D^2"])  # fmt: skip
    d.output("cotangent_of", cotangent, r"\rho", "cotangent of the angle with the axis, with the sign of delta",
             report=False)  # fmt: skip
    logs = sp.log(along) - sp.log(perp)
    d.verify("its logarithm", sp.exp(logs), cotangent)
    d.output("log_cotangent_of", logs, "x", "logarithm of the cotangent, of a positive delta", report=False)
    d.output("axis_cosine", lean, "c", "cosine of the angle with the axis, with the sign of delta", report=False)
    d.output("distance_of", long, "D", "distance of a reduced state", report=False)
    d.output("pair_of_angle", back, [r"\delta", r"|\Delta_\perp|"], "a reduced state's difference and length across",
             report=False)  # fmt: skip
    d.output("angle_near_axis", nearly, _ANGLE, "cosine, its square and the squared sine for log rho > 0", report=False)
    d.output("angle_across_axis", crosswise, _ANGLE, "the same for log rho <= 0", report=False)


def _reduced(d: Derivation) -> None:
    d.say(r"""The difference of the overlaps is $\delta = \pm R c D$, and $s$ is their weighted mean:""")
    gap = R * cos * D
    pair = [s + _W_2 * gap, s - w_1 * gap]
    long = sp.sqrt(APART.dot(APART))
    d.check("weighted mean and difference", [_mean(*pair), gap.subs({cos: APART[0] / long, D: long})],
            [s, m_1 - m_2], shown=["s", r"\delta"])  # fmt: skip
    d.verify("difference of the pair", pair[0] - pair[1], gap)
    d.output("reduced_overlaps", pair, ["m_1", "m_2"], "both overlaps of a reduced state", report=False)


def _statistics(d: Derivation) -> None:
    d.say(r"""A reduced state whose centre has no part across the axis has the means' coordinates
        $w_2 |\Delta_\perp|$ and $-w_1 |\Delta_\perp|$ there:""")
    pair = [s + _W_2 * delta, s - w_1 * delta]
    full = [*pair, pair[0] ** 2 / R**2 + (_W_2 * perp) ** 2, pair[0] * pair[1] / R**2 - w_1 * _W_2 * perp**2,
            pair[1] ** 2 / R**2 + (w_1 * perp) ** 2]  # fmt: skip
    places = {m_1: pair[0], m_2: pair[1], _PLACES[0]: _W_2 * perp, _PLACES[1]: -w_1 * perp}
    d.check("five statistics", full, [*pair, *(one.subs(places) for one in PRODUCTS.values())],
            shown=[str(one) for one in FIVE])  # fmt: skip
    d.verify("weighted mean and difference", [_mean(*pair), pair[0] - pair[1]], [s, delta])
    d.output("aligned_overlaps", pair, ["m_1", "m_2"], "both overlaps from their weighted mean and difference",
             report=False)  # fmt: skip
    d.output("reduced_to_full", full, [str(one) for one in FIVE], "the five statistics of a reduced state",
             report=False)  # fmt: skip
    d.output("weighted_mean", _mean(m_1, m_2), "s", "weighted mean of the two overlaps", report=False)


def _mean(first: Any, second: Any) -> Any:
    """s = w1 m1 + w2 m2."""
    return w_1 * first + _W_2 * second


def _across(d: Derivation) -> None:
    d.say(r"""From $\log\rho$ and $\ell_\perp = \log|\Delta_\perp|$, for $m_1 > m_2$:""")
    gap, across = R * sp.exp(x_rho + l_across), sp.exp(2 * l_across)
    quarter = (sp.exp(2 * (x_rho + l_across)) + across) / 4
    cosine = 1 / sp.sqrt(1 + sp.exp(-2 * x_rho))
    places = [s + _W_2 * gap, s - w_1 * gap, gap, quarter, across]
    d.check("squared distance", (places[0] - places[1]) ** 2 / (R * cosine) ** 2, sp.expand(4 * places[3]), shown="D^2")
    d.verify("difference and cotangent", [places[0] - places[1], (places[2] / R) ** 2 / places[4]],
             [places[2], sp.exp(2 * x_rho)])  # fmt: skip
    d.output("across_places", places, ["m_1", "m_2", r"\delta", "D^2/4", r"|\Delta_\perp|^2"],
             "overlaps, their difference, squared half distance and squared length across the axis",
             report=False)  # fmt: skip
    back = [_mean(m_1, m_2), sp.log((m_1 - m_2) / R) - l_across]
    returned = [one.subs({m_1: places[0], m_2: places[1]}, simultaneous=True) for one in back]
    d.check("there and back", [returned[0], sp.exp(returned[1])], [s, sp.exp(x_rho)], shown=["s", r"\rho"])
    d.output("across_coordinates", back, ["s", "x"], "s and log rho of two overlaps at a length across the axis",
             report=False)  # fmt: skip
    d.say(r"""A start is given by its centre $(m_1 + m_2)/2$, its distance and $x$:""")
    gap = R * D * sp.exp(x_rho) / sp.sqrt(1 + sp.exp(2 * x_rho))
    start = [centre + (w_1 - sp.Rational(1, 2)) * gap, x_rho, sp.log(D) - sp.log(1 + sp.exp(2 * x_rho)) / 2]
    begun = [one.subs(dict(zip((s, x_rho, l_across), start, strict=True)), simultaneous=True) for one in places]
    d.check("centre and distance of the start", [(begun[0] + begun[1]) / 2, 4 * begun[3]], [centre, D**2],
            shown=["(m_1 + m_2)/2", "D^2"])  # fmt: skip
    d.verify("its cotangent", (begun[2] / R) ** 2 / begun[4], sp.exp(2 * x_rho))
    d.output("across_start", start, ["s", "x", r"\ell_\perp"],
             "the state (s, log rho, log length across) of a start", report=False)  # fmt: skip


def _runs(d: Derivation) -> None:
    d.say(
        r"""Runs in doubles are followed in $\ell = \log D$, for either sign $\varsigma$ of $m_1 - m_2$. With
        $\mathrm{logaddexp}(a, b) = \log(e^a + e^b)$, which does not overflow,"""
    )
    squared = sp.exp(2 * _STRETCH.rewrite(sp.log))
    d.check("sine of the angle", squared * sp.exp(2 * l_across), sp.exp(2 * l_across) * (1 + sp.exp(2 * x_rho)),
            shown=r"D^2")  # fmt: skip
    d.output("log_stretch", _STRETCH, r"\log(D/|\Delta_\perp|)",
             "logarithm of a pair's distance over its length across the axis", report=False)  # fmt: skip
    gap = side * R * sp.exp(_LEAN + ell)
    places = [s + _W_2 * gap, s - w_1 * gap, gap, sp.exp(ell - _STRETCH)]
    start = centre + (w_1 - sp.Rational(1, 2)) * gap
    plain = [one.rewrite(sp.log) for one in (*places, start)]
    cosine = sp.exp(x_rho) / sp.sqrt(1 + sp.exp(2 * x_rho))
    d.check("overlaps, difference and length across", [*plain[:3], plain[3] ** 2],
            [s + _W_2 * side * R * cosine * sp.exp(ell), s - w_1 * side * R * cosine * sp.exp(ell),
             side * R * cosine * sp.exp(ell), (1 - cosine**2) * sp.exp(2 * ell)],
            shown=["m_1", "m_2", r"\delta", r"|\Delta_\perp|^2"])  # fmt: skip
    d.output("run_places", places, ["m_1", "m_2", r"\delta", r"|\Delta_\perp|"],
             "both overlaps, their difference and the length across the axis in a run", report=False)  # fmt: skip
    d.check("centre of the start", ((plain[0] + plain[1]) / 2).subs(s, plain[4]), centre, shown="(m_1 + m_2)/2")
    d.output("run_start", start, "s", "weighted mean overlap of a start of given centre", report=False)


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
