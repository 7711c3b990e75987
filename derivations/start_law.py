r"""The law of a random start: the angle of the pair with the axis, its length across it, and its centre.

Source: theory section 5.  Output: the angle's cosine and sine as logarithms, and the logarithms of the densities that
averages over starts are taken with.
"""

from functools import cache

import mpmath
import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p
from sympy.codegen.numpy_nodes import logaddexp

from derivations.core import Derivation
from derivations.symbols import R, cos, l_across, scale, symbol, v, w_1, x_rho

centre, dim, half, cotangent2 = (symbol(n) for n in ("s0", "dim", "half_freedom", "cotangent_squared"))
log_cos, log_gamma, log_ratio, stretch = (symbol(n) for n in ("log_cosine", "log_gamma", "log_gamma_ratio", "stretch"))
log_norm, _place = symbol("log_norm"), symbol("place")
_DIGITS = 160  # of the numbers that show the order of an error


@cache
def derive() -> Derivation:
    """Angle, length across the axis, centre, cosine of a uniform direction, frame of a pair on the sphere."""
    d = Derivation("start_law", "theory section 5", "The law of a random start")
    _angle(d)
    _length(d)
    _chance(d)
    _centre(d)
    _cosine(d)
    _frame(d)
    return d


def _angle(d: Derivation) -> None:
    d.say(r"""A threshold is a cotangent, $\rho = c/\bar c$, $x = \log\rho$; the chance of an angle is a function of
        $c^2$ or of $\bar c^2 = 1 - c^2$. Either is kept as a logarithm, which has all its digits at both ends:""")
    forward, sine = -logaddexp(0, -2 * x_rho) / 2, -logaddexp(0, 2 * x_rho)
    back = log_cos - sp.log(-expm1(2 * log_cos)) / 2
    plain = [sp.exp(2 * forward.rewrite(sp.log)), sp.exp(sine.rewrite(sp.log))]
    d.check("a cosine and a sine", [sum(plain), plain[0] / plain[1]], [sp.Integer(1), sp.exp(2 * x_rho)],
            shown=[r"c^2 + \bar c^2", r"c^2/\bar c^2"])  # fmt: skip
    cotangent = sp.exp(2 * back.rewrite(sp.exp))
    d.check("there and back", cotangent.subs(log_cos, sp.log(plain[0]) / 2), sp.exp(2 * x_rho), shown=r"\rho^2")
    d.output("log_cosine", forward, r"\log c", "logarithm of the cosine of the angle with the axis", report=False)
    d.output("log_rho_of_cosine", back, "x", "log rho of the logarithm of a cosine", report=False)
    d.output("log_sine_squared", sine, r"\log \bar c^2", "logarithm of the squared sine", report=False)
    squares = [cotangent2 / (1 + cotangent2), 1 / (1 + cotangent2)]
    d.check("squares of a cotangent", [squares[0] / squares[1], sum(squares)], [cotangent2, sp.Integer(1)],
            shown=[r"\rho^2", r"c^2 + \bar c^2"])  # fmt: skip
    d.output("angle_of_cotangent", squares, ["c^2", r"\bar c^2"], "squared cosine and sine of a squared cotangent",
             report=False)  # fmt: skip
    d.say(r"""Where a cosine may have either sign, $p = \mathrm{artanh}(\pm c)$ has no ends, and $\rho = \sinh|p|$:""")
    turned, log_sinh, place = sp.tanh(_place), _place + sp.log(-expm1(-2 * _place)) - sp.log(2), sp.asinh(sp.exp(x_rho))
    d.check("a cosine and a cotangent of a place", [turned**2 / (1 - turned**2), sp.exp(2 * log_sinh.rewrite(sp.exp))],
            [sp.sinh(_place) ** 2] * 2, shown=[r"c^2/\bar c^2", r"\rho^2"])  # fmt: skip
    d.verify("and back to it", sp.sinh(place), sp.exp(x_rho))
    d.output("cosine_of_place", turned, r"\pm c", "cosine of an angle with the axis, from its place", report=False)
    d.output("log_rho_of_place", log_sinh, "x", "log rho of a place above 0", report=False)
    d.output("place_of_log_rho", place, "p", "the place above 0 of an angle", report=False)


