r"""The two flows in the variables they are integrated in, with their Jacobians.

Source: theory sections 3 and 4.  Output: the flow of the statistics of centre and difference and its Jacobian, the
Jacobian of the reduced flow in (s, log rho, log D).
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.alignment import divided_growth, gram_flow, reduced_rates
from derivations.core import Derivation, jacobian
from derivations.symbols import (
    D,
    G,
    G_prime,
    Gamma_1,
    Gamma_2,
    R,
    T,
    across2,
    attraction,
    cos2,
    delta,
    ell,
    information,
    l_across,
    m_1,
    m_2,
    overlap,
    overlap_in_square,
    overlap_prime,
    phi,
    psi,
    psi_1,
    psi_2,
    psi_prime,
    psi_prime_1,
    psi_prime_2,
    repulsion,
    s,
    s_11,
    s_12,
    s_22,
    sin2,
    slope,
    slope_1,
    slope_2,
    symbol,
    w_1,
    w_2,
    x_rho,
)  # fmt: skip

centre, centre_square, cross, square = (symbol(n) for n in ("centre", "centre_square", "cross", "distance_square"))
STATE = (centre, delta, centre_square, cross, square)
_LEFT = [r"\dot c", r"\dot\delta", r"\dot S", r"\dot C", r"\dot X"]
_K = sp.Function("K")
_X = sp.Symbol("X", nonnegative=True)


@cache
def derive() -> Derivation:
    """The linear change of the five statistics, the chain rule, and both Jacobians."""
    d = Derivation("pair_statistics", "theory sections 3 and 4", "The flows in the variables of their integration")
    _centre(d)
    _reduced(d)
    _across(d)
    return d


def _centre(d: Derivation) -> None:
    d.say(
        """Two means that come close have nearly equal statistics, whose differences lose their digits. The statistics
        of the centre $(\\mu_1+\\mu_2)/2$ and of the difference $\\mu_1-\\mu_2$ are a linear change of the five; with
        the slope $K$ in the place of $R^2(\\psi(m_1)-\\psi(m_2))/\\delta$ nothing in their flow cancels while the two
        means are pulled alike."""
    )
    mean = (psi_1 + psi_2) / 2
    pull = attraction * (Gamma_1 * w_1 + Gamma_2 * w_2) / 2
    odd = attraction * (Gamma_1 * w_1 - Gamma_2 * w_2)
    push, lean = repulsion * (Gamma_1 + Gamma_2) * overlap, repulsion * (Gamma_1 - Gamma_2) * overlap / 2
    bend = slope * delta / R**2  # psi(m1) - psi(m2)
    flow = [
        pull * (R**2 * mean - centre) + odd / 4 * (slope - 1) * delta + lean * delta,
        pull * (slope - 1) * delta + odd * (R**2 * mean - centre) + push * delta,
        2 * (pull * (mean * centre - centre_square) + odd / 4 * (bend * centre - cross) + lean * cross),
        pull * (mean * delta + bend * centre - 2 * cross) + odd / 4 * (bend * delta - square)
        + odd * (mean * centre - centre_square) + lean * square + push * cross,
        2 * (pull * (bend * delta - square) + odd * (mean * delta - cross) + push * square),
    ]  # fmt: skip
    d.check("the flow of section 3 under the linear change", _changed(), [_plain(rate) for rate in flow], shown=_LEFT)
    d.output("centre_flow", flow, _LEFT, "rates of the statistics of centre and difference per unit of time")
    rows = jacobian([_live(rate) for rate in flow], STATE)
    named = [[_named(entry) for entry in row] for row in rows]
    d.output("centre_jacobian", named, "J", "derivatives of these rates by the statistics")


def _changed() -> list[Any]:
    """The five rates of theory section 3 in the statistics of centre and difference."""
    distance = sp.sqrt(s_11 + s_22 - 2 * s_12)
    loss = -repulsion * information(distance) + attraction * (w_1 * (s_11 / 2 - phi(m_1)) + w_2 * (s_22 / 2 - phi(m_2)))
    dm1, dm2, d11, d12, d22 = (rate.subs(G(distance), overlap) for rate in gram_flow(loss))
    linear = [(dm1 + dm2) / 2, dm1 - dm2, (d11 + 2 * d12 + d22) / 4, (d11 - d22) / 2, d11 + d22 - 2 * d12]
    moved = {
        m_1: centre + delta / 2,
        m_2: centre - delta / 2,
        s_11: centre_square + cross + square / 4,
        s_12: centre_square - square / 4,
        s_22: centre_square - cross + square / 4,
    }
    values = {psi(m_1): psi_1, psi(m_2): psi_2}
    return [sp.expand(rate.xreplace(values).xreplace(moved)) for rate in linear]


def _plain(rate: Any) -> Any:
    return sp.expand(rate.subs(slope, divided_growth(psi_1, psi_2, delta)))


def _live(rate: Any) -> Any:
    """A rate whose averages are functions of the state again, ready to be differentiated."""
    plus, minus = centre + delta / 2, centre - delta / 2
    return rate.xreplace({psi_1: psi(plus), psi_2: psi(minus), slope: _K(centre, delta), overlap: G(sp.sqrt(square))})


def _named(entry: Any) -> Any:
    """A derivative with the averages and their slopes as values."""
    plus, minus = centre + delta / 2, centre - delta / 2
    entry = entry.doit().xreplace(
        {
            sp.Derivative(_K(centre, delta), centre): slope_1 + slope_2,
            sp.Derivative(_K(centre, delta), delta): (slope_1 - slope_2) / 2,
        }
    )
    entry = entry.xreplace({psi_prime(plus): psi_prime_1, psi_prime(minus): psi_prime_2})
    entry = entry.xreplace({psi(plus): psi_1, psi(minus): psi_2, _K(centre, delta): slope})
    entry = entry.xreplace({G_prime(sp.sqrt(square)): overlap_prime, G(sp.sqrt(square)): overlap})
    return entry.xreplace({sp.sqrt(square): D, 1 / sp.sqrt(square): 1 / D})


def _reduced(d: Derivation) -> None:
    """Chain rule: delta and the cosine are functions of log rho and log D."""
    cosine2 = 1 / (1 + sp.exp(-2 * x_rho))
    gap = R * sp.sqrt(cosine2) * sp.exp(ell)
    d.check(
        "the difference of the overlaps in log rho and log D", [sp.diff(gap, x_rho), sp.diff(gap, ell)],
        [gap * (1 - cosine2), gap], shown=[r"\partial\delta/\partial x", r"\partial\delta/\partial\ell"],
    )  # fmt: skip
    d.check("the squared cosine", sp.diff(cosine2, x_rho), 2 * cosine2 * (1 - cosine2), shown="dc^2/dx")
    d.say(
        r"""Close to the axis the squared sine $\bar c^2 = 1 - c^2$ is a letter of its own, for its digits; and
        $m_1 = s + w_2 \delta$, $m_2 = s - w_1 \delta$, so that $\partial_s K = \partial_1 K + \partial_2 K$ and
        $\partial_\delta K = w_2 \partial_1 K - w_1 \partial_2 K$."""
    )
    second = 1 - w_1
    plus, minus = s + second * delta, s - w_1 * delta
    rates = reduced_rates(psi(plus), psi(minus), _K(s, delta), G(D))
    names = {
        psi_prime(plus): psi_prime_1, psi_prime(minus): psi_prime_2, G_prime(D): overlap_prime, _K(s, delta): slope,
        sp.Derivative(_K(s, delta), s): slope_1 + slope_2,
        sp.Derivative(_K(s, delta), delta): second * slope_1 - w_1 * slope_2,
    }  # fmt: skip
    rows = []
    for rate in rates:
        by_gap = sp.diff(rate, delta)
        by_angle = by_gap * delta * sin2 + sp.diff(rate, cos2) * 2 * cos2 * sin2
        by_length = by_gap * delta + sp.diff(rate, D) * D
        # Derivatives first: they contain K itself.
        ordered = sorted(names.items(), key=lambda pair: not isinstance(pair[0], sp.Derivative))
        row = [sp.diff(rate, s), by_angle, by_length]
        for old, new in ordered:
            row = [sp.sympify(entry).xreplace({old: new}) for entry in row]
        rows.append(row)
    d.output("reduced_log_jacobian", rows, "J", "derivatives of the rates of s, log rho, log D by these three")
    known = {G(D): overlap, _K(s, delta): slope}
    d.output(
        "reduced_log_flow_by_temperature", [sp.diff(rate, T).xreplace(known) for rate in map(sp.sympify, rates)],
        r"\partial_T", "derivatives of the same rates by the temperature", report=False,
    )  # fmt: skip


def _across(d: Derivation) -> None:
    """The third variable is log |Delta_perp|, and G is a function of X = D^2/4, in which it is regular at 0."""
    d.say(
        r"""**Power series in time** are made in $\ell_\perp = \log|\Delta_\perp|$, so that the pair may be as close to
        the axis or as far from it as it likes, and in
        $X = D^2/4 = (\delta^2/R^2 + |\Delta_\perp|^2)/4$, in which $G$ has a Taylor series at 0."""
    )
    quarter = sp.Function("G_X")

    def by(rate: Any, *moves: Any) -> list[Any]:
        """Derivatives along moves (dm1, dm2, dX)."""
        return [
            sum(sp.diff(rate, letter) * move for letter, move in zip((m_1, m_2, _X), row, strict=True)) for row in moves
        ]

    second, pair_gap = 1 - w_1, m_1 - m_2
    push = T * quarter(_X) / (w_1 * second)
    square_moves = [sp.diff((pair_gap**2 / R**2 + across2) / 4, one) for one in (m_1, m_2)]
    fixed = [
        -m_1 + R**2 * psi(m_1) + second * push * pair_gap, -m_2 + R**2 * psi(m_2) - w_1 * push * pair_gap, push - 1
    ]  # fmt: skip
    moves = [(1, 0, square_moves[0]), (0, 1, square_moves[1]), (0, 0, across2 / 2)]
    _output_across(d, "overlap_log_jacobian", [by(rate, *moves) for rate in fixed], quarter, "m1, m2, log |Delta_perp|")
    span = delta**2 / R**2
    gap, across = R * sp.exp(x_rho + l_across), sp.exp(2 * l_across)
    quarter_square = (gap**2 / R**2 + across) / 4
    d.check(
        "how the difference and X move",
        [sp.diff(one, by) for one in (gap, quarter_square) for by in (x_rho, l_across)],
        [gap, gap, gap**2 / R**2 / 2, (gap**2 / R**2 + across) / 2],
        shown=[rf"\partial {one}/\partial {by}" for one in (r"\delta", "X") for by in ("x", r"\ell_\perp")],
    )  # fmt: skip
    reduced = [w_1 * (-m_1 + R**2 * psi(m_1)) + second * (-m_2 + R**2 * psi(m_2)), _K(m_1, m_2), push - 1]
    moves = [
        (1, 1, 0),
        (second * delta, -w_1 * delta, span / 2),
        (second * delta, -w_1 * delta, (span + across2) / 2),
    ]
    rows = [by(rate, *moves) for rate in reduced]
    _output_across(d, "reduced_across_jacobian", rows, quarter, "s, log rho, log |Delta_perp|")


def _output_across(d: Derivation, name: str, rows: Any, quarter: Any, state: str) -> None:
    values = {
        sp.Derivative(quarter(_X), _X): overlap_in_square, quarter(_X): overlap,
        sp.Derivative(_K(m_1, m_2), m_1): slope_1, sp.Derivative(_K(m_1, m_2), m_2): slope_2,
        psi_prime(m_1): psi_prime_1, psi_prime(m_2): psi_prime_2,
    }  # fmt: skip
    named = [[sp.sympify(entry).doit().xreplace(values).subs(m_1, m_2 + delta) for entry in row] for row in rows]
    d.output(name, named, "J", f"derivatives of the rates of {state} by these three", report=False)
