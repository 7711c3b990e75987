r"""How far the noise of gradients moves the threshold of a pair on the sphere, to first order in eta/B.

Source: theory section 12.  Output: the drift that noise across and projection give the cosines of a pair; the slopes of
the law of its start; the rates at which both move the critical start of a run on the separatrix.
"""

import sympy as sp

from derivations.component_noise import derive as component_noise
from derivations.core import Derivation
from derivations.gradient_noise import across_variance, dim
from derivations.sphere_flow import derive as sphere_flow
from derivations.start_law import derive as start_law
from derivations.symbols import R, cos, symbol, x_rho

cotangent2, sum_variance, count = symbol("cotangent_squared"), symbol("sum_variance"), symbol("directions")
cosine, total, y = symbol("pair_cosine"), symbol("overlap_sum"), symbol("sum_cosine")
p_x, p_M, p_c = symbol("by_difference"), symbol("by_sum"), symbol("by_cosine")
C_x, C_M = symbol("difference_variance"), symbol("total_variance")
noise, x = symbol("noise_scale"), symbol("difference_cosine")


def derive() -> Derivation:
    """From the law of the start to the threshold with noise."""
    d = Derivation("sphere_noise", "theory section 12", "The threshold on the sphere with noise")
    _drift(d)
    _velocity(d)
    _start(d)
    _moved(d)
    return d


def _drift(d: Derivation) -> None:
    d.say(
        r"""Steps of $\eta$ on batches of $B$ add noise of the variances $\epsilon V$ and $\epsilon W$,
        $\epsilon = \eta/B$, to each of $n$ directions of $\mu_1 - \mu_2$ and $\mu_1 + \mu_2$ in a unit of time (page
        The noise of any weights, and on the sphere). To first order projection makes of it a drift of $\log x$, of
        $\log M$ and of $c$, at $\epsilon$ times"""
    )
    strength = sp.Symbol("epsilon", positive=True)
    after = component_noise().outputs["after_projection"].value
    weak = {across_variance: strength * across_variance, sum_variance: strength * sum_variance}
    moved, turned, shrunk = (one.subs(weak, simultaneous=True) for one in after)
    drift = tuple(
        sp.factor(sp.simplify(sp.diff(one, strength).subs(strength, 0)))
        for one in (sp.log(turned), sp.log(shrunk), moved)
    )
    apart = 2 * R**2 * (1 - cosine)
    d.check("a pair is turned as fast as it would be lengthened", drift[0], -count * across_variance / (2 * apart),
            shown=r"\mathrm{drift\ of}\ \log x")  # fmt: skip
    d.output("projection_drift", drift, [r"\dot{(\log x)}", r"\dot{(\log M)}", r"\dot c"],
             "drift by noise of strength 1 and projection: of log x, of log(m1 + m2), of the cosine c")  # fmt: skip


def _velocity(d: Derivation) -> None:
    d.say(
        r"""**Noise as a velocity.** A law $n(z)$ that noise of the variance $C$ and the drift $b$ change per unit of
        time moves as if every start went at one velocity: to first order in noise, $n$ is the law that the flow
        without noise makes of the start's."""
    )
    z = sp.Symbol("z", real=True)
    law, variance, push = (sp.Function(name)(z) for name in ("n", "C", "b"))
    velocity = push - sp.diff(variance, z) / 2 - variance * sp.diff(sp.log(law), z) / 2
    planck = -sp.diff(push * law, z) + sp.diff(variance * law, z, 2) / 2
    d.check("the equation of Fokker and Planck", sp.expand(planck.doit()),
            sp.expand(-sp.diff(velocity * law, z).doit()),
            shown=r"-(b n)' + \tfrac12 (C n)''")  # fmt: skip
    d.say(
        r"""So the velocity is $b - \tfrac12 C' - \tfrac12 C\,(\log n)'$. Of these $C'$ has no factor $d$ and is left
        out; so is the noise of $c$, whose law is as wide as $1/\sqrt d$ while the threshold changes over 1."""
    )


