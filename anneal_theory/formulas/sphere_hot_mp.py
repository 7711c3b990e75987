"""Infinitely hot starts on the sphere, in mpmath (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def hot_start_shift(ctx: Any, separation: Any, initial_temperature: Any, cooling_rate: Any, lag_factor: Any) -> Any:
    """Excess of log rho_c of a start at T0 over that of an infinitely hot one, at the same rate.

    Args:
        ctx: mpmath context whose precision is used.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        initial_temperature: temperature at the start.
        cooling_rate: rate at which the logarithm of the temperature falls.
        lag_factor: growth that a hot start leaves out, over that with v = T.
    """
    return ctx.sqrt(2)*lag_factor*separation/(ctx.sqrt(ctx.pi)*cooling_rate*ctx.sqrt(initial_temperature))


def trained_lag_factor(ctx: Any, cooling_rate: Any, lag_series: Any) -> Any:
    """Factor of a trained variance, with 2F1.

    Args:
        ctx: mpmath context whose precision is used.
        cooling_rate: rate at which the logarithm of the temperature falls.
        lag_series: hypergeometric function of the lag of the variance.
    """
    return lag_series*ctx.sqrt(1 - cooling_rate)
