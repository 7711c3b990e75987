"""A probability to many digits as the estimate that both routes return."""

import flint
import mpmath

from anneal_theory.precision import flint_precision, rounded, to_ball
from anneal_theory.results import Estimate


def estimate_of(value: flint.arb, error: float, digits: int, bits: int, method: str) -> Estimate:
    """A probability as an estimate, rounded to its digits.

    Args:
        value: P, a ball.
        error: Its relative error.
        digits: How many were asked for.
        bits: Precision that its logarithms are taken at.
        method: What gave it.
    """
    with flint_precision(bits):
        midpoints = [to_ball(one, digits + 5).midpoint for one in (value, value.log(), (-value).log1p())]
    off, unit = mpmath.mpf(error), mpmath.mpf(10) ** -(digits + 2)  # the latter is left by `rounded`
    inside, log_inside, log_beyond = (rounded(part, digits) for part in midpoints)
    rest = off * mpmath.exp(log_inside - log_beyond)  # P and 1 - P are off by the same
    return Estimate(
        inside, (off + unit) * inside, log_inside, method, log_beyond, log_error=off + unit * abs(log_inside),
        log_complement_error=rest + unit * abs(log_beyond), digits=digits,
    )  # fmt: skip
