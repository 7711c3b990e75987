"""Linear systems by the compiled loop beside NumPy's."""

import numpy as np
import pytest

from anneal_theory.numerics.elimination_kernels import factored, solved


@pytest.mark.parametrize("size", [1, 2, 7, 40])
def test_solutions_are_those_of_the_library_rows_in_any_order(size):
    random = np.random.default_rng(size)
    matrix, known = random.normal(size=(size, size)), random.normal(size=(size, 3))
    matrix[0, 0] = 0.0 if size > 1 else 2.0  # a first pivot that has to be looked for
    factors = matrix.copy()
    order = factored(factors)
    assert solved(factors, order, known) == pytest.approx(np.linalg.solve(matrix, known), rel=1e-9, abs=1e-9)
