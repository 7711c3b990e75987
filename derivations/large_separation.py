r"""The constants of slow annealing as the separation grows: s*, kappa*, kappa_0 and T_c, each with its next orders.

Source: theory sections 6 and 7.  Output: s*, kappa* and kappa_0 at large R and fixed h, the place of the fold and the
logarithm of T_c for equal weights of the family.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations import fixed_points
from derivations.core import Derivation
from derivations.symbols import R, T, h, m_1, m_2, overlap, psi_1, psi_2, symbol, w_1

a, alpha, k, n = sp.symbols("a alpha k nu", real=True)
u, x, small = sp.Symbol("u", real=True), sp.Symbol("x", real=True), sp.Symbol("varepsilon", positive=True)
exp, log, pi, sqrt, half = sp.exp, sp.log, sp.pi, sp.sqrt, sp.Rational(1, 2)
SECH, SECH2 = 1 / sp.sin(pi * alpha / 2), alpha / sp.sin(pi * alpha / 2)  # over pi: moments of e^(k u) sech, sech^2
y, U, D = sp.Symbol("y", real=True), sp.Symbol("U", positive=True), sp.Symbol("D", positive=True)
depth, tail = symbol("fold_depth"), symbol("normal_tail")
FRONT = R * sqrt(pi / 2) * exp(-((R**2 + h) ** 2) / (2 * R**2))


@cache
def derive() -> Derivation:
    """Watson's lemma for the averages, the collapsed state, the fold."""
    d = Derivation("large_separation", "theory sections 6 and 7", "Large separation")
    _averages(d)
    _collapsed(d)
    _origin(d)
    _averages_near_the_midpoint(d)
    _fold(d)
    return d


def _averages(d: Derivation) -> None:
    d.say(
        r"""Let $U = 1 - \psi = \mathbb{E}\,\frac{2}{1 + e^{2u}}$ at $u = a + R z$, $a = m + h$, and $\alpha = a/R^2$.
        In $u$ the normal density is"""
    )
    d.check(
        "density in u", -((u - a) ** 2) / (2 * R**2), -(a**2) / (2 * R**2) + a / R**2 * u - u**2 / (2 * R**2),
        shown=r"-\frac{(u - a)^2}{2R^2}",
    )  # fmt: skip
    d.check("the kernel of U", (2 / (1 + exp(2 * u)) - exp(-u) / sp.cosh(u)).rewrite(exp), sp.Integer(0),
            shown=r"\frac{2}{1 + e^{2u}} - e^{-u}\, \mathrm{sech}\,u")  # fmt: skip
    d.say(
        r"""so $U$ and $\psi' = \mathbb{E}\,\mathrm{sech}^2 u$ are $\frac{e^{-a^2/(2R^2)}}{R \sqrt{2\pi}}$ times the
        integrals of $e^{(\alpha - 1) u}\,\mathrm{sech}\,u\;e^{-u^2/(2R^2)}$ and
        $e^{\alpha u}\,\mathrm{sech}^2 u\;e^{-u^2/(2R^2)}$. The partial sums of the series of $e^{-X}$, $X = u^2/(2R^2)
        \geq 0$, lie alternately above and below it, so each remainder is smaller than the first term left out. The
        moments: $\int e^{k u}\,\mathrm{sech}\,u\,du = \pi/\cos(\pi k/2)$ (page of the overlap) at $k = \alpha - 1$,"""
    )
    d.check("at k = alpha - 1", sp.expand_trig(sp.cos(pi * alpha / 2 - pi / 2)), sp.sin(pi * alpha / 2),
            shown=r"\cos(\pi (\alpha - 1)/2)")  # fmt: skip
    d.say(r"and with $t = e^{2u}$ a beta integral (DLMF 5.12.3, 5.5.3):")
    t = sp.Symbol("t", positive=True)
    d.check(
        "as a beta integral", (exp(k * u) / sp.cosh(u) ** 2).rewrite(exp).subs(u, log(t) / 2) / (2 * t),
        2 * t ** (k / 2) / (1 + t) ** 2, shown=r"e^{k u}\,\mathrm{sech}^2(u)\,\frac{du}{dt}",
    )  # fmt: skip
    beta = 2 * sp.gamma(1 + n) * sp.gamma(1 - n)
    d.check("its value at k = 2 nu", sp.gammasimp(beta), 2 * pi * n / sp.sin(pi * n),
            shown=r"\int e^{2 \nu u}\,\mathrm{sech}^2 u\,du")  # fmt: skip
    d.say(r"A factor $u^2$ is two derivatives by $\alpha$. With $S = 1/\sin(\pi\alpha/2)$ and $K = \alpha S$:")
    d.step(
        "averages at large separation",
        (
            r"\sqrt{\frac{\pi}{2}} \frac{e^{-a^2/(2R^2)}}{R} \left[ S - \frac{S''}{2R^2} + \frac{S''''}{8R^4}"
            r" - \dots \right]",
            r"\sqrt{\frac{\pi}{2}} \frac{e^{-a^2/(2R^2)}}{R} \left[ K - \frac{K''}{2R^2} + \frac{K''''}{8R^4}"
            r" - \dots \right]",
        ),
        ["1 - \\psi", r"\psi'"], name="averages_at_large_separation",
        words=r"""Domain: $0 < \alpha < 2$ for the first, $|\alpha| < 2$ for the second, at fixed $\alpha$. Remainder
        after $J$ terms: relative $O(R^{-2J})$, smaller than the next term.""",
    )  # fmt: skip
    d.say(r"The second is minus the derivative of the first: with $d\alpha/da = R^{-2} = \varepsilon$,")
    terms = [(-small / 2) ** j / sp.factorial(j) for j in range(4)]
    of_u = sum(term * sp.diff(SECH, alpha, 2 * j) for j, term in enumerate(terms))
    of_slope = sum(term * sp.diff(SECH2, alpha, 2 * j) for j, term in enumerate(terms))
    d.verify("derivative", *[sp.Poly(sp.expand(side), small).all_coeffs()[-3:] for side in (
        sp.expand(alpha * of_u - small * sp.diff(of_u, alpha)), sp.expand(of_slope))])  # fmt: skip
    d.step(
        "proved coefficient by coefficient below order 3 in epsilon",
        r"\alpha [S - \dots] - \varepsilon\, \partial_\alpha [S - \dots]", r"[K - \dots]",
    )  # fmt: skip


