"""How a small change of a flow's state grows over one of its steps, well enough to see how much and which way.

The change obeys u' = J u. The L-stable rational function of order 2 with one real pole stands for exp(h J): it is
within a few per cent of it at the steps that a method of order 5 takes, and forgets what decays, however stiff.

Source: Hairer and Wanner, Solving Ordinary Differential Equations II, section IV.6, table 6.4, s = 2.
"""

import math

from anneal_theory._compiled import kernel
from anneal_theory.numerics.rosenbrock_kernels import factor, solve_factored

_POLE = 1.0 - math.sqrt(0.5)


@kernel(error_model="numpy", inline="always")
def tangent_step(matrix, step, change, rows, n):
    """Carry a small change of the state over a step, in place.

    Args:
        matrix: The Jacobian in the middle of the step, shape (n, n); overwritten.
        step: Its length.
        change: The first n entries, of what may be a longer array.
        rows: Room, shape (1, n) or more.
        n: How many variables.
    """
    for i in range(n):
        pushed = 0.0
        for j in range(n):
            pushed += matrix[i, j] * change[j]
        rows[0, i] = change[i] + (1.0 - 2.0 * _POLE) * step * pushed
    inverse = 1.0 / (_POLE * step)
    for i in range(n):
        for j in range(n):
            matrix[i, j] = -matrix[i, j]
        matrix[i, i] += inverse
    if factor(matrix, n):
        for _ in range(2):
            solve_factored(matrix, rows, 0, n)
            for i in range(n):
                rows[0, i] *= inverse
        for i in range(n):
            change[i] = rows[0, i]