def _length(d: Derivation) -> None:
    d.say(r"""For means $N(0, \sigma^2 I_d)$ the difference is $N(0, 2\sigma^2 I_d)$, so $|\Delta_\perp| =
        \sqrt2\,\sigma\,r$ with $r$ of the law $\chi_n$, $n = d - 1 = 2a$ and the density
        $r^{n-1} e^{-r^2/2}/(2^{n/2-1} \Gamma(n/2))$. The density of $\log r$ is $r$ times that, and is largest at
        $r = \sqrt n$. With $r = \sqrt n\, e^u$,""")
    r, a = sp.Symbol("r", positive=True), sp.Symbol("a", positive=True)
    log_chi = (2 * a - 1) * sp.log(r) - r**2 / 2 - (a - 1) * sp.log(2) - log_gamma
    log_density = log_chi + sp.log(r)
    d.check("the most probable length", sp.diff(log_density, r).subs(r, sp.sqrt(2 * a)), sp.Integer(0), shown="dp/dr")
    norm = sp.log(2) + half * sp.log(half) - half - log_gamma
    shape = -half * (expm1(2 * stretch) - 2 * stretch)
    at = sp.expand_log(log_density.subs(r, sp.sqrt(2 * a) * sp.exp(sp.Symbol("u", real=True))), force=True)
    found = (norm + shape.rewrite(sp.exp)).subs({half: a, stretch: sp.Symbol("u", real=True)})
    d.check("its density", at, sp.expand_log(found, force=True), shown=r"\log p(u)")
    apart = sp.sqrt(2) * scale  # of one coordinate of the difference
    one, other = sp.symbols("x y", real=True)
    both = sp.exp(-(one**2 + other**2) / (2 * scale**2)) / (2 * sp.pi * scale**2)
    square = sp.integrate(sp.expand((one - other) ** 2) * both, (one, -sp.oo, sp.oo), (other, -sp.oo, sp.oo))
    d.check("one coordinate of the difference", square, apart**2, shown=r"\mathbb{E}\,\Delta_k^2")
    d.output("difference_deviation", apart, r"\sigma_\Delta", "standard deviation of a coordinate of mu_1 - mu_2",
             report=False)  # fmt: skip
    typical = sp.log(2 * (dim - 1)) / 2 + sp.log(scale)
    d.verify("its logarithm", sp.exp(typical) ** 2, apart**2 * (dim - 1))
    d.output("log_typical_length", typical, r"\log|\Delta_\perp|", "logarithm of the most probable length across",
             report=False)  # fmt: skip
    d.output("log_length_norm", norm, r"\log p(0)", "logarithm of the largest density of the logarithm of the length",
             report=False)  # fmt: skip
    deviation = 1 / sp.sqrt(2 * (dim - 1))
    bend = sp.diff(shape.rewrite(sp.exp), stretch, 2).subs({stretch: 0, half: (dim - 1) / 2})
    d.check("its width, for many dimensions", bend, -1 / deviation**2, shown=r"\partial_u^2 \log p(0)")
    d.output("length_deviation", deviation, r"\sigma_u",
             "standard deviation of the logarithm of the length, for many dimensions", report=False)  # fmt: skip
    d.output("log_length_density", log_norm + shape, r"\log p(u)",
             "logarithm of the density of the logarithm of the length, u from its most probable value",
             report=False)  # fmt: skip
    large = sp.log(2) + sp.log(half / (2 * sp.pi)) / 2 - 1 / (12 * half)
    d.say(r"""Where $\Gamma$ is large its digits cancel; Stirling's series leaves out $1/(360 a^3)$:""")
    d.check_numbers("the error of Stirling's series", r"360 a^3 (\log p(0) - \ldots)", sp.Integer(1),
                    [(_error(norm, large, 360, 3, n), mpmath.mpf(1)) for n in (20, 21)])  # fmt: skip
    d.output("log_length_norm_large", large, r"\log p(0)", "the same for many dimensions, up to O(a^-3)", report=False)


