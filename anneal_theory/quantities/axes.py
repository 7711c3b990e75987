"""The axes of phase diagrams: lists of values of one parameter, named by its plural."""

from types import MappingProxyType

from anneal_theory.quantities.arrays import ValueList
from anneal_theory.quantities.letters import LETTERS
from anneal_theory.quantities.quantity import Quantity

MOST_VALUES = 100_000

VARIED = MappingProxyType(
    {
        "initial_temperatures": "initial_temperature",
        "decay_times": "decay_time",
        "durations": "duration",
        "hold_times": "hold_time",
        "exponents": "exponent",
        "separations": "separation",
        "weights": "weight",
        "dims": "dim",
        "variances": "variance",
        "family_weights": "family_weight",
    }
)
"""The parameter that each list is of; the first of two axes is the one that stands first here."""

_BY_NAME = {quantity.name: quantity for quantity in LETTERS}


def _axis(parameter: str) -> Quantity:
    quantity = _BY_NAME[parameter]
    text = f"a list of 1 to {MOST_VALUES} rising values, each {quantity.domain.text}"
    advice = "give every value once, in rising order"
    row = ValueList(text, item=quantity.domain, rising=True, most=MOST_VALUES)
    return Quantity(
        f"{parameter}_axis", "", row, f"values along an axis: {quantity.meaning}", advice, time=quantity.time
    )


AXES = tuple(map(_axis, VARIED.values()))
"""A quantity for each list, named after the parameter: ``weight_axis`` is a list of weights of the target."""
