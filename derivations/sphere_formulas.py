r"""Annealing on the sphere in closed form: the linear passage by the antipodal pair, its threshold, and the paper's.

Source: theory section 11.  Output: rates of the passage, its threshold as an integral, where the antipodal pair loses
stability, the exponent of slow cooling from a hot start, and the paper's closed formula.
"""

from functools import cache
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import log1p

from derivations.core import Derivation
from derivations.sphere_flow import cosine, total, x
from derivations.sphere_flow import derive as sphere_flow
from derivations.symbols import G, G_prime, R, T, h, overlap, psi_1, psi_2, slope, symbol, v

theta, eps, kappa = symbol("rapidity"), symbol("bias"), symbol("cooling_rate")
Lam, turn, growth = (symbol(n) for n in ("log_growth", "turn", "turning_rate"))
S, across = symbol("centre_slope"), symbol("orthogonal_slope")
alpha, q, tail = (symbol(n) for n in ("stability_constant", "cold", "tail_integral"))
T_0, integral, exponent = (symbol(n) for n in ("initial_temperature", "passage_integral", "hot_exponent"))
exp, log, sqrt, pi = sp.exp, sp.log, sp.sqrt, sp.pi
_t, _u, _e = sp.symbols("t u t_e", nonnegative=True)


@cache
def derive() -> Derivation:
    """Linear passage, its solution, the sharp formula, stability, slow cooling, the paper's formula."""
    d = Derivation("sphere_formulas", "theory section 11", "Annealing on the sphere in closed form")
    rate, push = _linear(d)
    _turn(d, rate, push)
    _solution(d)
    _stability(d, push)
    _slow(d)
    _paper(d)
    return d


def _linear(d: Derivation) -> tuple[Any, Any]:
    """Linearise the flow of the pair in x and m1 + m2; (lambda, g)."""
    d.say(
        r"""**The linear passage** (asymptotic in small overlaps). Equal weights; the time is the clock in which the
        pull has rate 1 (time itself under the free energy). Overlaps are in units of $R^2$ here, and
        $\epsilon = h/R^2$. While $m_1$, $m_2$ and $\epsilon$ are small $\psi$ is linear about its zero
        $m = -\epsilon$, $\psi = R^2 \psi'(-h)\,(m + \epsilon)$ with $\psi'(-h) = \mathbb{E}\,\mathrm{sech}^2(R \sqrt v
        z)$. In the flow of the page Means on the sphere let $m_1 - m_2$, $m_1 + m_2$ and $\epsilon$ be of one small
        order $u$; the part of first order has, with $g = (T/v)\, G(R \sqrt{2(1-c)/v})$ and
        $N = (m_1 + m_2)/R^2 + 2 \epsilon$,"""
    )
    small, x_1, sum_1 = sp.Symbol("u", positive=True), sp.Symbol("x_1"), sp.Symbol("M_1")
    flow = sphere_flow().outputs["sphere_pair_flow"].value
    gap = small * x_1 * sqrt(2 * (1 - cosine)) * R**2
    means = {psi_1: S * (small * (sum_1 + 2 * eps * R**2) / 2 + gap / 2),
             psi_2: S * (small * (sum_1 + 2 * eps * R**2) / 2 - gap / 2), slope: R**2 * S}  # fmt: skip
    place = {x: small * x_1, total: small * sum_1}
    rates = [rate.subs(means).subs(place) for rate in flow]
    first = [rates[0].subs(small, 0), sp.diff(rates[1], small).subs(small, 0), rates[2].subs(small, 0)]
    g, N = sp.Symbol("g"), sp.Symbol("N")
    lam, push_now = R**2 * S / 2, g * (1 - cosine)
    plain = [first[0], sp.expand(first[1] / R**2), first[2]]
    closed = [lam, lam * N - push_now * (N - 2 * eps), -2 * g * (1 - cosine**2)]
    known = {g: T * overlap / v, N: sum_1 / R**2 + 2 * eps}
    proved = d.check("the flow to first order", plain, [one.subs(known) for one in closed],
                     shown=[r"\dot x / x", r"\dot N", r"\dot c"])  # fmt: skip
    d.step("the linear passage", [sp.Symbol("lambda") * sp.Symbol("x"), r"\lambda N - g (1 - c) (N - 2\epsilon)"],
           [r"\dot x", r"\dot N"], name="linear_passage",
           words=r"""with $\lambda = R^2 \psi'(-h)/2$. While hot $R \sqrt v$ is large and
           $\mathbb{E}\,\mathrm{sech}^2$ tends to its integral, 2, times a density, $1/(\sqrt{2\pi} R \sqrt v)$:""",
           )  # fmt: skip
    u = sp.Symbol("u", real=True)
    d.check("integral of sech^2", sp.integrate(sp.diff(sp.tanh(u), u), (u, -sp.oo, sp.oo)), sp.Integer(2),
            shown=r"\int \mathrm{sech}^2 u\, du")  # fmt: skip
    hot = proved[0].subs(S, 2 / (sqrt(2 * pi) * R * sqrt(v)))
    hot = d.check("hot growth rate", hot, R / sqrt(2 * pi * v), shown=r"\lambda")
    d.output("hot_growth", hot, r"\lambda", "growth rate of x while hot")
    d.output("bias_of_target", h / R**2, r"\epsilon", "half log-odds of the target in units of R^2")
    return proved[0], sp.cancel(-proved[2] / (2 * (1 - cosine**2)))


