# ruff: noqa: E501  # formulas in LaTeX are not broken across lines
r"""The passage of a slowly cooled pair through T_c: normal form, wall and ramp, and the prefactor A with its constant.

Source: theory section 6.  Output: the coefficients of the normal form to third order, and log A.
"""

from dataclasses import replace
from typing import Any

import sympy as sp

from derivations import fixed_points, saddle_node
from derivations.core import Derivation, step_latex, valued
from derivations.fixed_points import VALUES
from derivations.symbols import (
    G,
    G_prime,
    R,
    T,
    m_1,
    m_2,
    psi,
    tau,
    w_1,
)  # fmt: skip

_W_2 = 1 - w_1
_GAP = (m_1 - m_2) / R
_AVERAGES = {number: average for average, number in VALUES.items()}
_STATE = (m_1, m_2)
y, z, theta, xi = (sp.Symbol(name, real=True) for name in ("y", "z", "theta", "xi"))
a, a_3, b, c, c_1, K_c, r, x_1, k, sigma = sp.symbols("a a_3 b c c_1 K_c r x_1 k sigma", positive=True)


def derive() -> Derivation:
    """Centre manifold, then the two limits of the passage."""
    d = Derivation("slow_passage", "theory section 6", "The passage through the critical temperature")
    _coefficients(d)
    _wall_and_ramp(d)
    _constant(d)
    return d


def _coefficients(d: Derivation) -> None:
    d.say(
        r"""A pair that is nearly aligned has $D = (\delta/R)\sqrt{1 + \xi}$, $\xi = \rho^{-2} = e^{-2x}$. Per unit of the
        clock its overlaps move at the rates $F_i$ (page Fixed points) with this $D$, and $x = \log\rho$ grows at the
        rate $K$. At the fold let $v$ be the null vector (page The fold of the collapsed pair), $q$ the other
        eigenvector, $m = m^c + y v + z q$ and $\theta = T - T_c$:"""
    )
    premise = fixed_points.derive().outputs
    still = [sp.sympify(one).xreplace(_AVERAGES) for one in premise["aligned_rest"].value]
    v = [sp.sympify(one).xreplace(_AVERAGES) for one in saddle_node.derive().outputs["fold_null_vector"].value]
    q = [_W_2 * v[1], -w_1 * v[0]]
    d.check("orthogonal where rows are weighted by w_i", w_1 * v[0] * q[0] + _W_2 * v[1] * q[1], sp.Integer(0),
            shown=r"w_1 v_1 q_1 + w_2 v_2 q_2")  # fmt: skip
    norms = [w_1 * u[0] ** 2 + _W_2 * u[1] ** 2 for u in (v, q)]
    along, across = ([w_1 * u[0] / n, _W_2 * u[1] / n] for u, n in zip((v, q), norms, strict=True))

    def part(row: list[Any], *directions: list[Any]) -> Any:
        """row . F differentiated along the directions."""
        frozen = {u: sp.Dummy() for u in {*v, *q, *row}}  # the directions do not move with the state
        value = sum(frozen[one] * residual for one, residual in zip(row, still, strict=True))
        for u in directions:
            value = (
                sum(frozen[u[i]] * sp.diff(value, _STATE[i]) for i in range(2)) if u is not _HEAT else sp.diff(value, T)
            )
        return value.xreplace({dummy: u for u, dummy in frozen.items()})

    stable = part(across, q)
    mixed = part(along, v, q)
    shape = [-part(across, v, v) / (2 * stable), -part(across, _HEAT) / stable]
    quadratic, drive = part(along, v, v) / 2, part(along, _HEAT)
    d.say(
        r"""With $\lambda$ the eigenvalue of $q$, the centre manifold is $z = h_2 y^2 + h_T \theta + \dots$, where the rate of
        $z$ vanishes to second order in $y$:"""
    )
    lam, p, e, h_2, h_t = sp.symbols("lambda p e h_2 h_T")
    on_manifold = lam * (h_2 * y**2 + h_t * theta) + p * y**2 + e * theta
    d.check(
        "shape of the centre manifold", sp.expand(on_manifold.subs({h_2: -p / lam, h_t: -e / lam})), sp.Integer(0),
        shown=r"\lambda z + \tfrac12 F_{vv}^{(q)} y^2 + F_T^{(q)} \theta",
    )  # fmt: skip
    cubic = part(along, v, v, v) / 6 + mixed * shape[0]
    warmed = part(along, v, _HEAT) + mixed * shape[1]
    gap = (m_1 - m_2) / R
    wide = [sp.sympify(one).xreplace(_AVERAGES).xreplace({G(gap): G(gap * sp.sqrt(1 + xi))}) for one in
            premise["aligned_rest"].value]  # fmt: skip
    tilt = sum(row * sp.diff(one, xi).subs(xi, 0).doit() for row, one in zip(along, wide, strict=True))
    closed = -T * gap * G_prime(gap) / (2 * G(gap))
    d.verify("tilt of the pair", -tilt, drive * closed)
    d.step("tilt of the pair (proved symbolically)", "c\\, b", r"-l \cdot F_\xi / (l \cdot v)")
    d.say(
        r"""so that, with $b$ the closed form $-T D G'(D)/(2 G(D))$ at the fold,
        $\dot y = a y^2 + c\,\theta - c\,b\,e^{-2x} + a_3 y^3 + c_1 y \theta + \dots$. The products $ac$, $b$, and the
        quotients $a_3/a^2$, $c_1/(ac)$ do not depend on the length of $v$."""
    )
    growth = R**2 * (psi(m_1) - psi(m_2)) / (m_1 - m_2)
    d.output(
        "passage_coefficients", valued([quadratic, drive, closed, cubic, warmed, growth], VALUES),
        ["a", "c", "b", "a_3", "c_1", "K_c"],
        "coefficients a, c, b, a_3, c_1 of the normal form of the passage, y along fold_null_vector, and the growth "
        "rate K_c of log rho at the fold",
        report=False,
    )  # fmt: skip
    _readable(d)


