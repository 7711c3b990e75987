r"""The fold of the collapsed pair: its null vectors, its normal form, R_c, and the cusp where the line of folds ends.

Source: theory section 6.  Output: the null vector, the coefficients of the normal form, the equations of R_c with
their Jacobian.
"""

from functools import cache
from typing import Any

import sympy as sp

from derivations import fixed_points
from derivations.core import Derivation, flatten, jacobian, valued
from derivations.fixed_points import VALUES
from derivations.symbols import (
    R,
    T,
    m_1,
    m_2,
    overlap,
    overlap_prime,
    overlap_second,
    psi_1,
    psi_2,
    psi_prime_1,
    psi_prime_2,
    psi_second_1,
    psi_second_2,
    psi_third_1,
    psi_third_2,
    symbol,
    w_1,
    z,
)  # fmt: skip

_W_2 = 1 - w_1
_GAP = (m_1 - m_2) / R
_AVERAGES = {number: average for average, number in VALUES.items()}
SLOPES = (R**2 * psi_prime_1 - 1, R**2 * psi_prime_2 - 1)  # f'(m1), f'(m2)


@cache
def derive() -> Derivation:
    """Null vectors, normal form, critical separation, cusp."""
    d = Derivation("saddle_node", "theory section 6", "The fold of the collapsed pair and its cusp")
    premise = fixed_points.derive().outputs
    residuals = [sp.sympify(one).xreplace(_AVERAGES) for one in premise["aligned_rest"].value]
    matrix = sp.Matrix(premise["aligned_rest_jacobian"].value)
    v = _null(d, matrix)
    _normal_form(d, residuals, v)
    _critical_separation(d, premise)
    d.say(
        r"""**Cusp.** Two folds meet where the quadratic coefficient of the normal form vanishes as well: $F_1 = F_2 =
        \det J = N = 0$ are four equations for $m_1, m_2, T, R$ at given $h$."""
    )
    return d


def _null(d: Derivation, matrix: sp.MatrixBase) -> list[Any]:
    d.say(
        r"""The rest points solve $F_1 = F_2 = 0$ (page Fixed points). Write $f_i' = R^2 \psi'(m_i) - 1$ and
        $g' = \partial_{m_1} T G(D) (m_1 - m_2)$. With the rows weighted by $w_i$ the Jacobian is symmetric: the flow
        descends a loss."""
    )
    push = T * (overlap + (m_1 - m_2) / R * overlap_prime)
    weighted = sp.diag(w_1, _W_2) * matrix
    symmetric = sp.Matrix([[w_1 * SLOPES[0] + push, -push], [-push, _W_2 * SLOPES[1] + push]])
    d.check("the weighted Jacobian is symmetric", weighted, symmetric,
            shown=[r"w_1 J_{11}", r"w_1 J_{12}", r"w_2 J_{21}", r"w_2 J_{22}"])  # fmt: skip
    determinant = w_1 * _W_2 * SLOPES[0] * SLOPES[1] + push * (w_1 * SLOPES[0] + _W_2 * SLOPES[1])
    d.check("its determinant", w_1 * _W_2 * matrix.det(), determinant, shown=r"w_1 w_2 \det J")
    v = [_W_2 * SLOPES[1], -w_1 * SLOPES[0]]
    moved = symmetric * sp.Matrix(v)
    d.check("its null vector v", moved, [determinant, -determinant], shown=[r"(w J v)_1", r"(w J v)_2"])
    d.output("fold_null_vector", v, ["v_1", "v_2"], "null vector of the Jacobian where it is singular", report=False)
    d.say(
        r"""The left null vector is $l_i = w_i v_i$. ($v$ vanishes only if $f_1' = f_2' = 0$, where both means sit at a
        turning point of $f$ at once.)"""
    )
    return v


