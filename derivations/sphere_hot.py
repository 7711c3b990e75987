r"""Infinitely hot starts on the sphere: at a given rate of cooling the threshold has a limit, and how it is reached.

Source: theory section 11.  Output: how far log rho_c lies above that of an infinitely hot start.
"""

from functools import cache

import sympy as sp

from derivations.core import Derivation
from derivations.sphere_flow import derive as sphere_flow
from derivations.sphere_flow import total, x
from derivations.sphere_formulas import derive as sphere_formulas
from derivations.sphere_variance import derive as sphere_variance
from derivations.symbols import psi_1, psi_2, slope, symbol, t, v

T_0, kappa, lag = symbol("initial_temperature"), symbol("cooling_rate"), symbol("lag_factor")
half = sp.Rational(1, 2)


@cache
def derive() -> Derivation:
    """The growth that a finite initial temperature leaves out, for both rules of the variance."""
    d = Derivation("sphere_hot", "theory section 11", "Infinitely hot starts on the sphere")
    _alignment(d)
    growth = sphere_formulas().outputs["hot_growth"].value
    _slaved(d, growth)
    _lagging(d, growth)
    return d


def _alignment(d: Derivation) -> None:
    d.say(
        r"""While hot, the overlaps are small against $R\sqrt v$ and $\psi$ is linear; with $m_1 + m_2$ of the order of
        the bias $\dot x/x = \lambda (1 - x^2)$, so that the logarithm of the cotangent $\rho = x/\sqrt{1 - x^2}$
        grows at the rate $\lambda$, whatever $x$ is:"""
    )
    lam = sp.Symbol("lambda", positive=True)
    rate = sphere_flow().outputs["sphere_pair_flow"].value[0].subs({total: 0, psi_1: 0, psi_2: 0, slope: 2 * lam})
    cotangent = sp.log(x / sp.sqrt(1 - x**2))
    d.check("growth of the cotangent", sp.diff(cotangent, x) * x * rate, lam, shown=r"\frac{d \log\rho}{dt}")
    d.say(
        r"""A run from $T_0$ differs from one from a higher temperature at the same rate $\kappa$ in the growth before
        $T = T_0$, which is convergent, as $\lambda \sim R/\sqrt{2\pi v}$. The rest of its start is forgotten: the pair
        turns antipodal and $m_1 + m_2$ follows the bias at rates that do not fall with $T$ (page Annealing on the
        sphere in closed form), while what they miss is of order $\lambda(T_0)$ times that. So"""
    )


def _slaved(d: Derivation, growth: sp.Expr) -> None:
    at = sp.Symbol("s", real=True)
    before = sp.integrate(growth.subs(v, T_0 * sp.exp(-kappa * at)), (at, -sp.oo, 0), conds="none")
    first = growth.subs(v, T_0) * 2 / kappa
    d.check("growth before, where the variance is the temperature", sp.simplify(before), first,
            shown=r"\int_{-\infty}^0 \lambda\,dt")  # fmt: skip
    d.output("hot_start_shift", first * lag, r"\log\rho_c(T_0) - \log\rho_c(\infty)",
             "excess of log rho_c of a start at T0 over that of an infinitely hot one, at the same rate")  # fmt: skip


def _lagging(d: Derivation, growth: sp.Expr) -> None:
    d.say(
        r"""with the factor 1 for a variance that is the temperature. A trained one starts at $T_0$ here and at
        $T_0/(1 - \kappa)$ on a run that has come from infinity, and both grow together only after a while. The
        difference of their growths, before $T_0$ and after, has the factor of $\sqrt{1-\kappa}$"""
    )
    lagging = (
        sphere_variance()
        .outputs["lagging_variance"]
        .value.replace(lambda e: type(e).__name__ == "expm1", lambda e: sp.exp(e.args[0]) - 1)
    )
    ahead = T_0 * sp.exp(-kappa * t) / (1 - kappa)
    share = kappa * sp.exp(-(1 - kappa) * t)
    d.check("the lag over that of a run from infinity", lagging / ahead, 1 - share, shown=r"v/v_\infty")
    ratio = growth.subs(v, ahead) / growth.subs(v, T_0)
    d.check("growth there, in units of that of v = T_0", ratio**2, (1 - kappa) * sp.exp(kappa * t),
            shown=r"\lambda_\infty^2/\lambda(T_0)^2")  # fmt: skip
    d.say(
        r"""so that it is $\tfrac2\kappa - \int_0^\infty e^{\kappa t/2} [(1 - \kappa e^{-(1-\kappa) t})^{-1/2} - 1]\,dt$
        times $\sqrt{1-\kappa}\,\lambda(T_0)$. The binomial series, term by term (for $\kappa < 2/3$, where the
        integral exists), with $p = -\kappa/(2 (1-\kappa))$:"""
    )
    n, a = sp.symbols("n a", positive=True)
    y = sp.Symbol("y")
    terms = sum(sp.rf(half, k) / sp.factorial(k) * y**k for k in range(6))
    d.check_series("binomial series", (1 - y) ** (-half), terms, y, 6)
    fall = sp.Symbol("f", positive=True)  # n a - kappa/2
    d.check("one term", sp.integrate(sp.exp(-fall * t), (t, 0, sp.oo)), 1 / fall, shown=r"\int_0^\infty e^{-f t} dt")
    p = -kappa / (2 * a)
    d.check("its place in a hypergeometric series", -1 / (n * a - kappa / 2), 2 / kappa * p / (n + p),
            shown=r"-\frac{1}{n (1-\kappa) - \kappa/2}")  # fmt: skip
    b = sp.Symbol("b", positive=True)
    quotient = sp.gammasimp(sp.gamma(b + n) / sp.gamma(b) * sp.gamma(1 + b) / sp.gamma(1 + b + n))
    d.check("Pochhammer's symbols", sp.simplify(quotient), b / (n + b), shown=r"\frac{(p)_n}{(1 + p)_n}")
    d.step("the factor of a trained variance",
           r"\sqrt{1-\kappa}\; {}_2F_1\big(\tfrac12, p; 1 + p; \kappa\big), \qquad p = -\frac{\kappa}{2 (1-\kappa)}",
           r"\text{factor}", name="lag_factor")  # fmt: skip
    d.output(
        "lag_factor_parameter", p.subs(a, 1 - kappa), "p", "parameter of the hypergeometric function", report=False
    )
    F = symbol("lag_series")
    d.output("trained_lag_factor", sp.sqrt(1 - kappa) * F, r"\text{factor}", "factor of a trained variance, with 2F1",
             report=False)  # fmt: skip
    d.say(
        r"""The next order is $1/T_0$ (for $\kappa$ below about $1/2$; above it the pair's turning, which is forgotten
        like $T_0^{-(1-\kappa)/\kappa}$, is slower). It is measured in the tests, not derived."""
    )