def _start(d: Derivation) -> None:
    d.say(
        r"""**The law of the start.** $u = x/\sqrt{1 - y^2}$, of the cotangent $\rho$, is a coordinate of a uniform
        direction in $d - 1$ dimensions, and $y$ one in $d$. The slopes of the logarithms of their densities, in
        $\log u$ and in $y$:"""
    )
    a = symbol("half_freedom")
    log_density = start_law().outputs["log_cosine_density"].value
    slope = sp.diff(log_density, cos)
    aligned = (cos * slope).subs({a: (dim - 2) / 2})
    squared = start_law().outputs["angle_of_cotangent"].value[0]
    in_log = sp.simplify(aligned.subs(cos, sp.sqrt(squared)))
    along = sp.simplify(slope.subs({a: (dim - 1) / 2, cos: y}))
    d.verify("in log u", in_log, -(dim - 4) * cotangent2)
    d.output("start_scores", [in_log, along], [r"\partial_{\log u} \log n_u", r"\partial_y \log n_y"],
             "slopes of the logarithms of the densities of a start: of u in log u, of y in y")  # fmt: skip
    log_x, whole = (one.subs(x_rho, 0) for one in sphere_flow().outputs["sphere_start"].value)  # y and rho part
    longer, turn = sp.diff(whole, y), sp.simplify(sp.diff(log_x.rewrite(sp.log), y))
    d.say(r"At a given $u$ the slope of $M$ in $y$, and with a covector $p$ that of a function, are")
    d.output("start_slopes", [longer, p_M * longer + p_x * turn], [r"\partial_y M", "P_y"],
             "slopes in y of a start at a given u: of m1 + m2, and of a function by its covector")  # fmt: skip


def _moved(d: Derivation) -> None:
    d.say(
        r"""**The threshold.** Let $p$ be the gradient, along a run on the separatrix, of a function that is zero on it:
        $\dot p = -J^T p$. A velocity is worth its product with $p$, over $p_x(0)$ of $\log x$ at the start, and lowers
        the critical $\log u$ by that. The law of the start has the slopes $s_u$ and $s_y$ in $\log u$ and $y$, whose
        gradients at later times obey the equation of $p$ too. So does $p$ itself, which at the start is $p_x(0)$ times
        the one plus $P_y$ times the other, and $\nabla \log n$ is, but for determinants, which have no factor $d$,"""
    )
    shown = [symbol("difference_drift"), symbol("total_drift"), symbol("cosine_drift")]
    s_u, s_y, at_y, at_x = (symbol(n) for n in ("aligned_score", "centred_score", "by_centre", "by_start"))
    of_u, of_y, whole = sp.symbols("log_u' y' p", real=True)
    carried = s_u * of_u + s_y * of_y
    known = sp.solve(whole - at_x * of_u - at_y * of_y, of_u)[0]
    slope = s_u * whole / at_x + (s_y - s_u * at_y / at_x) * of_y
    d.check("slope of the carried law", sp.expand(carried.subs(of_u, known)), sp.expand(slope),
            shown=r"s_u \nabla \log u + s_y \nabla y")  # fmt: skip
    d.say(
        r"""Noise of the variances $C_x$ of $x$, in units of $x^2$, and $C_M$ of $M$ therefore raises the critical
        $\log u$ by drifts, by the widening of both laws along $p$, and by that of $M$ along $r = \nabla y$, which the
        flow of $M$ at a given $c$ carries. The integrals over time of the rates"""
    )
    r_M = symbol("centred_by_sum")
    rates = [
        -p_x * shown[0],
        -p_M * total * shown[1] - p_c * shown[2],
        (p_x**2 * C_x + p_M**2 * C_M) / 2,
        p_M * C_M * r_M / 2,
        p_x**2 * C_x * x**2 / 2,
        r_M**2 * C_M,
    ]
    left = [r"\dot A_x", r"\dot A_c", r"\dot A_u", r"\dot A_y", r"\dot A_b", r"\dot U"]
    words = (
        "rates of what noise of strength 1 does to a critical start: drift of x, other drifts, widening of u and of y;"
    )
    d.output("sphere_threshold_moves", rates, left, f"{words} what is left out; the variance that y gains")
    turned, bent, wide, far = (symbol(n) for n in ("turned", "rounded", "widened", "centred"))
    square = symbol("cotangent_squared")
    factor = 1 + square
    log_rho = x_rho
    log_u = -sp.log(1 + sp.exp(-2 * log_rho)) / 2
    d.verify("log rho by log u", sp.simplify(1 / sp.diff(log_u, log_rho)), 1 + sp.exp(2 * log_rho))
    parts = [turned * factor, bent * factor, s_u * wide * factor, (s_y - s_u * at_y) * far * factor]
    d.say(r"""in units of $p_x(0)$, or of its square for $A_u$, make the parts of the shift of the critical $\log\rho$,
        which is $1 + \rho^2$ times that of $\log u$, with $P_y$ in the same units,""")
    d.output("sphere_shift", parts, ["S_x", "S_c", "S_u", "S_y"],
             "parts of the shift of the critical log rho by noise of strength 1")  # fmt: skip
    _curved(d)
    _beyond(d)


