# ruff: noqa: E501  # formulas in LaTeX are not broken across lines
r"""The constant of a slow passage: how long it takes from the orbit's zero of time to T_c, log A, and what is left out.

Source: theory section 6.  Output: the duration of the passage, log A, and the known terms of its remainder.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.core import Derivation
from derivations.slow_passage import LETTERS, a, a_3, alpha, c, c_1, cubic, r, ramp, warming, zero
from derivations.symbols import kappa_star, symbol, tau

airy, lasting, orbit = symbol("airy_constant"), symbol("passage_time"), symbol("orbit_offset")
log_prefactor, bend = symbol("log_prefactor"), symbol("ramp_bend")
at_wall, along = symbol("wall_sensitivity"), symbol("orbit_sensitivity")
omega, since = sp.symbols("omega t", positive=True)  # since: tau - tau_p
zeta, q = sp.symbols("zeta q", real=True)
AI, SLOPE = sp.airyai(zeta), sp.airyaiprime(zeta)
_STEEP = sp.Symbol("slope", positive=True)  # Ai'(z_0)
_AT_ZERO = {AI: 0, SLOPE: _STEEP, zeta: -zero}


@cache
def derive() -> Derivation:
    """The orbit's clock, the shift of the pole, the match of both, and the remainder."""
    d = Derivation("slow_prefactor", "theory section 6", "The constant of the passage")
    clock = _orbit(d)
    rate = _duration(d, clock, _pole(d))
    d.say(
        r"""**What is left out, where it is known.** The next terms are of order $\kappa^\star \alpha \log^2\alpha$ from
        the ramp, and two that follow."""
    )
    _drift(d, rate)
    _bend(d, rate)
    return d


def _orbit(d: Derivation) -> Any:
    """Returns: the clock of the orbit close to the fold."""
    d.say(
        r"""Letters are those of the page The passage through the critical temperature. Close to the wall $y$ is of order
        $K_c/a$, not small: the normal form does not hold there. But the wall is passed within a few units of $1/K_c$, in
        which $T$ moves by the order of $r$. So take the run at $T = T_c$ for good. It leaves the coincident pair on its
        one unstable direction, a single orbit, and creeps up to the fold, where $\dot y = a y^2 + a_3 y^3$. With
        $\omega = -1/y$:"""
    )
    d.check("creep to the fold", omega**2 * (a * omega**-2 - a_3 * omega**-3), a - a_3 / omega, shown=r"\dot\omega")
    clock, small = omega / a + a_3 / a**2 * sp.log(omega / a), sp.Symbol("e", positive=True)
    d.check_series(
        "clock by the place, in e = 1/omega",
        1 / (a - a_3 * small),
        sp.diff(clock, omega).subs(omega, 1 / small),
        small,
        2,
    )
    d.step(
        "the orbit's clock", r"\frac{\omega}{a} + \frac{a_3}{a^2} \log\frac{\omega}{a} + O\left(\frac{\log\omega}{\omega}\right)",
        r"\tau - \tau_0", name="orbit_clock",
        words=r"""This fixes $\tau_0$; and far back on the same orbit $x = \kappa^\star (\tau - \tau_0) + X$, which
        fixes the number $X$. On the ramp the cubic terms disturb
        $y = -\dot u/(a u)$, $u = \mathrm{Ai}(\alpha\tau)$, by $\eta$ with""",
    )  # fmt: skip
    return clock


def _pole(d: Derivation) -> Any:
    """Returns: the shift of the pole of y by the cubic terms."""
    u, g = sp.Function("u")(tau), sp.Function("g")(tau)
    eta = sp.Function("eta")(tau)
    rate = 2 * a * (-sp.diff(u, tau) / (a * u)) * eta + g
    d.check("disturbance", sp.diff(u**2 * eta, tau).subs(sp.diff(eta, tau), rate), u**2 * g,
            shown=r"\partial_\tau (u^2 \eta)")  # fmt: skip
    d.step("what disturbs", r"a_3 y^3 - c_1 r \tau y", "g", words=r"""The run stays on the unstable branch at late times,
        so $u^2\eta = -\int_\tau^\infty u^2 g$. With $\zeta = \alpha\tau$ two integrals remain:""")  # fmt: skip
    primitive = SLOPE**2 / 2
    d.check("the integral of the linear term", sp.diff(primitive, zeta), zeta * AI * SLOPE,
            shown=r"\partial_\zeta\, \tfrac12 \mathrm{Ai}'^2")  # fmt: skip
    d.step(
        "the integral of the cubic term",
        r"\lim_{\epsilon\to0} \left[ \frac{1}{\mathrm{Ai}'(z_0)^2} \int_{z_0+\epsilon}^\infty \frac{\mathrm{Ai}'^3}{\mathrm{Ai}} "
        r"d\zeta + \log\epsilon \right] = -1.00851825\dots", r"B_0", name="airy_constant",
        words=r"""A pole of $y$ at $\tau_p$ moved by $\Delta$ is $\eta = -\Delta/(a (\tau - \tau_p)^2)$, so with
        $u \approx \alpha\,\mathrm{Ai}'(z_0) (\tau - \tau_p)$""",
    )  # fmt: skip
    y = -alpha * SLOPE / (a * AI)
    cubed, heated = a_3 * y**3 * AI**2, -c_1 * r * (zeta / alpha) * y * AI**2  # u^2 g in two parts
    integrals = [
        cubed / (SLOPE**3 / AI) * _STEEP**2 * (airy - sp.log(alpha * since)),
        heated / (zeta * AI * SLOPE) * -primitive.xreplace(_AT_ZERO),
    ]
    shift = moved_pole(d, sum(integrals))
    written = a_3 / a**2 * (sp.log(alpha * since) - airy) - c_1 / (2 * a * c)
    d.check("shift of the pole", shift.subs(r, alpha**3 / (a * c)), written, shown=r"\Delta")
    return written