def _chance(d: Derivation) -> None:
    d.say(r"""The part of the difference along the axis is $N(0, 2\sigma^2)$. Given the length across it, $\ell_\perp$
        its logarithm, the angle lies within the threshold with the chance $\mathrm{erf}(\rho\, e^o)$:""")
    offset = l_across - sp.log(2 * scale)
    along, reach = sp.symbols("z r", positive=True)
    density = sp.exp(-(along**2) / (4 * scale**2)) / sp.sqrt(4 * sp.pi * scale**2)
    inside = 2 * sp.integrate(density, (along, 0, reach * sp.exp(l_across)))
    d.check(
        "the chance of an angle", inside, sp.erf(reach * sp.exp(offset)), shown=r"P(|\delta/R| < \rho |\Delta_\perp|)"
    )
    d.output("log_chance_offset", offset, "o", "log z - log rho where the chance of an angle is erf(z)", report=False)
    d.say(r"""In the limit of many dimensions the distance is the root of its mean square $2 d \sigma^2$, and then:""")
    square, typical = 2 * dim * v, sp.log(2 * dim) / 2 + sp.log(scale)
    moment = sp.integrate(along**2 * density, (along, 0, sp.oo)) * 2  # of one coordinate
    d.check("its mean square", [dim * moment, sp.exp(2 * typical)], [square.subs(v, scale**2)] * 2,
            shown=["D^2", r"e^{2\ell}"])  # fmt: skip
    limit, squared = sp.log(dim / 2) / 2, cotangent2 * dim / 2
    d.verify("its offset", sp.exp(2 * offset.subs(l_across, typical)), sp.exp(2 * limit))
    d.verify("the square of its argument", squared.subs(cotangent2, sp.exp(2 * x_rho)), sp.exp(2 * (x_rho + limit)))
    d.output("distance_squared_large", square, "D^2", "mean square of the distance of the initial means", report=False)
    d.output("log_distance_large", typical, r"\ell", "logarithm of the root of it", report=False)
    d.output("log_chance_offset_large", limit, "o", "log z - log rho at that distance", report=False)
    d.output("chance_argument_squared", squared, "z^2", "squared argument of the error function at that distance",
             report=False)  # fmt: skip


def _error(exact: sp.Expr, series: sp.Expr, factor: int, power: int, exponent: int) -> mpmath.mpf:
    """factor a^power (exact - series) at a = 10^exponent, which tends to 1."""
    with mpmath.workdps(_DIGITS):
        place = mpmath.mpf(10) ** exponent
        known = {log_gamma: mpmath.loggamma(place)}
        known[log_ratio] = mpmath.loggamma(place + mpmath.mpf(0.5)) - mpmath.loggamma(place)
        value = sp.lambdify((half, log_gamma, log_ratio), exact - series, "mpmath")
        return factor * place**power * value(place, known[log_gamma], known[log_ratio])


def _centre(d: Derivation) -> None:
    d.say("The overlap of the centre is Gaussian:")
    exponent, constant = -(centre**2) / (2 * v), -sp.log(scale * sp.sqrt(2 * sp.pi))
    z = sp.Symbol("z", real=True)
    density = sp.exp(exponent.subs({centre: z, v: scale**2}))
    total, second = (sp.integrate(z**n * density, (z, -sp.oo, sp.oo)) for n in (0, 2))
    d.check("its mass and its variance", [total * sp.exp(constant), second / total], [sp.Integer(1), scale**2],
            shown=[r"\int p", r"\int s^2 p"])  # fmt: skip
    d.say(r"""An overlap $\mu_i \cdot \mu^\star$ has the variance $R^2 \sigma^2$; for the centre $w_1 = \frac12$:""")
    first, other = sp.symbols("m_1 m_2", real=True)
    spread = R**2 * v * (w_1**2 + (1 - w_1) ** 2)
    pair = density.subs(z, first) * density.subs(z, other) / total**2
    mean_square = sp.integrate(
        sp.expand((w_1 * first + (1 - w_1) * other) ** 2) * pair, (first, -sp.oo, sp.oo), (other, -sp.oo, sp.oo)
    )
    d.check(
        "the variance of a weighted mean", mean_square.subs(scale, R * sp.sqrt(v)), spread, shown=r"\mathbb{E}\,s^2"
    )
    deviation = R * scale / sp.sqrt(2)
    d.verify("of the centre", deviation**2, spread.subs({w_1: sp.Rational(1, 2), v: scale**2}))
    d.output(
        "centre_variance", spread, r"\sigma_s^2", "variance of the weighted mean overlap of the start", report=False
    )
    d.output("centre_deviation", deviation, r"\sigma_c", "standard deviation of the centre's overlap", report=False)
    d.output("normal_exponent", exponent, r"\log p(s) - \log p(0)", "exponent of a Gaussian density", report=False)
    d.output("log_normal_norm", constant, r"\log p(0)", "logarithm of its largest density", report=False)


