r"""Slow annealing on the sphere at a fixed bias: a pair that leaves the flow of a difference across the axis.

Source: theory section 11.  Output: the flow of a pair whose difference lies across the axis, what a small cosine of it
does to first order in its square, and the threshold to which that adds up.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.core import Derivation
from derivations.sphere_flow import cosine, total, x
from derivations.sphere_flow import derive as sphere_flow
from derivations.symbols import (
    R,
    m_1,
    overlap,
    overlap_prime,
    psi,
    psi_1,
    psi_2,
    psi_prime,
    psi_prime_1,
    psi_second,
    psi_second_1,
    psi_third,
    psi_third_1,
    slope,
    slope_widening,
    symbol,
    v,
    widening_1,
)  # fmt: skip

Lam, J = symbol("log_growth"), symbol("saturation")
sum_1, cosine_1 = symbol("sum_response"), symbol("cosine_response")
square, gap = sp.symbols("X delta", positive=True)
_t = sp.Symbol("t", real=True)


@cache
def derive() -> Derivation:
    """Background, its response to x^2, the sum of both, and Laplace's method."""
    d = Derivation("sphere_slow", "theory section 11", "Slow annealing on the sphere")
    rates = _background(d)
    _response(d, rates)
    _threshold(d)
    _laplace(d)
    _passage(d)
    return d


def _background(d: Derivation) -> list[Any]:
    """Rates of (log x, M, c) to first order in x^2, which is called X."""
    d.say(
        r"""**Background.** Where the temperature falls much more slowly than the bias acts ($\kappa \ll \epsilon$) the
        pair follows the bias long before its difference turns: $\mu_1 - \mu_2$ lies across the axis, $x = 0$, both
        overlaps are equal, and the pair drifts as a whole towards the heavy mode. For a small $x$ the overlaps are
        $m \pm \delta$ with $\delta^2 = x^2 R^4 (1 - c)/2$, and"""
    )
    plus, minus = psi(m_1 + gap), psi(m_1 - gap)
    even = 2 * psi(m_1) + psi_second(m_1) * gap**2
    odd = 2 * gap * (psi_prime(m_1) + psi_third(m_1) * gap**2 / 6)
    d.check_series("the sum of the labels", plus + minus, even, gap, 4)
    d.check_series("their difference", plus - minus, odd, gap, 4)
    bend = square * R**4 * (1 - cosine) / 2
    length = sphere_flow().outputs["sphere_overlaps"].value
    apart = (length[0] - length[1]) / 2
    d.verify("half the gap of the overlaps", (apart**2).subs(x, sp.sqrt(square)), bend)
    mean = psi_1 + psi_second_1 * bend / 2
    held = {psi_1: mean, psi_2: mean, slope: R**2 * (psi_prime_1 + psi_third_1 * bend / 6)}
    flow = [one.xreplace(held).subs(x, sp.sqrt(square)) for one in sphere_flow().outputs["sphere_pair_flow"].value]
    background = [sp.factor(one.subs(square, 0)) for one in flow]
    shown = [
        ((R**2 - total**2 / (4 * R**2)) * psi_prime_1 - total * psi_1 / (2 * R**2)) / 2,
        (R**2 - total**2 / (4 * R**2)) * psi_1 - sp.Symbol("g") * total * (1 - cosine),
        psi_1 * total * (1 - cosine) / (2 * R**2) - 2 * sp.Symbol("g") * (1 - cosine**2),
    ]
    push = {sp.Symbol("g"): symbol("temperature") / v * overlap}
    d.check("the flow at x = 0", background, [one.subs(push) for one in shown],
            shown=[r"\dot\Lambda", r"\dot M", r"\dot c"])  # fmt: skip
    return flow


