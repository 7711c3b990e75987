r"""The gain of the transient, its integrand without the removable singularity, and its power law at a symmetric target.

Source: theory section 6.  Output: numerator and denominator of the integrand of log C(s0), log C(s0) as s0 -> 0
for h = 0, and how the probability of collapse then falls with the dimension.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.core import Derivation
from derivations.symbols import R, kappa_0, kappa_star, psi, psi_prime, psi_second, s, symbol, tau, z

alpha, e_1, e_2 = symbol("sinh_quotient"), symbol("sech_product"), symbol("sech_tanh_product")
gamma, constant, scale = symbol("gain_exponent"), symbol("gain_constant"), symbol("threshold_scale")
moment, third, start, dim = symbol("absolute_moment"), symbol("psi_third_start"), symbol("s0"), symbol("dim")
s_star = sp.Symbol("s^*", real=True)
u, v = sp.Symbol("u", real=True), sp.Symbol("u^*", real=True)
AT_S = {psi(s): symbol("psi_s"), psi_prime(s): symbol("psi_prime_s")}
EXPONENT = (kappa_0 - kappa_star) / (kappa_0 - 1)


@cache
def derive() -> Derivation:
    """From the linear gain to the exponent of P in d."""
    d = Derivation("transient_gain", "theory section 6", "The gain of the transient")
    _integral(d)
    _removed(d)
    _power_law(d)
    _dimension(d)
    return d


def drift(m: Any) -> Any:
    """f(m) = -m + R^2 psi(m)."""
    return -m + R**2 * psi(m)


def _integral(d: Derivation) -> None:
    d.say(
        r"""While $\delta$ is small, $\rho(\tau)/\rho(0) = e^\tau f(s)/f(s(0))$ along $ds/d\tau = f(s)$ (page
        Alignment). At the collapsed state $s^\star$, where $f = 0$, $\rho$ grows at the rate
        $\kappa^\star = R^2 \psi'(s^\star)$. Its gain beyond that rate,
        $\log C = \lim_{\tau\to\infty} \left( \log\frac{\rho(\tau)}{\rho(0)} - \kappa^\star \tau \right)$, gathers per
        unit of $s$"""
    )
    path = sp.Function("s")(tau)
    excess = sp.diff((1 - kappa_star) * tau + sp.log(drift(path)), tau).subs(sp.diff(path, tau), drift(path))
    integrand = (R**2 * psi_prime(s) - kappa_star) / drift(s)
    d.check(
        "gain beyond the escape rate per unit of s", excess.subs(path, s) / drift(s), integrand,
        shown=r"\frac{d\tau}{ds} \frac{d}{d\tau} \left( (1 - \kappa^\star) \tau + \log f(s) \right)",
    )  # fmt: skip
    d.output(
        "gain_quotient", [sp.sympify(one).xreplace(AT_S) for one in sp.fraction(integrand)],
        [r"R^2 \psi'(s) - \kappa^\star", "f(s)"], "numerator and denominator of the integrand of log C", report=False,
    )  # fmt: skip
    d.step(
        "gain of the transient",
        r"\int_{s(0)}^{s^\star} \frac{R^2 \psi'(s) - \kappa^\star}{f(s)} \, ds", r"\log C(s(0))",
        name="gain_integral",
        words=r"""Domain: no zero of $f$ between $s(0)$ and $s^\star$. At a zero of $f$ where $s(0)$ may start, the
        unstable one, the integral diverges; $h = 0$ and $s(0) = 0$ is that case.""",
    )  # fmt: skip


def _removed(d: Derivation) -> None:
    d.say(
        r"""At $s^\star$ the integrand is $0/0$. With $u = s + h + R z$ and $u^\star = s^\star + h + R z$ the difference
        $u - u^\star = s - s^\star$ does not depend on $z$, and"""
    )
    bridge = sp.sinh(u - v) / (sp.cosh(u) * sp.cosh(v))
    d.check(
        "difference of two tanh", sp.tanh(u) - sp.tanh(v), bridge, shown=r"\tanh u - \tanh u^\star"
    )  # the sech written as 1/cosh
    squares = sp.cosh(u) ** -2 - sp.cosh(v) ** -2
    d.check(
        "difference of two sech^2", squares, -bridge * (sp.tanh(u) + sp.tanh(v)),
        shown=r"\mathrm{sech}^2 u - \mathrm{sech}^2 u^\star",
    )  # fmt: skip
    d.say(
        r"""Average over $z$, with $E_1 = \mathbb{E}[\mathrm{sech}\,u\,\mathrm{sech}\,u^\star]$ and
        $E_2 = \mathbb{E}[\mathrm{sech}\,u\,\mathrm{sech}\,u^\star\,(\tanh u + \tanh u^\star)]$; $s^\star$ is a zero of
        $f$, and $\alpha = \sinh(s - s^\star)/(s - s^\star)$. The factor $s - s^\star$ cancels."""
    )
    gap = s - s_star
    above = -(R**2) * alpha * gap * e_2
    below = -gap + R**2 * alpha * gap * e_1  # f(s) - f(s*)
    closed = -(R**2) * alpha * e_2 / (R**2 * alpha * e_1 - 1)
    d.check("the quotient", above / below, closed, shown=r"\frac{R^2 \psi'(s) - \kappa^\star}{f(s)}")
    d.say(r"The denominator is $f(s)/(s - s^\star)$, below zero while $s^\star$ attracts. At $s = s^\star$ itself,")
    curvature = symbol("psi_second_rest")
    at_rest = closed.subs({alpha: 1, e_1: kappa_star / R**2, e_2: -curvature})
    d.check(
        "second derivative of psi from its integrand", sp.diff(sp.tanh(u), u, 2),
        -2 * sp.tanh(u) / sp.cosh(u) ** 2, shown=r"\tanh'' u",
    )  # fmt: skip
    tilt = sp.diff(R**2 * psi_prime(s) - kappa_star, s) / sp.diff(drift(s), s)
    values = {psi_second(s): curvature, psi_prime(s): kappa_star / R**2}
    d.check("the limit is that of the derivatives", tilt.xreplace(values), at_rest, shown=r"\lim_{s \to s^\star}")


def _power_law(d: Derivation) -> None:
    d.say(
        r"""**Symmetric target, small start.** Let $h = 0$ and $\kappa_0 = R^2 \psi'(0) > 1$, so that $f(0) = 0$ is
        unstable. $\psi$ is odd and analytic; with $k_j = R^2 \psi^{(j)}(0)$"""
    )
    k_3, k_5 = sp.symbols("k_3 k_5", real=True)
    odd = (kappa_0 - 1) * s + k_3 * s**3 / 6 + k_5 * s**5 / 120
    even = kappa_0 - kappa_star + k_3 * s**2 / 2 + k_5 * s**4 / 24
    d.step("expansions at s = 0", {r"f(s)": odd + sp.O(s**7), r"R^2 \psi'(s) - \kappa^\star": even + sp.O(s**6)})
    d.check(
        "one is the derivative of the other", sp.diff(odd, s) + 1 - kappa_star, even, shown=r"f' + 1 - \kappa^\star"
    )
    first = k_3 * (1 / (2 * (kappa_0 - 1)) - EXPONENT / (6 * (kappa_0 - 1)))
    d.check_series("the integrand times s", even / sp.expand(odd / s), EXPONENT + first * s**2, s, 4)
    d.say(
        r"""The integrand is odd, $\gamma/s + g_1 s + O(s^3)$. Take $\gamma/s$ out of the integral; the rest converges
        at 0:"""
    )
    d.output("gain_exponent", EXPONENT, r"\gamma", "exponent of the power law C ~ |s0|^-gamma")
    d.step(
        "constant of the power law",
        r"\gamma \log s^\star + \int_0^{s^\star} \left( \frac{R^2 \psi'(s) - \kappa^\star}{f(s)}"
        r" - \frac{\gamma}{s} \right) ds", "L", name="gain_at_zero",
    )  # fmt: skip
    correction = -first.subs(k_3, R**2 * third) / 2
    tail = sp.integrate(sp.expand(EXPONENT / s + first * s), s)
    d.check("what the integral below s(0) leaves", -sp.diff(tail - EXPONENT * sp.log(s), s) / s, -first,
            shown="-g_1")  # fmt: skip
    small = constant - gamma * sp.log(start**2) / 2 + correction * start**2
    d.output("gain_small_start", small, r"\log C(s(0))", "log C at small starts of a symmetric target, to order s0^2")
    d.say(
        r"""Domain: $h = 0$, $\kappa_0 > 1$, $0 < |s(0)| < s^\star$. Remainder: $O(s(0)^4)$; without the last term
        $O(s(0)^2)$. The series in $s(0)^2$ converges up to the zero of $f$ nearest to the origin, real or complex."""
    )


def _dimension(d: Derivation) -> None:
    d.say(
        r"""**Falling with the dimension.** With $\sigma^2 = 1/d$, $s(0) = R z/\sqrt{2d}$ for a standard normal $z$.
        The threshold of theory section 6 is $\rho_c = A e^{-\kappa^\star \tau_\mathrm{hot}} / C(s(0)) = B |s(0)|^\gamma
        (1 + O(s(0)^2))$ with $B = A e^{-L - \kappa^\star \tau_\mathrm{hot}}$, and $P = \mathbb{E}\,
        \mathrm{erf}(\sqrt{d/2}\,\rho_c)$. The argument of erf is"""
    )
    width = R / sp.sqrt(2 * dim)
    absolute = sp.Symbol("|z|", positive=True)
    argument = sp.sqrt(dim / 2) * scale * (width * absolute) ** gamma
    power = (kappa_star - 1) / (2 * (kappa_0 - 1))
    d.check(
        "power of d in the argument", sp.expand_log(sp.log(argument), force=True).diff(dim) * dim,
        (1 - gamma) / 2, shown=r"\frac{\partial}{\partial \log d} \log(\sqrt{d/2}\,\rho_c)",
    )  # fmt: skip
    d.check("in the rates", (1 - EXPONENT) / 2, power, shown=r"(1 - \gamma)/2")
    d.say(
        r"""$\kappa_0 > 1 > \kappa^\star$ makes it negative: the argument falls, and erf is linear,
        $\mathrm{erf}(x) = 2x/\sqrt\pi + O(x^3)$. The average of $|z|^\gamma$ converges for $\gamma > -1$, and here
        $\gamma > 1$:"""
    )
    d.check("gamma exceeds 1", EXPONENT - 1, (1 - kappa_star) / (kappa_0 - 1), shown=r"\gamma - 1")
    slope = sp.limit(sp.erf(z) / z, z, 0)
    mean = slope * sp.sqrt(dim / 2) * scale * width**gamma * moment
    free = sp.Symbol("gamma", positive=True)
    half_line = 2 * sp.integrate(absolute**free * sp.exp(-(absolute**2) / 2) / sp.sqrt(2 * sp.pi), (absolute, 0, sp.oo))
    known = symbol("moment_gamma")
    closed = 2 ** (gamma / 2) * known / sp.sqrt(sp.pi)
    d.check(
        "absolute moment", half_line, closed.subs({gamma: free, known: sp.gamma((free + 1) / 2)}),
        shown=r"\mu_\gamma = \mathbb{E}|z|^\gamma",
    )  # fmt: skip
    d.output("absolute_moment_of", closed, r"\mu_\gamma", "mean of |z|^gamma for a standard normal z", report=False)
    d.output("dimension_exponent", power, r"\lim \frac{d \log P}{d \log d}", "exponent of P in the dimension")
    d.output(
        "symmetric_probability", mean, "P", "probability of collapse of a symmetric target in large dimension",
        (R, dim, gamma, scale, moment),
    )  # fmt: skip
    d.say(
        r"""Domain: $h = 0$, $\kappa_0 > 1$, $B$ independent of $d$ (a start at distance $D_0 \to \sqrt 2$). Remainder:
        relative $O(d^{-1}) + O(d^{1 - \gamma})$, the first from $s(0)^2$, the second from the cubic term of erf. So $P
        \sim d^{-(1-\kappa^\star)/(2(\kappa_0-1))}$. With $h \neq 0$, $C(0)$ is finite, the argument of erf grows like
        $\sqrt d$ and $P \to 1$."""
    )
