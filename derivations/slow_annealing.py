# ruff: noqa: E501  # formulas in LaTeX are not broken across lines
r"""What slow annealing costs: the reduction to one equation, the saturation in T0, and t0 against R, d and P.

Source: theory section 6.  Output: the threshold, and the hot clock's limit at infinite initial temperature.
"""

from functools import cache
from typing import Any

import sympy as sp
from sympy.codegen.cfunctions import log1p

from derivations import alignment, fixed_points
from derivations.core import Derivation
from derivations.symbols import (
    D,
    R,
    T,
    delta,
    kappa_star,
    m_1,
    m_2,
    overlap,
    psi,
    psi_1,
    psi_2,
    s,
    slope,
    symbol,
    tau,
    w_1,
    x_rho,
)  # fmt: skip

T_0, t_0, theta = symbol("initial_temperature"), symbol("decay_time"), symbol("threshold")
log = sp.log


@cache
def derive() -> Derivation:
    """Reduction, leading order, saturation, cost."""
    d = Derivation("slow_annealing", "theory section 6", "What slow annealing costs")
    _reduction(d)
    _saturation(d)
    _cost(d)
    return d


def _reduction(d: Derivation) -> None:
    d.say(
        r"""With $x = \log\rho$ the reduced flow is $\dot s = F_s$, $\dot\delta = F_\delta$, $\dot x = K(s, \delta)$ (pages
        Pair statistics and Alignment). On the collapsed branch the rates of $s$ and $\delta$ stay of order one while
        $K$ starts at the exponentially small $\kappa^\star$ and $T$ falls at a small rate, so both follow the fixed point
        $F(s, \delta; e^{-2x}, T) = 0$. A slaved variable $v$ with rate $-\lambda (v - v^\star(x, T))$ lags behind by its
        target's own motion:"""
    )
    lag, rate, move = sp.symbols("e lambda v", positive=True)
    path = sp.Function("e")(tau)
    d.check(
        "the lag settles", sp.diff(move / rate * (1 - sp.exp(-rate * tau)), tau), (move - rate * lag).subs(lag, move / rate * (1 - sp.exp(-rate * tau))),
        shown=sp.Derivative(path, tau),
    )  # fmt: skip
    d.step(
        "one equation", r"K(s(x, T), \delta(x, T)), \qquad \dot T = -r(T)", r"\dot x", name="slow_reduction",
        words=r"""Remainder: relative $O(K) + O(r)$ in the lag, which the orbit of the page The constant of the passage
        carries in full. Far below alignment $K = \kappa^\star + O(e^{2x})$ whatever $T$ is, since
        a coincident pair rests at $s^\star$ at every temperature. So until it nears the wall a run gains
        $\kappa^\star$ per unit of the clock, beside the transient's $C$:""",
    )  # fmt: skip
    _branch(d)
    hot, gain, passed, start = symbol("hot_clock"), symbol("log_gain"), symbol("log_prefactor"), symbol("log_rho")
    threshold = passed - gain - kappa_star * hot
    (solved,) = sp.solve(start + gain + kappa_star * hot - passed, start)
    d.say(r"""With $\tau_\mathrm{hot}$ the clock spent above $T_c$, the run of the threshold has $\log\rho = \log A$ there,
        extrapolated (page The constant of the passage):""")
    d.check("the start of the threshold", solved, threshold, shown=r"\log\rho(0)")
    d.output("slow_threshold", threshold, r"\log \rho_c",
             "log rho_c of slow annealing; to leading order log A = 0")  # fmt: skip


def _branch(d: Derivation) -> None:
    d.say(
        r"""At equal weights the collapsed branch is followed along $\delta$, $m_i = s \pm \delta/2$. $F_s = 0$ gives $s$,"""
    )
    up, down = s + delta / 2, s - delta / 2
    rest = -s + R**2 * (psi(up) + psi(down)) / 2
    growth = R**2 * (psi(up) - psi(down)) / delta
    equal = {w_1: sp.Rational(1, 2), m_1: up, m_2: down}
    labels = {psi_1: psi(up), psi_2: psi(down)}
    first, second = (
        one.xreplace(equal).xreplace(labels) for one in fixed_points.derive().outputs["aligned_rest"].value
    )
    rate = alignment.derive().outputs["alignment_rate"].value.xreplace(equal).xreplace(labels)
    d.verify("rest and growth of the pair", [(first + second) / 2, rate], [rest, growth])
    tilt = sp.diff(rest, s)
    d.step("what vanishes at the centre of the pair, and its slope", [rest, tilt], ["F_s", r"\partial_s F_s"])
    turned = sp.diff(growth, delta) - sp.diff(growth, s) * sp.diff(rest, delta) / tilt
    path = sp.Function("s")(delta)
    lean = -(sp.diff(rest, delta) / sp.diff(rest, s)).subs(s, path)
    moved = sp.diff(growth.subs(s, path), delta).subs(sp.diff(path, delta), lean)
    d.verify("change of K along the branch", moved.subs(path, s), turned)
    d.say(r"and $K$ changes along it with $ds/d\delta = -\partial_\delta F_s/\partial_s F_s$:")
    d.step("growth rate and its derivative by the difference", [growth, turned], ["K", r"dK/d\delta"])
    square = (delta / R) ** 2 * (1 + sp.exp(-2 * x_rho))
    place = -log(D**2 * R**2 / delta**2 - 1) / 2
    d.step("log rho of a pair at a distance", place, "x")
    d.check("log rho from distance and difference", sp.exp(2 * place).subs(D, sp.sqrt(square)), sp.exp(2 * x_rho),
            shown="e^{2x}")  # fmt: skip
    d.say(r"$F_\delta = 0$ holds where the distance across the axis stays, $4 T G(D) = 1 - K$:")
    balance = d.step("overlap of the components there", (1 - slope) / (4 * T), "G")
    d.check("the push that balances", (first - second).subs(overlap, balance.subs(slope, growth)), sp.Integer(0),
            shown=r"F_\delta")  # fmt: skip


