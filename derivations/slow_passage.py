# ruff: noqa: E501  # formulas in LaTeX are not broken across lines
r"""The passage of a slowly cooled pair through T_c: normal form, wall and ramp.

Source: theory section 6.  Output: the coefficients of the normal form to third order, the wall and the ramp.
"""

from dataclasses import replace
from functools import cache
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
    symbol,
    tau,
    w_1,
)  # fmt: skip

_W_2 = 1 - w_1
_GAP = (m_1 - m_2) / R
_AVERAGES = {number: average for average, number in VALUES.items()}
_STATE = (m_1, m_2)
y, theta, xi = (sp.Symbol(name, real=True) for name in ("y", "theta", "xi"))
a, a_3, b, c, c_1, K_c, r, x_1 = sp.symbols("a a_3 b c c_1 K_c r x_1", positive=True)
drive, tilt, cubic, warming, growth = (
    symbol(f"passage_{name}") for name in ("drive", "tilt", "cubic", "warming", "growth")
)
zero, ramp, alpha = (symbol(name) for name in ("airy_zero", "ramp_rate", "ramp_scale"))
LETTERS = {drive: a * c, tilt: b, cubic: a_3 / a**2, warming: c_1 / (a * c), growth: K_c, ramp: r}


@cache
def derive() -> Derivation:
    """Centre manifold, then the two limits of the passage."""
    d = Derivation("slow_passage", "theory section 6", "The passage through the critical temperature")
    _coefficients(d)
    _wall_and_ramp(d)
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
                sum(frozen[u[i]] * sp.diff(value, _STATE[i]) for i in range(2))
                if u is not _TEMPERATURE
                else sp.diff(value, T)
            )
        return value.xreplace({dummy: u for u, dummy in frozen.items()})

    stable = part(across, q)
    mixed = part(along, v, q)
    shape = [-part(across, v, v) / (2 * stable), -part(across, _TEMPERATURE) / stable]
    quadratic, drive = part(along, v, v) / 2, part(along, _TEMPERATURE)
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
    warmed = part(along, v, _TEMPERATURE) + mixed * shape[1]
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
        "coefficients a, c, b, a_3, c_1 of the normal form of the passage, y along its null vector, and the growth "
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


_TEMPERATURE: list[Any] = []  # the direction of T


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
    d.check("K_0 solves the wall, where slopes in tau are -K_c eta times those in eta", K_c**2 * twice, K_c**2 * argument**2 * sp.besselk(0, argument),
            shown=r"\left( K_c\, \eta\, \partial_\eta \right)^2 K_0(\eta)")  # fmt: skip
    d.step(
        "at the wall", r"K_0(\eta), \qquad \eta = \frac{\sqrt{a c b}}{K_c}\, e^{-x_1 - K_c \tau}", "u",
        words=r"""which decays into the wall and leaves it as $-\log(\eta/2) - \gamma$ (DLMF 10.30.3), a straight line
        that starts at zero where $\eta = 2 e^{-\gamma}$:""",
    )  # fmt: skip
    euler = sp.EulerGamma
    d.verify("out of the wall", sp.limit(sp.besselk(0, argument) + sp.log(argument / 2), argument, 0), -euler)
    start = (sp.log(a * c * b) / 2 + euler - sp.log(2 * K_c) - x_1) / K_c
    eta = sp.sqrt(a * c * b) / K_c * sp.exp(-x_1 - K_c * start)
    d.check("where the line starts", sp.expand_log(sp.log(eta), force=True), sp.log(2) - euler, shown=r"\log\eta")
    wall = sp.log(drive * tilt) / 2 + euler - sp.log(2 * growth)
    d.check("log rho there", sp.expand(x_1 + K_c * start), wall.xreplace(LETTERS), shown="x_w")
    d.output("passage_wall", wall, "x_w", "log rho at the wall, where the line starts", report=False)
    scale = sp.cbrt(drive * ramp)
    on_ramp = sp.airyai(scale.xreplace(LETTERS) * tau)
    d.check("on the ramp", sp.diff(on_ramp, tau, 2), a * c * r * tau * on_ramp,
            shown=r"\partial_\tau^2\, \mathrm{Ai}(\alpha\tau)")  # fmt: skip
    d.output("ramp_scale", scale, r"\alpha", "inverse time of the passage on the ramp", report=False)
    d.step(
        "the run escapes just when", r"-|z_0|/\alpha, \qquad \alpha = (a c r)^{1/3}, \quad z_0 = -2.33810741\dots",
        r"\tau_{\text{line}}",
        words=r"""$u$ decays at late times, and its first zero is the start of the line. This gives $x_1$:""",
    )  # fmt: skip
    offset = wall + growth * zero / alpha
    d.check("the line starts there", start.subs(x_1, offset.xreplace(LETTERS)), -zero / alpha,
            shown=r"\tau_{\text{line}}")  # fmt: skip
    d.step("log rho at the critical temperature by wall and ramp", offset, "x_1", name="passage_offset")
    d.step(
        "prefactor of the threshold",
        r"\kappa^\star \left[ \int_{-\infty}^0 \left( \tfrac1K - \tfrac1{\kappa^\star} \right) dx + \int_0^\infty "
        r"\left( \tfrac1K - \tfrac1{K_c} \right) dx + \frac{x_1}{K_c} \right]", r"\log A", name="prefactor",
        words=r"""with $K$ along the collapsed branch at $T = T_c$, from $d\tau = dx/K$. Remainder: a constant of order
        $\kappa^\star$ and a term $\kappa^\star \log\alpha$, found on the page The constant of the passage.""",
    )  # fmt: skip