def _readable(d: Derivation) -> None:
    """Show the coefficients through directional derivatives: written out they fill pages."""
    d.say(
        r"""The results below are written with $F_{uv} = \sum_{ij} u_i v_j\, \partial_i \partial_j F$ and its like, $F_T =
        \partial_T F$, all at the fold; $v$ is fold_null_vector, $q = (w_2 v_2, -w_1 v_1)$, and $l$ and $k$ are the rows
        dual to them, $l_i = w_i v_i/\sum_j w_j v_j^2$ and $k_i = w_i q_i/\sum_j w_j q_j^2$. The function evaluates the
        same with every derivative in terms of $\psi$ and $G$."""
    )
    shown = (
        (r"\lambda", r"k \cdot F_q"),
        ("h_2", r"-\tfrac12\, k \cdot F_{vv} / \lambda"),
        ("h_T", r"-k \cdot F_T / \lambda"),
        ("a", r"\tfrac12\, l \cdot F_{vv}"),
        ("c", r"l \cdot F_T"),
        ("b", r"-T D\, G'(D) / (2 G(D))"),
        ("a_3", r"\tfrac16\, l \cdot F_{vvv} + h_2\, l \cdot F_{vq}"),
        ("c_1", r"l \cdot F_{vT} + h_T\, l \cdot F_{vq}"),
        ("K_c", r"R^2\, \frac{\psi(m_1) - \psi(m_2)}{m_1 - m_2}"),
    )
    name = "passage_coefficients"
    step = replace(d.equations[name], rows=shown)
    d.equations[name] = step
    d.outputs[name] = replace(d.outputs[name], latex=step_latex(step))


_HEAT: list[Any] = []  # the direction of T


