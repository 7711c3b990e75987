r"""The best schedule of the gradient flow as a problem of optimal control, and what passing the fold costs.

Source: theory section 12.  Output: what a family of schedules costs; the
argument by which families are made runs nowhere.
"""

from functools import cache

import sympy as sp

from derivations.core import Derivation
from derivations.symbols import T, ell, s, symbol, x_rho

G, K, f = sp.Function("G"), sp.Function("K"), sp.Function("f")
c2 = sp.Function("c^2")(x_rho)
p_s, p_x, p_l = sp.symbols("p_s p_x p_ell", real=True)
drive, fold, hottest, coldest = (
    symbol(name) for name in ("passage_drive", "critical_temperature", "initial_temperature", "final_temperature")
)
kappa, asked, price = (symbol(name) for name in ("escape_rate", "alignment_asked", "price"))
dim, chance, inverse_gain = (symbol(name) for name in ("dim", "collapse_chance", "mean_inverse_gain"))


@cache
def derive() -> Derivation:
    """The Hamiltonian, its switching function, and the cheapest passage."""
    d = Derivation("optimal_schedule", "theory section 12", "The best schedule")
    _control(d)
    _passage(d)
    _prices(d)
    _holds(d)
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
    further = sum(sp.diff(moved, one) * rate for one, rate in rates.items())
    further -= sum(sp.diff(moved, momenta[one]) * sp.diff(hamiltonian, one) for one in rates)
    d.check("the temperature enters the second derivative linearly", sp.diff(sp.expand(further), T, 2), sp.Integer(0),
            shown=r"\partial^2\ddot\sigma/\partial T^2")  # fmt: skip
    d.say(
        r"""The end is free in time, so that $H = 0$ too. On a singular arc $\sigma$, $\dot\sigma$ and $H$, linear in
        the three momenta and without $T$ (it drops out of $H$ with $\sigma$), give these from the state, and
        $\ddot\sigma = 0$ the temperature: such an arc is a function of the state
        ([the derivation](singular_arc.md)). **Where there is none**: while
        $\rho$ is small $c^2$ vanishes and neither $K$ nor $f$ knows the length. Where $\sigma = 0$, $p_\ell = 1/(2G)$,
        it has then the slope"""
    )
    aligned = {sp.diff(growth, ell): 0, sp.diff(drift, ell): 0, c2: 0, p_l: 1 / (2 * label)}
    slope = sp.expand(moved).subs(aligned)
    d.check("while rho is small", sp.simplify(slope), -2 * sp.diff(label, ell) / label, shown=r"\dot\sigma")
    d.say(
        r"""which is positive, as $G$ falls with the length. So $\sigma$ passes 0 once, upwards: before the pair is
        aligned the best schedule is the coldest, then the hottest, whatever comes after. A singular arc can only lie
        later, while an aligned pair passes the fold."""
    )
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
    (best,) = sp.solve(slope, T)
    d.output(
        "pulse_temperature", best, r"T_{\mathrm{pulse}}", "temperature at which a pulse takes least time, tempered"
    )
    d.say(
        r"""The normal form holds near $T_c$, and $2 T_c$ is not near: the time is an order of magnitude, the
        temperature a first guess. A search over the exact probability has the last word."""
    )


