r"""Means held on a sphere: the flow of their cosines under constraint forces, and what grows whatever the pair does.

Source: theory section 11.  Output: the flow of (log x, m1 + m2, cosine of the pair) for equal weights, its Jacobian,
and the temperature up to which two aligned means stay aligned.
"""

from functools import cache
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import log1p
from sympy.codegen.numpy_nodes import logaddexp

from derivations.core import Derivation
from derivations.gradient import component
from derivations.sphere_variance import derive as trained_variance
from derivations.summary_statistics import held_rates
from derivations.symbols import (
    R,
    T,
    m_1,
    m_2,
    overlap,
    overlap_prime,
    psi_1,
    psi_2,
    psi_prime_1,
    psi_prime_2,
    psi_second_1,
    s_12,
    slope,
    slope_1,
    slope_2,
    slope_widening,
    symbol,
    v,
    w_1,
    w_i,
    widening_1,
    widening_2,
    x_rho,
)  # fmt: skip

_y = symbol("sum_cosine")
_TURN, _distance = symbol("cosine"), symbol("distance")
x, total, cosine = symbol("difference_cosine"), symbol("overlap_sum"), symbol("pair_cosine")
_HALF = sp.Rational(1, 2)
_MEAN = (psi_1 + psi_2) / 2
_PAIR_LEFT = [r"\dot x / x", r"\dot M", r"\dot c"]


@cache
def derive() -> Derivation:
    """Constraint forces, the alignment identity of a pair on the sphere, and the trapping bound."""
    d = Derivation("sphere_flow", "theory section 11", "Means on the sphere")
    rates = held_rates(d)
    _pair(d, [rate.subs(w_1, _HALF) for rate in rates])
    _trapped(d, rates)
    return d


def _pair(d: Derivation, rates: list[Any]) -> None:
    """The flow in (log x, M, c) for equal weights, in the clock in which the pull has rate 1."""
    d.say(
        r"""**Equal weights.** $\mu_1 - \mu_2$ and $\mu_1 + \mu_2$ are orthogonal. With $c = \mu_1 \cdot \mu_2/R^2$ the
        first has the length $D = R\sqrt{2(1-c)}$; let $x$ be the cosine of its angle with $\mu^\star$, so that
        $m_1 - m_2 = x R D$, and $M = m_1 + m_2$. The push of the components turns neither, so $x$ grows by the
        attraction alone, at a rate in which nothing cancels however small $x$ is:"""
    )
    dm1, dm2, d12 = rates
    dcosine = d12 / R**2
    gap = m_1 - m_2
    growth = (dm1 - dm2) / gap + dcosine / (2 * (1 - cosine))
    bend = slope * gap / R**2  # psi(m1) - psi(m2)
    sides = {psi_1: sp.Symbol("mean") + bend / 2, psi_2: sp.Symbol("mean") - bend / 2}
    own = {s_12: R**2 * cosine}
    square = x**2 * 2 * R**4 * (1 - cosine)  # of m1 - m2
    flow = [
        (slope * (1 - x**2) - total / (2 * R**2) * (_MEAN + slope * total / (2 * R**2))) / 2,
        R**2 * _MEAN - (_MEAN * (total**2 + square) / 2 + slope * total * square / (2 * R**2)) / (2 * R**2)
        - T / v * overlap * total * (1 - cosine),
        (_MEAN * total * (1 - cosine) - slope * square * (1 + cosine) / (2 * R**2)) / (2 * R**2)
        - 2 * T / v * overlap * (1 - cosine**2),
    ]  # fmt: skip
    plain = [
        sp.expand(sp.cancel(rate.subs(own).xreplace(sides))).subs({m_1: (total + sp.Symbol("gap")) / 2,
                                                                   m_2: (total - sp.Symbol("gap")) / 2})
        for rate in (growth, dm1 + dm2, dcosine)
    ]  # fmt: skip
    written = [
        rate.subs(_MEAN, sp.Symbol("mean")).subs(x**2, sp.Symbol("gap") ** 2 / (2 * R**4 * (1 - cosine)))
        for rate in flow
    ]
    d.check("the flow of a pair", plain, written, shown=_PAIR_LEFT)
    _identity(d, rates)
    d.output("sphere_pair_flow", flow, _PAIR_LEFT, "rates of log x, m1 + m2 and mu_1 . mu_2/R^2 in the clock")
    push = [sp.diff(rate, T) for rate in flow]
    d.output("sphere_pair_flow_by_temperature", push, r"\partial_T", "derivatives of these rates in the temperature",
             report=False)  # fmt: skip
    _jacobian(d, flow, _overlaps(d))
    _scales(d)
    _argument(d)
    _widened(d, flow)


