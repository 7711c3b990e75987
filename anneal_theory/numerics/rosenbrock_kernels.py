"""One step of Rodas5P, a stiffly accurate Rosenbrock method, for any compiled rates with one time-dependent force.

The flow is stiff wherever annealing is slow (the pair tracks its hot separation), so an explicit method would spend
its steps on stability. Rodas5P has order 5, an embedded error estimate of order 4, and one factorisation a step.

Source: G. Steinebach, BIT Numerical Mathematics 63 (2023), article 27: coefficients, in the transformed form of
Hairer and Wanner, Solving Ordinary Differential Equations II, section IV.7.
"""

import math

import numpy as np

from anneal_theory._compiled import kernel

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
def factor(matrix, n):
    """LU factors in place, without pivoting: I/(gamma h) - J is dominated by its diagonal at accepted step sizes.

    The diagonal has the inverse pivots. `n` is the matrix's size; where that is a constant, LLVM unrolls the loops.
    """
    for k in range(n):
        if matrix[k, k] == 0.0:
            return False
        inverse = 1.0 / matrix[k, k]
        matrix[k, k] = inverse
        for i in range(k + 1, n):
            matrix[i, k] *= inverse
            for j in range(k + 1, n):
                matrix[i, j] -= matrix[i, k] * matrix[k, j]
    return True


@kernel(error_model="numpy", inline="always")
def solve_factored(matrix, rows, k, n):
    """Solve with the factors of `factor` for row k of some, in place. (A row taken out would cost a count.)"""
    for i in range(n):
        total = rows[k, i]
        for j in range(i):
            total -= matrix[i, j] * rows[k, j]
        rows[k, i] = total
    for i in range(n - 1, -1, -1):
        total = rows[k, i]
        for j in range(i + 1, n):
            total -= matrix[i, j] * rows[k, j]
        rows[k, i] = total * matrix[i, i]


def rosenbrock_step(y, clock, step, panel, parameters, tables, forcing, limits, tol, work, stages, matrix):  # noqa: C901
    """Advance `work[0]` from y by one step; the scaled error estimate (above 1: reject).

    The text of a kernel, to be `specialised` with a system's functions:
        force_at(clock, panel, forcing): the force and its derivative by the clock
        rates(y, force, parameters, tables, out)
        jacobian(y, force, parameters, tables, matrix, by_force): derivatives of the rates in y, and in the force
        error_scales(y, new, tol, parameters, limits, out): what each variable may be off by between y and new
        VARIABLES: n, a constant: LLVM unrolls the loops over the variables, which saves a fifth of a step

    Args:
        y: State, shape (n,).
        clock: Where the step begins, in or after `panel` of the force.
        step: Its length.
        panel: A hint that `force_at` takes.
        parameters, tables, forcing, limits: What the four functions take. (Apart, since an array that is taken out of a
            tuple costs a count of its references: a third of the time.)
        tol: Handed to `error_scales`.
        work: Shape (4, n): the new state, and room for rates, slopes and scales.
        stages: Room, shape (STAGES, n).
        matrix: Room, shape (n, n).
    """
    new, slopes, by_force, scales = work[0], work[1], work[2], work[3]
    force, force_slope = force_at(clock, panel, forcing)
    jacobian(y, force, parameters, tables, matrix, by_force)
    inverse = 1.0 / step
    for i in range(VARIABLES):
        for j in range(VARIABLES):
            matrix[i, j] = -matrix[i, j]
        matrix[i, i] += inverse / GAMMA
    if not factor(matrix, VARIABLES):
        return math.inf
    here = force
    for s in range(STAGES):
        for i in range(VARIABLES):
            new[i] = y[i]
        for j in range(s):
            share = A[s, j]
            for i in range(VARIABLES):
                new[i] += share * stages[j, i]
        if s > 0 and NODES[s] != NODES[s - 1]:  # the last stages are at the end of the step
            here = force_at(clock + NODES[s] * step, panel, forcing)[0]
        rates(new, here, parameters, tables, slopes)
        pushed = step * TIME_SLOPES[s] * force_slope
        for i in range(VARIABLES):
            slopes[i] += pushed * by_force[i]
        for j in range(s):
            share = C[s, j] * inverse
            for i in range(VARIABLES):
                slopes[i] += share * stages[j, i]
        for i in range(VARIABLES):
            stages[s, i] = slopes[i]
        solve_factored(matrix, stages, s, VARIABLES)
    for i in range(VARIABLES):
        new[i] += stages[STAGES - 1, i]
    error_scales(y, new, tol, parameters, limits, scales)
    worst = 0.0
    for i in range(VARIABLES):
        ratio = abs(stages[STAGES - 1, i]) / scales[i]
        if not ratio <= worst:
            worst = ratio
    return worst
