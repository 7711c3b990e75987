r"""The mutual information of a two-point label, its slope, and both ends of the overlap G.

Source: theory section 2.  Output: I'(D) = D G(D), G as an average of sech, the expansion of G at D = 0 and its decay
at infinity with a bound of the remainder.
"""

from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy.codegen.cfunctions import expm1 as sp_expm1

from derivations.core import DIGITS, Derivation
from derivations.symbols import D, c, k, overlap, q, u, w, y, z

exp, log, pi, sqrt, half = sp.exp, sp.log, sp.pi, sp.sqrt, sp.Rational(1, 2)
ORDER = 8  # of the expansion at D = 0
_W_OF_C = 1 / (1 + exp(-2 * c))  # the share whose half log-odds are c


def density(at: Any) -> Any:
    """The standard normal density."""
    return exp(-(at**2) / 2) / sqrt(2 * pi)


FIRST, SECOND = density(y - D / 2), density(y + D / 2)
MIXTURE = w * FIRST + (1 - w) * SECOND
TILTED = w * FIRST - (1 - w) * SECOND
LABEL = w * FIRST / MIXTURE


@cache
def derive() -> Derivation:
    """From the definition of the mutual information to G and its two ends."""
    d = Derivation("label_overlap", "theory section 2", "The overlap G and the information of a label")
    _information(d)
    _squared(d)
    _explained(d)
    _sech(d)
    _small_distance(d)
    _large_distance(d)
    return d


def _information(d: Derivation) -> None:
    d.say(
        r"""A label is 1 with probability $w$ and 2 otherwise; the observation $y$ is $N(D/2, 1)$ or $N(-D/2, 1)$
        accordingly. With the densities $f_1$, $f_2$, the mixture $p = w f_1 + (1-w) f_2$ and the posterior
        $\eta = w f_1 / p$, the mutual information is
        $I = w \int f_1 \log(f_1/p)\,dy + (1-w) \int f_2 \log(f_2/p)\,dy$."""
    )
    d.check(
        "the entropy of one component does not depend on D",
        sp.integrate(density(z) * sp.expand_log(log(density(z)), force=True), (z, -sp.oo, sp.oo)),
        -half * log(2 * pi) - half,
        shown=r"\int f_i \log f_i\,dy",
    )
    d.say(
        r"""so $I = -\int p \log p\,dy$ up to a constant and $I' = -\int \partial_D p\,(\log p + 1)\,dy$. A larger
        distance moves the components apart: with $g = w f_1 - (1-w) f_2$,"""
    )
    d.check("the mixture moves", sp.diff(MIXTURE, D), -sp.diff(TILTED, y) / 2, shown=r"\partial_D p")
    d.say(
        r"""and integration by parts (Gaussian tails leave nothing at infinity) gives
        $I' = -\tfrac12 \int g\,\partial_y \log p\,dy$."""
    )
    score = -y + D / 2 * (2 * LABEL - 1)
    d.check("slope of the log-density", sp.diff(log(MIXTURE), y), score, shown=r"\partial_y \log p")
    rest = y * TILTED / 2 - D * MIXTURE / 4
    d.check(
        "what the integral consists of", -TILTED * score / 2, D * MIXTURE * LABEL * (1 - LABEL) + rest,
        shown=r"-\tfrac12\, g\, \partial_y \log p",
    )  # fmt: skip
    integral = sum(
        sp.integrate(sp.expand(share * (sign * (z + sign * D / 2) / 2 - D / 4)) * density(z), (z, -sp.oo, sp.oo))
        for share, sign in ((w, 1), (1 - w, -1))
    )
    d.check("the second part integrates to zero", integral, sp.Integer(0), shown=r"\int (y g/2 - D p/4)\,dy")
    d.step(
        "slope of the information", r"D\, G(D), \qquad G(D) = \mathbb{E}\left[\eta (1 - \eta)\right]", "I'(D)",
        name="information_slope",
        words=r"The least mean-square error of the label; $I(0) = 0$ since the observation then says nothing.",
    )  # fmt: skip
    d.output("information_by_distance", D * overlap, "I'(D)", "slope of the information in the distance", report=False)
    d.check(
        "G is the overlap w f_1 r_2 of the components", w * FIRST * (1 - LABEL), MIXTURE * LABEL * (1 - LABEL),
        shown=r"w f_1 (1 - \eta)",
    )  # fmt: skip


