r"""From the loss of two components to the reduced flow and the alignment identity.

Source: theory sections 3 and 4.  Output: the flow of the five statistics and its Jacobian, the reduced flow, the growth
rate of log rho, and the linear gain of a pair.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.core import Derivation, valued
from derivations.symbols import (
    G,
    Gamma_1,
    Gamma_2,
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
    perp,
    phi,
    psi,
    psi_1,
    psi_2,
    psi_prime,
    repulsion,
    s,
    s_11,
    s_12,
    s_22,
    slope,
    w_1,
    w_i,
    x_rho,
)  # fmt: skip

STATE = (m_1, m_2, s_11, s_12, s_22)
_DISTANCE = sp.sqrt(s_11 + s_22 - 2 * s_12)
_w_2 = 1 - w_1


@cache
def derive() -> Derivation:
    """The chain from the loss to the reduced flow."""
    d = Derivation("alignment", "theory sections 3 and 4", "Summary statistics and the alignment identity")
    d.say(
        """The loss depends on the means only through their overlaps with the target's axis and their scalar products;
        the attraction to the target has the factor $a$ (beta, or 1 for the free energy) and the repulsion of the
        components the factor $b$ (1, or T for the free energy)."""
    )
    loss = -repulsion * information(_DISTANCE) + attraction * (
        w_1 * (s_11 / 2 - phi(m_1)) + _w_2 * (s_22 / 2 - phi(m_2))
    )
    d.step("Loss up to constants", loss, "L", name="loss")
    rates = gram_flow(loss)
    d.say("The means, stacked with the target's axis, flow down the loss: the Gram flow dQ/dt = -(M Q + Q M^T).")
    d.step(
        "Flow of the five statistics", rates, [r"\dot m_1", r"\dot m_2", r"\dot s_{11}", r"\dot s_{12}", r"\dot s_{22}"]
    )
    closed = _check_five(d, rates)
    numbers = {psi(m_1): psi_1, psi(m_2): psi_2, G(_DISTANCE): overlap}
    d.output(
        "full_flow", valued(closed, numbers),
        [r"\dot m_1", r"\dot m_2", r"\dot s_{11}", r"\dot s_{12}", r"\dot s_{22}"],
        "rates of m1, m2, s11, s12, s22 per unit of time",
    )  # fmt: skip
    _reduced(d, rates)
    return d


def gram_flow(loss: Any) -> list[Any]:
    """Rates of the five statistics from dQ/dt = -(M Q + Q M^T), M = 2 Gamma dL/dQ on the rows of the two means."""
    gram = sp.Matrix([[s_11, s_12, m_1], [s_12, s_22, m_2], [m_1, m_2, R**2]])
    # dL/dQ with each off-diagonal entry counted once in each of its two places.
    slope = sp.Matrix(3, 3, lambda i, j: sp.diff(loss, gram[i, j]) / (1 if i == j else 2) if (i, j) != (2, 2) else 0)
    mobility = sp.diag(Gamma_1, Gamma_2, 0)
    mover = 2 * mobility * slope
    flow = -(mover * gram + gram * mover.T)
    return [
        sp.expand(flow[0, 2]),
        sp.expand(flow[1, 2]),
        sp.expand(flow[0, 0]),
        sp.expand(flow[0, 1]),
        sp.expand(flow[1, 1]),
    ]


def _check_five(d: Derivation, rates: Any) -> Any:
    """The rates in the form of theory section 3, in which nothing is multiplied out."""
    push = repulsion * G(_DISTANCE)
    direct = [
        Gamma_1 * (w_1 * attraction * (-m_1 + R**2 * psi(m_1)) + push * (m_1 - m_2)),
        Gamma_2 * (_w_2 * attraction * (-m_2 + R**2 * psi(m_2)) + push * (m_2 - m_1)),
        2 * Gamma_1 * (w_1 * attraction * (-s_11 + psi(m_1) * m_1) + push * (s_11 - s_12)),
        Gamma_1 * (w_1 * attraction * (-s_12 + psi(m_1) * m_2) + push * (s_12 - s_22))
        + Gamma_2 * (_w_2 * attraction * (-s_12 + psi(m_2) * m_1) + push * (s_12 - s_11)),
        2 * Gamma_2 * (_w_2 * attraction * (-s_22 + psi(m_2) * m_2) + push * (s_22 - s_12)),
    ]
    return d.check(
        "the equations of theory section 3", rates, direct, shown=["m_1", "m_2", "s_{11}", "s_{12}", "s_{22}"]
    )


def reduced_rates(psi_plus: Any, psi_minus: Any, growth: Any, label: Any, second: Any = _w_2) -> list[Any]:
    """Rates of s, log rho and log D in the clock, which `_reduced` proves; for all derivations that go on from them."""
    centre = -s + R**2 * (w_1 * psi_plus + second * psi_minus)
    return [centre, growth, length_rate(label, w_1 * second, cos2, growth)]


def length_rate(label: Any, variance: Any, cosine_squared: Any, growth: Any) -> Any:
    """That of log D, where the label of the family has this variance."""
    return T * label / variance - 1 + cosine_squared * growth


def divided_growth(psi_plus: Any, psi_minus: Any, gap: Any) -> Any:
    """That of log rho."""
    return R**2 * (psi_plus - psi_minus) / gap


def _reduced(d: Derivation, rates: Any) -> None:
    """The flow of (s, log rho, log D); equal weights under the Euclidean metric run it at half speed."""
    mobility = 1 / w_i
    natural = [rate.subs({Gamma_1: mobility.subs(w_i, w_1), Gamma_2: mobility.subs(w_i, _w_2)}) for rate in rates]
    half = [rate.subs({Gamma_1: 1, Gamma_2: 1, w_1: sp.Rational(1, 2)}) for rate in rates]
    d.check(
        "equal weights: the Euclidean flow is the natural one at half speed",
        [2 * rate for rate in half], [rate.subs(w_1, sp.Rational(1, 2)) for rate in natural],
        shown=["m_1", "m_2", "s_{11}", "s_{12}", "s_{22}"],
    )  # fmt: skip
    pace = Gamma_1 * w_1 * attraction
    d.check("clock of either, in which the pull has rate 1",
            [pace.subs(Gamma_1, 1 / w_1), pace.subs({Gamma_1: 1, w_1: sp.Rational(1, 2)})],
            [attraction, attraction / 2], shown=[r"d\tau/dt", r"d\tau/dt"])  # fmt: skip
    d.output("clock_pace", pace, r"d\tau/dt", "rate at which the clock runs", report=False)
    d.output("natural_mobility", mobility, r"\Gamma_i", "mobility of a mean in the natural metric", report=False)
    ds = w_1 * natural[0] + _w_2 * natural[1]
    mean = d.check("the weighted mean feels no repulsion", ds,
                   attraction * (R**2 * (w_1 * psi(m_1) + _w_2 * psi(m_2)) - w_1 * m_1 - _w_2 * m_2),
                   shown=r"\dot s")  # fmt: skip
    ddelta = natural[0] - natural[1]
    dsquare = natural[2] + natural[4] - 2 * natural[3]
    square = s_11 + s_22 - 2 * s_12
    gap = m_1 - m_2
    across = square - gap**2 / R**2
    dacross = dsquare - 2 * gap * ddelta / R**2
    rate = attraction * divided_growth(psi(m_1), psi(m_2), gap)
    d.check(
        "alignment identity: the repulsion cancels", ddelta / gap - dacross / (2 * across), rate, shown=r"\dot\rho/\rho"
    )
    push = repulsion * G(_DISTANCE) / (w_1 * _w_2) - attraction
    d.check("growth of the distance", dsquare / (2 * square), push + gap**2 / (R**2 * square) * rate, shown=r"\dot D/D")
    cosine2 = 1 / (1 + sp.exp(-2 * x_rho))
    d.step("Relation of the letters", R * sp.sqrt(cosine2) * sp.exp(ell), r"\delta", name="difference_of_overlaps")
    d.check(
        "growth of the length across the axis: the same without the last term", dacross / (2 * across), push,
        shown=r"\dot{|\Delta_\perp|}/|\Delta_\perp|",
    )  # fmt: skip
    d.say(
        r"""With $c^2 = 1/(1 + e^{-2x})$, the squared cosine of the angle between the pair and the axis, the system
        closes on three numbers. Where the third is $\log|\Delta_\perp|$ in the place of $\log D$, take $c^2 = 0$:"""
    )
    flow = reduced_rates(psi_1, psi_2, slope, overlap)
    clock = {attraction: 1, repulsion: T}
    numbers = {psi(m_1): psi_1, psi(m_2): psi_2, G(_DISTANCE): overlap}
    in_letters = {s: w_1 * m_1 + _w_2 * m_2, slope: divided_growth(psi_1, psi_2, gap), cos2: gap**2 / (R**2 * square)}
    proved = [mean, rate, push + gap**2 / (R**2 * square) * rate]
    proved = [valued(one.subs(clock), numbers) for one in proved]
    d.verify("the closed system is what was proved", [one.subs(in_letters) for one in flow], proved)
    d.output(
        "reduced_log_flow", flow, [r"ds/d\tau", r"d\log\rho/d\tau", r"d\log D/d\tau"],
        "rates of s, log rho and log D per unit of the clock",
    )  # fmt: skip
    _lengths(d, flow, valued(ddelta.subs(clock), numbers), in_letters)
    d.output(
        "alignment_rate",
        proved[1],
        r"d\log\rho/d\tau",
        "growth rate of log rho per unit of the clock",
    )
    _gain(d)


def _lengths(d: Derivation, flow: list[Any], gap_rate: Any, in_letters: dict[Any, Any]) -> None:
    """The same flow in lengths, which noise may take through 0: no logarithm, no angle."""
    d.say(r"The same in $\delta$ and $|\Delta_\perp|$, whose logarithms grow by the push, and $\delta$'s by $K$ too:")
    push = flow[2].subs(cos2, 0)
    lengths = [flow[0], delta * (push + slope), perp * push]
    d.check("rate of the difference", gap_rate, lengths[1].subs({delta: m_1 - m_2, slope: in_letters[slope]}),
            shown=r"\dot\delta")  # fmt: skip
    d.output("reduced_flow", lengths, [r"ds/d\tau", r"d\delta/d\tau", r"d|\Delta_\perp|/d\tau"],
             "rates of s, delta and |Delta_perp| per unit of the clock", report=False)  # fmt: skip


def _gain(d: Derivation) -> None:
    """The linear gain e^tau f(s)/f(s(0)) solves d log rho/dtau = R^2 psi'(s)."""
    tau = sp.Symbol("clock", nonnegative=True)
    path = sp.Function("s")(tau)
    drift = R**2 * psi(path) - path
    growth = sp.diff(tau + sp.log(drift), tau).subs(sp.diff(path, tau), drift)
    d.check("linear gain", growth, R**2 * psi_prime(path), shown=r"\frac{d}{d\tau}\log\left(e^\tau f(s)\right)")
