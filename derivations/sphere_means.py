r"""Means on the sphere whose components have unequal weights: what is left of their push once their variances part.

Source: theory section 11.  Output: the distance at which the label of two components of different variances is told,
rates of (m1, m2, cosine of the pair, log v1, log v2) for any weights of the family, and their derivatives.
"""

from functools import cache
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import log1p

from derivations.core import Derivation
from derivations.gradient import component, dim
from derivations.gradient import derive as gradient
from derivations.sphere_flow import cosine
from derivations.summary_statistics import held_rates
from derivations.symbols import (
    D,
    R,
    T,
    beta,
    m_1,
    m_2,
    overlap,
    overlap_prime,
    psi_1,
    psi_2,
    psi_prime_1,
    psi_prime_2,
    s_12,
    v,
    v_1,
    v_2,
    w_1,
    w_i,
    widening_1,
    widening_2,
    x,
)  # fmt: skip

_LEFT = [r"\dot m_1", r"\dot m_2", r"\dot c", r"\dot v_1/v_1", r"\dot v_2/v_2"]
_SPREAD = (v_1 - v_2) / (v_1 + v_2)
half = sp.Rational(1, 2)


@cache
def derive() -> Derivation:
    """Equal variances, the push of different ones, the rates of the variances, and all derivatives."""
    d = Derivation("sphere_means", "theory section 11", "Unequal weights on the sphere")
    common = _common(d)
    _balance(d)
    square = _label(d)
    _gaussian(d)
    flow = _flow(d, common, square)
    _derivatives(d, flow, square)
    return d


def _common(d: Derivation) -> list[Any]:
    """The flow of (m1, m2, c) with one variance; T/v G is left as the letter `overlap`."""
    d.say(r"""With unequal weights $w_1 + w_2 = 1$ of the family the constraint forces are the same:""")
    rates = held_rates(d)
    flow = [rate.subs(s_12, R**2 * cosine) for rate in rates]
    flow[2] = sp.expand(flow[2] / R**2)
    push = sp.Symbol("b", positive=True)
    written = [
        w_1 * psi_1 * (R**2 - m_1**2 / R**2) + push * (m_1 * cosine - m_2),
        (1 - w_1) * psi_2 * (R**2 - m_2**2 / R**2) + push * (m_2 * cosine - m_1),
        (w_1 * psi_1 * (m_2 - m_1 * cosine) + (1 - w_1) * psi_2 * (m_1 - m_2 * cosine)) / R**2
        - 2 * push * (1 - cosine**2),
    ]
    d.check("one variance, with the push b", flow, [rate.subs(push, T / v * overlap) for rate in written],
            shown=_LEFT[:3])  # fmt: skip
    d.say(
        r"""$\mu_1 - \mu_2$ keeps no direction of its own: at $x = 0$, where $m_1 = m_2$, the means part by
        $\dot m_1 - \dot m_2 = (w_1 - w_2)\, \psi(m_1)(R^2 - m_1^2/R^2)$. So the starts that collapse are no longer
        those around $x = 0$; those in which the first mean ends at the heavy mode lie above one threshold in $x$, those
        in which the second does below another, and exchanging the components exchanges the two, with $x \to -x$."""
    )
    apart = (written[0] - written[1]).subs({m_2: m_1, psi_2: psi_1})
    d.check("means that part", apart, (2 * w_1 - 1) * psi_1 * (R**2 - m_1**2 / R**2), shown=r"\dot m_1 - \dot m_2")
    d.say(
        r"""Trained variances part as well: by the step of training (page The trained variance) each has the rate
        $-4 v_i T\, \partial_{v_i} L/d$, and apart from the label, which follows, $\partial_{v_i} L$ is $w_i$ times the
        slope of its component, so that in large dimension"""
    )
    slope = w_i * gradient().outputs["variance_slope"].value.subs(beta, 1 / T)
    d.check("trained variances", sp.limit(sp.expand(-4 * v * T * slope / dim), dim, sp.oo), 2 * w_i * (T - v),
            shown=r"\lim_{d \to \infty} \dot v_i")  # fmt: skip
    return [push, *written]


def _balance(d: Derivation) -> None:
    d.say(
        r"""**The push of different variances.** Component 1 feels $-w_1 \mathbb{E}_1[\nabla \log q]$ (page The gradient
        of the loss). With $g = w_1 n_1 w_2 n_2/q$, whose integral is the label overlap $\mathbb{E}_q[r_1 r_2]$, up to
        the derivative of $w_1 n_1$, which has no integral,"""
    )
    first, second = w_1 * component(x, 0, v_1), (1 - w_1) * component(x, D, v_2)
    whole = first + second
    shared = first * second / whole * (sp.diff(second, x) / second - sp.diff(first, x) / first)
    d.check("what a mean feels", first * sp.diff(whole, x) / whole - sp.diff(first, x), shared,
            shown=r"w_1 n_1 \nabla \log q - \nabla (w_1 n_1)")  # fmt: skip
    other = second * sp.diff(whole, x) / whole - sp.diff(second, x)
    d.check("what the other feels", other, -shared, shown=r"w_2 n_2 \nabla \log q - \nabla (w_2 n_2)")
    d.say(
        r"""so that both are pushed alike whatever the variances are, along $\mu_1 - \mu_2$, and the flow above holds
        with another factor $b$, in every dimension: $T$ times the slope of the label's information
        $I = \sum_i w_i \mathbb{E}_i \log(r_i/w_i)$ in $D^2/2$."""
    )