def _squared(d: Derivation) -> None:
    d.say(
        r"""**As a mean of squared posteriors.** What the flow of the means sees of the family may be written with the
        squared probability that a component's sample came from the other one. Weighted over the components this is
        $G$ again, at any weights and distance, as the posteriors $\eta$ and $1 - \eta$ add up to 1:"""
    )
    squares = w * FIRST * (1 - LABEL) ** 2 + (1 - w) * SECOND * LABEL**2
    summed = MIXTURE * LABEL * (1 - LABEL) * (LABEL + (1 - LABEL))
    d.check("squared posteriors", squares, summed, shown=r"w f_1 (1 - \eta)^2 + (1-w) f_2\, \eta^2")
    d.check(
        "which add up to G", squares, MIXTURE * LABEL * (1 - LABEL), shown=r"w f_1 (1 - \eta)^2 + (1-w) f_2\, \eta^2"
    )
    d.step(
        "G as a squared posterior average",
        r"w\, \mathbb{E}_1[(1 - \eta)^2] + (1 - w)\, \mathbb{E}_2[\eta^2]",
        "G(D; w)", name="overlap_of_squared_posteriors",
    )  # fmt: skip


def _explained(d: Derivation) -> None:
    d.say(
        r"""**What an observation explains.** The label has the variance $q = w (1-w)$, of which $G$ is left. The rest
        is the variance of $\eta$, in which nothing cancels at small $D$:"""
    )
    share = w * (1 - w)
    d.check(
        "variance of the posterior, up to a multiple of eta - w, which averages to zero", MIXTURE * (LABEL - w) ** 2,
        MIXTURE * (share - LABEL * (1 - LABEL)) + (1 - 2 * w) * MIXTURE * (LABEL - w), shown=r"p\,(\eta - w)^2",
    )  # fmt: skip
    explained = 1 - overlap / q
    d.verify("what is explained", (share - overlap) / share, explained.subs(q, share))
    d.output("explained_share", explained, "1 - G/q", "share of a label's variance that is explained", report=False)
    d.say(
        r"""The densities at $y$ have the ratio $e^{-D y}$. To $\mathbb{E}[(\eta - w)^2]/q$ the observations $y > 0$ and
        $-y$ together contribute"""
    )
    ratio = exp(-D * y)
    both = share * FIRST * sp_expm1(-D * y) ** 2 * (1 / (w + (1 - w) * ratio) + 1 / (1 - w + w * ratio))
    direct = MIXTURE * (LABEL - w) ** 2 / share
    d.check("both signs of y", direct + direct.subs(y, -y), both.rewrite(exp), shown=r"p\,(\eta - w)^2/q")
    d.output(
        "explained_density", both, r"p\,(\eta - w)^2/q", "integrand of the explained share over y > 0", report=False
    )


def _sech(d: Derivation) -> None:
    d.say(r"Write $c = \tfrac12 \log\frac{w}{1-w}$.")
    d.check("share and half log-odds", half * log(_W_OF_C / (1 - _W_OF_C)).simplify(), c, shown="c")
    front = 1 / (2 * sp.cosh(c))
    d.check("standard deviation of the label", front**2, _W_OF_C * (1 - _W_OF_C), shown=r"1/(2 \cosh c)^2")
    integrand = (MIXTURE * LABEL * (1 - LABEL)).subs(w, _W_OF_C)
    closed = front * exp(-(D**2) / 8) * density(y) / (2 * sp.cosh(D * y / 2 + c))
    d.check("the integrand of G", integrand, closed, shown=r"p\,\eta (1 - \eta)")
    d.step(
        "G as an average over a standard normal z",
        r"\sqrt{w (1-w)}\; e^{-D^2/8}\; "
        r"\mathbb{E}\left[\tfrac{1}{2} \mathrm{sech}\left(\tfrac{D z}{2} + c\right)\right]",
        "G(D; w)", name="overlap_average",
    )  # fmt: skip


