r"""The flow of the Gram matrix under any loss that depends on the means through it.

Source: theory section 3.  Output: dQ/dt = -(M Q + Q M^T); the flow of the five statistics of a pair and its Jacobian,
for both objectives and both metrics; the flow of means on a sphere under any loss.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations.alignment import STATE, gram_flow
from derivations.core import Derivation, jacobian, latex, valued
from derivations.symbols import (
    D,
    G,
    G_prime,
    Gamma_1,
    Gamma_2,
    R,
    T,
    attraction,
    beta,
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
    s_11,
    s_12,
    s_22,
    v,
    w_1,
)  # fmt: skip

_ROWS = 4  # of the written-out proof: two trained means, two fixed modes
_DISTANCE = sp.sqrt(s_11 + s_22 - 2 * s_12)
_LEFT = [r"\dot m_1", r"\dot m_2", r"\dot s_{11}", r"\dot s_{12}", r"\dot s_{22}"]
_HELD_LEFT = [r"\dot m_1", r"\dot m_2", r"\dot s_{12}"]


@cache
def derive() -> Derivation:
    """The general Gram flow, then the pair's."""
    d = Derivation("summary_statistics", "theory section 3", "The flow of the Gram matrix")
    _general(d)
    _pair(d)
    _held(d)
    return d


def _general(d: Derivation) -> None:
    d.say(
        r"""Stack all vectors, the $K$ trained means and the $K^\star$ fixed modes, as rows of $V$, with the Gram matrix
        $Q = V V^\top$. Let $L$ depend on $V$ through $Q$, and let $\partial L/\partial Q$ be symmetric, an off-diagonal
        derivative shared equally between its two places. Trained rows flow by $\dot V_i = -\Gamma_i \nabla_{V_i} L$,
        fixed rows have $\Gamma_i = 0$. The chain rule uses only the first derivatives of $L$, so $L$ may be replaced by
        $\sum_{i \le j} l_{ij} Q_{ij}$; and both sides below are sums over coordinates, so one coordinate proves all."""
    )
    rows = sp.symbols(f"V_1:{_ROWS + 1}", real=True)
    mobility = [*sp.symbols("Gamma_1:3", positive=True), 0, 0]
    slopes = {(i, j): sp.Symbol(f"l_{i + 1}{j + 1}", real=True) for i in range(_ROWS) for j in range(i, _ROWS)}
    loss = sum(slope * rows[i] * rows[j] for (i, j), slope in slopes.items())
    moved = [-rate * sp.diff(loss, row) for rate, row in zip(mobility, rows, strict=True)]
    actual = sp.Matrix(_ROWS, _ROWS, lambda i, j: moved[i] * rows[j] + rows[i] * moved[j])
    symmetric = sp.Matrix(_ROWS, _ROWS, lambda i, j: slopes[min(i, j), max(i, j)] / (1 if i == j else 2))
    mover = 2 * sp.diag(*mobility) * symmetric
    gram = sp.Matrix(rows) * sp.Matrix(rows).T
    claimed = -(mover * gram + gram * mover.T)
    for i in range(_ROWS):
        for j in range(i, _ROWS):
            d.verify(f"entry {i + 1}{j + 1}", actual[i, j], claimed[i, j])
    d.step(
        "Gram flow",
        r"-(M Q + Q M^\top), \qquad M = 2 \Gamma\, \frac{\partial L}{\partial Q}\ \text{on trained rows, 0 elsewhere}",
        r"\dot Q", name="gram_flow",
        words=f"Proved entry by entry for {_ROWS} rows, two of them trained; an entry involves its own rows only.",
    )  # fmt: skip