def _label(d: Derivation) -> Any:
    """Returns: the square of the distance at which the label is told."""
    d.say(
        r"""**How much of it is left.** The integrand of the label overlap is $\sqrt{n_1 n_2}$ times a function of the
        log-ratio $2A = \log n_1/n_2$, with $c = \tfrac12 \log(w_1/w_2)$:"""
    )
    second, ratio, one, two = sp.symbols("n_2 A w_1 w_2", positive=True)
    first = second * sp.exp(2 * ratio)
    joint = one * first * two * second / (one * first + two * second)
    share = sp.sqrt(one / two)  # e^c
    by_ratio = sp.sqrt(one * two) * second * sp.exp(ratio) / (sp.exp(ratio) * share + sp.exp(-ratio) / share)
    d.check("the label overlap", joint, by_ratio,
            shown=r"\sqrt{w_1 w_2}\, \sqrt{n_1 n_2}\, \tfrac12 \operatorname{sech}(A + c)")  # fmt: skip
    d.say(
        r"""$\int \sqrt{n_1 n_2} = e^{-X/8}$ is a product over coordinates; the first lies along $\mu_1 - \mu_2$. For
        equal variances $X = D^2/v$. In general, with $t = (v_1 - v_2)/(v_1 + v_2)$,"""
    )
    wide, place = sp.sqrt(2 * v_1 * v_2 / (v_1 + v_2)), sp.Symbol("z", real=True)
    middle = D * v_1 / (v_1 + v_2)
    both = component(x, 0, v_1) * component(x, D, v_2)
    left = sp.exp(-(D**2) / (2 * (v_1 + v_2))) * wide**2 / sp.sqrt(v_1 * v_2)  # the square of a coordinate's integral
    gauss = left * component(x, middle, wide**2) ** 2
    logs = [sp.expand_log(sp.log(one), force=True) for one in (both, gauss)]
    d.check("a coordinate of sqrt(n_1 n_2) is a Gaussian", *logs, shown=r"\log n_1 n_2")
    d.verify("its share", 1 - _SPREAD**2, (wide**2 / sp.sqrt(v_1 * v_2)) ** 2)
    written = 2 * D**2 / (v_1 + v_2) - 2 * dim * log1p(-(_SPREAD**2))
    total = sp.exp(-(D**2) / (4 * (v_1 + v_2))) * (1 - _SPREAD**2) ** (dim / 4)
    d.check("of d coordinates", written.rewrite(sp.log), -8 * sp.expand_log(sp.log(total), force=True), shown="X")
    d.verify("equal variances", written.subs({v_1: v, v_2: v}), D**2 / v)
    d.say(
        r"""As $\operatorname{sech} \le 1$, the label overlap is at most $\tfrac12 \sqrt{w_1 w_2}\, e^{-X/8}$, in every
        dimension: at variances that differ by any share $t \ne 0$ it is at most $\tfrac12 \sqrt{w_1 w_2}\,
        (1 - t^2)^{d/4}$, which vanishes as $d$ grows. The components are then told apart by $|x|^2$ alone, and heat
        parts no means."""
    )
    across = half * (-(wide**2) * place**2 / (2 * v_1) + wide**2 * place**2 / (2 * v_2)) + sp.log(v_2 / v_1) / 4
    t = sp.Symbol("t", real=True)
    told = t * place**2 / 2 - sp.atanh(t) / 2
    d.verify("the log-ratio of a coordinate across", sp.diff(across, place), sp.diff(told, place).subs(t, _SPREAD))
    return written