def _prices(d: Derivation) -> None:
    d.say(
        r"""**What each family costs.** A start of a small $\rho$ is saved if $\rho$ has grown to order one when the
        temperature falls through $T_c$. Until then $\log\rho$ grows by $\kappa^\star$ times the clock, and by the gain
        of the transient (section 6), whatever the temperature is. So $P \simeq \sqrt{2d/\pi}\; \mathbb{E}[1/C(s(0))]\,
        e^{-\kappa^\star \tau}$ up to a factor of order one, with the clock $\tau$ that is spent until then. A small $P$
        asks for a clock of $L/\kappa^\star$ with"""
    )
    needed = sp.log(sp.sqrt(2 * dim / sp.pi) * inverse_gain / chance)
    d.output("alignment_needed", needed, "L", "logarithm of what the alignment has to grow by for a small P")
    d.say(
        r"""A unit of clock costs $2T$ units of time under the tempered target, so that cold it costs 2. The *price*
        $\Pi$ of a family is how many times that much it takes. Waiting cold has the price 1, a hold its temperature. An
        exponential $T - 1 = (T_0 - 1)\,e^{-t/t_0}$ falls from $T_0$ to $T_1$ in all, and its clock runs until $T_c$:"""
    )
    x = sp.Symbol("x", positive=True)  # T - 1, or T
    d.verify("clock of an exponential", sp.diff(sp.log(x / (1 + x)), x), 1 / (x * (1 + x)))
    d.verify("clock of an exponential to one", sp.diff(-1 / x, x), 1 / x**2)
    whole, whole_to_one = sp.log((hottest - 1) / (coldest - 1)), sp.log(hottest / coldest)
    families = (
        ("exponential", whole, sp.log((1 - 1 / hottest) / (1 - 1 / fold)), sp.log((hottest - 1) / (fold - 1))),
        ("exponential_to_one", whole_to_one, 1 / fold - 1 / hottest, sp.log(hottest / fold)),
    )
    for name, time, tempered, free in families:
        told = name.replace("_", " ")
        left = rf"\Pi_{{\mathrm{{{told.replace(' ', chr(92) + ' ')}}}}}"
        d.output(f"{name}_price", time / tempered, left, f"price of an {told} under the tempered target")
        d.output(f"{name}_price_free", time / free, left, f"price of an {told} under the free energy")
    d.say(
        r"""Each first under the tempered target, then under the free energy, where a unit of clock costs 2 at any
        temperature, and only what lies below $T_c$ is lost: hot starts make that small."""
    )
    d.output("alignment_cost", 2 * price * asked / kappa, r"t_{\mathrm{align}}", "time in which alignment is bought")
    d.say(
        r"""No schedule is cheaper than the price 1 as $P \to 0$: while $\rho$ is small its growth knows no temperature,
        so that under the tempered target no unit of time yields more than a cold one. A wait and a pulse attain it."""
    )


def _holds(d: Derivation) -> None:
    passing = 2 * hottest * sp.pi / sp.sqrt(drive * (hottest - fold))
    d.output(
        "passage_cost", passing, r"t_{\mathrm{pass}}", "time of passing the fold at a constant temperature, tempered"
    )
    d.output("passage_cost_free", passing / hottest, r"t_{\mathrm{pass}}",
             "time of passing the fold at a constant temperature, free energy")  # fmt: skip
    d.say("A hold has its temperature as its price, and pays this too; its best temperature comes down to $T_c$:")
    over, clock = sp.symbols("epsilon tau", positive=True)  # T - T_c, and L/kappa*
    total = 2 * fold * (clock + sp.pi / sp.sqrt(drive * over)) + 2 * over * clock  # to leading order in epsilon
    best = (sp.pi * fold / (2 * sp.sqrt(drive) * clock)) ** sp.Rational(2, 3)
    extra = 3 * (2 * clock) ** sp.Rational(1, 3) * (sp.pi * fold) ** sp.Rational(2, 3) / drive ** sp.Rational(1, 3)
    d.verify("the best temperature of a long hold", sp.simplify(sp.diff(total, over).subs(over, best)), sp.Integer(0))
    d.verify("its cost", sp.simplify(total.subs(over, best) - 2 * fold * clock - extra), sp.Integer(0))
    d.step("best temperature of a long hold, to leading order", fold + best.subs(clock, asked / kappa), "T")
    d.say(
        r"""so that a hold costs $2 T_c L/\kappa^\star$ and a correction of the order $L^{1/3}$. The rate $\kappa^\star$
        and the leading factor are exact. What is left out is of order 1 beside $L$ for a pulse and a hold. An
        exponential passes the fold late, by a clock of the order of the cube root of its decay time (section 6), so
        that a part of its cost of the order $L^{1/3}$ is left out."""
    )