def _turn(d: Derivation, rate: Any, push: Any) -> None:
    """The turning of the pair from its start, by one function of time."""
    d.say(
        r"""**The pair turns.** With $c = -\tanh\vartheta$ the cosine of the pair obeys a plain integral, and so does
        the push on $N$, whose whole effect $A = \int_0^t g (1 - c)$ is a function of $\vartheta$ alone (from the start
        $\vartheta = 0$, orthogonal means):"""
    )
    g = sp.Symbol("g", positive=True)
    turning = 2 * g
    angle = -sp.tanh(theta)
    d.check("rate of the cosine", sp.diff(angle, theta) * turning, -2 * g * (1 - angle**2), shown=r"\dot c")
    turned = (theta + log(sp.cosh(theta))) / 2
    d.check("the push is used up as the pair turns", sp.diff(turned, theta) * turning, g * (1 - angle),
            shown=r"\dot A")  # fmt: skip
    d.check("from orthogonal means on", turned.subs(theta, 0), sp.Integer(0), shown="A(0)")
    steady = theta + (log1p(exp(-2 * theta)) - log(2)) / 2
    d.check("without overflow", exp(2 * steady.replace(log1p, lambda u: log(1 + u))).rewrite(exp).expand(),
            exp(2 * theta) * (1 + exp(-2 * theta)).expand() / 2, shown="e^{2A}")  # fmt: skip
    d.verify("the same", (exp(theta) * sp.cosh(theta)).rewrite(exp).expand(), (exp(2 * theta) + 1) / 2)
    d.output("passage_rates", [turning.subs(g, push), rate], [r"\dot\vartheta", r"\dot\Lambda"],
             "rates of the pair's rapidity and of log x")  # fmt: skip
    length = sphere_flow().outputs["sphere_overlaps"].value[2]
    d.output("passage_distance", length.subs(cosine, angle) / sqrt(v), r"D/\sqrt{v}",
             "distance of the means in standard deviations of a component")  # fmt: skip
    d.output("passage_turn", steady, "A", "integral of the push on m1 + m2 since the pair was orthogonal")