def _bracket(shape: Any, order: int) -> Any:
    """The bracket of a shape at alpha = 1 + h/R^2 below a power of epsilon = 1/R^2."""
    total = sum((-small / 2) ** j / sp.factorial(j) * sp.diff(shape, alpha, 2 * j) for j in range(order))
    centred = total.subs(alpha, 1 + x)
    taylor = sum(sp.simplify(sp.diff(centred, x, i).subs(x, 0)) * (h * small) ** i / sp.factorial(i)
                 for i in range(order))  # fmt: skip
    poly = sp.Poly(sp.expand(taylor), small)
    return sum(sp.factor(poly.coeff_monomial(small**i)) * small**i for i in range(order))


def _collapsed(d: Derivation) -> None:
    d.say(
        r"""**Collapsed state.** $s^\star = R^2 - R^2 U(s^\star)$, so by the mean value theorem
        $R^2 - s^\star = R^2 U(R^2)/(1 - R^2 \psi'(\xi))$ with $\xi$ between $s^\star$ and $R^2$. $R^2 \psi'(\xi)$ and
        $R^2 - s^\star$ are both of the order of $R\,e^{-R^2/2}$: beyond every power of $1/R$. The same holds for
        $\kappa^\star = R^2 \psi'(s^\star)$ against $R^2 \psi'(R^2)$, for $\psi''/\psi'$ is bounded ($|\tanh| < 1$). So
        both constants are the expansions at $m = R^2$, where $\alpha = 1 + h/R^2$:"""
    )
    d.step(
        "uniformly in h",
        (
            r"R^2 - R \sqrt{\frac{\pi}{2}}\, e^{-(R^2+h)^2/(2R^2)} \left[ S(\alpha) - \frac{S''(\alpha)}{2R^2}"
            r" + O(R^{-4}) \right]",
            r"R \sqrt{\frac{\pi}{2}}\, e^{-(R^2+h)^2/(2R^2)} \left[ K(\alpha) - \frac{K''(\alpha)}{2R^2}"
            r" + O(R^{-4}) \right]",
        ),
        [r"s^\star", r"\kappa^\star"], name="collapsed_state_at_large_separation",
        words=r"""Domain: $R \to \infty$ with $|h| \leq \theta R^2$, $\theta < 1$. The first term of $\kappa^\star$
        alone, $K(\alpha) = \alpha/\sin(\pi\alpha/2)$, has the relative remainder $-K''/(2 K R^2)$,
        about $-\pi^2/(8R^2)$.""",
    )  # fmt: skip
    rest, rate = _bracket(SECH, 3), _bracket(SECH2, 3)
    d.check("curvature of K at alpha = 1", sp.simplify(sp.diff(SECH2, alpha, 2).subs(alpha, 1)), pi**2 / 4,
            shown="K''(1)")  # fmt: skip
    d.say(r"At fixed $h$ these are series in $\varepsilon = R^{-2}$:")
    d.step("brackets", {r"[S - \dots]": rest + sp.O(small**3), r"[K - \dots]": rate + sp.O(small**3)})
    d.output("collapsed_overlap_large", R**2 - FRONT * _in_separation(rest), r"s^\star",
             "overlap of the collapsed state at large separation")  # fmt: skip
    d.output("escape_rate_large", FRONT * _in_separation(rate), r"\kappa^\star",
             "escape rate of the collapsed state at large separation")  # fmt: skip
    d.say(
        r"""Domain: $R \to \infty$ at fixed $h$. Remainder: relative $O(R^{-6})$ of $\kappa^\star$ and of
        $R^2 - s^\star$; without the terms of order $R^{-4}$ it is $O(R^{-4})$."""
    )