def _wall_and_ramp(d: Derivation) -> None:
    d.say(
        r"""**Wall and ramp.** $T - T_c = -r\tau$ with $\tau = 0$ at $T_c$, and $x = x_1 + K_c \tau$ near the passage. To
        second order the Riccati equation becomes linear:"""
    )
    u = sp.Function("u")(tau)
    trial = -sp.diff(u, tau) / (a * u)
    d.check("Riccati to Schroedinger", sp.diff(trial, tau) - a * trial**2, -sp.diff(u, tau, 2) / (a * u),
            shown=r"\dot y - a y^2 \quad (y = -\dot u/(a u))")  # fmt: skip
    d.step("potential", r"a c \left( r \tau + b\, e^{-2 x_1 - 2 K_c \tau} \right) u", r"\ddot u")
    argument = sp.Symbol("eta", positive=True)
    once = argument * sp.diff(sp.besselk(0, argument), argument)
    lower = {sp.besselk(2, argument): sp.besselk(0, argument) + 2 * sp.besselk(1, argument) / argument}
    twice = sp.expand((argument * sp.diff(once, argument)).xreplace(lower))
    d.check("K_0 solves the wall, where d/dtau = -K_c eta d/d eta", K_c**2 * twice, K_c**2 * argument**2 * sp.besselk(0, argument),
            shown=r"\left( K_c\, \eta\, \partial_\eta \right)^2 K_0(\eta)")  # fmt: skip
    d.step(
        "at the wall", r"K_0(\eta), \qquad \eta = \frac{\sqrt{a c b}}{K_c}\, e^{-x_1 - K_c \tau}", "u",
        words=r"""which decays into the wall and leaves it as $-\log(\eta/2) - \gamma$ (DLMF 10.30.3), a straight line
        that starts at zero where $\eta = 2 e^{-\gamma}$:""",
    )  # fmt: skip
    euler = sp.EulerGamma
    start = (sp.log(a * c * b) / 2 + euler - sp.log(2 * K_c) - x_1) / K_c
    eta = sp.sqrt(a * c * b) / K_c * sp.exp(-x_1 - K_c * start)
    d.check("where the line starts", sp.expand_log(sp.log(eta), force=True), sp.log(2) - euler, shown=r"\log\eta")
    ramp = sp.airyai((a * c * r) ** sp.Rational(1, 3) * tau)
    d.check(
        "on the ramp", sp.diff(ramp, tau, 2), a * c * r * tau * ramp, shown=r"\partial_\tau^2\, \mathrm{Ai}(\alpha\tau)"
    )
    d.step(
        "the run escapes just when", r"-|z_0|/\alpha, \qquad \alpha = (a c r)^{1/3}, \quad z_0 = -2.33810741\dots",
        r"\tau_{\text{line}}",
        words=r"""$u$ decays at late times, and its first zero is the start of the line. This gives $x_1$:""",
    )  # fmt: skip
    d.step(
        "log rho at the critical temperature",
        r"\tfrac12 \log(a c b) + \gamma - \log(2 K_c) + |z_0| \frac{K_c}{(a c r)^{1/3}}", "x_1", name="passage_offset",
    )  # fmt: skip
    d.step(
        "prefactor of the threshold",
        r"\kappa^\star \left[ \int_{-\infty}^0 \left( \tfrac1K - \tfrac1{\kappa^\star} \right) dx + \int_0^\infty "
        r"\left( \tfrac1K - \tfrac1{K_c} \right) dx + \frac{x_1}{K_c} \right]", r"\log A", name="prefactor",
        words=r"""with $K$ along the collapsed branch at $T = T_c$, from $d\tau = dx/K$. Remainder: a constant of order
        $\kappa^\star$ and a term $\kappa^\star \log\alpha$, found next.""",
    )  # fmt: skip


def _constant(d: Derivation) -> None:
    d.say(
        r"""**The constant.** Close to the wall $y$ is of order $K_c/a$, not small: the normal form does not hold there. But
        the wall is passed within a few units of $1/K_c$, in which $T$ moves by the order of $r$. So take the run at
        $T = T_c$ for good. It leaves the coincident pair on its one unstable direction, a single orbit, and creeps up
        to the fold, where $\dot y = a y^2 + a_3 y^3$. With $\omega = -1/y$:"""
    )
    w = sp.Symbol("omega", positive=True)
    d.check("creep to the fold", w**2 * (a * w**-2 - a_3 * w**-3), a - a_3 / w, shown=r"\dot\omega")
    d.step(
        "the orbit's clock", r"\frac{\omega}{a} + \frac{a_3}{a^2} \log\frac{\omega}{a} + O\left(\frac{\log\omega}{\omega}\right)",
        r"\tau - \tau_0", name="orbit_clock",
        words=r"""This fixes $\tau_0$; and far back on the same orbit $x = \kappa^\star (\tau - \tau_0) + X$, which
        fixes the number $X$. On the ramp the cubic terms disturb
        $y = -\dot u/(a u)$, $u = \mathrm{Ai}(\alpha\tau)$, by $\eta$ with""",
    )  # fmt: skip
    u, g = sp.Function("u")(tau), sp.Function("g")(tau)
    eta = sp.Function("eta")(tau)
    rate = 2 * a * (-sp.diff(u, tau) / (a * u)) * eta + g
    d.check("disturbance", sp.diff(u**2 * eta, tau).subs(sp.diff(eta, tau), rate), u**2 * g,
            shown=r"\partial_\tau (u^2 \eta)")  # fmt: skip
    d.step("what disturbs", r"a_3 y^3 - c_1 r \tau y", "g", words=r"""The run stays on the unstable branch at late times,
        so $u^2\eta = -\int_\tau^\infty u^2 g$. With $\zeta = \alpha\tau$ two integrals remain:""")  # fmt: skip
    zeta = sp.Symbol("zeta", real=True)
    ai, slope = sp.airyai(zeta), sp.airyaiprime(zeta)
    primitive = (zeta * ai**2 - (zeta * ai**2 - slope**2)) / 2
    d.check("the integral of the linear term", sp.diff(primitive, zeta), zeta * ai * slope,
            shown=r"\partial_\zeta\, \tfrac12 \mathrm{Ai}'^2")  # fmt: skip
    d.step(
        "the integral of the cubic term",
        r"\lim_{\epsilon\to0} \left[ \frac{1}{\mathrm{Ai}'(z_0)^2} \int_{z_0+\epsilon}^\infty \frac{\mathrm{Ai}'^3}{\mathrm{Ai}} "
        r"d\zeta + \log\epsilon \right] = -1.00851825\dots", r"B_0", name="airy_constant",
        words=r"""A pole of $y$ at $\tau_p$ moved by $\Delta$ is $\eta = -\Delta/(a (\tau - \tau_p)^2)$, so with
        $u \approx \alpha\,\mathrm{Ai}'(z_0) (\tau - \tau_p)$""",
    )  # fmt: skip
    d.step(
        "shift of the pole", r"\frac{a_3}{a^2} \left( \log(\alpha (\tau - \tau_p)) - B_0 \right) - \frac{c_1}{2 a c}",
        r"\Delta", words=r"""whose logarithm in $\tau - \tau_p$ is the one of the orbit's clock. Matching, $T = T_c$ is
        reached""",
    )  # fmt: skip
    d.step(
        "from the orbit's zero of time to T_c",
        r"\frac{|z_0|}{\alpha} - \frac{a_3}{a^2} \left( \log\alpha - B_0 \right) + \frac{c_1}{2 a c}", r"\tau_c",
        name="passage_time",
    )  # fmt: skip
    d.step(
        "prefactor with its constant", r"X + \kappa^\star \tau_c", r"\log A", name="refined_prefactor",
        words=r"""Remainder: it vanishes with $r$. Next terms are of order $\kappa^\star \alpha \log^2\alpha$ from the
        ramp, and two that are known:""",
    )  # fmt: skip
    _remainder(d)