def _solution(d: Derivation) -> None:
    """The solution of the linear passage, and what it says of the start."""
    d.say(
        r"""**Solution** (exact for the linear passage). With $\Lambda = \int_0^t \lambda$ and $N(0) = 2\epsilon$,
        $x = x(0)\, e^{\Lambda}$ and $N = 2\epsilon\,(1 + Q)$ with $Q = \int_0^t \lambda(u)\,
        e^{\Lambda(t) - \Lambda(u) - A(t) + A(u)} du$. The derivative $\dot Q$ is the integrand at $u = t$ and what the
        exponents of the end add, $(\dot\Lambda - \dot A) Q$:"""
    )
    Q, lam, pushed, L, end, L_end = sp.symbols("Q lambda a Lambda A_t Lambda_t", positive=True)
    left = growth_left, turn_left = symbol("log_growth_left"), symbol("turn_left")
    integrand = growth * exp(growth_left - turn_left)
    kernel = integrand.subs({growth_left: L_end - Lam, turn_left: end - turn})
    at_end = kernel.subs({turn: end, Lam: L_end, growth: lam})
    moved = (sp.diff(kernel, L_end) * lam + sp.diff(kernel, end) * pushed) / kernel
    N = 2 * eps * (1 + integral)
    rate = sp.diff(N, integral) * (at_end + moved * Q)
    d.check("it obeys the linear passage", rate, (lam * N - pushed * (N - 2 * eps)).subs(integral, Q), shown=r"\dot N")
    d.check("it starts at 2 epsilon", N.subs(integral, 0), 2 * eps, shown="N(0)")
    d.output("passage_integrand", integrand, r"\lambda\, e^{\Lambda(t) - \Lambda - A(t) + A}",
             "integrand of the linear passage", (*left, growth))  # fmt: skip
    d.output("passage_sum", N, "N", "m1 + m2 + 2 epsilon, in units of R^2, along the linear passage")
    d.say(
        r"""**Verdict** (asymptotic: the push is gone, $G \to 0$). Once the components are apart each mean moves on its
        own and keeps the sign of $m_i + \epsilon$. In units of $R^2$ these are $N/2 \pm x\,|\mu_1 - \mu_2|/(2R)$ with
        $|\mu_1 - \mu_2| = R\sqrt{2(1-c)}$; the pair is split exactly when they differ in sign at the end of the
        passage, which at $c = -1$ means $x > N/2$:"""
    )
    place, angle = sp.Symbol("x_0", positive=True), -sp.tanh(theta)
    half_gap, half_sum = place * exp(L) * sqrt(2 * (1 - angle)) / 2, N / 2
    open_now = sqrt(1 + exp(-2 * theta))
    d.check("the opening of the pair", (2 / (1 - angle)).rewrite(exp), open_now**2, shown="2/(1 - c)")
    sharp = log(eps) + log1p(integral) + log1p(exp(-2 * theta)) / 2 - Lam
    found = half_sum * exp(-L) * open_now
    product = (half_sum**2 - half_gap**2).subs(place, found)
    d.check("a mean is at rest at the threshold", product.rewrite(exp), sp.Integer(0),
            shown=r"(m_1 + \epsilon)(m_2 + \epsilon)")  # fmt: skip
    d.check(
        "the threshold", exp(2 * sharp.replace(log1p, lambda u: log(1 + u))), (found**2).subs(L, Lam), shown="x_c^2"
    )
    d.output("log_passage_threshold", sharp, r"\log x_c", "logarithm of the threshold of the linear passage at its end")
    d.say(
        r"""With $B = A(\infty) - A$ and $\Lambda(\infty) = \infty$, integration by parts makes this
        $\epsilon [\int_0^\infty g(1 - c)\, e^{-\Lambda - B} dt + e^{-B(0)}]$; without the start ($c = -1$ from the
        beginning, $B(0) = \infty$) this is $2\epsilon \int_0^\infty g\, e^{-\Lambda - 2\int_t^\infty g} dt$.

        At finite $R$ the push does not end, $g \to G(2R)$, and the integral to infinity vanishes like a power of its
        end: the passage has to be ended. The package knows two ways: at the time $t_0$ of the annealing, which leaves
        out the $\lambda^{-1} G(2R)$ times a logarithm that comes later, or where the passage ceases to be linear
        whatever $x$ is: $N$ cannot exceed 2 (both means at the mode), so it is ended where $N = 2$, and then $x_c =
        e^{-\Lambda}$ for a pair that is antipodal by then. The second is heuristic in the number 2; it covers slow
        annealing, where the bias has done its work while the push still acts. The tests measure what either
        leaves."""
    )
    full = sp.limit(found.subs(integral, 1 / eps - 1), theta, sp.oo)
    d.check("threshold of an antipodal pair at N = 2", full, exp(-L), shown="x_c")