def _in_separation(bracket: Any) -> Any:
    """The polynomial in 1/R^2 over one denominator."""
    return sp.together(bracket.subs(small, 1 / R**2))


def _origin(d: Derivation) -> None:
    d.say(
        r"**Rate at the origin.** For $\kappa_0 = R^2 \psi'(0)$ take $\alpha = h/R^2 \to 0$, where $K = 2/\pi + \dots$:"
    )
    total = sum((-small / 2) ** j / sp.factorial(j) * sp.limit(sp.diff(SECH2, alpha, 2 * j), alpha, 0) for j in (0, 1))
    gauss = 1 - h**2 * small / 2
    product = sp.expand(pi / 2 * total * gauss)
    closed = 1 - (h**2 / 2 + pi**2 / 24) * small
    d.check("coefficients below order 2", [product.coeff(small, i) for i in (0, 1)],
            [sp.expand(closed).coeff(small, i) for i in (0, 1)], shown=["1", r"R^{-2}"])  # fmt: skip
    d.output("start_rate_large", R * sqrt(2 / pi) * _in_separation(closed), r"\kappa_0",
             "growth rate at overlap zero at large separation")  # fmt: skip
    d.say(r"Domain: $R \to \infty$ at fixed $h$. Remainder: relative $O(R^{-4})$.")


