"""How a small change of a flow's state grows over one of its steps, well enough to see how much and which way.

The change obeys u' = J u. The L-stable rational function of order 2 with one real pole stands for exp(h J): it is
within a few per cent of it at the steps that a method of order 5 takes, and forgets what decays, however stiff.

Source: Hairer and Wanner, Solving Ordinary Differential Equations II, section IV.6, table 6.4, s = 2.
"""

import math

from anneal_theory._compiled import kernel
from anneal_theory.numerics.lane_memory_kernels import lanes_of, put
from anneal_theory.numerics.rosenbrock_kernels import factor, shifted_back, solve_factored

POLE = 1.0 - math.sqrt(0.5)


@kernel(error_model="numpy", inline="always")
def tangent_step(work, matrix, step, change, room, n):
    """Carry small changes of states over a step each.

    `matrix`, the Jacobian in the middle of the step, is overwritten; it, `change` and `room`, which gets the result,
    are first rows in `work`.
    """
    for i in range(n):
        pushed = lanes_of(work, matrix + i * n) * lanes_of(work, change)
        for j in range(1, n):
            pushed = pushed + lanes_of(work, matrix + i * n + j) * lanes_of(work, change + j)
        put(work, room + i, lanes_of(work, change + i) + ((1.0 - 2.0 * POLE) * step) * pushed)
    inverse = 1.0 / (POLE * step)
    shifted_back(work, matrix, inverse, n)
    factor(work, matrix, n)
    for _ in range(2):
        solve_factored(work, matrix, room, n)
        for i in range(n):
            put(work, room + i, inverse * lanes_of(work, room + i))
