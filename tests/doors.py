"""The public doors: every function, constructor and method that a user calls, by name."""

import importlib
import inspect
from collections.abc import Callable
from typing import Any

import anneal_theory as at

# Exceptions take what the package says of itself; results are made by the package, not by users.
MADE_BY_US = {
    "DomainError", "MissingExtra", "NoCollapsedState", "PrecisionError", "SolveError", "Outcomes", "Trajectory",
}  # fmt: skip


# Documented functions that are reached by their modules.
BY_MODULE = (
    "compare.compare", "compare.interval", "gradient_flow.basin_boundary", "gradient_flow.loss_gradients",
    "gradient_flow.responsibilities",
    "phase_diagrams.grid.Axes",
    "fixed_points.attractor_set", "fixed_points.unstable_overlap", "probability.cap_digits.cap_chance",
    "probability.cap_digits.erf_chance", "probability.slow.leading_order.leading_probability",
    "probability.slow.slow_annealing.slow_probability", "probability.effort.Effort",
    "probability.sphere.limit.closed_form_probability", "probability.sphere.limit.passage_probability",
    "schedules.variance.variance_along",
    "threshold.sphere.antipodal.antipodal_alpha", "threshold.sphere.antipodal.antipodal_temperature",
    "threshold.sphere.closed_form.closed_form_threshold", "threshold.sphere.closed_form.slow_cooling_threshold",
    "threshold.sphere.rates.sphere_growth_rates", "threshold.sphere.hot_start.hot_start_threshold",
    "threshold.sphere.linear_passage.passage_threshold",
    "initial_law.sample_full_statistics",
    "threshold.slow.leading_order.leading_threshold", "threshold.slow.slow_annealing.slow_estimate",
    "training.mixture_rules.MixtureRules", "training.noise.Noise", "training.realnvp.RealNVP",
    "training.rules.FlowShape", "training.rules.FlowVerdict",
)  # fmt: skip


def _public() -> dict[str, Any]:
    named = {name: getattr(at, name) for name in at.__all__ if not isinstance(getattr(at, name), str)}
    for folder in ("asymptotics", "averages"):
        module = named.pop(folder)
        named |= {f"{folder}.{name}": getattr(module, name) for name in module.__all__}
    for module in ("training.adaptive", "training.rules", "training.baselines"):
        home = importlib.import_module(f"anneal_theory.{module}")
        for name in ("AdaAnn", "ConstantESS", "TrainingRules", "BaselineRules"):
            if getattr(home, name, None) is not None and getattr(home, name).__module__ == home.__name__:
                named[name] = getattr(home, name)
    for path in BY_MODULE:
        module, _, name = path.rpartition(".")
        named[f"{module}:{name}"] = getattr(importlib.import_module(f"anneal_theory.{module}"), name)
    return named


def _doors() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for name, one in _public().items():
        if not isinstance(one, type):
            found[name] = one
            continue
        if name in MADE_BY_US:
            continue
        if name != "Schedule":  # what schedules have in common is no schedule
            found[name] = one.__init__
        if ":" not in name:
            found |= {f"{name}.{method}": value for method, value in _methods(one).items()}
    return found


def _methods(kind: type) -> dict[str, Callable[..., Any]]:
    """Public methods with arguments, where they are written."""
    found = {}
    for name, value in vars(kind).items():
        if name.startswith("_") or not (inspect.isfunction(value) or isinstance(value, classmethod)):
            continue
        bound = getattr(kind, name) if isinstance(value, classmethod) else value
        if [one for one in inspect.signature(bound).parameters if one != "self"]:
            found[name] = bound
    return found


DOORS = _doors()


def uncovered() -> list[str]:
    """Public names without a door that are no results or errors: empty, or someone forgot a new function."""
    covered = {name.partition(".")[0] for name in DOORS} | MADE_BY_US
    return [name for name, one in _public().items() if name not in covered and name not in DOORS]