def _averages_near_the_midpoint(d: Derivation) -> None:
    d.say(
        r"""**Fold of the collapsed pair**, $w_1 = 1/2$. There $m_2$ is of order $R$, not $R^2$: put $a = m_2 + h
        = R y$. Then sech^2 is narrow against the density, and its even moments $2, \frac{\pi^2}{6}, \dots$ give"""
    )
    zero, second = (sp.limit(sp.diff(pi * SECH2, alpha, j), alpha, 0) for j in (0, 2))
    d.check("moments of sech^2", [zero, second], [sp.Integer(2), pi**2 / 6],
            shown=[r"\int \mathrm{sech}^2 u\,du", r"\int u^2\,\mathrm{sech}^2 u\,du"])  # fmt: skip
    at = sp.Symbol("at", real=True)
    normal = exp(-(y**2) / 2) / sqrt(2 * pi)
    local = normal.subs(y, y - u / R)
    quadratic = sp.series(local.subs(R, 1 / at), at, 0, 3).removeO().coeff(at, 2)
    d.check("density close to y", sp.expand(quadratic), sp.expand(u**2 * sp.diff(normal, y, 2) / 2),
            shown=r"[R^{-2}]\ \varphi(y - u/R)")  # fmt: skip
    lift = sp.expand(zero * normal + second / (2 * R**2) * sp.diff(normal, y, 2))  # R psi' = d psi/dy
    upper = 2 * (1 - sp.erf(y / sqrt(2))) / 2 + pi**2 / (12 * R**2) * y * normal
    d.check("R psi' as the derivative of psi", -sp.diff(upper, y), lift, shown=r"-\partial_y U")
    d.step(
        "psi close to the midpoint",
        r"2 \bar\Phi(y) + \frac{\pi^2}{12 R^2}\, y\, \varphi(y) + O(R^{-4})", r"U = 1 - \psi(R y - h)",
        name="psi_at_the_midpoint",
        words=r"$\varphi$ and $\bar\Phi$ are density and upper tail of the standard normal law. Domain: $R \to \infty$,"
        r" any real $y$; the remainder is at most a polynomial in $y$ times $\varphi(y) R^{-4}$.",
    )  # fmt: skip


def _fold(d: Derivation) -> None:
    d.say(
        r"""The other mean sits beyond the mode, $m_1 \approx 2R^2$, where $1 - \psi(m_1)$ is below $e^{-3R^2/2}$ (large
        $R$) and is left out. Let $p = 2 T G(D) (m_1 - m_2)$ be the push. The two equations of rest (page
        Fixed points) are then"""
    )
    push = sp.Symbol("p", positive=True)
    premise = fixed_points.derive().outputs["aligned_rest"].value
    values = {psi_1: 1, psi_2: 1 - U, w_1: half}
    at_rest = [sp.sympify(one).subs(values).subs(T, push / (2 * overlap * (m_1 - m_2))) for one in premise]
    d.check("equations of rest", at_rest, [R**2 + push - m_1, R**2 * (1 - U) - push - m_2], shown=["F_1", "F_2"])
    means = {m_1: R**2 + push, m_2: R * y - h}
    pushed = sp.solve(at_rest[1].subs(m_2, R * y - h), push)[0]
    gap = sp.expand(((m_1 - m_2) / R).subs(means).subs(push, pushed))
    distance = 2 * R - R * U - 2 * y + 2 * h / R
    d.check("distance of the pair", gap, distance, shown="D")
    d.check("the push in D", pushed, R * (D - R * U).subs(D, distance) / 2, shown="p")
    resting = push / (2 * overlap * R * D)
    temperature = resting.subs(push, R * (D - R * U) / 2)
    d.check("temperature along the curve", temperature, (1 - R * U / D) / (4 * overlap), shown="T(y)")
    asymptotic = sqrt(pi / 2) * exp(-(D**2) / 8) / (2 * D) / (1 + pi**2 / (2 * D**2))
    d.say(
        r"""$D$ is large, so $G = \tfrac12 e^{-D^2/8} \sqrt{\pi/2}\,D^{-1} (1 - \frac{\pi^2}{2D^2} + O(D^{-4}))$ (page
        of the overlap) and"""
    )
    logarithm = D**2 / 8 + log((D - R * U) / sqrt(2 * pi)) + log(1 + pi**2 / (2 * D**2))
    d.check("with G at large D", exp(logarithm), (1 - R * U / D) / (4 * asymptotic), shown="T(y)")
    _maximum(d, distance, logarithm)
    _remainder(d)


