"""What annealing is measured against: no annealing, linear beta and adaptive rules at an equal budget of steps."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.extras import require
from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import Constant, LinearBeta
from anneal_theory.training.adaptive import AdaAnn, Adaptive, ConstantESS, Rule
from anneal_theory.training.mixture import train_mixture

# Trains a few replicas at a rule's temperatures for the cooling time: their final temperatures, and the times at which
# they were at T = 1 (the end, where they were not).
Pilot: TypeAlias = Callable[[Adaptive], tuple[FloatArray, FloatArray]]

_PILOTS = 4  # replicas of a pilot run
_ROUNDS = 6  # pilot runs at most, each with the tolerance that the last ones ask for
_NEAR = 0.05  # log of the time of a pilot over the cooling time: near enough
_STEEPEST = -3.0, -0.5  # slopes that the secant method believes
EVERY = 10  # steps between two temperatures of an adaptive rule
_SAMPLES = 500  # samples it looks at
_LARGEST_TOLERANCE = 2.0  # the effective sample size of a step is then exp(-4), above 1/_SAMPLES


@checked(initial_temperature="baseline_temperature")
@dataclass(frozen=True)
class BaselineRules:
    """What the baselines have in common.

    Args:
        initial_temperature: T0 > 1 of all that anneal.
        budget: Time of each run, > 0: of gradient flow for mixtures, in steps for flows.
        cooling_share: Share of the budget after which they are at T = 1, strictly between 0 and 1; the rest is for
            settling.

    Raises:
        DomainError: an argument lies outside its domain.
    """

    initial_temperature: float | int = 10
    budget: float | int = 200
    cooling_share: float = 0.8

    @property
    def cooling_time(self) -> float:
        """Time at which they are at T = 1."""
        return float(self.budget) * self.cooling_share


@checked(rules="baseline_rules", init="initial_law")
def baselines(
    target: BimodalTarget, init: GaussianInit | SphereInit, rules: BaselineRules, **training: Any
) -> dict[str, Rule]:
    """Ways to choose a mixture's temperatures (`baseline_rules`); `training` has the pilot runs' keywords."""

    def pilot(rule: Adaptive) -> tuple[FloatArray, FloatArray]:
        words = training | {"replicas": _PILOTS, "end_time": rules.cooling_time, "highest_final_temperature": math.inf}
        words |= {"most_undecided": 1}  # a pilot ends when it is cold
        statistics = train_mixture(target, rule, init, **(words | {"stop_at_rest": True, "progress": False})).statistics
        return statistics["final_temperature"], statistics["cooling_time"]

    return baseline_rules(rules, init.dim, float(training.get("step_size", 0.05)), pilot)


@checked(rules="baseline_rules")
def realnvp_baselines(target: BimodalTarget, rules: BaselineRules, **training: Any) -> dict[str, Rule]:
    """Ways to choose a flow's temperatures (`baseline_rules`), in steps; `training` has the pilot runs' keywords."""
    require("torch")
    from anneal_theory.training.realnvp_training import train_realnvp

    few: dict[str, Any] = {
        "replicas": _PILOTS,
        "steps": round(rules.cooling_time),
        "final_step_size": None,
        "record_every": EVERY,
    }
    few |= {"record_samples": 2, "evaluation_samples": 2, "highest_final_temperature": math.inf, "progress": False}
    few |= {"most_undecided": 1}

    def pilot(rule: Adaptive) -> tuple[FloatArray, FloatArray]:
        history = train_realnvp(target, rule, **(training | few)).history
        return history["temperature"][-1], cold_since(history)

    return baseline_rules(rules, int(training.get("dim", 16)), 1.0, pilot)


def cold_since(history: Mapping[str, FloatArray]) -> FloatArray:
    """The first recorded step at T = 1 of each replica, the last one of those that never are.

    Example:
        >>> step, temperature = np.array([[0.0, 0], [5, 5], [9, 9]]), np.array([[2.0, 2], [1, 2], [1, 2]])
        >>> cold_since({"step": step, "temperature": temperature})
        array([5., 9.])
    """
    cold = history["temperature"] <= 1
    cold[-1] = True
    return np.asarray(history["step"][cold.argmax(axis=0), 0], dtype=np.float64)


def baseline_rules(rules: BaselineRules, dim: int, step: float, pilot: Pilot) -> dict[str, Rule]:
    """The usual ways to choose temperatures, all at one budget, by name.

    "no annealing" is T = 1 throughout; "linear beta" has beta rise linearly over the cooling time; "AdaAnn" and
    "constant ESS" adapt each replica, with tolerances that pilot runs of a few replicas set so that they reach T = 1 in
    that time as well. `step` is the time of one step. The adaptive rules are `anneal_theory.training.adaptive`.
    """
    temperature, cooling = rules.initial_temperature, rules.cooling_time
    if cooling < 2 * EVERY * step:
        raise DomainError.of(
            "budget", f"enough for {2 * EVERY} steps of cooling", rules.budget, "adaptive rules need some steps"
        )

    def adaann(tolerance: float) -> Adaptive:
        return AdaAnn(temperature, tolerance, EVERY, _SAMPLES)

    def constant_ess(tolerance: float) -> Adaptive:
        """To second order the same: the weights of a step of log-variance v have log ESS -v."""
        return ConstantESS(temperature, math.exp(-(tolerance**2)), EVERY, _SAMPLES)

    first = (1 - 1 / temperature) * math.sqrt(0.5 * dim) * EVERY * step / cooling  # as if log p had variance d/2
    by_name: dict[str, Rule] = {"no annealing": Constant(1), "linear beta": LinearBeta(temperature, cooling)}
    for name, kind in (("AdaAnn", adaann), ("constant ESS", constant_ess)):
        by_name[name] = _calibrated(kind, first, cooling, pilot)
    return by_name


def _calibrated(kind: Callable[[float], Adaptive], tolerance: float, cooling: float, pilot: Pilot) -> Adaptive:
    """The rule whose pilot runs reach T = 1 about the cooling time: the secant method in both logarithms."""
    log_tolerance, slope, last = math.log(tolerance), -1.0, None  # the time falls like 1/tolerance, as a first guess
    for _ in range(_ROUNDS):
        rule = kind(min(math.exp(log_tolerance), _LARGEST_TOLERANCE))
        final, times = pilot(rule)
        start = 1 / float(rule.initial_temperature)
        miss = math.log((1 - start) / float(np.mean((1 / final - start) / times)) / cooling)
        if abs(miss) < _NEAR:
            return rule
        if last is not None and log_tolerance != last[0]:
            slope = min(_STEEPEST[1], max(_STEEPEST[0], (miss - last[1]) / (log_tolerance - last[0])))
        log_tolerance, last = log_tolerance - miss / slope, (log_tolerance, miss)
    return kind(min(math.exp(log_tolerance), _LARGEST_TOLERANCE))
