"""Compiled loop over the runs of a search or a count."""

import numpy as np

from anneal_theory._compiled import kernel
from anneal_theory.threshold.exact.collapse_kernels import evolve


@kernel(nogil=True)
def outcomes(kind, starts, problem, tol, max_steps):
    """Codes of `verdict_kernels` for many full or reduced starts, shape (n, 5) or (n, 3); these stay as they are."""
    model, saddle, tables, heat, basins, rests = problem
    codes = np.empty(starts.shape[0], dtype=np.int64)
    y = np.empty(starts.shape[1])
    for i in range(starts.shape[0]):
        for k in range(starts.shape[1]):
            y[k] = starts[i, k]
        codes[i] = evolve(kind, y, model, saddle, tables, heat, basins, rests, tol, max_steps)[0]
    return codes
