"""What a sweep can be of: the functions whose numbers fill its cells, and what of a result is kept."""

import importlib
import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from anneal_theory.extras import load
from anneal_theory.numerals import is_mpf, mpf_text
from anneal_theory.problem import Dynamics
from anneal_theory.quantities import Quantity
from anneal_theory.quantities.doors import quantities_of
from anneal_theory.quantities.keywords import keywords_for
from anneal_theory.results import Estimate, Outcomes

_ESTIMATE = {
    "value": "the number",
    "error": "estimated absolute error of value; a standard error where it is simulated",
    "log_value": "natural logarithm of value",
    "log_error": "estimated absolute error of log_value",
}
_COMPLEMENT = {
    "log_complement": "natural logarithm of 1 minus the probability",
    "log_complement_error": "estimated absolute error of log_complement",
}
_COUNTS = {
    "collapsed": "number of runs that collapsed, of the decided ones",
    "decided": "number of runs that are decided",
    "diverged": "number of runs that diverged, which count as neither",
    "replicas": "number of runs",
    "mode_weight": "mean mass at the mode +mu* over the decided runs",
}
DIGITS = {
    "value_digits": "value, as a decimal that mpmath reads back equal",
    "log_value_digits": "log_value, as a decimal that mpmath reads back equal",
    "log_complement_digits": "log_complement, as a decimal that mpmath reads back equal",
}
"""The texts of cells whose digits are asked for, which lose nothing."""
TEXTS = {"note": "what the reader should know of the regime", "refusal": "why there is no number here"}
# Arguments that are the sweep's own affair, or whose results have no place in a table of doubles.
_LEFT_OUT = {
    "certified": "a cell keeps numbers without a proof; the function itself gives a Ball",
    "checkpoint": "the store keeps the cells",
    "checkpoint_every": "the store keeps the cells",
    "progress": "the sweep has its own bar",
    "processes": "the sweep has workers",
    "threads": "the sweep has workers",
    "record_every": "a cell keeps no curves",
    "family_weights": "two components have family_weight",
    "allow_slow": "the sweep has its own",
    "compiled": "each worker would compile for itself",
}
_OBJECTS = ("target", "schedule", "init")


@dataclass(frozen=True)
class Kind:
    """What a sweep is of.

    It takes a law of the initial means where it `starts`, and draws and counts where it `trains`; numbers are what is
    kept of a result, with its meaning.
    """

    module: str
    name: str
    starts: bool
    trains: bool
    numbers: Mapping[str, str]

    @property
    def function(self) -> Callable[..., Any]:
        """The function; its library may be missing."""
        load(f"anneal_theory.{self.module}")
        function: Callable[..., Any] = getattr(importlib.import_module(f"anneal_theory.{self.module}"), self.name)
        return function

    @cached_property
    def arguments(self) -> dict[str, Quantity]:
        """Its arguments besides the objects, of those that a sweep passes on."""
        quantities = quantities_of(self.function)
        return {
            name: quantity
            for name, quantity in quantities.items()
            if quantity is not None and name not in (*_OBJECTS, *_LEFT_OUT)
        }

    @cached_property
    def needed(self) -> list[str]:
        """Those without which it cannot be called."""
        own = inspect.signature(self.function).parameters.values()
        return [
            parameter.name
            for parameter in own
            if parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty
        ]

    def left_out(self, name: str) -> str:
        """Why an argument of the function is none of a sweep; empty where it is none of the function."""
        return _LEFT_OUT[name] if name in _LEFT_OUT and name in quantities_of(self.function) else ""

    def draws(self, arguments: Mapping[str, object]) -> bool:
        """Whether numbers are drawn with these arguments, so that a seed matters."""
        if self.trains:
            return True
        if arguments.get("method") == "simulated":
            return self.starts
        exact = self.name == "collapse_probability" and arguments.get("method", "exact") == "exact"
        return exact and not Dynamics(**keywords_for(Dynamics, arguments)).reducible

    def spare(self, arguments: Mapping[str, object]) -> set[str]:
        """Those that a cell goes without, although cells of other weights, rules or methods take them."""
        drawn = set() if self.trains or self.draws(arguments) else {"replicas"}
        if self.name not in ("collapse_threshold", "collapse_probability"):
            return drawn
        dynamics, method = Dynamics(**keywords_for(Dynamics, arguments)), arguments.get("method", "exact")
        if self.name == "collapse_probability":
            lawful = dynamics.takes_dim and not dynamics.needs_dim and method in ("exact", "simulated")
            return drawn | (set() if lawful else {"variance_law"})
        lawful = dynamics.takes_dim and method == "exact"
        return drawn | (set() if lawful or dynamics.needs_dim else {"dim"})

    def numbers_of(self, result: Estimate | Outcomes) -> dict[str, float]:
        """What is kept of a result; NaN where it has no such number."""
        if isinstance(result, Estimate):
            values = {name: getattr(result, name) for name in self.numbers}
            return {name: math.nan if number is None else float(number) for name, number in values.items()}
        decided = ~result.undecided
        weight = float(np.mean(result.mode_weight[decided])) if result.decided else math.nan
        counts = {"collapsed": result.count, "decided": result.decided, "diverged": int(result.diverged.sum())}
        return {name: float(count) for name, count in counts.items()} | {
            "replicas": float(result.replicas), "mode_weight": weight,
        }  # fmt: skip

    def digits_of(self, result: Estimate | Outcomes) -> dict[str, str]:
        """The texts of a result whose digits were asked for, by name; none of others."""
        if not isinstance(result, Estimate) or result.digits is None:
            return {}
        values = {name: getattr(result, name.removesuffix("_digits")) for name in self.texts}
        present = {name: number for name, number in values.items() if number is not None}
        return {name: mpf_text(number) if is_mpf(number) else str(number) for name, number in present.items()}

    @property
    def texts(self) -> dict[str, str]:
        """The texts that a cell has where its digits are asked for, with their meaning."""
        return {name: meaning for name, meaning in DIGITS.items() if name.removesuffix("_digits") in self.numbers}


KINDS = {
    "probability": Kind("probability", "collapse_probability", True, False, _ESTIMATE | _COMPLEMENT),
    "noisy-probability": Kind("probability.noisy", "noisy_collapse_probability", True, False, _ESTIMATE | _COMPLEMENT),
    "threshold": Kind("threshold", "collapse_threshold", False, False, _ESTIMATE),
    "mixture": Kind("training.mixture", "train_mixture", True, True, _COUNTS),
    "realnvp": Kind("training.realnvp_training", "train_realnvp", False, True, _COUNTS),
}
"""Every kind of sweep by its name."""