def _response(d: Derivation, flow: list[Any]) -> None:
    """Derivatives of the rates by M, c and x^2 at x = 0, and what they make of a small x^2."""
    d.say(
        r"""with $\psi$ and $\psi'$ at $m = M/2$ and $g = (T/v)\,G$. $\Lambda$ is the growth of $\log x$ on it: positive
        while hot, and negative once the pair is near the mode, where $\dot\Lambda \to -\tfrac12$. **Response.** A
        small $x^2 = x_0^2 e^{2\Lambda}$ moves the background by $x^2 (M_1, c_1)$ and changes the growth of
        $\log x$ by $x^2 b$; to first order in $x_0^2$, with the derivatives $F_M$, $F_c$, $F_X$ of the rates by $M$,
        $c$ and $X = x^2$,"""
    )
    by = [[_by_total(one), _by_cosine(one), sp.diff(one, square)] for one in flow]
    by = [[entry.subs(square, 0) for entry in row] for row in by]
    grown = flow[0].subs(square, 0)
    moved = [row[0] * sum_1 + row[1] * cosine_1 + row[2] for row in by]
    rates = [moved[1] - 2 * grown * sum_1, moved[2] - 2 * grown * cosine_1]
    growth, response = sp.Function("Lambda")(_t), sp.Function("M_1")(_t)
    direct = sp.diff(sp.exp(2 * growth) * response, _t) * sp.exp(-2 * growth)
    rate, lam, forced = sp.symbols("M_1t Lambda_t F", real=True)
    named = direct.doit().subs({response.diff(_t): rate, growth.diff(_t): lam}).subs(response, sum_1)
    d.check("the response relative to x^2", named.subs(rate, forced - 2 * lam * sum_1), forced,
            shown=r"e^{-2\Lambda} (e^{2\Lambda} M_1)\dot{}")  # fmt: skip
    d.step("response of the background",
           [r"F^M_M M_1 + F^M_c c_1 + F^M_X - 2 \dot\Lambda M_1", r"F^c_M M_1 + F^c_c c_1 + F^c_X - 2 \dot\Lambda c_1",
            r"F^\Lambda_M M_1 + F^\Lambda_c c_1 + F^\Lambda_X"],
           [r"\dot M_1", r"\dot c_1", "b"], name="background_response")  # fmt: skip
    saturation = moved[0] - 2 * grown * J
    d.say(
        r"""For machines the second and third derivatives of $\psi$ come from the slopes of $\psi$ and $R^2 \psi'$ in
        $\log v$, by the heat equation of the page Means on the sphere:"""
    )
    widened = sphere_flow().outputs["label_widening"].value
    bent = {psi_second_1: 2 * widening_1 / (v * R**2), psi_third_1: 2 * slope_widening / (v * R**4)}
    d.check("slopes in the width", [widened.subs(bent), R**2 * widened.subs(psi_second_1, psi_third_1).subs(bent)],
            [widening_1, slope_widening], shown=[r"v \partial_v \psi", r"v \partial_v R^2 \psi'"])  # fmt: skip
    d.output(
        "sphere_background_rates",
        [one.xreplace(bent) for one in (grown, *(one.subs(square, 0) for one in flow[1:]), *rates, saturation)],
        [r"\dot\Lambda", r"\dot M", r"\dot c", r"\dot M_1", r"\dot c_1", r"\dot J"],
        "rates of a pair whose difference lies across the axis, of its response to x^2, and of its saturation",
        report=False,
    )


def _by_total(rate: Any) -> Any:
    """Derivative in M, through psi and its derivatives at M/2; that of psi''' is of higher order in x^2."""
    chain = sp.diff(rate, psi_1) * psi_prime_1 + sp.diff(rate, psi_prime_1) * psi_second_1
    return sp.diff(rate, total) + chain / 2


def _by_cosine(rate: Any) -> Any:
    """Derivative in c, through G at D/sqrt(v)."""
    distance = sphere_flow().outputs["sphere_overlaps"].value[2]
    return sp.diff(rate, cosine) + sp.diff(rate, overlap) * overlap_prime * sp.diff(distance, cosine) / sp.sqrt(v)


def _threshold(d: Derivation) -> None:
    d.say(
        r"""**Threshold.** $u = x^{-2}$ then obeys a linear equation, whose solution is exact at this order. The pair
        turns to the axis and is split when $u$ reaches 0; else $x$ dies with $e^{\Lambda}$. With $\Phi = \int
        e^{2\Lambda} b\,dt$ over all times"""
    )
    growth, phi, b, start = (sp.Function("Lambda")(_t), sp.Function("Phi")(_t), sp.Function("b")(_t), sp.Symbol("u_0"))
    u = sp.exp(-2 * growth) * (start - 2 * phi)
    rate = sp.diff(u, _t).subs(phi.diff(_t), sp.exp(2 * growth) * b)
    d.check("the inverse square", rate, -2 * growth.diff(_t) * u - 2 * b, shown=r"\dot u")
    cubic = sp.Function("x")(_t)
    own = sp.diff(cubic ** (-2), _t).subs(cubic.diff(_t), (growth.diff(_t) + b * cubic**2) * cubic)
    d.verify("which is that of x", own, -2 * growth.diff(_t) * cubic ** (-2) - 2 * b)
    J_of, kept = sp.Function("J")(_t), sp.exp(-2 * growth) * phi
    kept_rate = sp.diff(kept, _t).subs(phi.diff(_t), sp.exp(2 * growth) * b)
    d.check("the saturation J, which does not overflow", kept_rate.subs(phi, sp.exp(2 * growth) * J_of),
            b - 2 * growth.diff(_t) * J_of, shown=r"\frac{d}{dt} e^{-2\Lambda} \Phi")  # fmt: skip
    log_threshold = -Lam - sp.log(2 * J) / 2
    all_of = J * sp.exp(2 * Lam)
    d.check("u is 0 at the end", (1 / sp.exp(2 * log_threshold) - 2 * all_of).simplify(), sp.Integer(0),
            shown=r"x_c^{-2} - 2 \Phi")  # fmt: skip
    top, largest = symbol("log_growth"), symbol("largest_growth")
    squared = sp.exp(2 * (largest - top)) / (2 * J)
    d.verify("x at its largest", squared, sp.exp(2 * (largest + log_threshold)))
    d.output("slow_sphere_largest", squared, r"\max x^2", "largest square of x on the background, at the threshold",
             report=False)  # fmt: skip
    d.output("log_slow_sphere_threshold", log_threshold, r"\log x_c",
             "logarithm of the threshold of slow annealing at a fixed bias, at the end of the background")  # fmt: skip


