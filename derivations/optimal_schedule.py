r"""The best schedule of the gradient flow as a problem of optimal control, and what passing the fold costs.

Source: theory section 12.  Output: none that runs; the argument by which families of schedules are made.
"""

import sympy as sp

from derivations.core import Derivation
from derivations.symbols import T, ell, s, symbol, x_rho

G, K, f = sp.Function("G"), sp.Function("K"), sp.Function("f")
c2 = sp.Function("c^2")(x_rho)
p_s, p_x, p_l = sp.symbols("p_s p_x p_ell", real=True)
drive, fold = symbol("passage_drive"), sp.Symbol("T_c", positive=True)


def derive() -> Derivation:
    """The Hamiltonian, its switching function, and the cheapest passage."""
    d = Derivation("optimal_schedule", "theory section 12", "The best schedule")
    _control(d)
    _passage(d)
    return d


def _control(d: Derivation) -> None:
    d.say(
        r"""For equal weights the state $(s, x = \log\rho, \ell = \log D)$ moves in the clock $\tau$ as section 4 says,
        and the temperature enters one rate alone, linearly. Under the tempered target a unit of clock costs $2T$
        units of time. A schedule of least cost that reaches a given end maximises, at every clock, Pontryagin's
        Hamiltonian (a condition that it has to meet; nothing here says that it suffices):"""
    )
    growth, drift, label = K(s, x_rho, ell), f(s, x_rho, ell), G(ell)
    rates = {s: drift, x_rho: growth, ell: 4 * T * label - 1 + c2 * growth}
    momenta = {s: p_s, x_rho: p_x, ell: p_l}
    hamiltonian = sum(momenta[one] * rate for one, rate in rates.items()) - 2 * T
    d.step("Hamiltonian of the tempered target", hamiltonian, "H", name="schedule_hamiltonian")
    switch = d.step("switching function", sp.diff(hamiltonian, T), r"\sigma = \partial H/\partial T")
    d.check(
        "the temperature enters linearly", sp.diff(hamiltonian, T, 2), sp.Integer(0), shown=r"\partial^2 H/\partial T^2"
    )
    d.say(
        r"""$H$ is linear in $T$. So the temperature is the highest allowed where $\sigma > 0$, the lowest where
        $\sigma < 0$, and free only where $\sigma$ stays 0: on a singular arc. Along the flow
        $\dot p = -\partial H$, and the temperature drops out of $\dot\sigma$ too: what it is on such an arc is
        told by $\ddot\sigma$ or a later
        derivative."""
    )
    moved = sum(sp.diff(switch, one) * rate for one, rate in rates.items())
    moved -= sum(sp.diff(switch, momenta[one]) * sp.diff(hamiltonian, one) for one in rates)
    d.check("the slope of the switching function does not hold T", sp.diff(sp.expand(moved), T), sp.Integer(0),
            shown=r"\partial\dot\sigma/\partial T")  # fmt: skip
    free = hamiltonian + 2 * T - 2
    d.say(
        r"""While $p_\ell G$ is small it is coldest that is best, which is *wait at T = 1*; heat belongs where more
        distance pays, at the end. Under the free energy a unit of clock costs 2 at every temperature,"""
    )
    d.check("the switching function of the free energy", sp.diff(free, T), 4 * label * p_l, shown=r"\sigma")
    d.say("which is positive while more distance pays: then as hot as allowed, without a price.")


def _passage(d: Derivation) -> None:
    d.say(
        r"""**What a pulse costs.** Above $T_c$ an aligned pair passes the ghost of the fold, whose normal form is
        $\dot y = a y^2 + c (T - T_c)$ per unit of the clock (section 6). At a constant temperature it takes, from one
        end of the line to the other, a clock of"""
    )
    clock = sp.Symbol("tau", real=True)
    a, c, over = sp.symbols("a c epsilon", positive=True)
    path = sp.sqrt(c * over / a) * sp.tan(sp.sqrt(a * c * over) * clock)
    d.check("the passage", sp.diff(path, clock), a * path**2 + c * over, shown=r"\dot y")
    length = sp.pi / sp.sqrt(drive * (T - fold))
    d.step("its length: both poles of the tangent", length, r"\tau_{\mathrm{pulse}}")
    cost = 2 * T * length
    slope = sp.together(sp.diff(cost, T))
    d.check("time of a pulse is least at twice the critical temperature", sp.simplify(slope.subs(T, 2 * fold)),
            sp.Integer(0), shown=r"\frac{d}{dT} (2 T\,\tau_{\mathrm{pulse}})\big|_{2 T_c}")  # fmt: skip
    curvature = sp.simplify(sp.diff(cost, T, 2).subs(T, 2 * fold) * sp.sqrt(drive) * fold ** sp.Rational(3, 2) / sp.pi)
    d.check("which is a minimum", curvature, sp.Integer(1), shown=r"\frac{T_c^{3/2} \sqrt{ac}}{\pi} \frac{d^2}{dT^2}")
    least = cost.subs(T, 2 * fold)
    d.check("least time", least, 4 * sp.pi * sp.sqrt(fold / drive), shown=r"t_{\mathrm{pulse}}")
    d.step("least time of a pulse", 4 * sp.pi * sp.sqrt(fold / drive), r"t_{\mathrm{pulse}}", name="least_pulse_time")
    d.say(
        r"""The normal form holds near $T_c$, and $2 T_c$ is not near: the time is an order of magnitude, the
        temperature a first guess. A search over the exact probability has the last word."""
    )
