"""Annealing schedules: the temperature as a function of the time of gradient flow (theory section 8)."""

from anneal_theory.schedules.base import Schedule
from anneal_theory.schedules.constant import Constant
from anneal_theory.schedules.exponential import Exponential
from anneal_theory.schedules.exponential_to_one import ExponentialToOne
from anneal_theory.schedules.from_callable import FromCallable, from_callable
from anneal_theory.schedules.hold import Hold
from anneal_theory.schedules.linear import Linear
from anneal_theory.schedules.linear_beta import LinearBeta
from anneal_theory.schedules.piecewise import Piecewise
from anneal_theory.schedules.power import Power

__all__ = [
    "Constant",
    "Exponential",
    "ExponentialToOne",
    "FromCallable",
    "Hold",
    "Linear",
    "LinearBeta",
    "Piecewise",
    "Power",
    "Schedule",
    "from_callable",
]