def _identity(d: Derivation, rates: list[Any]) -> None:
    """Rates of both cosines from those of the overlaps: the push is in neither."""
    d.say(
        r"""**The alignment identity on the sphere.** With $y$ the cosine of the angle of $\mu_1 + \mu_2$ with
        $\mu^\star$, so that $M = y R^2 \sqrt{2(1+c)}$, both cosines move by the attraction alone; with the overlaps in
        the place of some cosines these are the equations of theory section 11.3:"""
    )
    dm1, dm2, d12 = rates
    apart, along, turn = sp.sqrt(2 * (1 - cosine)), sp.sqrt(2 * (1 + cosine)), d12 / R**2
    places = {m_1: R**2 * (_y * along + x * apart) / 2, m_2: R**2 * (_y * along - x * apart) / 2, s_12: R**2 * cosine}
    found = [
        ((dm1 - dm2) / (R**2 * apart) + x * turn / apart**2).subs(places),
        ((dm1 + dm2) / (R**2 * along) - _y * turn / along**2).subs(places),
    ]
    gap, both, uneven = psi_1 - psi_2, psi_1 + psi_2, (psi_1 * m_1 - psi_2 * m_2) / R**2
    with_overlaps = [(gap * (1 - x**2) - _y * along / 2 * uneven) / (2 * apart),
                     (both * (1 - _y**2) - x * apart / 2 * uneven) / (2 * along)]  # fmt: skip
    d.verify("with the overlaps", found, [one.subs(places) for one in with_overlaps])
    closed = [
        gap * (1 - x**2 - (1 + cosine) * _y**2 / 2) / (2 * apart) - both * x * _y * along / 8,
        both * (1 - _y**2 - (1 - cosine) * x**2 / 2) / (2 * along) - gap * x * _y * apart / 8,
    ]
    d.check("the alignment identity", found, closed, shown=[r"\dot x", r"\dot y"])
    d.step("The same, as theory section 11.3 has it", with_overlaps, [r"\dot x", r"\dot y"],
           words="Proved from the flow of the overlaps.", name="sphere_identity")  # fmt: skip


def _scales(d: Derivation) -> None:
    d.say(
        r"""Averages under components of variance $v$ are those of unit components with other lengths: the overlap of
        $\mu_i + \sqrt v z$ has the standard deviation $R \sqrt v$, so that $\psi$ is taken at this separation, and the
        densities of two components have the ratio of two unit ones at the distance $D/\sqrt v$:"""
    )
    square, width, near = R**2 * v, R * sp.sqrt(v), _distance / sp.sqrt(v)
    place, apart = sp.symbols("z D", positive=True)

    def ratio(at: Any, distance: Any, variance: Any) -> Any:
        return component(at, 0, variance) / component(at, distance, variance)

    spread = sp.integrate((R * place) ** 2 * component(place, 0), (place, -sp.oo, sp.oo))
    d.check("spread of an overlap, ratio of densities",
            [spread, sp.log(ratio(sp.sqrt(v) * place, apart, v)).expand(force=True)],
            [square, sp.log(ratio(place, near.subs(_distance, apart), 1)).expand(force=True)],
            shown=[r"\mathrm{Var}(\mu^\star \cdot x)", r"\log n_1/n_2"])  # fmt: skip
    d.verify("its root", width**2, square)
    d.output("overlap_variance", square, r"R^2 v", "variance of a component's overlap with the axis", report=False)
    d.output("label_width", width, r"R \sqrt v", "separation at which psi is taken for this variance", report=False)
    d.output("scaled_distance", near, r"D/\sqrt v", "distance at which G is taken for this variance", report=False)


def _argument(d: Derivation) -> None:
    """G is tabulated by the square of half the distance; the Jacobian takes its slope in the distance."""
    argument = _distance**2 / (4 * v)
    near, squared = sp.Symbol("z", positive=True), sp.Function("H")
    slope_of = sp.diff(argument, _distance) * sp.sqrt(v)  # by z = D/sqrt(v)
    chained = sp.diff(squared(near**2 / 4), near).doit()
    by_square = sp.diff(squared(near), near).subs(near, near**2 / 4)
    d.verify("the slope of G by the chain rule", chained, by_square * slope_of.subs(_distance, near * sp.sqrt(v)))
    d.output("overlap_argument", [argument, slope_of], ["X", r"\partial_z X"],
             "D^2/(4 v), and its slope in D/sqrt(v)", report=False)  # fmt: skip


