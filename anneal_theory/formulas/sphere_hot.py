"""Infinitely hot starts on the sphere (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def lag_factor_parameter(cooling_rate: Any) -> Any:
    """Parameter of the hypergeometric function.

    Args:
        cooling_rate: rate at which the logarithm of the temperature falls.
    """
    return -1/2*cooling_rate/(1 - cooling_rate)