def _stability(d: Derivation, push: Any) -> None:
    """Where the growth of m1 + m2 at the antipodal pair changes sign."""
    d.say(
        r"""**The antipodal pair across the axis** (exact). There $x = 0$, $m_1 = m_2 = 0$ and $c = -1$: $\psi$ is
        linearised about the overlap 0, with the target's own $h$, and not about its zero $-\epsilon$, in which the
        linear passage differs by terms of order $h^2$. To first order in $x$ and $M = m_1 + m_2$ ($1 + c$ is of second
        order, as $|M| \le R^2 \sqrt{2(1+c)}$):"""
    )
    small, x_1, sum_1, middle = sp.Symbol("u", positive=True), *sp.symbols("x_1 M_1"), sp.Symbol(r"\psi(0)")
    near = {psi_1: middle + across * small * (sum_1 / 2 + x_1 * R**2), slope: R**2 * across,
            psi_2: middle + across * small * (sum_1 / 2 - x_1 * R**2)}  # fmt: skip
    flow = sphere_flow().outputs["sphere_pair_flow"].value
    growth, total_rate = (one.subs(near).subs({x: small * x_1, total: small * sum_1, cosine: -1}) for one in flow[:2])
    first = [growth.subs(small, 0), total_rate.subs(small, 0), sp.diff(total_rate, small).subs(small, 0) / sum_1]
    lam = R**2 * across / 2
    found = d.check("its flow to first order", first, [lam, R**2 * middle, lam - 2 * push],
                    shown=[r"\dot x/x", r"\dot M|_{M = 0}", r"\partial_M \dot M"])  # fmt: skip
    d.output("antipodal_growth", [found[0], found[2]], [r"\lambda_0", r"\lambda_0 - 2 g"],
             "growth rates of x and of the sum of the overlaps at the antipodal pair across the axis")  # fmt: skip
    d.say(
        r"""So a sum grows at the rate $\lambda_0 - 2 g$ with $\lambda_0 = R^2 \psi'(0)/2$. For $w^\star = 1/2$ the pair
        is at rest, and where the rate changes sign two pairs at rest branch off it (a pitchfork). Otherwise it is not
        at rest, $\psi(0) \ne 0$ drives the sum, and the change of sign is no bifurcation: the pitchfork is imperfect.
        For slaved variance and large $R$ (asymptotic: $R\sqrt T \to \infty$, where $\psi'(0)$ and $\psi'(-h)$ agree)
        the rate depends on $q = R/\sqrt T$ alone and vanishes at $2 G(2 q) = q/\sqrt{2 \pi}$; in $\beta = 1/T$ that is
        $R^2 \beta = \alpha = q^2$:"""
    )
    hot = (d.outputs["hot_growth"].value - 2 * push).subs(v, T).subs(T, R**2 / q**2)
    surplus = q / sqrt(2 * pi) - 2 * overlap
    d.check("slaved and hot", hot, surplus, shown=r"\lambda - 2 g")
    d.output("antipodal_surplus", surplus, r"\lambda - 2 g",
             "the same while hot and slaved; it vanishes at the root of alpha")  # fmt: skip
    along_q = surplus.subs(overlap, G(2 * q))
    slope_of_it = sp.diff(along_q, q).xreplace({G_prime(2 * q): symbol("overlap_prime")})
    d.output("antipodal_surplus_slope", slope_of_it, r"\partial_q (\lambda - 2 g)",
             "its derivative by q, with G' at 2 q", report=False)  # fmt: skip
    d.output("stability_constant_of", q**2, r"\alpha", "R^2 beta where q = R sqrt(beta)")
    held = R**2 / alpha
    d.verify("the temperature of a constant", held.subs(alpha, (R / sqrt(T)) ** 2), T)
    d.output("stability_temperature", held, "T", "temperature where R^2 beta is a given constant", report=False)


