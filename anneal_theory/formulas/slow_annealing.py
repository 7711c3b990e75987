"""What slow annealing costs (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def slow_threshold(escape_rate: Any, hot_clock: Any, log_gain: Any, log_prefactor: Any) -> Any:
    """Log rho_c of slow annealing; to leading order log A = 0.

    Args:
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
        hot_clock: clock that a schedule spends above T_c.
        log_gain: logarithm of the gain C(s(0)) of the transient.
        log_prefactor: logarithm of the prefactor of the threshold of slow annealing.
    """
    return -escape_rate*hot_clock - log_gain + log_prefactor
