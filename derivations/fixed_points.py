r"""Where an aligned pair rests, when that rest point disappears, and the loss there.

Source: theory section 6.  Output: the fixed-point equations for any weights, their Jacobian, the surplus that
vanishes at rest, the equations of the saddle-node and their Jacobian, the growth rate across the axis, the divergence.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.alignment import gram_flow
from derivations.core import Derivation, jacobian, valued
from derivations.symbols import (
    G,
    G_prime,
    G_second,
    G_third,
    Gamma_1,
    Gamma_2,
    R,
    T,
    attraction,
    delta,
    h,
    information,
    m_1,
    m_2,
    overlap,
    overlap_prime,
    overlap_second,
    overlap_third,
    phi,
    phi_1,
    phi_2,
    psi,
    psi_1,
    psi_2,
    psi_prime,
    psi_prime_1,
    psi_prime_2,
    psi_second,
    psi_second_1,
    psi_second_2,
    psi_third,
    psi_third_1,
    psi_third_2,
    q,
    repulsion,
    s,
    s_11,
    s_12,
    s_22,
    symbol,
    w_1,
    w_2,
    w_star,
    x,
)  # fmt: skip

_W_2 = 1 - w_1
_GAP = (m_1 - m_2) / R  # the distance of an aligned pair with m1 > m2
VALUES = {  # of the averages at the overlaps of a pair, and of G at its distance
    psi_third(m_1): psi_third_1, psi_third(m_2): psi_third_2, G_third(_GAP): overlap_third,
    psi_second(m_1): psi_second_1, psi_second(m_2): psi_second_2, G_second(_GAP): overlap_second,
    psi_prime(m_1): psi_prime_1, psi_prime(m_2): psi_prime_2, G_prime(_GAP): overlap_prime,
    psi(m_1): psi_1, psi(m_2): psi_2, G(_GAP): overlap,
}  # fmt: skip


@cache
def derive() -> Derivation:
    """Rest points, folds, stability across the axis, loss."""
    d = Derivation("fixed_points", "theory section 6", "Fixed points of an aligned pair")
    residuals = _rest(d)
    _surplus(d, residuals)
    _fold(d, residuals)
    _across(d)
    _divergence(d)
    return d


def drift(m: Any) -> Any:
    """f(m) = -m + R^2 psi(m), the drift of a coincident pair."""
    return -m + R**2 * psi(m)


def _rest(d: Derivation) -> list[Any]:
    d.say(
        r"""Let both means lie on the axis, $\mu_i = m_i \mu^\star/R^2$ with $m_1 > m_2$, so $D = (m_1 - m_2)/R$. Then
        the statistics $s_{ij} = m_i m_j/R^2$ follow the overlaps, and these obey, with $T = b/a$ and any mobilities,"""
    )
    push = T * G(_GAP) * (m_1 - m_2)
    residuals = [drift(m_1) + push / w_1, drift(m_2) - push / _W_2]
    distance = sp.sqrt(s_11 + s_22 - 2 * s_12)
    pull = w_1 * (s_11 / 2 - phi(m_1)) + _W_2 * (s_22 / 2 - phi(m_2))
    loss = -repulsion * information(distance) + attraction * pull
    aligned = {s_11: m_1**2 / R**2, s_12: m_1 * m_2 / R**2, s_22: m_2**2 / R**2, repulsion: T * attraction}
    rates = [rate.subs(G(distance), overlap).subs(aligned) for rate in gram_flow(loss)]
    speed = [Gamma_1 * w_1 * attraction, Gamma_2 * _W_2 * attraction]
    named = [residual.xreplace({G(_GAP): overlap}) for residual in residuals]
    moved = [factor * residual for factor, residual in zip(speed, named, strict=True)]
    d.check("rates of the overlaps", rates[:2], moved, shown=[r"\dot m_1", r"\dot m_2"])
    kept = [2 * m_1 * rates[0], m_1 * rates[1] + m_2 * rates[0], 2 * m_2 * rates[1]]
    d.check("an aligned pair stays aligned", [R**2 * rate for rate in rates[2:]], kept,
            shown=[r"R^2 \dot s_{11}", r"R^2 \dot s_{12}", r"R^2 \dot s_{22}"])  # fmt: skip
    d.say("so the rest points are the same in both metrics:")
    d.output("aligned_rest", valued(residuals, VALUES), ["F_1", "F_2"], "the two expressions that vanish at rest")
    rows = valued(jacobian(residuals, (m_1, m_2)), VALUES)
    d.output("aligned_rest_jacobian", rows, "J", "derivatives of the two by m1 and m2", report=False)
    d.check(
        "the repulsion drops out of the weighted sum", w_1 * residuals[0] + _W_2 * residuals[1],
        w_1 * drift(m_1) + _W_2 * drift(m_2), shown="w_1 F_1 + w_2 F_2",
    )  # fmt: skip
    d.step(
        "the rest points as a curve",
        {r"w_1 f(m_1)": r"-w_2 f(m_2)", "T": r"\frac{w_2 f(m_2)}{G(D) (m_1 - m_2)}"}, name="rest_curve",
    )  # fmt: skip
    pull, temperature = symbol("drift_2"), _W_2 * symbol("drift_2") / (overlap * (m_1 - m_2))
    at_rest = {
        T: temperature,
        psi(m_2): (pull + m_2) / R**2,
        psi(m_1): (m_1 - _W_2 / w_1 * pull) / R**2,
        G(_GAP): overlap,
    }
    d.check("both expressions vanish on it", [one.xreplace(at_rest) for one in residuals], [sp.Integer(0)] * 2,
            shown=["F_1", "F_2"])  # fmt: skip
    d.output("partner_drift", -w_2 / w_1 * pull, "f(m_1)", "f at the first overlap of a pair at rest", report=False)
    d.output("rest_temperature", temperature, "T", "temperature at which two overlaps rest", report=False)
    d.say(r"A single mean, or a coincident pair, moves at $f(s)$:")
    merged = [one.xreplace({m_1: s, m_2: s}) for one in named]
    d.check("a coincident pair", merged, [drift(s)] * 2, shown=["F_1", "F_2"])
    at_s = {psi(s): symbol("psi_s"), psi_prime(s): symbol("psi_prime_s")}
    d.output("single_drift", drift(s).xreplace(at_s), "f(s)", "drift of a single mean", report=False)
    d.output("single_drift_slope", sp.diff(drift(s), s).xreplace(at_s), "f'(s)", "its derivative", report=False)
    return residuals


def _surplus(d: Derivation, residuals: list[Any]) -> None:
    d.say(
        r"""To keep digits where $f$ is a small difference, an overlap is measured from a zero $a$ of $f$. With $\bar K$
        the mean of $R^2 \psi'$ on the way,"""
    )
    zero, offset, mean = sp.Symbol("a", real=True), symbol("offset"), symbol("mean_rate")
    reached = offset * mean / R**2 + psi(zero)  # psi(a + o)
    moved = drift(zero + offset).xreplace({psi(zero + offset): reached})
    at_zero = {psi(zero): zero / R**2}
    closed = -offset * (1 - mean)
    d.check("f from its zero", moved.xreplace(at_zero), closed, shown="f(a + o)")
    d.output("drift_from_zero", closed, "f(a + o)", "f at an offset from one of its zeros", report=False)
    d.say(r"With $q = w_1 w_2$ and $\delta = m_1 - m_2$ the second equation of rest is, over $w_1 \delta$,")
    pull, gap = symbol("drift_2"), m_1 - m_2
    surplus = pull / (w_1 * delta) - T * overlap / q
    values = {psi(m_2): (pull + m_2) / R**2, G(_GAP): overlap}
    d.check(
        "the surplus", residuals[1].xreplace(values) / (w_1 * gap), surplus.subs({delta: gap, q: w_1 * _W_2}),
        shown=r"F_2/(w_1 \delta)",
    )  # fmt: skip
    d.output(
        "rest_surplus",
        surplus,
        r"F_2/(w_1 \delta)",
        "what vanishes at rest, and is positive where a pair rests at a higher temperature",
        report=False,
    )
    d.say(
        r"""Close together the pair lies on either side of $s^\star$, at $m_1 = s^\star + \lambda_1 \delta$ and
        $m_2 = s^\star - \lambda_2 \delta$, $\lambda_1 + \lambda_2 = 1$. By $w_1 f(m_1) + w_2 f(m_2) = 0$ the first part
        is $(f(m_2) - f(m_1))/\delta$, and both parts tend to 1; without the ones,"""
    )
    reach_1, reach_2, mean_1, mean_2 = (symbol(f"{n}_{i}") for n in ("reach", "mean_rate") for i in (1, 2))
    drifts = [closed.subs({offset: sign * reach * delta, mean: rate}, simultaneous=True)
              for sign, reach, rate in ((1, reach_1, mean_1), (-1, reach_2, mean_2))]  # fmt: skip
    explained = symbol("explained")
    close = explained - (reach_1 * mean_1 + reach_2 * mean_2) - (T - 1) * overlap / q
    whole = ((drifts[1] - drifts[0]) / delta - T * overlap / q).subs(overlap, q * (1 - explained))
    d.check("the surplus of a close pair", whole.subs(reach_2, 1 - reach_1),
            close.subs({overlap: q * (1 - explained), reach_2: 1 - reach_1}), shown=r"F_2/(w_1 \delta)")  # fmt: skip
    d.output("close_rest_surplus", close, r"F_2/(w_1 \delta)", "the same for a pair on either side of s*", report=False)