def overlap_expansion(order: int) -> Any:
    """Taylor polynomial of G in D below `order + 1`, in q = w (1 - w)."""
    slope = sp.Symbol("slope")  # tanh c
    shape, total = sp.Integer(1), sp.Integer(0)  # sech^(n)(c) = sech(c) shape(tanh c)
    for n in range(order + 1):
        if n % 2 == 0:
            total += shape * (D / 2) ** n * sp.factorial2(n - 1) / sp.factorial(n)
        shape = sp.expand(-slope * shape + (1 - slope**2) * sp.diff(shape, slope))
    gauss = sum((-(D**2) / 8) ** n / sp.factorial(n) for n in range(order // 2 + 1))
    whole = sp.Poly(sp.expand(total * gauss).subs(slope, sqrt(1 - 4 * q)), D)
    return sum(sp.factor(q * whole.coeff_monomial(D**n)) * D**n for n in range(0, order + 1, 2))


def _small_distance(d: Derivation) -> None:
    d.say(
        r"""At $D = 0$ the integrand is smooth in $D$ and its derivatives are bounded by powers of $|z|$, so $G$ has the
        Taylor coefficients of the integrand, averaged; odd orders vanish with the odd moments of $z$. In
        $q = w (1 - w)$, with $\tanh^2 c = 1 - 4q$ and $\mathrm{sech}\,c = 2\sqrt q$:"""
    )
    small = overlap_expansion(ORDER)
    series = sum(sp.Poly(small, D).coeff_monomial(D**n) * D**n for n in range(0, ORDER + 1, 2))
    d.step("expansion at D = 0, remainder of order D^10", series, "G(D)", name="overlap_at_small_distance")
    tanh_c, sech_c = 2 * w - 1, 2 * sqrt(w * (1 - w))
    for n in range(0, ORDER + 1, 2):
        direct = sp.diff(exp(-(D**2) / 8) / sp.cosh(D * z / 2 + c), D, n).subs(D, 0)
        direct = sp.expand(direct.rewrite(sp.cosh)).subs(sp.sinh(c), tanh_c * sp.cosh(c)).subs(sp.cosh(c), 1 / sech_c)
        moments = sp.Poly(sp.expand(direct), z)
        mean = sum(value * sp.factorial2(power - 1) for (power,), value in moments.terms() if power % 2 == 0)
        coefficient = sqrt(w * (1 - w)) / 2 * mean / sp.factorial(n)
        stated = sp.Poly(small, D).coeff_monomial(D**n)
        d.check(f"coefficient of order {n}", coefficient, stated.subs(q, w * (1 - w)), shown=f"G_{{{n}}}")
    d.output(
        "overlap_small", _horner(small), "G(D)", "Taylor polynomial of G to order D^8 at small distance", report=False
    )
    information = sp.integrate(sp.expand(D * small), D)
    d.step("information at small distance", information, "I(D)", name="information_at_small_distance")


def _horner(polynomial: Any) -> Any:
    """The polynomial over one denominator, nested, so that its constants are integers."""
    above, below = sp.fraction(sp.together(polynomial))
    return sp.horner(above, wrt=D) / below


def _large_distance(d: Derivation) -> None:
    d.say(r"For large $D$ take $u = D z/2 + c$ as the variable of integration:")
    d.check(
        "change of variable", density(2 * (u - c) / D) * 2 / D / (2 * sp.cosh(u)),
        exp(-2 * (u - c) ** 2 / D**2) / (sp.cosh(u) * D * sqrt(2 * pi)),
        shown=r"\varphi(z)\,\tfrac12\,\mathrm{sech}(u)\,\frac{dz}{du}",
    )  # fmt: skip
    d.say(
        r"""The exponential is $1 - X + X^2/2 - \dots$ with $X = 2 (u-c)^2/D^2 \ge 0$; its partial sums lie alternately
        above and below it, so the remainder is smaller than the first omitted term. What is needed are the moments of
        sech, from their generating function: with $t = e^{2u}$ it is a beta integral (DLMF 5.12.3, 5.5.3)."""
    )
    at = sp.Symbol("t", positive=True)
    d.check(
        "as a beta integral", (exp(k * u) / sp.cosh(u)).rewrite(exp).subs(u, log(at) / 2) / (2 * at),
        at ** ((k + 1) / 2 - 1) / (1 + at), shown=r"e^{k u}\,\mathrm{sech}(u)\,\frac{du}{dt}",
    )  # fmt: skip
    generating = pi / sp.cos(pi * k / 2)
    reflected = pi / sp.expand_trig(sp.sin(pi * k / 2 + pi / 2))
    d.check("the reflection formula at (k + 1)/2", reflected, generating, shown=r"\pi / \sin(\pi (k + 1)/2)")
    moments = [sp.diff(generating, k, 2 * n).subs(k, 0) for n in range(3)]
    with mpmath.workdps(DIGITS):
        pairs = [
            (mpmath.mpf(value.evalf(DIGITS + 5)), mpmath.quad(lambda v, n=n: v ** (2 * n) / mpmath.cosh(v), _panels()))
            for n, value in enumerate(moments)
        ]
        d.check_numbers(
            "the even moments", r"\int \mathrm{sech}\,du,\ \int u^2\,\mathrm{sech}\,du,\ \int u^4\,\mathrm{sech}\,du",
            ", ".join(sp.latex(one) for one in moments), pairs,
        )  # fmt: skip
    centred = [sp.expand((u - c) ** (2 * n)) for n in range(3)]
    mean = [sum(sp.Poly(one, u).coeff_monomial(u ** (2 * n)) * moments[n] for n in range(3)) for one in centred]
    terms = [(-2 / D**2) ** n * mean[n] / sp.factorial(n) for n in range(3)]
    series = sqrt(w * (1 - w)) * exp(-(D**2) / 8) / (D * sqrt(2 * pi)) * sp.together(sum(terms))
    d.check("leading term", terms[0] / sqrt(2 * pi), sqrt(pi / 2), shown=r"\lim D\, \mathbb{E}[\tfrac12 \mathrm{sech}]")
    d.step(
        "decay at infinity, remainder of relative order D^-6",
        r"\sqrt{w (1-w)}\; e^{-D^2/8}\; \sqrt{\frac{\pi}{2}}\, \frac{1}{D} \left[ 1 - \frac{2}{D^2}"
        r"\left(\frac{\pi^2}{4} + c^2\right) + \frac{2}{D^4}"
        r"\left(\frac{5\pi^4}{16} + \frac{3\pi^2c^2}{2} + c^4\right) - \dots \right]",
        "G(D)", name="overlap_at_large_distance",
    )  # fmt: skip
    bracket = 1 - 2 / D**2 * (pi**2 / 4 + c**2) + 2 / D**4 * (5 * pi**4 / 16 + 3 * pi**2 * c**2 / 2 + c**4)
    shown = sqrt(w * (1 - w)) * exp(-(D**2) / 8) * sqrt(pi / 2) / D * bracket
    d.check("the bracket", series, shown, shown="G(D)")
    d.output("overlap_large", series, "G(D)", "expansion of G to relative order D^-4 at large distance", report=False)


def _panels() -> list[int]:
    return [-120, -60, -30, -15, -8, -4, -2, 0, 2, 4, 8, 15, 30, 60, 120]
