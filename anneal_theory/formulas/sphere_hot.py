"""Infinitely hot starts on the sphere (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import pi, sqrt


def hot_start_shift(separation: Any, initial_temperature: Any, cooling_rate: Any, lag_factor: Any) -> Any:
    """Excess of log rho_c of a start at T0 over that of an infinitely hot one, at the same rate.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        initial_temperature: temperature at the start.
        cooling_rate: rate at which the logarithm of the temperature falls.
        lag_factor: growth that a hot start leaves out, over that with v = T.
    """
    return sqrt(2)*lag_factor*separation/(sqrt(pi)*cooling_rate*sqrt(initial_temperature))


def lag_factor_parameter(cooling_rate: Any) -> Any:
    """Parameter of the hypergeometric function.

    Args:
        cooling_rate: rate at which the logarithm of the temperature falls.
    """
    return -1/2*cooling_rate/(1 - cooling_rate)


def trained_lag_factor(cooling_rate: Any, lag_series: Any) -> Any:
    """Factor of a trained variance, with 2F1.

    Args:
        cooling_rate: rate at which the logarithm of the temperature falls.
        lag_series: hypergeometric function of the lag of the variance.
    """
    return lag_series*sqrt(1 - cooling_rate)
