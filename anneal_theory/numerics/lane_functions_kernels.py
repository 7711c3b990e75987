"""exp, log and log1p of Lanes, to a few units of the last place, without a branch.

exp as Taylor's series on half of log 2 round 0; log as that of artanh on half of it round 1.
"""

import math
from collections.abc import Sequence

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.base import BaseContext
from numba.core.typing import BaseContext as Typing
from numba.core.typing import Signature
from numba.core.typing.templates import signature
from numba.extending import overload

from anneal_theory.numerics.lane_kernels import DOUBLES, INTEGERS, LANES, Typed, intrinsic_or, lanes, where

__all__ = ["exp_of_lanes", "log1p_of_lanes", "log_of_lanes"]

_LOG2_E, _LN2_HIGH, _LN2_LOW = 1.4426950408889634, 6.93147180369123816490e-01, 1.90821492927058770002e-10
_LEAST, _MOST = -708.0, 709.0  # exponents; exp is 0 below, and held above
_EXP = tuple(1.0 / math.factorial(k) for k in range(14))
_LOG = tuple(2.0 / (2 * k + 1) for k in range(11))


@intrinsic_or(lambda n: np.ldexp(1.0, n.astype(int)))
def _power_of_two(context: Typing, n: types.Type) -> Typed:
    """2^n of whole doubles from -1022 to 1023."""

    def build(context: BaseContext, builder: ir.IRBuilder, sig: Signature, arguments: Sequence[ir.Value]) -> ir.Value:
        biased = builder.add(builder.fptosi(arguments[0], INTEGERS), ir.Constant(INTEGERS, [1023] * LANES))
        return builder.bitcast(builder.shl(biased, ir.Constant(INTEGERS, [52] * LANES)), DOUBLES)

    return signature(lanes, lanes), build


@intrinsic_or(lambda x: np.floor(np.log2(x)))
def _exponent(context: Typing, x: types.Type) -> Typed:
    """n of positive doubles 2^n m with m in [1, 2), as a double."""

    def build(context: BaseContext, builder: ir.IRBuilder, sig: Signature, arguments: Sequence[ir.Value]) -> ir.Value:
        bits = builder.lshr(builder.bitcast(arguments[0], INTEGERS), ir.Constant(INTEGERS, [52] * LANES))
        return builder.sitofp(builder.sub(bits, ir.Constant(INTEGERS, [1023] * LANES)), DOUBLES)

    return signature(lanes, lanes), build


@overload(np.exp)
def exp_of_lanes(x):
    """exp for numba, of Lanes."""
    if x != lanes:
        return None
    c = _EXP

    def exp(x):
        bounded = np.minimum(np.maximum(x, _LEAST), _MOST)
        n = np.floor(bounded * _LOG2_E + 0.5)
        r = (bounded - n * _LN2_HIGH) - n * _LN2_LOW
        s = r * r
        q = s * s
        low, middle = (c[0] + r * c[1]) + s * (c[2] + r * c[3]), (c[4] + r * c[5]) + s * (c[6] + r * c[7])
        high = ((c[8] + r * c[9]) + s * (c[10] + r * c[11])) + q * (c[12] + r * c[13])
        return where(x < _LEAST, 0.0, (low + q * (middle + q * high)) * _power_of_two(n))

    return exp


@overload(np.log)
def log_of_lanes(x):
    """log for numba, of Lanes that are positive and not below the least normal double; NaN else."""
    if x != lanes:
        return None
    c = _LOG

    def log(x):
        n = _exponent(x)
        m = x * _power_of_two(-n)
        far = m > 1.4142135623730951
        n, m = where(far, n + 1.0, n), where(far, 0.5 * m, m)
        r = (m - 1.0) / (m + 1.0)
        s = r * r
        q = s * s
        low = (c[0] + s * c[1]) + q * (c[2] + s * c[3])
        high = ((c[4] + s * c[5]) + q * (c[6] + s * c[7])) + q * q * ((c[8] + s * c[9]) + q * c[10])
        return where(x > 0.0, n * _LN2_HIGH + (r * (low + q * q * high) + n * _LN2_LOW), np.nan)

    return log


@overload(np.log1p)
def log1p_of_lanes(x):
    """log1p for numba, of Lanes: what 1 + x rounds away is put back in proportion (Kahan)."""
    if x != lanes:
        return None

    def log1p(x):
        u = 1.0 + x
        return where(u == 1.0, x, np.log(u) * (x / (u - 1.0)))

    return log1p