def _laplace(d: Derivation) -> None:
    d.say(
        r"""**Order of the remainder** (asymptotic: $\kappa \to 0$ at fixed $\epsilon$). The background then rests at
        the temperature of the time, and $\dot\Lambda$ changes its sign at a temperature $T_b$, from where on a pair
        across the axis is stable against turning. With $r = -\ddot\Lambda > 0$ there, of order $\kappa$, and
        $b > 0$ (the unstable branch of the pitchfork opens towards the cold),"""
    )
    r, b = sp.symbols("r b", positive=True)
    time = sp.Symbol("tau", real=True)
    whole = sp.integrate(b * sp.exp(-r * time**2), (time, -sp.oo, sp.oo))
    whole = d.check("the integral at its maximum", whole, b * sp.sqrt(sp.pi / r), shown=r"e^{-2\Lambda_b} \Phi")
    largest = sp.simplify(1 / (2 * whole))
    largest = d.check("the square of x at its largest, at the threshold", largest, sp.sqrt(r / sp.pi) / (2 * b),
                      shown=r"x_c^2 e^{2 \Lambda_b}")  # fmt: skip
    place = sp.exp(-Lam) * (r / (4 * sp.pi * b**2)) ** sp.Rational(1, 4)
    d.check("the threshold of slow annealing", place**2, sp.exp(-2 * Lam) * largest, shown="x_c^2")
    d.say(
        r"""The terms that were left out are smaller by this square of $x$, so that the relative error of $x_c$ is of
        order $\sqrt\kappa$. For $\epsilon \ll \kappa$ the square stays of order 1 and the factor in front is heuristic:
        the linear passage (page Annealing on the sphere in closed form) is the formula there. What is open is a
        formula with a small error where $\kappa$ and $\epsilon$ are alike, and the next order in $\sqrt\kappa$."""
    )


def _passage(d: Derivation) -> None:
    d.say(
        r"""**Order of the linear passage in the rate** (asymptotic: $\kappa \to 0$ at fixed $\epsilon$). Its sum $N$
        (page Annealing on the sphere in closed form, in units of $R^2$, from $-2\epsilon$ on) then rests at the
        temperature of the time as well, and it ends where that is 2:"""
    )
    lam, push, bias, whole = sp.symbols("lambda g epsilon N", positive=True)
    rate = lam * whole - 2 * push * (whole - 2 * bias)
    (rest,) = sp.solve(rate, whole)
    d.check("the sum at rest", rest, 4 * push * bias / (2 * push - lam), shown="N")
    d.check("the rate where it is 2", sp.solve(rest - 2, lam), [2 * push * (1 - bias)], shown=[r"\lambda(T_s)"])
    d.say(
        r"""With $dt = -d\log T/\kappa$ the growth until then is $\Lambda_s = \kappa^{-1} \int_{T_s}^{T_0} \lambda\,
        d\log T$, where that of the background is $\Lambda_b = \kappa^{-1} \int_{T_b}^{T_0} \dot\Lambda\, d\log T$ up to
        order 1. The pair is antipodal, so that the passage has $x_c = e^{-\Lambda_s}$, and over the threshold above it
        has the logarithm"""
    )
    cooling, excess, r_1, b = sp.symbols("kappa F r_1 b", positive=True)
    true = sp.log((cooling * r_1 / (4 * sp.pi * b**2)) ** sp.Rational(1, 4))
    known = sp.log(r_1 / (4 * sp.pi * b**2)) / 4
    d.check("its error", sp.expand_log(-excess / cooling - true, force=True),
            sp.expand_log(-excess / cooling - sp.log(cooling) / 4 - known, force=True),
            shown=r"\log(x_c^{lin}/x_c)")  # fmt: skip
    d.say(
        r"""with $F(\epsilon) = \int_{T_s} \lambda\, d\log T - \int_{T_b} \dot\Lambda\, d\log T$ and
        $r = \kappa r_1$: it grows like $1/\kappa$, with a sign that depends on the bias. This holds once $N$ rests
        until $T_s$, which takes $\kappa \ll \epsilon^2$. At a given rate, on the other hand, the passage is exact for
        $\epsilon \to 0$ with an error of order $\epsilon^2$, the part of third order in $x$, $N$ and $\epsilon$ that it
        leaves out."""
    )
