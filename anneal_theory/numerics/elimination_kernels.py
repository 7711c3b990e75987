"""Linear systems of a hundred unknowns, compiled: libraries share one such system among threads, which take longer."""

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory._types import FloatArray, IntArray


@kernel()
def factored(matrix: FloatArray) -> IntArray:
    """Factors of a square matrix in its place, by elimination with row pivots; the order of its rows."""
    size = matrix.shape[0]
    order = np.arange(size)
    for k in range(size):
        best = k + np.argmax(np.abs(matrix[k:, k]))
        if best != k:
            order[k], order[best] = order[best], order[k]
            for j in range(size):
                matrix[k, j], matrix[best, j] = matrix[best, j], matrix[k, j]
        for i in range(k + 1, size):
            share = matrix[i, k] / matrix[k, k]
            matrix[i, k] = share
            for j in range(k + 1, size):
                matrix[i, j] -= share * matrix[k, j]
    return order


@kernel()
def solved(factors: FloatArray, order: IntArray, right: FloatArray) -> FloatArray:
    """Solutions of a system from its factors, for each column of right-hand sides."""
    size, columns = right.shape
    solution = right[order]
    for i in range(size):
        for j in range(i):
            for c in range(columns):
                solution[i, c] -= factors[i, j] * solution[j, c]
    for i in range(size - 1, -1, -1):
        for j in range(i + 1, size):
            for c in range(columns):
                solution[i, c] -= factors[i, j] * solution[j, c]
        for c in range(columns):
            solution[i, c] /= factors[i, i]
    return solution
