r"""Where pairs on the sphere come to rest, and the loss there.

Source: theory section 11.  Output: the flow of the angles of a pair that lies in one plane with the axis, in which all
pairs at rest lie, and the part of the loss that the width of the components has in the dimensions beside the means.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.core import Derivation
from derivations.gradient import dim
from derivations.sphere_flow import cosine
from derivations.sphere_means import derive as sphere_means
from derivations.symbols import (
    R,
    T,
    m_1,
    m_2,
    overlap,
    psi,
    psi_1,
    psi_2,
    psi_prime,
    psi_prime_1,
    symbol,
    v,
    v_1,
    v_2,
    w_1,
)  # fmt: skip

angle_1, angle_2 = symbol("angle_1"), symbol("angle_2")


@cache
def derive() -> Derivation:
    """The plane that pairs at rest lie in, the flow there, the variances, and the loss."""
    d = Derivation("sphere_rest", "theory section 11", "Pairs at rest on the sphere")
    flow = sphere_means().outputs["sphere_means_flow"].value
    _plane(d, flow[:3])
    _variances(d, flow[3:])
    _loss(d)
    return d


def _plane(d: Derivation, rates: list[Any]) -> None:
    d.say(
        r"""**One plane.** At rest the force on $\mu_1$, $w_1 \psi(m_1) \mu^\star - g \mu_2$ with
        $g = (T/v)\, G(D/\sqrt v) > 0$, is along $\mu_1$ itself, and likewise for $\mu_2$. So $\mu^\star$, $\mu_1$ and
        $\mu_2$ are linearly dependent: they lie in one plane (or, for a target without bias, the pair is antipodal and
        across the axis). With $\theta_1$, $\theta_2$ the angles of the means from $\mu^\star$ there,
        $m_i = R^2 \cos \theta_i$ and $c = \cos(\theta_1 - \theta_2)$, the flow of a pair of a common variance (page
        Unequal weights on the sphere) is"""
    )
    push = T / v * overlap * sp.sin(angle_1 - angle_2)
    turning = [-w_1 * psi_1 * sp.sin(angle_1) + push, -(1 - w_1) * psi_2 * sp.sin(angle_2) - push]
    places = [R**2 * sp.cos(angle_1), R**2 * sp.cos(angle_2), 2 * R * sp.Abs(sp.sin((angle_1 - angle_2) / 2))]
    place = {m_1: places[0], m_2: places[1], cosine: sp.cos(angle_1 - angle_2), v_1: v, v_2: v}
    flow = [one.subs(place, simultaneous=True) for one in rates]
    turned = [sp.diff(place[one], angle_1) * turning[0] + sp.diff(place[one], angle_2) * turning[1]
              for one in (m_1, m_2, cosine)]  # fmt: skip
    for number, (left, right) in enumerate(zip(flow, turned, strict=True)):
        d.verify(f"rate {number} of the pair by the angles", left, right)
    d.output("plane_flow", turning, [r"\dot\theta_1", r"\dot\theta_2"], "rates of the angles in the clock")
    d.verify("the distance in the plane", places[2] ** 2, 2 * R**2 * (1 - sp.cos(angle_1 - angle_2)))
    d.output("plane_places", places, ["m_1", "m_2", "D"], "overlaps and distance of the means", report=False)
    label = psi(places[0])
    pull = label * sp.sin(angle_1)
    both = [w_1 * psi_1 * sp.sin(angle_1), (1 - w_1) * psi_2 * sp.sin(angle_2)]
    d.verify("the push drops out of the sum", sum(turning), -sum(both))
    primes = {psi_prime(places[0]): psi_prime_1, label: psi_1}
    d.output("rest_pull", pull.subs(label, psi_1), r"\psi \sin\theta", "what adds up to 0 at rest", report=False)
    d.output("rest_pull_slope", sp.diff(pull, angle_1).xreplace(primes), r"\partial_\theta (\psi \sin\theta)",
             "its slope in the angle", report=False)  # fmt: skip
    d.say(
        r"""It keeps the plane. At rest the two add up to $w_1 \psi(m_1) \sin\theta_1 + w_2 \psi(m_2) \sin\theta_2 = 0$,
        free of the push: both at one mode, on either side of the axis and apart by the push alone ($\theta_2 =
        -\theta_1$ for equal weights, the lighter farther away for others), or one on each side of the zero of $\psi$.
        The antipodal pair along the axis, $\theta_1 = 0$ and $\theta_2 = \pi$ or the reverse, always rests."""
    )
    at_modes = [one.subs({angle_1: 0, angle_2: sp.pi}) for one in turning]
    d.check("the split pair", at_modes, [sp.Integer(0), sp.Integer(0)], shown=[r"\dot\theta_1", r"\dot\theta_2"])


def _variances(d: Derivation, rates: list[Any]) -> None:
    d.say(
        r"""**Trained variances** rest at $v_1 = v_2 = T$, whatever the weights are (the flow leaves out terms of order
        $1/d$ in them). There their rates do not depend on the means, and have the derivatives in $(\log v_1,
        \log v_2)$"""
    )
    at_rest = {v_1: T, v_2: T}
    d.verify("they rest", [one.subs(at_rest) for one in rates], [sp.Integer(0)] * 2)
    matrix = sp.Matrix(2, 2, [(own * sp.diff(one, own)).subs(at_rest) for one in rates for own in (v_1, v_2)])
    shown = [2 * overlap - 2 * w_1, -2 * overlap, -2 * overlap, 2 * overlap - 2 * (1 - w_1)]
    d.check("their derivatives", list(matrix), shown, shown=["J_{11}", "J_{12}", "J_{21}", "J_{22}"])
    d.check("trace", matrix.trace(), 4 * overlap - 2, shown=r"\operatorname{tr} J")
    d.check("determinant", matrix.det(), 4 * (w_1 * (1 - w_1) - overlap), shown=r"\det J")
    d.say(
        r"""As $G < w_1 w_2 \le 1/4$ for means apart, both eigenvalues are negative: the variances stay, and the means
        decide whether a pair at rest attracts."""
    )


def _loss(d: Derivation) -> None:
    d.say(
        r"""**The loss.** For components of variance $v$ the divergence from the target is the one for unit variance
        (page Fixed points) with the averages taken at the width $\sqrt v$ and the information at the distance
        $D/\sqrt v$, and one part more: $\mathbb{E}|x|^2$ has $d\,v$ in the place of $d$, and the entropy
        $\tfrac{d}{2} \log v$ more. In each dimension that is the divergence of two Gaussians,"""
    )
    u = sp.Symbol("u", real=True)
    wide = sp.exp(-(u**2) / (2 * v)) / sp.sqrt(2 * sp.pi * v)
    exponents = -(u**2) / (2 * v) - sp.log(v) / 2 + u**2 / 2
    spread = sp.integrate(sp.expand(wide * exponents), (u, -sp.oo, sp.oo), conds="none")
    d.check("one dimension", sp.simplify(spread), (v - 1 - sp.log(v)) / 2, shown=r"\mathrm{KL}(N(0, v) \| N(0, 1))")
    d.output("width_divergence", dim * (v - 1 - sp.log(v)) / 2, r"\mathrm{KL}_v",
             "part of KL(q || p) that the variance has in every dimension")  # fmt: skip