def _remainder(d: Derivation) -> None:
    d.say(
        r"""**What is left out, where it is known.** While the run follows the orbit, $T$ is still above $T_c$. Let $S(x)$ be
        the derivative of the orbit's clock at $\log\rho = x$ with respect to $T$, so that $S' = \partial_T (1/K)$. The run
        passes $x$ at $T - T_c = r (\tau_w - \tau(x) + |z_0|/\alpha)$, with $\tau_w$ the clock at the wall $x_w$; by parts,
        as $S(-\infty) = 0$ and $d\tau = dx/K$,"""
    )
    d.step(
        "drift of the orbit", r"\kappa^\star r \left( S(x_w) \frac{|z_0|}{\alpha} + \int_{-\infty}^{\tau_w} S\, d\tau \right)",
        r"\Delta_1 \log A", name="drift_of_the_orbit",
        words=r"""It is of order $\kappa^\star r^{2/3}$; but $S$ begins where $K$ leaves $\kappa^\star$, of the order of
        $1/\kappa^\star$ before the wall, so that the integral, of order $r$, is the larger part where $\kappa^\star$ is
        below $\alpha$. A ramp that bends, $T - T_c = -r\tau + \tfrac12 q \tau^2$, disturbs $y$ by $\tfrac12 c q \tau^2$:""",
    )  # fmt: skip
    zeta = sp.Symbol("zeta", real=True)
    ai, slope = sp.airyai(zeta), sp.airyaiprime(zeta)
    primitive = (2 * zeta * ai * slope - ai**2 - zeta**2 * slope**2 + zeta**3 * ai**2) / 5
    d.check("the integral of the square", sp.expand(sp.diff(primitive, zeta)), zeta**2 * ai**2,
            shown=r"\partial_\zeta\, \tfrac15 \left( 2 \zeta\, \mathrm{Ai}\, \mathrm{Ai}' - \mathrm{Ai}^2 - \zeta^2 \mathrm{Ai}'^2 + \zeta^3 \mathrm{Ai}^2 \right)")  # fmt: skip
    d.step(
        "bend of the ramp", r"\kappa^\star \frac{q}{r} \frac{z_0^2}{10\, \alpha^2}", r"|\Delta_2 \log A|",
        name="bend_of_the_ramp",
        words=r"""from the pole's shift $\frac{a c q}{2 \alpha^5} \int_{z_0}^\infty \zeta^2 \mathrm{Ai}^2 d\zeta /
        \mathrm{Ai}'(z_0)^2$ with $\alpha^3 = a c r$. It is of order $\kappa^\star\alpha$.""",
    )  # fmt: skip
