r"""How far the noise of gradients moves the threshold of a pair on the sphere, to first order in eta/B.

Source: theory section 12.  Output: how the slopes of a law of starts change along a run; those of the start; the rates
at which noise moves the critical start of a run on the separatrix.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.core import Derivation, valued
from derivations.gradient_noise import dim
from derivations.sphere_diffusion import PLACES, SEEN, cosine, total, x
from derivations.sphere_flow import derive as sphere_flow
from derivations.start_law import derive as start_law
from derivations.symbols import G as overlap_at
from derivations.symbols import R, T, cos, overlap, psi, psi_1, psi_2, slope, symbol, v

y = symbol("sum_cosine")
noise = symbol("noise_scale")
P = [symbol(n) for n in ("by_difference", "by_sum", "by_cosine")]
Q = [symbol(n) for n in ("law_by_difference", "law_by_sum", "law_by_cosine")]
B = [symbol(n) for n in ("difference_drift", "total_drift", "cosine_drift")]
A = [symbol(n) for n in ("difference_push", "total_push", "cosine_push")]
_C = [symbol(n) for n in ("difference_variance", "difference_with_total", "difference_with_cosine", "total_variance",
                          "total_with_cosine", "cosine_variance")]  # fmt: skip
C = sp.Matrix([[_C[0], _C[1], _C[2]], [_C[1], _C[3], _C[4]], [_C[2], _C[4], _C[5]]])


@cache
def derive() -> Derivation:
    """From the law of the start to the threshold with noise."""
    d = Derivation("sphere_noise", "theory section 12", "The threshold on the sphere with noise")
    _velocity(d)
    _carried(d)
    _divergence(d)
    _start(d)
    _moved(d)
    _beyond(d)
    _fastest(d)
    return d


def _velocity(d: Derivation) -> None:
    d.say(
        r"""**Noise as a velocity.** A law $n(z)$ that noise of the covariance $C$ and the drift $b$ change per unit of
        time moves as if every start went at a velocity of its own: in two coordinates, and in any number,"""
    )
    z = sp.symbols("z_1 z_2", real=True)
    law = sp.Function("n")(*z)
    push = [sp.Function(name)(*z) for name in ("b_1", "b_2")]
    spread = [[sp.Function(name)(*z) for name in row] for row in (("C_11", "C_12"), ("C_12", "C_22"))]
    velocity = [
        push[i] - sum(sp.diff(spread[i][j], z[j]) + spread[i][j] * sp.diff(sp.log(law), z[j]) for j in range(2)) / 2
        for i in range(2)
    ]
    planck = -sum(sp.diff(push[i] * law, z[i]) for i in range(2)) + sum(
        sp.diff(spread[i][j] * law, z[i], z[j]) / 2 for i in range(2) for j in range(2)
    )
    d.check("the equation of Fokker and Planck", sp.expand(planck.doit()),
            sp.expand(-sum(sp.diff(velocity[i] * law, z[i]) for i in range(2)).doit()),
            shown=r"-\nabla \cdot (b n) + \tfrac12 \nabla\nabla : (C n)")  # fmt: skip
    d.say(
        r"""So the velocity is $b - \tfrac12 \nabla \cdot C - \tfrac12 C\,\nabla\log n$. To first order in noise $n$ is
        the law that the flow without noise makes of the start's. $P$ is the mass on one side of the separatrix, and
        changes by what the velocity carries across it. Nothing is left out, in no dimension and wherever $x$ is."""
    )


def _carried(d: Derivation) -> None:
    d.say(
        r"""**The slopes of the law.** Along every run of a flow $f$ with the Jacobian $J$ the logarithm of the density
        falls by $\nabla \cdot f$, and $q = \nabla \log n$ obeys $\dot q = -J^T q - \nabla(\nabla \cdot f)$:"""
    )
    z, t = sp.symbols("z_1 z_2", real=True), sp.Symbol("t", real=True)
    law = sp.Function("L")(*z, t)  # log n
    flow = [sp.Function(name)(*z, t) for name in ("f_1", "f_2")]
    spread = sum(sp.diff(flow[i], z[i]) for i in range(2))
    held = -sum(flow[i] * sp.diff(law, z[i]) for i in range(2)) - spread
    density = sp.exp(law)
    d.verify("continuity", sp.expand(sp.diff(density, t).subs(sp.diff(law, t), held) / density),
             sp.expand(-sum(sp.diff(flow[i] * density, z[i]) for i in range(2)) / density))  # fmt: skip
    along = [sp.diff(held, z[k]) + sum(flow[i] * sp.diff(law, z[i], z[k]) for i in range(2)) for k in range(2)]
    closed = [
        -sum(sp.diff(flow[i], z[k]) * sp.diff(law, z[i]) for i in range(2)) - sp.diff(spread, z[k]) for k in range(2)
    ]
    d.check("along a run", [sp.expand(one.doit()) for one in along], [sp.expand(one.doit()) for one in closed],
            shown=[r"\dot q_1", r"\dot q_2"])  # fmt: skip


def _divergence(d: Derivation) -> None:
    d.say(
        r"""The law is one of $(x, M, c)$; slopes in $x$ are those in $\log x$. The divergence of the flow of a pair
        (page Means on the sphere) then has no quotient of differences in it, however small $x$ is:"""
    )
    mean = [psi(one) for one in PLACES]
    label = overlap_at(R * sp.sqrt(2 - 2 * cosine) / sp.sqrt(v))
    quotient = R**2 * (mean[0] - mean[1]) / (PLACES[0] - PLACES[1])
    known = {psi_1: mean[0], psi_2: mean[1], overlap: label, slope: quotient}
    flow = [one.subs(known) for one in sphere_flow().outputs["sphere_pair_flow"].value]
    spread = flow[0] + x * sp.diff(flow[0], x) + sp.diff(flow[1], total) + sp.diff(flow[2], cosine)
    first, second = PLACES
    push = T / v * label
    turn = (mean[0] * (second - first * cosine) + mean[1] * (first - second * cosine)) / (2 * R**2)
    turn -= 2 * push * (1 - cosine**2)
    closed = (
        sum(sp.diff(psi(one), total) * (R**2 - one**2 / R**2) - 3 * psi(one) * one / (2 * R**2) for one in PLACES)
        + 6 * push * cosine - 2 * T / v * (1 - cosine**2) * sp.diff(label, cosine) + turn / (2 - 2 * cosine)
    )  # fmt: skip
    d.check("divergence", sp.expand(valued(sp.expand(spread), SEEN)), sp.expand(valued(sp.expand(closed), SEEN)),
            shown=r"\nabla \cdot f")  # fmt: skip
    slopes = [x * sp.diff(closed, x), sp.diff(closed, total), sp.diff(closed, cosine)]
    d.output("divergence_slopes", valued(slopes, SEEN),
             [r"\partial_{\log x} \nabla \cdot f", r"\partial_M \nabla \cdot f", r"\partial_c \nabla \cdot f"],
             "slopes in log x, m1 + m2 and c of the divergence of the flow of (x, m1 + m2, c), in the clock",
             report=False)  # fmt: skip


def _start(d: Derivation) -> None:
    d.say(
        r"""**The law of the start.** $u = x/\sqrt{1 - y^2}$, of the cotangent $\rho$, is a coordinate of a uniform
        direction in $d - 1$ dimensions, $y$ and $c$ are each one in $d$, and independent. The density of
        $(x, M, c)$ is therefore proportional to $(1 - x^2 - y^2)^{(d-4)/2} (1 - c^2)^{(d-3)/2} (1 + c)^{-1/2}$:"""
    )
    a, u = symbol("half_freedom"), sp.Symbol("u", real=True)
    shape = start_law().outputs["log_cosine_density"].value

    def density(at: Any, freedom: Any) -> Any:
        """The logarithm of the density of a coordinate of a uniform direction, but for its norm."""
        return (shape - symbol("log_gamma_ratio")).subs({cos: at, a: freedom})

    whole = sphere_flow().outputs["sphere_start"].value[1]
    centre = total / sp.diff(whole, y)
    stretch = -sp.log(1 - centre**2) / 2 - sp.log(sp.diff(whole, y))  # du/dx and dy/dM
    law = density(x / sp.sqrt(1 - centre**2), (dim - 2) / 2) + density(centre, (dim - 1) / 2)
    law += density(cosine, (dim - 1) / 2) + stretch
    closed = (dim - 4) / 2 * sp.log(1 - x**2 - centre**2) + (dim - 3) / 2 * sp.log(1 - cosine**2)
    closed -= sp.log(1 + cosine) / 2
    slopes = [[x * sp.diff(one, x), sp.diff(one, total), sp.diff(one, cosine)] for one in (law, closed)]
    d.verify("its logarithm", [sp.simplify(one - other) for one, other in zip(*slopes, strict=True)], [0, 0, 0])
    d.output("start_slopes", [sp.factor(one) for one in slopes[1]], [r"q_x(0)", r"q_M(0)", r"q_c(0)"],
             "slopes in log x, m1 + m2 and c of the logarithm of the density of a start's (x, m1 + m2, c)")  # fmt: skip
    d.say(r"A start collapses with the chance of $|u| < u_c$, and that grows with $\log u_c$ by")
    n, w = sp.Function("n"), sp.Symbol("w", real=True)
    chance = 2 * sp.Integral(n(w), (w, 0, sp.exp(u)))
    d.verify("the chance within u", sp.diff(chance, u).doit(), 2 * sp.exp(u) * n(sp.exp(u)))
    shown = 2 * cos * sp.exp(shape)
    d.output("chance_slope", shown, r"\frac{dP}{d\log u_c}",
             "slope of a start's chance to collapse in the logarithm of its critical u", report=False)  # fmt: skip


def _moved(d: Derivation) -> None:
    d.say(
        r"""**The threshold.** Let $p$ be the gradient, along a run on the separatrix, of a function that is zero on it:
        $\dot p = -J^T p$. A velocity is worth its product with $p$, over $p_x(0)$ of $\log x$ at the start, and lowers
        the critical $\log x$ by that. With $a = b - \tfrac12 \nabla \cdot C - \tfrac12 C e_x$ and the covariances of
        $(\log x, M, c)$ (page The diffusion of a pair on the sphere), and the slopes $q$ of the law of $(x, M, c)$, it
        is $a - \tfrac12 C q$. Noise raises the critical $\log x$, and so $\log u$, by the integral over time of"""
    )
    p, q, b, a = (sp.Matrix(one) for one in (P, Q, B, A))
    whole = -(p.T * (a - C * q / 2))[0]
    rates = [-p[0] * b[0], -p[1] * b[1] - p[2] * b[2], ((p.T * C)[0] * q[0]) / 2 + (p.T * (b - a))[0],
             ((p.T * C)[1] * q[1] + (p.T * C)[2] * q[2]) / 2]  # fmt: skip
    d.check("in parts", sp.expand(sum(rates)), sp.expand(whole), shown=r"\dot S")
    d.say(
        r"""in units of $p_x(0)$. The parts, which nearly cancel where noise hardly changes a law, are the drift of $x$,
        in units of $x$ and with $b_x$ for it, the other drifts, the widening of the law along $x$ and that along $M$
        and $c$."""
    )
    d.output("sphere_threshold_moves", rates, [r"\dot S_x", r"\dot S_c", r"\dot S_u", r"\dot S_y"],
             "rates at which noise of strength 1 raises the critical log u: by drift of x, by other drifts, by "
             "widening the law along x, along m1 + m2 and c")  # fmt: skip
    d.say(
        r"""**A given start** has no law. Its threshold is raised by the drifts alone, $S_x$ and $S_c$, which have the
        factor $d$; what the separatrix' curvature adds has not. About that $x$ has, in units of its critical value, the
        variance $\epsilon W$, with $W$ the integral of the first of these. The second is its part across $x$, which
        measures what curvature may add:"""
    )
    across = p - sp.Matrix([p[0], 0, 0])
    wide, blur = ((one.T * C * one)[0] for one in (p, across))
    kick, walk = sp.symbols("k_x k_M k_c", real=True), sp.Symbol("w", positive=True)
    worth = sum(one * by for one, by in zip(kick, P, strict=True))
    squares = sp.expand(worth**2)
    mean = sum(squares.coeff(kick[i] * kick[j]) * C[i, j] for i in range(3) for j in range(i, 3) if i != j)
    mean += sum(squares.coeff(kick[i] ** 2) * C[i, i] for i in range(3))
    d.verify("variance of what kicks are worth", sp.expand(walk * mean), sp.expand(walk * wide))
    d.output("sphere_start_spread", [sp.expand(wide), sp.expand(blur)], [r"\dot W", r"\dot U"],
             "rates at which noise of strength 1 spreads the critical log u of a given start: in all, and by m1 + m2 "
             "and c")  # fmt: skip


def _beyond(d: Derivation) -> None:
    d.say(
        r"""**$P$** then changes by $\epsilon$ times the average of its slope in $\log u_c$ times the parts. The next
        orders of a part of the size $S$ are taken to be as large as those of a pair whose squared length noise enlarges
        by $2 \epsilon S$ of it, so that $\log u$ moves by $\tfrac12 \log(1 + 2 \epsilon S)$:"""
    )
    spare, size = symbol("shift_part"), sp.Symbol("D", positive=True)
    longer = sp.log(size * sp.sqrt(1 + 2 * noise * spare)) - sp.log(size)
    d.verify("a longer pair", sp.expand_log(longer, force=True), sp.log(1 + 2 * noise * spare) / 2)
    beyond = noise * spare - sp.expand_log(longer, force=True)
    d.check_series("second order", beyond, (noise * spare) ** 2, noise, 3)
    d.output(
        "beyond_first", beyond, r"x_{\mathrm{beyond}}", "size of the orders beyond the first of a part of the shift"
    )


def _fastest(d: Derivation) -> None:
    d.say(
        r"""**How fast a pair moves.** Steps along runs are short against the pull, at which $x$ grows while
        $\psi' \le 1$, and the push, from which $c$ leaves its ends while $G \le \tfrac14$; per unit of time of the
        tempered flow,"""
    )
    growth, _, turn = sphere_flow().outputs["sphere_pair_flow"].value
    pull = growth.subs({x: 0, total: 0, slope: R**2})
    push = sp.diff(turn.subs({psi_1: 0, psi_2: 0, slope: 0}), cosine).subs({overlap: sp.Rational(1, 4), cosine: 1})
    d.output("fastest_rate", sp.expand((pull + push) / T), r"\lambda_{\max}",
             "about the fastest rate of a pair per unit of time of the tempered flow", report=False)  # fmt: skip