def _cosine(d: Derivation) -> None:
    d.say(r"""On the sphere the cosine $y$ of a uniform direction in $d = 2a + 1$ dimensions has a density proportional
        to $(1 - y^2)^{(d-3)/2}$, whose mass is $\sqrt\pi\,\Gamma(a)/\Gamma(a + \frac12)$:""")
    log_p = log_ratio - sp.log(sp.pi) / 2 + (half - 1) * log1p(-(cos**2))
    pairs = []
    for a in (1, sp.Rational(3, 2), 4):
        ratio = sp.gamma(a + sp.Rational(1, 2)) / sp.gamma(a)
        p = sp.exp(log_p.subs({half: a, log_ratio: sp.log(ratio)}).rewrite(sp.log))
        p = sp.lambdify(cos, p, "mpmath")
        with mpmath.workdps(60):
            pairs.append((mpmath.quad(p, mpmath.linspace(-1, 1, 5)), mpmath.mpf(1)))
    d.check_numbers("its mass", r"\int_{-1}^1 p(y)\,dy", sp.Integer(1), pairs)
    d.output("log_cosine_density", log_p, r"\log p(y)", "logarithm of the density of a cosine of a uniform direction",
             report=False)  # fmt: skip
    large = sp.log(half) / 2 - sp.Rational(1, 8) / half
    d.check_numbers("the ratio for large a", r"192 a^3 (\log\frac{\Gamma(a + 1/2)}{\Gamma(a)} - \ldots)",
                    sp.Integer(1),
                    [(_error(log_ratio, large, 192, 3, n), mpmath.mpf(1)) for n in (20, 21)])  # fmt: skip
    d.output("log_gamma_ratio_large", large, r"\log\frac{\Gamma(a + 1/2)}{\Gamma(a)}",
             "logarithm of the ratio of Gamma functions for many dimensions, up to O(a^-3)", report=False)  # fmt: skip


