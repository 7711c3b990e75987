r"""Means on the sphere whose components have unequal weights: the flow of their overlaps, and its derivatives.

Source: theory section 11.  Output: rates of (m1, m2, cosine of the pair) for any weights of the family and a common
variance, their Jacobian, and their derivatives in the temperature and in the variance.
"""

from typing import Any

import sympy as sp

from derivations.core import Derivation
from derivations.gradient import derive as gradient
from derivations.gradient import dim
from derivations.sphere_flow import cosine, held_rates
from derivations.symbols import (
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
    w_1,
    w_i,
    widening_1,
    widening_2,
)  # fmt: skip

_LEFT = [r"\dot m_1", r"\dot m_2", r"\dot c"]
_DISTANCE = R * sp.sqrt(2 * (1 - cosine))


def derive() -> Derivation:
    """The flow for any weights, why it asks for a common variance, and its derivatives."""
    d = Derivation("sphere_means", "theory section 11", "Unequal weights on the sphere")
    d.say(r"""With unequal weights $w_1 + w_2 = 1$ of the family the constraint forces are the same:""")
    rates = held_rates(d)
    flow = [rate.subs(s_12, R**2 * cosine) for rate in rates]
    flow[2] = sp.expand(flow[2] / R**2)
    push = T / v * overlap
    written = [
        w_1 * psi_1 * (R**2 - m_1**2 / R**2) + push * (m_1 * cosine - m_2),
        (1 - w_1) * psi_2 * (R**2 - m_2**2 / R**2) + push * (m_2 * cosine - m_1),
        (w_1 * psi_1 * (m_2 - m_1 * cosine) + (1 - w_1) * psi_2 * (m_1 - m_2 * cosine)) / R**2
        - 2 * push * (1 - cosine**2),
    ]
    d.check("the flow in the pair's cosine", flow, written, shown=_LEFT)
    d.say(
        r"""$\mu_1 - \mu_2$ keeps no direction of its own: at $x = 0$, where $m_1 = m_2$, the means part by
        $\dot m_1 - \dot m_2 = (w_1 - w_2)\, \psi(m_1)(R^2 - m_1^2/R^2)$. So the starts that collapse are no longer
        those around $x = 0$; those in which the first mean ends at the heavy mode lie above one threshold in $x$, those
        in which the second does below another, and exchanging the components exchanges the two, with $x \to -x$."""
    )
    apart = (written[0] - written[1]).subs({m_2: m_1, psi_2: psi_1})
    d.check("means that part", apart, (2 * w_1 - 1) * psi_1 * (R**2 - m_1**2 / R**2), shown=r"\dot m_1 - \dot m_2")
    d.say(
        r"""The two components need one variance $v$ in this flow, fixed or the temperature. Trained variances part: by
        the step of training (page The trained variance) each has the rate $-4 v_i T\, \partial_{v_i} L/d$, and
        $\partial_{v_i} L$ is $w_i$ times the slope of its component, so that in large dimension"""
    )
    slope = w_i * gradient().outputs["variance_slope"].value.subs(beta, 1 / T)
    d.check("trained variances", sp.limit(sp.expand(-4 * v * T * slope / dim), dim, sp.oo), 2 * w_i * (T - v),
            shown=r"\lim_{d \to \infty} \dot v_i")  # fmt: skip
    d.say(
        r"""Two components whose variances differ by more than $1/\sqrt d$ of them are told apart by $|x|^2$ alone, so
        that their push is gone: in large dimension heat then parts no means."""
    )
    d.output("sphere_means_flow", written, _LEFT, "rates of m1, m2 and mu_1 . mu_2/R^2 for any family weights")
    _derivatives(d, written)
    return d


def _derivatives(d: Derivation, flow: list[Any]) -> None:
    d.say(r"Its derivatives in $(m_1, m_2, c)$, by the chain rule through $\psi$ and $D$, and in $T$, for machines:")
    rows = []
    for rate in flow:
        by_distance = sp.diff(rate, overlap) * overlap_prime / sp.sqrt(v) * sp.diff(_DISTANCE, cosine)
        rows.append([
            sp.diff(rate, m_1) + sp.diff(rate, psi_1) * psi_prime_1,
            sp.diff(rate, m_2) + sp.diff(rate, psi_2) * psi_prime_2,
            sp.diff(rate, cosine) + by_distance,
        ])  # fmt: skip
    d.output("sphere_means_jacobian", rows, "J", "derivatives of these rates by m1, m2 and the pair's cosine",
             report=False)  # fmt: skip
    d.output("sphere_means_flow_by_temperature", [sp.diff(rate, T) for rate in flow], r"\partial_T",
             "derivatives of these rates in the temperature", report=False)  # fmt: skip
    column = [
        v * sp.diff(rate, v)
        - overlap_prime * _DISTANCE / (2 * sp.sqrt(v)) * sp.diff(rate, overlap)
        + widening_1 * sp.diff(rate, psi_1)
        + widening_2 * sp.diff(rate, psi_2)
        for rate in flow
    ]
    d.output("sphere_means_flow_by_log_variance", column, r"v \partial_v", "derivatives of these rates in log v",
             report=False)  # fmt: skip