def _fold(d: Derivation, residuals: list[Any]) -> None:
    d.say(
        r"""Two rest points meet where the Jacobian $J$ by $(m_1, m_2)$ is singular. Along the curve, $F = 0$
        differentiated by $m_2$ is a linear system for $dm_1/dm_2$ and $dT/dm_2$; Cramer's rule gives"""
    )
    f = sp.Matrix(2, 3, sp.symbols("F_11 F_12 F_1T F_21 F_22 F_2T"))
    solved = sp.Matrix.hstack(f[:, 0], f[:, 2]).LUsolve(-f[:, 1])
    determinant = f[:, :2].det()
    d.check(
        "slope of T along the curve", solved[1], -determinant / (f[0, 0] * f[1, 2] - f[1, 0] * f[0, 2]),
        shown=r"\frac{dT}{dm_2}",
    )  # fmt: skip
    d.say("so the folds are the extrema of $T$ on the curve. The saddle-node solves three equations in $m_1, m_2, T$:")
    (f_11, f_12), (f_21, f_22) = jacobian(residuals, (m_1, m_2))
    system = [*residuals, f_11 * f_22 - f_12 * f_21]
    d.output("saddle_node", valued(system, VALUES), ["F_1", "F_2", r"\det J"],
             "the three expressions that vanish at a saddle-node", report=False)  # fmt: skip
    rows = valued(jacobian(system, (m_1, m_2, T)), VALUES)
    d.output("saddle_node_jacobian", rows, r"\partial (F_1, F_2, \det J)",
             "derivatives of the three by m1, m2 and T", report=False)  # fmt: skip


