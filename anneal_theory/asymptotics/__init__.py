"""Limits in closed form: large separation, high and low temperature, small starts, large dimension, close to a fold.

Each docstring gives the order of what the formula leaves out, and a test measures it. Where the exact function of the
package serves, it is right to all digits; these say how the numbers scale, and reach where doubles of theirs end.

`digits` is None for doubles, else correct relative digits of the formula, as ``mpf``. An argument outside the domain
given raises DomainError, a target without the fold NoCollapsedState.
"""

from anneal_theory.asymptotics.distances import close_mmse, far_mmse, hot_separation, saturated_clock, warm_separation
from anneal_theory.asymptotics.hot_start import hot_start_shift
from anneal_theory.asymptotics.separation import (
    collapsed_state,
    fold_distance,
    log_critical_temperature,
    pairs_below_fold,
    start_rate,
)
from anneal_theory.asymptotics.symmetric import (
    dimension_exponent,
    gain_exponent,
    large_dim_probability,
    small_start_gain,
)

__all__ = [
    "close_mmse",
    "collapsed_state",
    "dimension_exponent",
    "far_mmse",
    "fold_distance",
    "gain_exponent",
    "hot_separation",
    "hot_start_shift",
    "large_dim_probability",
    "log_critical_temperature",
    "pairs_below_fold",
    "saturated_clock",
    "small_start_gain",
    "start_rate",
    "warm_separation",
]
