r"""The distance of a pair across the axis at temperature T: its series close to T = 1 and its growth as T -> infinity.

Source: theory section 7.  Output: D_T^2 to order four in T - 1 for any weights, and Lambert's form with two
corrections.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.core import Derivation
from derivations.label_overlap import overlap_expansion
from derivations.symbols import D, T, c, q, symbol

excess, lambert = symbol("excess"), symbol("lambert")
pi, log, exp = sp.pi, sp.log, sp.exp
ORDER = 4
ALPHA = pi**2 / 4 + c**2
ETA = pi**4 / 16 + pi**2 * c**2 / 4


@cache
def derive() -> Derivation:
    """Both ends of D_T."""
    d = Derivation("hot_phase", "theory section 7", "The distance in the hot phase")
    d.say(
        r"""Across the axis nothing attracts the components differently, and their distance grows at the rate
        $T G(D)/(w_1 w_2) - 1$ (page Fixed points); it rests where $G(D_T) = w_1 w_2/T$. $G$ falls strictly (it is the
        least error of an estimate from an observation of growing precision), so $D_T$ is unique, and $D_1 = 0$. Write
        $q = w_1 w_2$, $c = \tfrac12 \log(w_1/w_2)$; both ends of $G$ are on the page of the overlap."""
    )
    _warm(d)
    _hot(d)
    return d


def _warm(d: Derivation) -> None:
    d.say(r"**Close to $T = 1$.** In $X = D_T^2$ and $\varepsilon = T - 1$ the condition is a power series,")
    square = sp.Symbol("X", real=True)
    expansion = sp.expand(overlap_expansion(2 * ORDER) / q).subs(D, sp.sqrt(square))
    condition = (1 + excess) * sp.expand(expansion)
    series = sum(sp.factor(sp.Poly(sp.expand(expansion), square).coeff_monomial(square**n)) * square**n
                 for n in range(ORDER + 1))  # fmt: skip
    d.step("condition", {"1": (1 + excess) * (series + sp.O(square ** (ORDER + 1)))})
    unknown = sp.symbols(f"x_1:{ORDER + 1}")
    trial = sum(one * excess ** (n + 1) for n, one in enumerate(unknown))
    residual = sp.Poly(sp.expand(condition.subs(square, trial)) - 1, excess)
    found: dict[sp.Symbol, sp.Expr] = {}
    for n, one in enumerate(unknown, start=1):
        equation = residual.coeff_monomial(excess**n).subs(found)
        found[one] = sp.factor(sp.solve(equation, one)[0])
    inverse = sum(found[one] * excess ** (n + 1) for n, one in enumerate(unknown))
    d.say(r"""which is inverted order by order: its linear coefficient $-q$ is not zero, so $X$ is analytic in
        $\varepsilon$.""")
    solved = sp.Poly(sp.expand(condition.subs(square, inverse)), excess)
    d.check("coefficients of the condition at the series", [solved.coeff_monomial(excess**n) for n in range(ORDER + 1)],
            [sp.Integer(n == 0) for n in range(ORDER + 1)], shown=[f"[e^{n}]" for n in range(ORDER + 1)])  # fmt: skip
    d.output("hot_distance_squared_leading", found[unknown[0]] * excess, "D_T^2",
             "squared distance close to T = 1, to the first order in T - 1", report=False)  # fmt: skip
    above, below = sp.fraction(sp.together(inverse))
    d.output("hot_distance_squared_warm", sp.horner(sp.expand(above), wrt=excess) / below, "D_T^2",
             "squared distance close to T = 1, to order (T - 1)^4")  # fmt: skip
    d.say(r"""Domain: $T \to 1^+$ at fixed weights. Remainder: $O((T-1)^5)$. At $w_1 = 1/2$ it is""")
    equal = sp.expand(inverse.subs(q, sp.Rational(1, 4)))
    d.step("equal weights", equal + sp.O(excess ** (ORDER + 1)), "D_T^2", name="hot_distance_series")


def _hot(d: Derivation) -> None:
    d.say(
        r"""**$T$ to infinity.** At large $D$, $G = \sqrt q\, e^{-D^2/8} \sqrt{\pi/2}\, D^{-1} B$ with
        $B = 1 - \frac{2\alpha}{D^2} + \frac{2\gamma}{D^4} + O(D^{-6})$, $\alpha = \frac{\pi^2}{4} + c^2$,
        $\gamma = \frac{5\pi^4}{16} + \frac{3\pi^2 c^2}{2} + c^4$. In $\omega = D_T^2/4$ the condition, squared, is"""
    )
    omega = sp.Symbol("omega", positive=True)
    load = pi * T**2 / (8 * q)
    plain = sp.sqrt(q) * exp(-omega / 2) * sp.sqrt(pi / 2) / (2 * sp.sqrt(omega)) * T / q
    d.check("condition without B", plain**2, load / (omega * exp(omega)), shown=r"(T G / (q B))^2")
    d.output("lambert_argument", load, r"\omega e^\omega / B^2", "argument of Lambert's function in D_T")
    small = sp.Symbol("epsilon", positive=True)  # 1/omega
    share = sp.Symbol("gamma", positive=True)
    bracket = 1 - ALPHA * small / 2 + share * small**2 / 8
    known = 5 * pi**4 / 16 + 3 * pi**2 * c**2 / 2 + c**4
    d.check("the second coefficient", (known - ALPHA**2) / 4, ETA, shown=r"\eta = (\gamma - \alpha^2)/4")
    shown = -ALPHA * small + ETA * small**2
    d.check("logarithm of the bracket squared", _coefficients(2 * log(bracket.subs(share, known)), small),
            _coefficients(shown, small), shown=[rf"[\omega^{{-{n}}}]\ 2 \log B" for n in range(3)])  # fmt: skip
    d.say(
        r"""With $W e^W$ equal to the right-hand side and $\omega = W + x$,
        $x + \log(1 + x/W) = -\frac{\alpha}{W + x} + \frac{\eta}{(W + x)^2} + O(W^{-3})$. Try
        $x = -\frac{\alpha}{W + 1} + \frac{\eta}{W^2}$, in $\epsilon = 1/W$:"""
    )
    shift = -ALPHA * small / (1 + small) + ETA * small**2
    total = small / (1 + shift * small)
    residual = shift + log(1 + shift * small) + ALPHA * total - ETA * total**2
    d.check("the condition holds below order 3", _coefficients(residual, small), [sp.Integer(0)] * 3,
            shown=[rf"[\epsilon^{n}]" for n in range(3)])  # fmt: skip
    first = 4 * (lambert - ALPHA / (lambert + 1))
    second = first + 4 * ETA / lambert**2
    d.say(
        r"""so the residual is $O(W^{-3})$, and since its derivative in $x$ tends to 1, so is the error of $x$ (the
        Lambert function's own relation absorbs $\log W$: no logarithm enters the corrections)."""
    )
    d.step("distance at high temperature", second, "D_T^2", name="hot_distance_lambert",
           words=r"""Domain: $T \to \infty$ at fixed weights, $W = W(\pi T^2/(8 w_1 w_2))$. Remainder: $O(W^{-3})$; of
           $4W - 4\alpha/(W + 1)$ alone $O(W^{-2})$; of $4W$ alone $O(W^{-1})$.""")  # fmt: skip
    d.output("hot_distance_squared_hot", second, "D_T^2", "squared distance at high temperature, up to O(W^-3)",
             report=False)  # fmt: skip


def _coefficients(value: Any, variable: sp.Symbol) -> list[Any]:
    """The Taylor coefficients below order 3."""
    return [sp.diff(value, variable, n).subs(variable, 0) / sp.factorial(n) for n in range(3)]