def _across(d: Derivation) -> None:
    d.say(
        r"""A small separation across the axis grows at the rate of $|\Delta_\perp|$ (theory section 4), per unit of the
        clock; the rest point is stable only where this is negative."""
    )
    push = T * overlap / q
    rate = push.subs(q, w_1 * _W_2) - 1
    d.output("across_rate", rate, r"\frac{d}{d\tau} \log|\Delta_\perp|",
             "growth rate across the axis per unit of the clock")  # fmt: skip
    d.say(
        r"""The push alone, and the rate from the small parts $G - q$ and $T - 1$ of a close pair (at $D = 0$, $G$ is
        the variance $q = w_1 w_2$ of the label):"""
    )
    change, excess = symbol("overlap_change"), symbol("excess")
    close = (1 + excess) * change / q + excess
    d.check("rate from small parts", (push - 1).subs({overlap: q + change, T: 1 + excess}), close,
            shown=r"\frac{d}{d\tau} \log|\Delta_\perp|")  # fmt: skip
    d.output("across_push", push, r"T G/q", "push across the axis in units of the pull", report=False)
    d.output("close_across_rate", close, r"\frac{d}{d\tau} \log|\Delta_\perp|",
             "growth rate across the axis of a close pair", report=False)  # fmt: skip


def _divergence(d: Derivation) -> None:
    d.say(
        r"""At $T = 1$ the constants of the loss are known too: with $\ell = -\tfrac{d}{2} \log(2\pi)$,
        $\mathbb{E}_q[\log q] = -I(D) + \ell - d/2$, and"""
    )
    odds = 1 / (1 + sp.exp(-2 * h))
    cosh = (sp.exp(x + h) + sp.exp(-x - h)) / 2
    share = sp.sqrt(odds * (1 - odds))
    d.check(
        "the target's density along the axis, squared", (odds * sp.exp(x) + (1 - odds) * sp.exp(-x)) ** 2,
        (2 * share * cosh) ** 2, shown=r"\left( w^\star e^x + (1-w^\star) e^{-x} \right)^2",
    )  # fmt: skip
    constant, dim = sp.Symbol("constant", real=True), symbol("dim")
    energies = [
        constant - (square + dim) / 2 - R**2 / 2 + sp.log(4 * w_star * (1 - w_star)) / 2 + mean
        for square, mean in ((s_11, phi_1), (s_22, phi_2))
    ]
    value = -symbol("information") + constant - dim / 2 - w_1 * energies[0] - _W_2 * energies[1]
    d.say(
        r"""gives $\mathbb{E}_i[\log p] = \ell - (s_{ii} + d)/2 - R^2/2 + \tfrac12\log(4 w^\star (1 - w^\star))
        + \phi(m_i)$. In the difference the dimension cancels:"""
    )
    closed = (
        -symbol("information")
        + w_1 * (s_11 / 2 - phi_1) + _W_2 * (s_22 / 2 - phi_2)
        + R**2 / 2 - sp.log(4 * w_star * (1 - w_star)) / 2
    )  # fmt: skip
    d.check("the dimension cancels", value, closed, shown=r"\mathrm{KL}(q \,\|\, p)")
    d.output("divergence", closed, r"\mathrm{KL}(q \,\|\, p)", "KL(q || p) of a pair, in nats")