def _maximum(d: Derivation, distance: Any, logarithm: Any) -> None:
    d.say(
        r"""The fold is the maximum of $T$ along the curve. $D^2/8$ decides: its slope is $\frac{D}{4} D'$ with $D
        \approx 2R$, while the other logarithms have slope $O(R^{-1})$. To leading order $U' = -2\varphi(y)$, so $D' = 2
        (R \varphi(y) - 1)$ vanishes where"""
    )
    place = sqrt(log(R**2 / (2 * pi)))
    density = exp(-(place**2) / 2) / sqrt(2 * pi)
    d.check("place of the fold", R * density, sp.Integer(1), shown=r"R\,\varphi(y), \quad y = \sqrt{\log(R^2/2\pi)}")
    d.output("fold_place_large", place, "y", "depth (m2 + h)/R of the fold at large separation, to leading order")
    closed_tail = 2 * tail + pi**2 * depth / (12 * R**3)
    d.check("U there", (2 * tail + pi**2 / (12 * R**2) * depth / R), closed_tail, shown="U(y)")
    fold_distance = distance.subs({U: closed_tail, y: depth})
    value = logarithm.subs(D, fold_distance).subs(U, closed_tail)
    d.output("fold_distance_large", fold_distance, "D_c", "distance of the pair at the fold at large separation")
    d.output("log_critical_temperature_large", value, r"\log T_c",
             "logarithm of T_c at large separation, with the next orders", report=False)  # fmt: skip
    d.step(
        "critical temperature at large separation",
        (
            r"\frac{D_c - R U}{\sqrt{2\pi}}\, e^{D_c^2/8} \left( 1 + \frac{\pi^2}{2 D_c^2} \right)"
            r" \left( 1 + O(y^3 R^{-3}) \right)",
            r"2R - R U - 2y + \frac{2h}{R}",
            r"2 \bar\Phi(y) + \frac{\pi^2 y}{12 R^3}",
            r"\sqrt{\log\frac{R^2}{2\pi}}",
        ),
        ["T_c", "D_c", "U", "y"], name="critical_temperature_large",
    )  # fmt: skip


def _remainder(d: Derivation) -> None:
    slope, bend = (1 + pi**2 * (y**2 - 1) / 24) / R, -R * y
    trimmed = sp.diff(2 * R - R * U - 2 * y, y)
    drop = -(2 * sp.Symbol("phi") + pi**2 / (12 * R**2) * (y**2 - 1) * sp.Symbol("phi"))  # U'
    first = (trimmed - R * drop).subs(sp.Symbol("phi"), 1 / R)
    d.check("slope of D left at that y", first, pi**2 * (y**2 - 1) / (12 * R**2), shown="D'")
    d.check("slope of log T left at that y", R / 2 * first + (2 / R) * R / (2 * R), slope,
            shown=r"\partial_y \log T = \frac{R}{2} D' + \frac{1}{R}")  # fmt: skip
    d.say(
        r"""**Remainder.** There $\partial_y^2 \log T \approx \frac{R}{2} \cdot 2R \varphi'(y) = -R y$, so taking that
        $y$ for the true maximum costs"""
    )
    d.step("gain of the true maximum, leading order", -(slope**2) / (2 * bend), r"\log T_c - \log T(y)")
    d.say(
        r"""of order $y^3 R^{-3}$. The term of $U$ left out, $O(y^3 \varphi(y) R^{-4}) = O(y^3 R^{-5})$, changes
        $D^2/8 \approx R D/4$ by $O(y^3 R^{-3})$, and that of $G$ is $O(R^{-4})$. Domain: $R \to \infty$ at fixed $h$,
        $R > \sqrt{2\pi}$. Remainder: $O(R^{-3} \log^{3/2} R)$ in $\log T_c$. The true maximum lies
        $\partial_y \log T/(R y) = O(y R^{-2})$ away in $y$, and since $D' = O(y^2 R^{-2})$, $D_c$ is right up to $O(y^3
        R^{-4})$. The leading form
        $\frac{D}{\sqrt{2\pi}} e^{D^2/8}$ with $U = 2 \bar\Phi(y)$ leaves out $-R U/D \approx -1/(R y)$ and
        $-\frac{R^2}{2} \frac{\pi^2 y}{12 R^3}$: $O(R^{-1} \log^{1/2} R)$. In the plainest terms $\log T_c =
        \frac{R^2}{2} - R \sqrt{2 \log R}\,(1 + o(1))$: $T_c$ grows much slower than $1/\kappa^\star$."""
    )