def _gaussian(d: Derivation) -> None:
    d.say(
        r"""**The law of the log-ratio.** Under $\sqrt{n_1 n_2}$, normalised, the coordinates are independent, and a
        coordinate across $\mu_1 - \mu_2$ adds $(t z^2 - \operatorname{artanh} t)/2$ to $A$, $z$ standard normal. Its
        mean, its variance less a quarter of its part $-2 \log(1 - t^2)$ of $X$, and its third cumulant are"""
    )
    t, count, tilt = sp.symbols("t d k", positive=True)
    cumulants = -sp.log(1 - t * tilt) / 2 - tilt * sp.atanh(t) / 2
    moments = [sp.diff(cumulants, tilt, n).subs(tilt, 0) for n in (1, 2, 3)]
    moments[1] = moments[1] + sp.log(1 - t**2) / 2
    for name, moment, order, shown in (
        ("mean", moments[0], 5, -(t**3) / 6),
        ("variance", moments[1], 6, -(t**4) / 4),
        ("third cumulant", moments[2], 5, t**3),
    ):
        d.check(f"{name} of a coordinate", sp.series(moment, t, 0, order).removeO(), shown, shown=name)
    d.say(
        r"""Where the push counts at all, $t$ is of order $1/\sqrt d$: the sum over $d$ coordinates has a mean and a
        third cumulant of order $1/\sqrt d$ and a variance that is $X/4$ up to $1/d$. So the label is that of two points
        at the distance $\sqrt X$, whose overlap is $G(\sqrt X)$ and whose information is $I(\sqrt X)$, up to
        $1/\sqrt d$; both share the factor $e^{-X/8}$, so that this error stays relative where they are small."""
    )
    limit = count * sp.series(moments[0], t, 0, 5).removeO().subs(t, t / sp.sqrt(count))
    d.check("mean of d coordinates at t/sqrt(d)", limit, -(t**3) / (6 * sp.sqrt(count)), shown="d E[A]")


def _flow(d: Derivation, common: list[Any], square: Any) -> list[Any]:
    push, *rates = common
    d.say(
        r"""By the chain rule through $X$, with $\partial I/\partial X = G/2$, the push is $b = 2 T G/(v_1 + v_2)$, and
        the label drives the variances apart. The part of its slope in $v_i$ that is left in large dimension is"""
    )
    slope = overlap / 2
    pushed = T * slope * sp.diff(square, D) / D
    factor = d.check("the push", pushed, 2 * T * overlap / (v_1 + v_2), shown="b")
    driven = [4 * one * T / dim * slope * sp.diff(square.rewrite(sp.log), one) for one in (v_1, v_2)]
    parting = 4 * T * overlap * _SPREAD
    d.check("the label's part in the variances", [sp.limit(sp.expand(one), dim, sp.oo) for one in driven],
            [parting, -parting], shown=[r"\dot v_1", r"\dot v_2"])  # fmt: skip
    written = [rate.subs(push, factor) for rate in rates] + [
        (2 * weight * (T - own) + sign * parting) / own for weight, own, sign in ((w_1, v_1, 1), (1 - w_1, v_2, -1))
    ]
    d.say(r"""All together, with $G$ at $\sqrt X$:""")
    d.output("sphere_means_flow", written, _LEFT,
             "rates of m1, m2, mu_1 . mu_2/R^2, log v1 and log v2 for any family weights")  # fmt: skip
    d.output("label_distance", sp.sqrt(square), r"\sqrt{X}",
             "distance of two points whose label is told like that of the components")  # fmt: skip
    return written


def _derivatives(d: Derivation, flow: list[Any], square: Any) -> None:
    d.say(
        r"""Its derivatives in $(m_1, m_2, c, \log v_1, \log v_2)$, by the chain rule through $\psi$ and $X$, and in
        $T$, for machines:"""
    )
    near = square.rewrite(sp.log).subs(D, R * sp.sqrt(2 * (1 - cosine)))
    root = sp.sqrt(square.subs(D, R * sp.sqrt(2 * (1 - cosine))))
    stretch = overlap_prime / (2 * root)
    rows = []
    for rate in flow:
        by_label = sp.diff(rate, overlap) * stretch
        row = [
            sp.diff(rate, m_1) + sp.diff(rate, psi_1) * psi_prime_1,
            sp.diff(rate, m_2) + sp.diff(rate, psi_2) * psi_prime_2,
            sp.diff(rate, cosine) + by_label * sp.diff(near, cosine),
        ]
        for own, psi_own, widening in ((v_1, psi_1, widening_1), (v_2, psi_2, widening_2)):
            by_variance = sp.diff(rate, own) + by_label * sp.simplify(sp.diff(near, own))
            row.append(own * by_variance + widening * sp.diff(rate, psi_own))
        rows.append(row)
    d.output("sphere_means_jacobian", rows, "J",
             "derivatives of these rates by m1, m2, the pair's cosine, log v1 and log v2", report=False)  # fmt: skip
    d.output("sphere_means_flow_by_temperature", [sp.diff(rate, T) for rate in flow], r"\partial_T",
             "derivatives of these rates in the temperature", report=False)  # fmt: skip
    d.say(
        r"""Once $T$ is 1 the variances go on to 1. Their distance from there falls, as far as the label lets it, which
        is told worst where the means are one, at"""
    )
    cold = [rate.subs(T, 1) * own for rate, own in zip(flow[3:], (v_1, v_2), strict=True)]
    away = (v_1 - 1) * cold[0] + (v_2 - 1) * cold[1]
    d.output("variance_return", away, r"\tfrac12 \tfrac{d}{dt} |v - 1|^2",
             "half the rate of (v1 - 1)^2 + (v2 - 1)^2 at T = 1")  # fmt: skip