def _pair(d: Derivation) -> None:
    d.say(
        r"""For a pair the rows are $\mu_1, \mu_2, \mu^\star$. With $a$ the factor of the target's attraction and $b$
        that of the repulsion,"""
    )
    loss = -repulsion * information(_DISTANCE) + attraction * (
        w_1 * (s_11 / 2 - phi(m_1)) + (1 - w_1) * (s_22 / 2 - phi(m_2))
    )
    rates = gram_flow(loss)
    closed = five(attraction, repulsion, Gamma_1, Gamma_2)
    values = {psi(m_1): psi_1, psi(m_2): psi_2, G(_DISTANCE): overlap}
    d.check("the five equations", valued(rates, values), closed, shown=_LEFT)
    tempered, free = (beta, sp.Integer(1)), (sp.Integer(1), T)
    in_heat = [one.subs(beta, 1 / T) for one in tempered]
    d.check(
        "the free energy is T times the loss: time runs T times faster",
        five(*free, Gamma_1, Gamma_2), [sp.expand(T * rate) for rate in five(*in_heat, Gamma_1, Gamma_2)], shown=_LEFT,
    )  # fmt: skip
    for name, factors in (("tempered_factors", in_heat), ("free_energy_factors", free)):
        d.output(name, factors, ["a", "b"], "factors of the attraction and of the repulsion", report=False)
    d.step(
        "tempered target, Euclidean metric", five(*tempered, 1, 1), _LEFT, name="tempered_euclidean_flow",
        words=r"The equations of theory section 3: $a = \beta$, $b = 1$, $\Gamma_i = 1$.",
    )  # fmt: skip
    natural = [sp.cancel(rate) for rate in five(*tempered, 1 / w_1, 1 / (1 - w_1))]
    d.step(
        "tempered target, natural metric", natural, _LEFT, name="tempered_natural_flow", words=r"$\Gamma_i = 1/w_i$."
    )
    d.step("free energy, Euclidean metric", five(*free, 1, 1), _LEFT, name="free_energy_euclidean_flow")
    slopes = {psi_prime(m_1): psi_prime_1, psi_prime(m_2): psi_prime_2, G_prime(_DISTANCE): overlap_prime}
    live = [rate.xreplace({number: average for average, number in values.items()}) for rate in closed]
    rows = [
        [valued(valued(entry, slopes), values).subs(_DISTANCE, D) for entry in row] for row in jacobian(live, STATE)
    ]
    d.output(
        "full_jacobian", rows, "J", "derivatives of the rates of m1, m2, s11, s12, s22 by these five", report=False
    )
    d.output(
        "full_flow_by_repulsion", [sp.diff(rate, repulsion) for rate in closed], r"\partial_b",
        "derivatives of the same rates by the factor of the repulsion", report=False,
    )  # fmt: skip


def five(a: Any, b: Any, rate_1: Any, rate_2: Any) -> list[Any]:
    """The right-hand sides of theory section 3 with general factors, averages as values."""
    w_2 = 1 - w_1
    pull_1, pull_2, push_1, push_2 = rate_1 * w_1 * a, rate_2 * w_2 * a, rate_1 * b * overlap, rate_2 * b * overlap
    return [
        pull_1 * (-m_1 + R**2 * psi_1) + push_1 * (m_1 - m_2),
        pull_2 * (-m_2 + R**2 * psi_2) + push_2 * (m_2 - m_1),
        2 * pull_1 * (-s_11 + psi_1 * m_1) + 2 * push_1 * (s_11 - s_12),
        pull_1 * (-s_12 + psi_1 * m_2) + pull_2 * (-s_12 + psi_2 * m_1)
        + push_1 * (s_12 - s_22) + push_2 * (s_12 - s_11),
        2 * pull_2 * (-s_22 + psi_2 * m_2) + 2 * push_2 * (s_22 - s_12),
    ]  # fmt: skip


def constrained(loss: Any, slopes: dict[Any, Any] | None = None) -> list[Any]:
    """Rates of (m1, m2, s12) of means that constraint forces hold at length R, under any loss of the five statistics.

    Args:
        loss: Of m1, m2, s11, s12, s22.
        slopes: What to write for its derivatives.
    """
    held = {s_11: R**2, s_22: R**2}
    dm1, dm2, d11, d12, d22 = (sp.expand(rate).xreplace(slopes or {}).subs(held) for rate in gram_flow(loss))
    force_1, force_2 = d11 / (2 * R**2), d22 / (2 * R**2)
    return [dm1 - force_1 * m_1, dm2 - force_2 * m_2, d12 - (force_1 + force_2) * s_12]