def moved_pole(d: Derivation, integral: Any) -> Any:
    """Delta from the integral of u^2 g over zeta, from the pole on."""
    move = sp.Symbol("Delta", real=True)
    d.verify("a moved pole", sp.diff(-1 / (a * (since - move)), move).subs(move, 0), -1 / (a * since**2))
    eta = -integral / alpha / (alpha * _STEEP * since) ** 2
    return sp.expand(-a * since**2 * eta)


def _duration(d: Derivation, clock: Any, shift: Any) -> Any:
    """Returns: by how much log A changes with a clock."""
    d.say(
        r"""whose logarithm in $\tau - \tau_p$ is the one of the orbit's clock, where $\omega/a = \tau - \tau_p - \Delta$.
        Matching, $T = T_c$ is reached"""
    )
    taken = zero / alpha - cubic * (sp.log(alpha) - airy) + warming / 2
    passed = clock.subs(omega, a * since) - shift  # tau - tau_0: the shift in the logarithm is of higher order
    origin = -zero / alpha + since - passed
    d.check("from the orbit's zero of time to T_c", sp.expand_log(sp.expand(-origin), force=True), taken.xreplace(LETTERS),
            shown=r"-\tau_0")  # fmt: skip
    d.output("passage_time", taken, r"\tau_c", "clock from the orbit's zero of time to T_c")
    value = orbit + kappa_star * lasting
    d.verify("log rho at T_c, extrapolated", (kappa_star * (tau + lasting) + orbit).subs(tau, 0), value)
    d.say("which gives the prefactor with its constant, up to what vanishes with $r$:")
    d.output("refined_prefactor", value, r"\log A", "logarithm of the prefactor of slow annealing")
    return sp.diff(value, lasting)


def _drift(d: Derivation, rate: Any) -> None:
    d.say(
        r"""While the run follows the orbit, $T$ is still above $T_c$. Let $S(x)$ be
        the derivative of the orbit's clock at $\log\rho = x$ with respect to $T$, so that $S' = \partial_T (1/K)$. The run
        passes $x$ at $T - T_c = r (\tau_w - \tau(x) + |z_0|/\alpha)$, with $\tau_w$ the clock at the wall $x_w$; by parts,
        as $S(-\infty) = 0$ and $d\tau = dx/K$,"""
    )
    place, last = sp.symbols("x tau_w", real=True)
    sensitivity, passing = sp.Function("S")(place), sp.Function("tau")(place)
    warm, total = ramp * (last - passing + zero / alpha), sp.Function("I")(place)  # I' = S tau'
    late = ramp * (at_wall * zero / alpha + along)
    parts = sensitivity * warm + ramp * total
    d.check("by parts", sp.diff(parts, place).subs(sp.diff(total, place), sensitivity * sp.diff(passing, place)),
            sp.diff(sensitivity, place) * warm, shown=r"\partial_x \left( S\, (T - T_c) + r \int S\, d\tau \right)")  # fmt: skip
    d.verify("at the wall", parts.subs({passing: last, sensitivity: at_wall, total: along}), late)
    d.output("drift_of_the_orbit", rate * late, r"\Delta_1 \log A",
             "change of log A as the temperature falls along the orbit")  # fmt: skip
    d.say(
        r"""It is of order $\kappa^\star r^{2/3}$; but $S$ begins where $K$ leaves $\kappa^\star$, of the order of
        $1/\kappa^\star$ before the wall, so that the integral, of order $r$, is the larger part where $\kappa^\star$ is
        below $\alpha$."""
    )


def _bend(d: Derivation, rate: Any) -> None:
    d.say(r"""A ramp that bends, $T - T_c = -r\tau + \tfrac12 q \tau^2$, disturbs $y$ by $\tfrac12 c q \tau^2$:""")
    primitive = (2 * zeta * AI * SLOPE - AI**2 - zeta**2 * SLOPE**2 + zeta**3 * AI**2) / 5
    d.check("the integral of the square", sp.expand(sp.diff(primitive, zeta)), zeta**2 * AI**2,
            shown=r"\partial_\zeta\, \tfrac15 \left( 2 \zeta\, \mathrm{Ai}\, \mathrm{Ai}' - \mathrm{Ai}^2 - \zeta^2 \mathrm{Ai}'^2 + \zeta^3 \mathrm{Ai}^2 \right)")  # fmt: skip
    bent = sp.Rational(1, 2) * c * q * (zeta / alpha) ** 2 * AI**2  # u^2 g
    shift = moved_pole(d, bent / (zeta**2 * AI**2) * -primitive.xreplace(_AT_ZERO))
    size = bend * zero**2 / (10 * alpha**2)
    d.check("shift of the pole by the bend", shift.subs(c, alpha**3 / (a * r)), size.subs(bend, q / r), shown=r"\Delta")
    d.output(
        "bend_of_the_ramp",
        rate * size,
        r"|\Delta_2 \log A|",
        "change of log A by the bend of the ramp, of order kappa* alpha",
    )
