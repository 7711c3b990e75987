r"""The growth rate of log rho in the forms that keep its digits: a divided difference, two Gauss points, a series.

Source: theory section 4.  Output: the growth rate K of a pair and its derivatives, apart and close together.
"""

from functools import cache

import sympy as sp

from derivations.core import Derivation, valued
from derivations.symbols import (
    R,
    delta,
    m_1,
    m_2,
    psi,
    psi_1,
    psi_2,
    psi_prime,
    psi_prime_1,
    psi_prime_2,
    psi_second,
    s,
    symbol,
    w_1,
)  # fmt: skip

_TERMS = 3  # of a close pair's averages in powers of delta
_W_2 = 1 - w_1
_NODE = sp.sqrt(3) / 6  # Gauss point of the interval of length 1, from its middle
_PLUS, _MINUS = (symbol(f"psi_prime_{side}") for side in ("plus", "minus"))
_BENDS = symbol("psi_second_plus"), symbol("psi_second_minus")
_AT_S = tuple(symbol(f"psi_{name}s") for name in ("", "prime_", "second_", "third_", "fourth_"))
_QUOTIENT = symbol("label_quotient")
_LEFT = ["K", r"\partial_1 K", r"\partial_2 K"]


@cache
def derive() -> Derivation:
    """K with its derivatives, for a pair apart, close together, and in powers of the difference."""
    d = Derivation("growth_rate", "theory section 4", "The growth rate of log rho")
    _apart(d)
    _close(d)
    _series(d)
    return d


def _apart(d: Derivation) -> None:
    d.say(
        r"""The growth rate of $\log\rho$ (page Summary statistics and the alignment identity) is a divided difference
        of $\psi$, which rounding spoils where the two overlaps are close."""
    )
    rate = R**2 * (psi(m_1) - psi(m_2)) / (m_1 - m_2)
    values = {psi(m_1): psi_1, psi(m_2): psi_2, psi_prime(m_1): psi_prime_1, psi_prime(m_2): psi_prime_2}
    slope = valued(rate, values)
    closed = [slope, (R**2 * psi_prime_1 - slope) / (m_1 - m_2), (slope - R**2 * psi_prime_2) / (m_1 - m_2)]
    slopes = valued([rate, sp.diff(rate, m_1), sp.diff(rate, m_2)], values)
    d.check("derivatives of the divided difference", slopes, closed, shown=_LEFT)
    known = R**2 * _QUOTIENT
    d.verify("from a tabulated quotient", known.subs(_QUOTIENT, (psi_1 - psi_2) / (m_1 - m_2)), slope)
    d.output("growth_of_quotient", known, "K", "growth rate K of a divided difference of psi, or of its derivative",
             report=False)  # fmt: skip
    d.output("growth_apart", closed, _LEFT, "growth rate K and its derivatives in m1 and m2", report=False)


def _close(d: Derivation) -> None:
    d.say(
        r"""It is $R^2$ times the mean of $\psi'$ between the overlaps. Two Gauss points $m_\pm$ give that mean without
        a difference of nearly equal numbers. Whatever $\psi$ is, its Taylor polynomial in the
        middle, with $c_k = \psi^{(k)}/k!$, shows the error:"""
    )
    points = [(m_1 + m_2) / 2 + sign * _NODE * (m_1 - m_2) for sign in (1, -1)]
    d.output("gauss_overlaps", points, ["m_+", "m_-"], "the two Gauss points between m1 and m2", report=False)
    x, width = sp.Symbol("x", real=True), delta / 2
    count = 7
    c = sp.symbols(f"c_0:{count}", real=True)
    polynomial = sum(coefficient * x**k for k, coefficient in enumerate(c))
    slope = sp.diff(polynomial, x)
    exact = sp.expand((polynomial.subs(x, width) - polynomial.subs(x, -width)) / delta)
    gauss = sp.expand(sum(slope.subs(x, sign * _NODE * delta) for sign in (1, -1)) / 2)
    d.check_series("the two means of psi'", gauss, exact, delta, 4)
    fifth = sp.diff(polynomial, x, 5).subs(x, 0)
    d.check(
        "the first term of their difference", sp.expand(exact - gauss).coeff(delta, 4), fifth / 4320,
        shown=r"[\delta^4] \left( \frac{\psi(m_1) - \psi(m_2)}{\delta} - \frac{\psi'(m_+) + \psi'(m_-)}{2} \right)",
    )  # fmt: skip
    rate = R**2 * (psi_prime(points[0]) + psi_prime(points[1])) / 2
    d.output("growth_close", R**2 * (_PLUS + _MINUS) / 2, "K", "growth rate K of a close pair", report=False)
    coincident = R**2 * _AT_S[1]
    merged = rate.xreplace({m_1: s, m_2: s}).xreplace({psi_prime(s): _AT_S[1]})
    d.check("both overlaps at s", merged, coincident, shown="K")
    d.output("coincident_growth", coincident, "K", "growth rate K of a coincident pair: kappa* at s*, kappa_0 at 0")
    bends = dict(zip((psi_second(point) for point in points), _BENDS, strict=True))
    slopes = [sp.diff(rate, one).xreplace(bends) for one in (m_1, m_2)]
    d.output("growth_close_slopes", slopes, _LEFT[1:], "derivatives of K in m1 and m2 of a close pair", report=False)


def _series(d: Derivation) -> None:
    d.say(
        rf"""To many digits a close pair has its averages from the Taylor series of $\psi$ at $s$, with
        $m_1 = s + w_2 \delta$ and $m_2 = s - w_1 \delta$, up to $\delta^{_TERMS}$ in $\psi$
        (errors of $\delta^{_TERMS + 1}$, of $\delta^{_TERMS}$ in $K$):"""
    )
    steps = (_W_2 * delta, -w_1 * delta)
    labels, primes = (
        [sum(_AT_S[k + raised] * step**k / sp.factorial(k) for k in range(_TERMS + 1)) for step in steps]
        for raised in (0, 1)
    )
    terms = range(1, _TERMS + 1)
    shares = {k: (_W_2**k - (-w_1) ** k) * delta ** (k - 1) / sp.factorial(k) for k in terms}
    rate, by_s = (R**2 * sum(shares[k] * _AT_S[k + raised] for k in terms) for raised in (0, 1))
    d.check("the divided difference of the two polynomials", R**2 * (labels[0] - labels[1]) / delta, rate, shown="K")
    by_delta = sp.diff(rate, delta)
    d.output("close_averages", [*labels, rate], [r"\psi_1", r"\psi_2", "K"],
             "psi at both overlaps and K of a close pair", report=False)  # fmt: skip
    d.say(r"In $m_1$ and $m_2$, $s = w_1 m_1 + w_2 m_2$ and $\delta = m_1 - m_2$ move at $(w_1, 1)$ and $(w_2, -1)$:")
    slopes = [w_1 * by_s + by_delta, _W_2 * by_s - by_delta]
    d.output("close_slopes", [*primes, *slopes], [r"\psi'_1", r"\psi'_2", *_LEFT[1:]],
             "derivatives of psi at both overlaps, and of K in m1 and m2, of a close pair", report=False)  # fmt: skip