def _held(d: Derivation) -> None:
    """The flow of any loss, from the Gram flow and from gradients without their parts along the means."""
    d.say(
        r"""**Means on a sphere.** Means that are projected back onto the sphere $|\mu_i| = R$ after every step feel, in
        the limit of small steps, a force $-\lambda_i \mu_i$ along themselves that keeps their length. Whatever the loss
        $L(m_1, m_2, s_{11}, s_{12}, s_{22})$ is, the flow above gives it: $\lambda_i$ is half the rate of $|\mu_i|^2$
        over $R^2$. With $L_m$ for the derivative in $m$ the overlaps then move as they do when each gradient loses its
        part along its mean, $\dot \mu_i = -\Gamma_i (\nabla_i L - \mu_i (\mu_i \cdot \nabla_i L)/R^2)$; what $L$ does
        with the lengths has gone:"""
    )
    whole = sp.Function("L")(*STATE)
    pull_1, pull_2, length_1, turn, length_2 = letters = [sp.Symbol(f"L_{{{latex(one)}}}", real=True) for one in STATE]
    free = constrained(whole, {sp.diff(whole, one): letter for one, letter in zip(STATE, letters, strict=True)})
    closed = [
        -Gamma_1 * (pull_1 * (R**2 - m_1**2 / R**2) + turn * (m_2 - m_1 * s_12 / R**2)),
        -Gamma_2 * (pull_2 * (R**2 - m_2**2 / R**2) + turn * (m_1 - m_2 * s_12 / R**2)),
        -Gamma_1 * (pull_1 * (m_2 - m_1 * s_12 / R**2) + turn * (R**2 - s_12**2 / R**2))
        - Gamma_2 * (pull_2 * (m_1 - m_2 * s_12 / R**2) + turn * (R**2 - s_12**2 / R**2)),
    ]
    products = sp.Matrix([[R**2, s_12, m_1], [s_12, R**2, m_2], [m_1, m_2, R**2]])  # of mu_1, mu_2, mu*
    first, second, axis = (sp.eye(3).col(k) for k in range(3))
    gradients = [
        pull_1 * axis + 2 * length_1 * first + turn * second,
        pull_2 * axis + 2 * length_2 * second + turn * first,
    ]
    speeds = [
        -mobility * (downhill - mean * (mean.T * products * downhill)[0] / R**2)
        for mobility, mean, downhill in zip((Gamma_1, Gamma_2), (first, second), gradients, strict=True)
    ]
    moved = [axis.T * products * one for one in speeds]
    moved.append(second.T * products * speeds[0] + first.T * products * speeds[1])
    d.verify("gradients without their parts along the means", [one[0] for one in moved], closed)
    d.verify("constraint forces", free, closed)
    d.step(
        "Constraint forces under any loss", closed, _HELD_LEFT, name="constrained_flow",
        words="Proved for a function symbol $L$, from the Gram flow and from such gradients.",
    )  # fmt: skip


def held_rates(d: Derivation) -> list[Any]:
    """Rates of (m1, m2, s12) with |mu_i| = R, of any weights of the family, in the clock in which beta is 1."""
    d.say(
        r"""The loss of two components on a sphere (constraint forces: page The flow of the Gram matrix) has their
        common variance $v$ in the push of the pair: $G$ is taken at $D/\sqrt v$."""
    )
    distance = sp.sqrt(s_11 + s_22 - 2 * s_12)
    loss = -repulsion * information(distance / sp.sqrt(v)) + attraction * (
        w_1 * (s_11 / 2 - phi(m_1)) + (1 - w_1) * (s_22 / 2 - phi(m_2))
    )
    free = constrained(loss)
    label = G(sp.sqrt(2 * R**2 - 2 * s_12) / sp.sqrt(v))
    push, pull_1, pull_2 = repulsion / v * label, w_1 * attraction * psi(m_1), (1 - w_1) * attraction * psi(m_2)
    closed = [
        Gamma_1 * (pull_1 * (R**2 - m_1**2 / R**2) + push * (m_1 * s_12 / R**2 - m_2)),
        Gamma_2 * (pull_2 * (R**2 - m_2**2 / R**2) + push * (m_2 * s_12 / R**2 - m_1)),
        Gamma_1 * pull_1 * (m_2 - m_1 * s_12 / R**2)
        + Gamma_2 * pull_2 * (m_1 - m_2 * s_12 / R**2)
        - (Gamma_1 + Gamma_2) * push * (R**2 - s_12**2 / R**2),
    ]
    d.check("the equations of theory section 11", free, closed, shown=_HELD_LEFT)
    values = {psi(m_1): psi_1, psi(m_2): psi_2, label: overlap}
    tempered = {Gamma_1: 1, Gamma_2: 1, attraction: 1, repulsion: T}
    return [rate.subs(tempered) for rate in valued(closed, values)]
