r"""The two flows in the variables they are integrated in, with their Jacobians.

Source: theory sections 3 and 4.  Output: the flow of the statistics of centre and difference and its Jacobian, the
Jacobian of the reduced flow in (s, log rho, log D).
"""

from typing import Any

import sympy as sp

from derivations.alignment import gram_flow
from derivations.core import Derivation, jacobian
from derivations.symbols import (
    P_1,
    P_2,
    D,
    G,
    G_prime,
    R,
    T,
    attraction,
    cos2,
    delta,
    ell,
    information,
    m_1,
    m_2,
    overlap,
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
    symbol,
    w_1,
    w_2,
    x_rho,
)  # fmt: skip

centre, centre_square, cross, square = (symbol(n) for n in ("centre", "centre_square", "cross", "distance_square"))
slope, slope_s, slope_delta = (symbol(n) for n in ("slope", "slope_s", "slope_delta"))
STATE = (centre, delta, centre_square, cross, square)
_LEFT = [r"\dot c", r"\dot\delta", r"\dot S", r"\dot C", r"\dot X"]
_K = sp.Function("K")


def derive() -> Derivation:
    """The linear change of the five statistics, the chain rule, and both Jacobians."""
    d = Derivation("pair_statistics", "theory sections 3 and 4", "The flows in the variables of their integration")
    _centre(d)
    _reduced(d)
    return d


def _centre(d: Derivation) -> None:
    d.say(
        """Two means that come close have nearly equal statistics, whose differences lose their digits. The statistics
        of the centre $(\\mu_1+\\mu_2)/2$ and of the difference $\\mu_1-\\mu_2$ are a linear change of the five; with
        the slope $K$ in the place of $R^2(\\psi(m_1)-\\psi(m_2))/\\delta$ nothing in their flow cancels while the two
        means are pulled alike."""
    )
    mean = (psi_1 + psi_2) / 2
    pull = attraction * (P_1 * w_1 + P_2 * w_2) / 2
    odd = attraction * (P_1 * w_1 - P_2 * w_2)
    push, lean = repulsion * (P_1 + P_2) * overlap, repulsion * (P_1 - P_2) * overlap / 2
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
    return sp.expand(rate.subs(slope, R**2 * (psi_1 - psi_2) / delta))


def _live(rate: Any) -> Any:
    """A rate whose averages are functions of the state again, ready to be differentiated."""
    plus, minus = centre + delta / 2, centre - delta / 2
    return rate.xreplace({psi_1: psi(plus), psi_2: psi(minus), slope: _K(centre, delta), overlap: G(sp.sqrt(square))})


def _named(entry: Any) -> Any:
    """A derivative with the averages and their slopes as values."""
    plus, minus = centre + delta / 2, centre - delta / 2
    entry = entry.doit().xreplace(
        {
            sp.Derivative(_K(centre, delta), centre): slope_s,
            sp.Derivative(_K(centre, delta), delta): slope_delta,
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
    second = 1 - w_1
    plus, minus = s + second * delta, s - w_1 * delta
    rates = [
        -s + R**2 * (w_1 * psi(plus) + second * psi(minus)),
        _K(s, delta),
        T * G(D) / (w_1 * second) - 1 + cos2 * _K(s, delta),
    ]
    names = {
        psi_prime(plus): psi_prime_1, psi_prime(minus): psi_prime_2, G_prime(D): overlap_prime, _K(s, delta): slope,
        sp.Derivative(_K(s, delta), s): slope_s, sp.Derivative(_K(s, delta), delta): slope_delta,
    }  # fmt: skip
    rows = []
    for rate in rates:
        by_gap = sp.diff(rate, delta)
        by_angle = by_gap * delta * (1 - cos2) + sp.diff(rate, cos2) * 2 * cos2 * (1 - cos2)
        by_length = by_gap * delta + sp.diff(rate, D) * D
        # Derivatives first: they contain K itself.
        ordered = sorted(names.items(), key=lambda pair: not isinstance(pair[0], sp.Derivative))
        row = [sp.diff(rate, s), by_angle, by_length]
        for old, new in ordered:
            row = [sp.sympify(entry).xreplace({old: new}) for entry in row]
        rows.append(row)
    d.output("reduced_log_jacobian", rows, "J", "derivatives of the rates of s, log rho, log D by these three")
