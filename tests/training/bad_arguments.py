"""Arguments of training of wrong kinds and values: prints those that are not refused by name.

    python -m tests.training.bad_arguments

A program of its own, because the checks of types that the tests run under would refuse most of them first.
"""

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from anneal_theory.errors import DomainError
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.schedules import Constant
from anneal_theory.training import train_mixture, train_mixture_torch, train_realnvp
from anneal_theory.training.baselines import BaselineRules
from anneal_theory.training.mixture_rules import MixtureRules
from anneal_theory.training.rules import TrainingRules

NO_COUNTS = [math.nan, math.inf, 2.5, 0, -1, -(10**400), True, "8", b"8", [8], 1j, np.float64(8), Fraction(5, 2)]
TOO_MANY = 10**400
NO_REALS = [math.nan, -math.inf, -1.0, True, "a tenth", b"1", None, [0.1], 1j, np.array([0.1, 0.2]), object()]
NO_STEPS = [*NO_REALS, 0, math.inf, 10**400]
NO_SHARES = [*NO_REALS, 1.1, math.inf]
NO_TEMPERATURES = [*NO_REALS, 0.99]
TARGET, STILL, INIT = BimodalTarget(3, "0.8"), Constant(1), GaussianInit(4)


def mixture(**words: Any) -> Any:
    return train_mixture(TARGET, STILL, INIT, **words)


def by_torch(**words: Any) -> Any:
    return train_mixture_torch(TARGET, STILL, INIT, **words)


def flows(**words: Any) -> Any:
    return train_realnvp(TARGET, STILL, **words)


CASES: list[tuple[Callable[..., Any], str, list[Any]]] = [
    (mixture, "replicas", [*NO_COUNTS, None, TOO_MANY]),
    (mixture, "batch_size", [*NO_COUNTS, 1, TOO_MANY]),
    (mixture, "threads", [*NO_COUNTS, TOO_MANY]),
    (mixture, "record_every", NO_COUNTS),
    (mixture, "seed", [value for value in [*NO_COUNTS, None] if value != 0 or value is False]),
    (mixture, "step_size", NO_STEPS),
    (mixture, "end_time", [value for value in NO_STEPS if value is not None]),
    (mixture, "most_undecided", NO_SHARES),
    (mixture, "stop_at_rest", [None, 1, "yes"]),
    (by_torch, "replicas", [*NO_COUNTS, None, TOO_MANY]),
    (by_torch, "batch_size", [*NO_COUNTS, None, 1, TOO_MANY]),
    (by_torch, "most_undecided", NO_SHARES),
    (flows, "steps", [*NO_COUNTS, TOO_MANY]),
    (flows, "evaluation_samples", [*NO_COUNTS, None, 1, TOO_MANY]),
    (flows, "most_undecided", NO_SHARES),
    *((TrainingRules, name, [*NO_COUNTS, None, TOO_MANY]) for name in ("steps", "batch_size", "record_samples")),
    (TrainingRules, "record_every", [*NO_COUNTS, None]),
    (TrainingRules, "step_size", NO_STEPS),
    (TrainingRules, "falling_share", [*NO_SHARES, 0]),
    *((rules, "highest_final_temperature", NO_TEMPERATURES) for rules in (MixtureRules, TrainingRules)),
    (BaselineRules, "initial_temperature", [*NO_TEMPERATURES, 1, math.inf]),
    (BaselineRules, "budget", NO_STEPS),
    (BaselineRules, "cooling_share", [*NO_SHARES, 0, 1]),
]


def failures() -> Iterator[str]:
    """What was not refused by the name of the argument, in one line each."""
    for function, name, values in CASES:
        for value in values:
            huge = type(value) is int and abs(value) == TOO_MANY
            told = f"{function.__name__}({name}={'10**400, or less' if huge else repr(value)})"
            try:
                function(**{name: value})
            except DomainError as error:
                if not str(error).startswith(f"{name} must be"):
                    yield f"{told}: {error}"
            except Exception as error:
                yield f"{told}: {type(error).__name__}: {error}"
            else:
                yield f"{told}: accepted"


if __name__ == "__main__":
    for line in failures():
        print(line)
    print(sum(len(values) for _, _, values in CASES), "arguments tried")