def _frame(d: Derivation) -> None:
    d.say(
        r"""**A pair on the sphere** (exact in every $d \ge 3$). For independent uniform means the law of
        $(\mu_1, \mu_2)$ does not change under rotations, which leave $c = \mu_1 \cdot \mu_2/R^2$ alone. The difference
        and the sum are orthogonal, so that their directions are two members of a frame that turns with the pair: given
        $c$ it is uniform, whatever $c$ is."""
    )
    s_11, s_12, s_22 = sp.symbols("s_11 s_12 s_22")
    c, R = sp.Symbol("c", real=True), sp.Symbol("R", positive=True)
    products = [s_11 - 2 * s_12 + s_22, s_11 + 2 * s_12 + s_22, s_11 - s_22]
    held = {s_11: R**2, s_22: R**2, s_12: R**2 * c}
    d.check("difference and sum", [one.subs(held) for one in products],
            [2 * R**2 * (1 - c), 2 * R**2 * (1 + c), sp.Integer(0)],
            shown=[r"|\mu_1 - \mu_2|^2", r"|\mu_1 + \mu_2|^2", r"(\mu_1 - \mu_2) \cdot (\mu_1 + \mu_2)"])  # fmt: skip
    n, xi, y, r = (sp.Symbol(name, positive=True) for name in ("n", "xi", "y", "r"))
    d.say(
        r"""**One coordinate.** A uniform direction is that of a Gaussian vector: $y = g/\sqrt{g^2 + r^2}$ with a normal
        $g$ and $r$ of the law $\chi_{d-1}$. So is $c$, the coordinate of the second mean along the first. With
        $g = r y/\sqrt{1 - y^2}$,"""
    )
    across = sp.integrate(sp.exp(-(r**2) / 2) * r ** (n - 1), (r, 0, sp.oo))
    stretch_of = sp.sqrt(1 - y**2)  # r in units of it
    d.check("the exponent", (r * y / stretch_of) ** 2 + r**2, (r / stretch_of) ** 2, shown="g^2 + r^2")
    d.check("the stretch of g", sp.diff(y / stretch_of, y), stretch_of**-3, shown=r"r^{-1}\, dg/dy")
    density = across * stretch_of**n * stretch_of**-3
    d.check("the density of a coordinate, up to its norm", density / across, (1 - y**2) ** ((n - 3) / 2), shown="p(y)")
    d.say(
        r"""**Two coordinates.** Seen from the frame the axis is a uniform direction; along the difference and the sum
        it has the coordinates $x$ and $y$, with $g_1^2 + g_2^2$ in the place of $g^2$ and $\chi_{d-2}$ in that of
        $\chi_{d-1}$, so that their density is $\sim (1 - x^2 - y^2)^{(d-4)/2}$. With $x = \sqrt{1 - y^2}\,\xi$ it falls
        into two factors: $\xi$ is a coordinate of a uniform direction in $d - 1$ dimensions, whatever $y$ is:"""
    )
    rest = sp.Symbol("q", positive=True)  # 1 - y^2
    joint = sp.powdenest(rest * (1 - xi**2), force=True)
    d.verify("what is left", rest - (sp.sqrt(rest) * xi) ** 2, joint)
    split = sp.expand_power_base(joint ** ((n - 4) / 2), force=True) * sp.sqrt(rest)
    d.check("the density in y and xi", sp.powsimp(split), rest ** ((n - 3) / 2) * (1 - xi**2) ** ((n - 4) / 2),
            shown=r"p(x, y)\, dx/d\xi, \quad q = 1 - y^2")  # fmt: skip
    _chance_of_collapse(d, n, xi)


def _chance_of_collapse(d: Derivation, n: sp.Symbol, xi: sp.Symbol) -> None:
    d.say(
        r"""The pair collapses where $|x| < x_c(c, y)$, that is $\xi^2 < u = x_c^2/(1 - y^2)$. The law of $\xi^2$ is a
        Beta law of the parameters $\tfrac12$ and $\beta = \tfrac{d-2}{2}$, whose distribution is $I_u$:"""
    )
    u, half_rest, z = (sp.Symbol(name, positive=True) for name in ("u", "beta", "z"))
    direct = 2 * (1 - xi**2) ** (half_rest - 1) * sp.diff(sp.sqrt(u), u)
    law = u ** sp.Rational(-1, 2) * (1 - u) ** (half_rest - 1)
    d.check("both signs of xi", direct.subs(xi, sp.sqrt(u)), law, shown=r"2 p(\xi)\, d\xi/du")
    chance = r"\mathbb{E}_{c, y}\, I_u\big(\tfrac12, \tfrac{d-2}{2}\big), \qquad u = \frac{x_c(c, y)^2}{1 - y^2}"
    d.step("the collapse probability on the sphere", chance, "P", name="sphere_probability")
    limit = sp.limit((n - 4) / 2 * sp.log(1 - z**2 / n), n, sp.oo)
    d.check("in large dimension, with xi = z/sqrt(d)", limit, -(z**2) / 2, shown=r"\lim \log p(z)")
    edge, bell = sp.Symbol("x_c", positive=True) * sp.sqrt(n), sp.exp(-(z**2) / 2)
    mass = sp.integrate(bell, (z, 0, edge)) / sp.integrate(bell, (z, 0, sp.oo))
    d.check("with c and y at 0, where their laws gather", sp.simplify(mass), sp.erf(edge / sp.sqrt(2)), shown="P")
