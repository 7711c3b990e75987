"""Gauss-Legendre rules, each computed once."""

from functools import lru_cache

from numpy.polynomial import legendre

from anneal_theory._types import FloatArray


@lru_cache(maxsize=32)
def legendre_rule(count: int) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights on [-1, 1], which nobody may change.

    Source:
        DLMF 3.5(v).

    Example:
        >>> nodes, weights = legendre_rule(2)
        >>> nodes.round(6).tolist(), weights.round(6).tolist()
        ([-0.57735, 0.57735], [1.0, 1.0])
    """
    nodes, weights = legendre.leggauss(count)
    nodes.setflags(write=False)
    weights.setflags(write=False)
    return nodes, weights
