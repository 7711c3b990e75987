"""The schedules that are made of numbers, by their files in this folder.

Written by `python -m derivations`; do not edit.
"""

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anneal_theory.schedules.constant import Constant as Constant
    from anneal_theory.schedules.exponential import Exponential as Exponential
    from anneal_theory.schedules.exponential_to_one import ExponentialToOne as ExponentialToOne
    from anneal_theory.schedules.hold import Hold as Hold
    from anneal_theory.schedules.linear import Linear as Linear
    from anneal_theory.schedules.linear_beta import LinearBeta as LinearBeta
    from anneal_theory.schedules.piecewise import Piecewise as Piecewise
    from anneal_theory.schedules.power import Power as Power

SCHEDULES = MappingProxyType(
    {
        "Constant": ("temperature",),
        "Exponential": ("initial_temperature", "decay_time"),
        "ExponentialToOne": ("initial_temperature", "decay_time"),
        "Hold": ("initial_temperature", "hold_time"),
        "Linear": ("initial_temperature", "duration"),
        "LinearBeta": ("initial_temperature", "duration"),
        "Piecewise": ("times", "temperatures"),
        "Power": ("initial_temperature", "decay_time", "exponent"),
    }
)
"""The parameters of each schedule, by its class."""

ALTERNATIVES = MappingProxyType(
    {
        "ExponentialToOne": ("decay_time", "duration"),
    }
)
"""A parameter of a schedule, and the one that may be given in its place, by keyword."""