def _curved(d: Derivation) -> None:
    d.say(
        r"""What is left out where $x$ is not small is of the size of $A_b$: let $\rho$ of $x$ grow by itself, so that
        $\log u$ is a constant less than $\log\rho$, and let the variance of the angle be constant, so that that of $x$
        is $\propto 1 - x^2$. In units of $C_x$ the velocity of $\log x$ is then, but for $s_u$,"""
    )
    z, s_u = sp.Symbol("z", positive=True), symbol("aligned_score")
    log_u = sp.log(z) - sp.log(1 - z**2) / 2
    share = sp.diff(log_u, z) * z
    wide = 1 - z**2
    score = s_u * share + share - 1 + z * sp.diff(sp.log(share), z) + z * sp.diff(sp.log(wide), z)
    rest = sp.simplify(score - s_u * share)
    d.check("what has no factor d", rest, z**2 / (1 - z**2), shown=r"-2 v/C_x - s_u/(1 - x^2)")
    d.say(r"which is $x^2$ to leading order.")


def _beyond(d: Derivation) -> None:
    d.say(
        r"""**P** then changes by $\epsilon$ times the average of its slope in $\log\rho_c$ times the parts. Near
        the unstable zero of $y$ parts of $y$ are large and of either sign, as the power law of the threshold there asks
        for: a single shift says little there, and the average of the line is right, since the law of $y$ that moves is
        smooth. The next orders of a part of the size $S$ are taken to be as large as those of a pair whose
        squared length noise enlarges by $2 \epsilon S$ of it, so that $\log\rho$ moves by
        $\tfrac12 \log(1 + 2 \epsilon S)$:"""
    )
    spare = symbol("shift_part")
    beyond = noise * spare - sp.log(1 + 2 * noise * spare) / 2
    d.check_series("second order", beyond, (noise * spare) ** 2, noise, 3)
    d.output(
        "beyond_first", beyond, r"x_{\mathrm{beyond}}", "size of the orders beyond the first of a part of the shift"
    )
    law, grown = sp.symbols("sigma g", positive=True)
    gained, count = symbol("centred_width"), symbol("dim") - 3
    d.say(
        r"""The law of $y$, about $N(0, 1/(d - 3))$, gains the variance $\epsilon U$ and is wider by $\sqrt{1 + g}$,
        $g = (d - 3) \epsilon U$. What is proportional to the logarithm of its width thus lacks, of the line in
        $\epsilon$, the share"""
    )
    wider = sp.log(1 + grown) / 2
    d.verify("its width", sp.simplify(sp.exp(2 * wider) * law**2), law**2 + law**2 * grown)
    share = 1 - sp.log(1 + grown) / (sp.diff(2 * wider, grown).subs(grown, 0) * grown)
    value = share.subs(grown, count * noise * gained)
    d.output(
        "beyond_widening", value, r"1 - \frac{\log(1 + g)}{g}", "share of the line that widening the law of y lacks"
    )
