"""One step of Rodas5P, a stiffly accurate Rosenbrock method, for any compiled rates with one time-dependent force.

It advances `Lanes`: as many runs at once, each by its own step.

The flow is stiff wherever annealing is slow (the pair tracks its hot separation), so an explicit method would spend
its steps on stability. Rodas5P has order 5, an embedded error estimate of order 4, and one factorisation a step.

Source: G. Steinebach, BIT Numerical Mathematics 63 (2023), article 27: coefficients, in the transformed form of
Hairer and Wanner, Solving Ordinary Differential Equations II, section IV.7.
"""

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.numerics.lane_kernels import where
from anneal_theory.numerics.lane_memory_kernels import lanes_of, put, taken

STAGES = 8
GAMMA = 0.21193756319429014

# Stage s is evaluated at y + sum_j A[s, j] k_j; its right-hand side gains sum_j C[s, j] k_j / h.
A = np.zeros((STAGES, STAGES))
A[1, :1] = [3.0]
A[2, :2] = [2.849394379747939, 0.45842242204463923]
A[3, :3] = [-6.954028509809101, 2.489845061869568, -10.358996098473584]
A[4, :4] = [2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641]
A[5, :5] = [-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946]
A[6, :6] = [*A[5, :5], 1.0]
A[7, :7] = [*A[5, :5], 1.0, 1.0]

C = np.zeros((STAGES, STAGES))
C[1, :1] = [-14.155112264123755]
C[2, :2] = [-17.97296035885952, -2.859693295451294]
C[3, :3] = [147.12150275711716, -1.41221402718213, 71.68940251302358]
C[4, :4] = [165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306]
C[5, :5] = [24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125, -0.6610691825249471]
C[6, :4] = [30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783]
C[6, 4:6] = [-19.097331116725623, -28.087943162872662]
C[7, :4] = [37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047]
C[7, 4:7] = [-40.06618937091002, -54.66780262877968, -9.48861652309627]

NODES = np.array([0.0, 0.6358126895828704, 0.4095798393397535, 0.9769306725060716, 0.4288403609558664, 1.0, 1.0, 1.0])
TIME_SLOPES = np.array(
    [GAMMA, -0.42387512638858027, -0.3384627126235924, 1.8046452872882734, 2.325825639765069, 0.0, 0.0, 0.0]
)


@kernel(error_model="numpy", inline="always")
def factor(work, matrix, n):
    """LU factors in place, without pivoting: I/(gamma h) - J is dominated by its diagonal at accepted step sizes.

    The diagonal has the inverse pivots. A pivot of 0 gives NaN, and the step is rejected. `matrix` is its first row
    among the Lanes of `work`, one row an entry; where n is a constant, LLVM unrolls the loops.
    """
    for k in range(n):
        inverse = 1.0 / lanes_of(work, matrix + k * n + k)
        put(work, matrix + k * n + k, inverse)
        for i in range(k + 1, n):
            share = lanes_of(work, matrix + i * n + k) * inverse
            put(work, matrix + i * n + k, share)
            for j in range(k + 1, n):
                rest = lanes_of(work, matrix + i * n + j) - share * lanes_of(work, matrix + k * n + j)
                put(work, matrix + i * n + j, rest)


@kernel(error_model="numpy", inline="always")
def solve_factored(work, matrix, first, n):
    """Solve with the factors of `factor` for n rows from the first on, in place."""
    for i in range(n):
        total = lanes_of(work, first + i)
        for j in range(i):
            total = total - lanes_of(work, matrix + i * n + j) * lanes_of(work, first + j)
        put(work, first + i, total)
    for i in range(n - 1, -1, -1):
        total = lanes_of(work, first + i)
        for j in range(i + 1, n):
            total = total - lanes_of(work, matrix + i * n + j) * lanes_of(work, first + j)
        put(work, first + i, total * lanes_of(work, matrix + i * n + i))


@kernel(error_model="numpy", inline="always")
def shifted_back(work, matrix, diagonal, n):
    """The matrix that a step of an implicit method solves with, in the place of a Jacobian J: diagonal - J."""
    for i in range(n):
        for j in range(n):
            put(work, matrix + i * n + j, -lanes_of(work, matrix + i * n + j))
        put(work, matrix + i * n + i, lanes_of(work, matrix + i * n + i) + diagonal)


def rosenbrock_step(work, clock, step, panel, parameters, tables, forcing, limits, tol):
    """Advance n runs' states by a step each; the scaled error estimates (above 1: reject).

    The text of a kernel, to be `specialised` with a system's functions:
        force_row(panel, forcing): what the two below take of the panel in which the step begins
        slope_in(clock, row): the derivative of the force by the clock
        force_in(clock, row, panel, forcing): the force, in that panel or after it
        rates(y, force, parameters, tables): a tuple
        jacobian(y, force, parameters, tables): derivatives of the rates in y, rows of a matrix, and in the force
        error_scales(y, new, tol, parameters, limits): what each variable may be off by between y and new
        VARIABLES: n, a constant: LLVM unrolls the loops over the variables

    Args:
        work: Rows of Lanes: n of the state, which stay; n that get the new one; n derivatives by the force; n for each
            stage; n^2 of the matrix.
        clock: Where each step begins, in or after `panel` of the force.
        step: Its length.
        panel: Where to look for the force.
        parameters, tables, forcing, limits: What the functions take. (Apart, since an array that is taken out of a
            tuple costs a count of its references.)
        tol: Handed to `error_scales`.
    """
    new, forced, stages, matrix = VARIABLES, 2 * VARIABLES, 3 * VARIABLES, (3 + STAGES) * VARIABLES
    y, row, inverse = taken(work, 0, VARIABLES), force_row(panel, forcing), 1.0 / step
    force, force_slope = force_in(clock, row, panel, forcing), slope_in(clock, row)
    rows, by_force = jacobian(y, force, parameters, tables)
    put(work, matrix, rows)
    put(work, forced, by_force)
    shifted_back(work, matrix, inverse * (1.0 / GAMMA), VARIABLES)
    factor(work, matrix, VARIABLES)
    for s in range(STAGES):
        for i in range(VARIABLES):
            moved = lanes_of(work, i)
            for j in range(s):
                moved = moved + A[s, j] * lanes_of(work, stages + j * VARIABLES + i)
            put(work, new + i, moved)
        if s > 0 and NODES[s] != NODES[s - 1]:  # the last stages are at the end of the step
            force = force_in(clock + NODES[s] * step, row, panel, forcing)
        put(work, stages + s * VARIABLES, rates(taken(work, new, VARIABLES), force, parameters, tables))
        pushed = step * TIME_SLOPES[s] * force_slope
        for i in range(VARIABLES):
            slope = lanes_of(work, stages + s * VARIABLES + i) + pushed * lanes_of(work, forced + i)
            for j in range(s):
                slope = slope + (C[s, j] * inverse) * lanes_of(work, stages + j * VARIABLES + i)
            put(work, stages + s * VARIABLES + i, slope)
        solve_factored(work, matrix, stages + s * VARIABLES, VARIABLES)
    last = stages + (STAGES - 1) * VARIABLES
    for i in range(VARIABLES):
        put(work, new + i, lanes_of(work, new + i) + lanes_of(work, last + i))
    put(work, matrix, error_scales(y, taken(work, new, VARIABLES), tol, parameters, limits))
    worst = 0.0 * step
    for i in range(VARIABLES):
        ratio = abs(lanes_of(work, last + i)) / lanes_of(work, matrix + i)
        worst = where(ratio <= worst, worst, where(worst == worst, ratio, worst))  # a NaN stays
    return worst