def _saturation(d: Derivation) -> None:
    d.say(
        r"""**Saturation in T0.** Under the tempered target the exponential schedule spends, in units of $\beta\,dt$,"""
    )
    clock = t_0 * log((1 - 1 / T_0) / (1 - 1 / theta))
    d.step("clock above the temperature theta", clock, r"2 \tau_\mathrm{hot}")
    full = t_0 * log(theta / (theta - 1))
    d.check(
        "what a finite T0 lacks", sp.expand_log(full - clock, force=True).subs(log(theta - 1), log(theta) + log(1 - 1 / theta)),
        -t_0 * log(1 - 1 / T_0), shown=r"\lim_{T_0 \to \infty} 2 \tau_\mathrm{hot} - 2 \tau_\mathrm{hot}",
    )  # fmt: skip
    d.check(
        "it vanishes", sp.limit(T_0 * log(1 - 1 / T_0), T_0, sp.oo), sp.Integer(-1), shown=r"\lim T_0 \log(1 - 1/T_0)"
    )
    close = log1p(-1 / theta)
    d.check("without a difference of nearly equal numbers", sp.exp(-close.rewrite(log)), theta / (theta - 1),
            shown=r"e^{-\mathrm{log1p}(-1/\theta)}")  # fmt: skip
    d.output("saturated_hot_clock", -t_0 * close, r"\lim_{T_0 \to \infty} 2 \tau_\mathrm{hot}",
             "limit of the clock above a temperature as T0 grows, exponential schedule under the tempered target")  # fmt: skip
    d.say(
        r"""Remainder: $t_0/T_0 + O(t_0 T_0^{-2})$. Under the free energy the clock is time, $t_0 \log((T_0 - 1)/(\theta -
        1))$, and grows without end."""
    )


def _cost(d: Derivation) -> None:
    d.say(
        r"""**Cost.** Let $P = \mathrm{erf}(\sqrt{d/2}\,\rho_c)$ be small, so $P = \sqrt{2 d/\pi}\,\rho_c$ up to a
        relative $O(P^2)$, and let $\ell = \log((1 - 1/T_0)/(1 - 1/T_c))$ (free energy: $\log((T_0 - 1)/(T_c -
        1))$), so $\tau_\mathrm{hot} = t_0 \ell/2$. For a start $s(0)$"""
    )
    dim, share, level, gain, factor = sp.symbols("d P l C A", positive=True)
    span = 2 / (kappa_star * level) * log(sp.sqrt(2 * dim / sp.pi) * factor / (gain * share))
    reached = sp.sqrt(2 * dim / sp.pi) * factor / gain * sp.exp(-kappa_star * span * level / 2)
    d.check("the annealing time that reaches P", sp.powsimp(sp.simplify(reached)), share,
            shown=r"\sqrt{2 d/\pi}\, \frac{A}{C} e^{-\kappa^\star t_0 \ell/2}")  # fmt: skip
    d.step(
        "annealing time", r"\frac{2}{\kappa^\star \ell} \log\left( \sqrt{\frac{2 d}{\pi}} \frac{A}{C\, P} \right)", "t_0",
        name="annealing_cost",
        words=r"""$\kappa^\star$ falls like $e^{-(R^2 + h)^2/(2 R^2)}$ (page Large separation), so $t_0$ grows like
        $e^{R^2/2}$, and logarithmically in $d$ and $1/P$. Domain: $C$ finite at $s(0) = 0$ ($h \neq 0$). For $h = 0$,
        $C \sim |s(0)|^{-\gamma}$ replaces $\sqrt d$ by $d^{-(1-\kappa^\star)/(2(\kappa_0-1))}$ (page The gain of the
        transient), and $t_0$ falls with the dimension.""",
    )  # fmt: skip
    slope: Any = sp.diff(span, dim) * dim
    d.check(
        "per factor e of the dimension",
        sp.simplify(slope),
        1 / (kappa_star * level),
        shown=r"\partial t_0/\partial \log d",
    )