def _overlaps(d: Derivation) -> list[Any]:
    """Overlaps and distance of a state, and the state of a start, against the vectors written out.

    Returns:
        m1, m2 and D.
    """
    d.say(
        r"""A start is given by the cosine $y$ of $\mu_1 + \mu_2$ with $\mu^\star$, by $c$, and by the cotangent $\rho$
        of the angle between $\mu_1 - \mu_2$ and the part of $\mu^\star$ across $\mu_1 + \mu_2$. With unit vectors along
        $\mu_1 + \mu_2$, along $\mu_1 - \mu_2$ and across both,"""
    )
    gap = x * R**2 * sp.sqrt(2 * (1 - cosine))
    places = [(total + gap) / 2, (total - gap) / 2, R * sp.sqrt(2 * (1 - cosine))]
    both = R**2 * _y * sp.sqrt(2 * (1 + cosine))
    start = [log1p(-(_y**2)) / 2 - logaddexp(0, -2 * x_rho) / 2, both]
    half = [sp.sqrt((1 + sign * cosine) / 2) for sign in (1, -1)]
    means = [R * sp.Matrix([half[0], sign * half[1], 0]) for sign in (1, -1)]
    turn = sp.exp(x_rho) / sp.sqrt(1 + sp.exp(2 * x_rho))
    axis = R * sp.Matrix([_y, sp.sqrt(1 - _y**2) * turn, sp.sqrt(1 - _y**2) * sp.sqrt(1 - turn**2)])
    d.verify("the vectors", [means[0].dot(means[0]), means[0].dot(means[1])], [R**2, R**2 * cosine])
    d.verify("the axis", axis.dot(axis), R**2)
    along, apart = (means[0] + means[1]).dot(axis), (means[0] - means[1]).dot(axis)
    known = {x: sp.exp(start[0].rewrite(sp.log)), total: start[1]}
    moved = [one.xreplace(known) for one in (places[0] + places[1], places[0] - places[1])]
    difference = means[0] - means[1]
    d.check("overlaps of a start", [moved[0], moved[1] ** 2, places[2] ** 2],
            [along, apart**2, difference.dot(difference)], shown=["m_1 + m_2", "(m_1 - m_2)^2", "D^2"])  # fmt: skip
    between = 1 - _distance**2 / (2 * R**2)
    d.verify("length of the means", between.subs(_distance, places[2]), cosine)
    d.output("pair_cosine_of", between, "c",
             "cosine of two means of length R at a distance", report=False)  # fmt: skip
    turned, off = _TURN * sp.sqrt(1 - _y**2), sp.log(x) - log1p(-(_y**2) - x**2) / 2
    d.verify("x of a turn", turned.subs(_TURN, turn) ** 2, sp.exp(2 * start[0].rewrite(sp.log)))
    d.verify("rho of a state", sp.exp(2 * off.rewrite(sp.log)).subs(x, sp.sqrt(1 - _y**2) * turn), sp.exp(2 * x_rho))
    d.output("turned_cosine", turned, "x", "cosine of mu_1 - mu_2 with the axis, from that with its part across it",
             report=False)  # fmt: skip
    d.output("sphere_log_rho", off, r"\log\rho", "log rho of the cosines of a state", report=False)
    d.output("sphere_overlaps", places, ["m_1", "m_2", "D"], "m1, m2 and the distance of the means", report=False)
    d.output("sphere_start", start, [r"\log x", "M"], "log x and m1 + m2 of a start", report=False)
    # The first by the distance: in the cosine of close means it drowns.
    back = [(m_1 - m_2) / (R * _distance), (m_1 + m_2) / (R**2 * sp.sqrt(2 * (1 + cosine)))]
    begun = [one.subs({m_1: places[0], m_2: places[1], _distance: places[2]}) for one in back]
    d.verify("the cosines of a state", [begun[0], begun[1].subs(total, start[1])], [x, _y])
    d.output("cosine_of_difference", back[0], "x", "cosine of mu_1 - mu_2 with the axis", report=False)
    d.output("cosine_of_sum", back[1], "y", "cosine of mu_1 + mu_2 with the axis", report=False)
    d.output("sum_of_overlaps", both, "M", "m1 + m2 of the cosine of mu_1 + mu_2 with the axis", report=False)
    return places