def _slow(d: Derivation) -> None:
    """Laplace's method for slow cooling from an infinite temperature."""
    d.say(
        r"""**Slow cooling from a hot start** (asymptotic: $\kappa \to 0$ at fixed $\epsilon$ inside the formula, slaved
        variance, $R\sqrt T$ large, $T_0 \to \infty$). With $T = T_0 e^{-\kappa t}$ and $q = R/\sqrt T$, $dt =
        (2/\kappa)\, dq/q$, so that the exponent $\Lambda + B$ of the integrand is least where $\lambda = 2 g$, at
        $q_a = \sqrt\alpha$:"""
    )
    rate, place, cool = sp.symbols("kappa q_a q", positive=True)
    temperature = R**2 / cool**2
    d.check("time along q", sp.diff(temperature, cool) / (-rate * temperature), 2 / (rate * cool), shown="dt/dq")
    hot = sp.simplify(d.outputs["hot_growth"].value.subs(v, temperature))
    first = sp.integrate(hot * 2 / (rate * cool), (cool, 0, place))
    d.check("growth until then", first, (2 / rate) * place / sqrt(2 * pi), shown=r"\Lambda")
    d.check("push from then on", 2 * sp.Symbol("G") * 2 / (rate * cool), (2 / rate) * 2 * sp.Symbol("G") / cool,
            shown=r"2 g\, dt/dq")  # fmt: skip
    total_exponent = (2 / kappa) * (q / sqrt(2 * pi) + 2 * tail)
    d.verify("the sum", total_exponent, first.subs({rate: kappa, place: q}) + (2 / kappa) * 2 * tail)
    d.output("laplace_exponent", total_exponent, r"\Lambda + B",
             "exponent of the threshold for slow cooling from a hot start", (kappa, q, tail))  # fmt: skip
    near = symbol("bend")
    width = sp.integrate(exp(-near * sp.Symbol("s", real=True) ** 2 / 2), (sp.Symbol("s", real=True), -sp.oo, sp.oo))
    width = d.check("the width of the maximum", width, sqrt(2 * pi / near), shown=r"\int e^{-\phi'' s^2/2} ds")
    d.output("laplace_threshold", eps * growth * width * exp(-exponent), "x_c",
             "threshold for slow cooling by Laplace's method; bend is the slope of lambda - 2 g in time at its zero",
             (eps, near, growth, exponent))  # fmt: skip
    per_q = sp.Symbol("f_q")
    d.check("the bend, along q", per_q / (2 / (rate * cool)), rate * cool * per_q / 2, shown=r"\phi''")
    d.output("laplace_bend", kappa * q * symbol("surplus_slope") / 2, r"\phi''", "slope of lambda - 2 g in time, at q",
             report=False)  # fmt: skip


def _paper(d: Derivation) -> None:
    """The paper's closed formula, step by step."""
    d.say(
        r"""**The paper's closed formula.** It takes the hot growth rate (asymptotic: $R\sqrt T \to \infty$) with a
        slaved variance (asymptotic: $\kappa \to 0$) for all times until $T = R^2/\alpha$ (heuristic: the push from
        then on, and what $N$ does before, are left out), and $\sqrt 2 \epsilon$ for what $x$ has to reach then
        (heuristic). The integral is exact:"""
    )
    rate, end = sp.symbols("kappa t_a", positive=True)
    hot = d.outputs["hot_growth"].value.subs(v, T_0 * exp(-rate * _t))
    grown = sp.integrate(hot, (_t, 0, end))
    inverse_root = sp.Symbol("r_a", positive=True)  # 1/sqrt(T) at the end
    reached = sp.simplify(grown.subs(end, 2 * log(inverse_root * sqrt(T_0)) / rate))
    closed: Any = R / sqrt(2 * pi) * (2 / kappa) * (sqrt(alpha) / R - 1 / sqrt(T_0))
    d.check("growth until T = R^2/alpha", reached.subs({inverse_root: sqrt(alpha) / R, rate: kappa}), closed, shown="I")
    d.output("paper_exponent", closed, "I", "the paper's exponent, where it is positive")
    d.output("paper_threshold", sqrt(2) * eps * exp(-exponent), "x_c", "the paper's threshold")
    dim = sp.Symbol("d", positive=True)
    d.check("the paper's probability", sqrt(dim / 2) * sqrt(2) * eps * exp(-exponent), sqrt(dim) * eps * exp(-exponent),
            shown=r"\mathrm{erf}^{-1} P")  # fmt: skip