def _normal_form(d: Derivation, residuals: list[Any], v: list[Any]) -> None:
    d.say(
        r"""On the centre manifold at the fold, $y$ along $v$ obeys
        $\dot y = a y^2 + c\,(T - T_c) + \dots$ per unit of the clock, with
        $a = \frac{l \cdot F_{vv}[v,v]}{2\, l \cdot v}$ and $c = \frac{l \cdot F_T}{l \cdot v}$. $F$ is the gradient
        of a potential, weighted; $N = l \cdot F_{vv}[v, v]$ is its third derivative along $v$:"""
    )
    left = [w_1 * v[0], _W_2 * v[1]]
    state = (m_1, m_2)
    second = sum(
        left[i] * sp.diff(residuals[i], state[j], state[k]) * v[j] * v[k]
        for i in range(2) for j in range(2) for k in range(2)
    )  # fmt: skip
    stretch = T * (2 * overlap_prime + (m_1 - m_2) / R * overlap_second) / R  # g''
    bend = R**2 * (w_1 * psi_second_1 * v[0] ** 3 + _W_2 * psi_second_2 * v[1] ** 3) + stretch * (v[0] - v[1]) ** 3
    d.check(
        "third derivative along v", valued([second], VALUES)[0], bend,
        shown=r"N = R^2 \left( w_1 \psi''(m_1) v_1^3 + w_2 \psi''(m_2) v_2^3 \right) + g'' (v_1 - v_2)^3",
    )  # fmt: skip
    heating = sum(one * sp.diff(residual, T) for one, residual in zip(left, residuals, strict=True))
    drive = (m_1 - m_2) * overlap * (v[0] - v[1])
    d.check("push of the temperature along v", valued([heating], VALUES)[0], drive, shown=r"l \cdot F_T")
    norm = left[0] * v[0] + left[1] * v[1]
    d.output(
        "fold_normal_form", [bend / (2 * norm), drive / norm], ["a", "c"],
        "coefficients a, c of the normal form y' = a y^2 + c (T - T_c) of a fold, y along its null vector",
        report=False,
    )  # fmt: skip
    drop, a, c = (symbol(name) for name in ("temperature_drop", "fold_bend", "fold_drive"))
    place = sp.sqrt(c * drop / a)
    d.verify("rest below the fold", a * place**2 - c * drop, sp.Integer(0))
    d.output("fold_offset", place, "y", "distance of the rest points from a fold along the null vector there",
             report=False)  # fmt: skip
    d.step(
        "a fold, not degenerate", r"0, \qquad l \cdot F_T \neq 0, \qquad N \neq 0", r"F_1 = F_2 = \det J",
        name="fold_conditions",
        words=r"""Then rest points exist on one side of $T_c$ only, at $y \approx \pm\sqrt{c\,(T_c - T)/a}$; the
        relative remainder is of order $|T - T_c|^{1/2}$, and $|T - T_c|$ for the distance between the two. The
        product $a c$ does not depend on the length of $v$.""",
    )  # fmt: skip


def _critical_separation(d: Derivation, premise: Any) -> None:
    d.say(
        r"""**Critical separation.** $R_c$ is the fold at $T = 1$: three equations for $m_1, m_2, R$. An average changes
        with $R$ as a solution of the heat equation, for any smooth $g$ of moderate growth and the normal density
        $\varphi$:"""
    )
    g = sp.Function("g")
    inner, at = sp.Symbol("m", real=True) + R * z, sp.Symbol("at", real=True)
    normal = sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi)
    by_separation = sp.diff(g(inner), R).doit() * normal
    twice = sp.diff(g(at), at, 2).subs(at, inner).doit()
    edge = -sp.diff(sp.diff(g(at), at).subs(at, inner).doit() * normal, z).doit()
    d.verify("heat equation", by_separation.doit(), (R * twice * normal + edge).doit())
    d.step(
        "heat equation", r"R\, g''(u)\, \varphi(z) - \partial_z \left( g'(u)\, \varphi(z) \right)",
        r"\partial_R\, g(u)\, \varphi(z)", words=r"so $\partial_R \psi^{(j)}(m) = R\, \psi^{(j+2)}(m)$.",
        name="heat_equation",
    )  # fmt: skip
    system = [sp.sympify(one).subs(T, 1) for one in premise["saddle_node"].value]
    distance = (m_1 - m_2) / R
    by_values = {
        psi_1: R * psi_second_1, psi_2: R * psi_second_2, psi_prime_1: R * psi_third_1, psi_prime_2: R * psi_third_2,
        overlap: -distance / R * overlap_prime, overlap_prime: -distance / R * overlap_second,
    }  # fmt: skip
    column = [
        sp.diff(one, R) + sum(sp.diff(one, number) * rate for number, rate in by_values.items()) for one in system
    ]
    known = sp.Matrix(premise["saddle_node_jacobian"].value)[:, :2].subs(T, 1).tolist()
    direct = jacobian([one.xreplace(_AVERAGES) for one in system], (m_1, m_2))
    d.check(
        "the columns of m1 and m2", flatten(valued(direct, VALUES)), flatten(known),
        shown=[rf"\partial_{{m_{i}}} {name}" for name in ("F_1", "F_2", r"\det J") for i in (1, 2)],
    )  # fmt: skip
    d.output(
        "critical_separation_system", system, ["F_1", "F_2", r"\det J"],
        "the three expressions that vanish at the critical separation", report=False,
    )  # fmt: skip
    d.output(
        "critical_separation_jacobian", [[*row, last] for row, last in zip(known, column, strict=True)],
        r"\partial (F_1, F_2, \det J)", "derivatives of the three by m1, m2 and R", report=False,
    )  # fmt: skip