def _jacobian(d: Derivation, flow: list[Any], overlaps: list[Any]) -> None:
    d.say(r"Its derivatives in $(\log x, M, c)$, by the chain rule through $m_1$, $m_2$ and $D$, for machines:")
    log_x = sp.Symbol("log_x", real=True)
    *places, distance = (one.subs(x, sp.exp(log_x)) for one in overlaps)
    rows = []
    for rate in flow:
        row = []
        for letter in (log_x, total, cosine):
            direct = sp.diff(rate.subs(x, sp.exp(log_x)), letter)
            moved = [sp.diff(place, letter) for place in places]
            chain = (
                sp.diff(rate, psi_1) * psi_prime_1 * moved[0]
                + sp.diff(rate, psi_2) * psi_prime_2 * moved[1]
                + sp.diff(rate, slope) * (slope_1 * moved[0] + slope_2 * moved[1])
                + sp.diff(rate, overlap) * overlap_prime / sp.sqrt(v) * sp.diff(distance, letter)
            )
            row.append((direct + chain).subs(sp.exp(log_x), x).subs(log_x, sp.log(x)))
        rows.append(row)
    d.output("sphere_pair_jacobian", rows, "J", "derivatives of the rates by log x, m1 + m2 and the pair's cosine",
             report=False)  # fmt: skip


def _widened(d: Derivation, flow: list[Any]) -> None:
    d.say(
        r"""**A variance that moves.** The rates depend on $v$ through $G$, through the push, and through the averages
        $\psi(m; v) = E \tanh(m + h + R \sqrt v z)$. Under the large-dimension flow of a trained variance, $\log v$ is
        a fourth variable; a variance that follows the temperature moves with $T$:"""
    )
    distance = R * sp.sqrt(2 * (1 - cosine))
    column = [
        v * sp.diff(rate, v)
        - overlap_prime * distance / (2 * sp.sqrt(v)) * sp.diff(rate, overlap)
        + widening_1 * sp.diff(rate, psi_1)
        + widening_2 * sp.diff(rate, psi_2)
        + slope_widening * sp.diff(rate, slope)
        for rate in flow
    ]
    d.output("sphere_pair_flow_by_log_variance", column, r"v \partial_v", "derivatives of the rates in log v",
             report=False)  # fmt: skip
    d.say(
        r"""The density of $R \sqrt v z$ solves the heat equation, so that the slope of any average of a function of
        $m + h + R \sqrt v z$ in $v$ is $R^2/2$ times its second derivative in $m$:"""
    )
    place, middle = sp.symbols("u a", real=True)
    density = sp.exp(-((place - middle) ** 2) / (2 * R**2 * v)) / sp.sqrt(2 * sp.pi * R**2 * v)
    d.check("the heat equation", v * sp.diff(density, v), v * R**2 / 2 * sp.diff(density, middle, 2),
            shown=r"v \partial_v n(u - a; R^2 v)")  # fmt: skip
    d.output("label_widening", v * R**2 / 2 * psi_second_1, r"v \partial_v \psi(m_1)",
             "slope of psi in log v, from its second derivative", report=False)  # fmt: skip
    by_width, of_width = symbol("width_slope"), sp.Function("F")
    u, half = sp.Symbol("u", real=True), by_width / 2
    slope_of = sp.diff(of_width(u), u).subs(u, sp.log(R * sp.sqrt(v))).doit()
    chained = v * sp.diff(of_width(sp.log(R * sp.sqrt(v))), v).doit()
    d.verify("from a table in log(R sqrt v)", chained, half.subs(by_width, slope_of))
    d.output("widening_of", half, r"v \partial_v", "slope of an average in log v, from that in log(R sqrt(v))",
             report=False)  # fmt: skip
    rate = sp.expand(trained_variance().outputs["variance_rate"].value / v)
    d.output("log_variance_flow", [rate, v * sp.diff(rate, v), sp.diff(rate, T)],
             [r"\frac{d\log v}{d\tau}", r"v \partial_v", r"\partial_T"],
             "rate of the logarithm of a trained variance, and its derivatives in log v and T")  # fmt: skip


def _trapped(d: Derivation, rates: list[Any]) -> None:
    d.say(
        r"""**Aligned for good.** At $m_1 = a > 0$ the other overlap, of a mean at the cosine $c$ from the first, is at
        most $a c + \sqrt{(R^4 - a^2)(1-c^2)}$. The push on $m_1$ is then no stronger than the pull, so that $m_1$ does
        not fall below $a$, while $T$ is at most this, with $w_i = w_1$ its component's weight,"""
    )
    reach = m_1 * cosine + sp.sqrt(R**4 - m_1**2) * sp.sqrt(1 - cosine**2)
    worst = rates[0].subs({s_12: R**2 * cosine, m_2: reach})
    ceiling = w_i * psi_1 * sp.sqrt(R**4 - m_1**2) * v / (R**2 * overlap * sp.sqrt(1 - cosine**2))
    balance = sp.simplify(worst.subs(T, ceiling).subs(w_1, w_i))
    d.check("where push and pull balance", balance, sp.Integer(0), shown=r"\dot m_1")
    d.output("sphere_trapping_ceiling", ceiling, "T", "temperature up to which both overlaps stay beyond m1")
