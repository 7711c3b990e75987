r"""Where pairs on the sphere come to rest, and the loss there.

Source: theory section 11.  Output: the flow of the angles of a pair that lies in one plane with the axis, in which all
pairs at rest lie, and the part of the loss that the width of the components has in the dimensions beside the means.
"""

import sympy as sp

from derivations.core import Derivation
from derivations.gradient import dim
from derivations.sphere_flow import cosine, total, x
from derivations.sphere_flow import derive as sphere_flow
from derivations.symbols import R, T, overlap, psi, psi_1, psi_2, psi_prime, psi_prime_1, slope, symbol, v

angle_1, angle_2 = symbol("angle_1"), symbol("angle_2")
_middle, _half = sp.symbols("p e", real=True)  # (theta_1 + theta_2)/2 and (theta_1 - theta_2)/2


def derive() -> Derivation:
    """The plane that pairs at rest lie in, the flow there, and the loss."""
    d = Derivation("sphere_rest", "theory section 11", "Pairs at rest on the sphere")
    _plane(d)
    _loss(d)
    return d


def _plane(d: Derivation) -> None:
    d.say(
        r"""**One plane.** At rest the force on $\mu_1$, $\tfrac{1}{2} \psi(m_1) \mu^\star - g \mu_2$ with
        $g = (T/v)\, G(D/\sqrt v) > 0$, is along $\mu_1$ itself, and likewise for $\mu_2$. So $\mu^\star$, $\mu_1$ and
        $\mu_2$ are linearly dependent: they lie in one plane (or, for a target without bias, the pair is antipodal and
        across the axis). With $\theta_1$, $\theta_2$ the angles of the means from $\mu^\star$ there,
        $m_i = R^2 \cos \theta_i$ and $c = \cos(\theta_1 - \theta_2)$, the flow of a pair (page Means on the sphere)
        is"""
    )
    push = T / v * overlap * sp.sin(angle_1 - angle_2)
    turning = [-psi_1 * sp.sin(angle_1) / 2 + push, -psi_2 * sp.sin(angle_2) / 2 - push]
    inside = {angle_1: _middle + _half, angle_2: _middle - _half}
    first, second = (one.subs(inside, simultaneous=True) for one in turning)
    ups = sp.cos(_middle + _half), sp.cos(_middle - _half)
    # x = -sin p for 0 < e < pi: then sqrt(2(1-c)) = 2 sin e, and m1 - m2 = -2 R^2 sin p sin e
    place = {
        x: -sp.sin(_middle), total: R**2 * (ups[0] + ups[1]), cosine: sp.cos(2 * _half),
        slope: (psi_1 - psi_2) / (ups[0] - ups[1]),
    }  # fmt: skip
    flow = [one.subs(place, simultaneous=True) for one in sphere_flow().outputs["sphere_pair_flow"].value]
    turned = [
        sp.cot(_middle).rewrite(sp.cos) * (first + second) / 2,
        -(R**2) * (sp.sin(_middle + _half) * first + sp.sin(_middle - _half) * second),
        -sp.sin(2 * _half) * (first - second),
    ]
    for number, (left, right) in enumerate(zip(flow, turned, strict=True)):
        d.verify(f"rate {number} of the pair by the angles", left, right)
    d.output("plane_flow", turning, [r"\dot\theta_1", r"\dot\theta_2"], "rates of the angles in the clock")
    places = [R**2 * sp.cos(angle_1), R**2 * sp.cos(angle_2), 2 * R * sp.Abs(sp.sin((angle_1 - angle_2) / 2))]
    ends = [places[0] + places[1], (places[0] - places[1]) / (R * places[2])]
    in_plane = [one.subs(inside, simultaneous=True).subs(sp.Abs(sp.sin(_half)), sp.sin(_half)) for one in ends]
    d.verify("the places in the plane", in_plane, [place[total], place[x]])
    d.verify("the distance in the plane", places[2] ** 2, 2 * R**2 * (1 - sp.cos(angle_1 - angle_2)))
    d.output("plane_places", places, ["m_1", "m_2", "D"], "overlaps and distance of the means", report=False)
    label = psi(places[0])
    pull = label * sp.sin(angle_1)
    both = [psi_1 * sp.sin(angle_1), psi_2 * sp.sin(angle_2)]
    d.verify("the push drops out of the sum", sum(turning), -sum(both) / 2)
    primes = {psi_prime(places[0]): psi_prime_1, label: psi_1}
    d.output("rest_pull", pull.subs(label, psi_1), r"\psi \sin\theta", "what adds up to 0 at rest", report=False)
    d.output("rest_pull_slope", sp.diff(pull, angle_1).xreplace(primes), r"\partial_\theta (\psi \sin\theta)",
             "its slope in the angle", report=False)  # fmt: skip
    d.say(
        r"""It keeps the plane. At rest the two add up to $\psi(m_1) \sin\theta_1 + \psi(m_2) \sin\theta_2 = 0$, free of
        the push: either $\theta_2 = -\theta_1$ (both at one mode, apart by the push alone) or one on each side of the
        zero of $\psi$. The antipodal pair along the axis, $\theta_1 = 0$ and $\theta_2 = \pi$, always rests."""
    )
    at_modes = [one.subs({angle_1: 0, angle_2: sp.pi}) for one in turning]
    d.check("the split pair", at_modes, [sp.Integer(0), sp.Integer(0)], shown=[r"\dot\theta_1", r"\dot\theta_2"])


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
