"""Symbolic-numeric theory of annealed variational inference and mode collapse.

Names are imported when first used, so that ``import anneal_theory`` stays quick and loads neither SymPy, torch nor
matplotlib.
"""

import importlib
from typing import TYPE_CHECKING, Any

from anneal_theory.extras import load
from anneal_theory.schedules import SCHEDULES

__version__ = "0.1.0"

if TYPE_CHECKING:
    from anneal_theory import averages as averages
    from anneal_theory.compare import choose_schedule as choose_schedule
    from anneal_theory.compare import compare_baselines as compare_baselines
    from anneal_theory.compare import compare_training as compare_training
    from anneal_theory.errors import DomainError as DomainError
    from anneal_theory.errors import MissingExtra as MissingExtra
    from anneal_theory.errors import NoCollapsedState as NoCollapsedState
    from anneal_theory.errors import PrecisionError as PrecisionError
    from anneal_theory.errors import SolveError as SolveError
    from anneal_theory.fixed_points import attractors as attractors
    from anneal_theory.fixed_points import collapsed_state as collapsed_state
    from anneal_theory.fixed_points import critical_separation as critical_separation
    from anneal_theory.fixed_points import critical_temperature as critical_temperature
    from anneal_theory.fixed_points import hot_separation as hot_separation
    from anneal_theory.fixed_points import target_constants as target_constants
    from anneal_theory.fixed_points import transient_gain as transient_gain
    from anneal_theory.gradient_flow import FullState as FullState
    from anneal_theory.gradient_flow import GramState as GramState
    from anneal_theory.gradient_flow import ReducedState as ReducedState
    from anneal_theory.gradient_flow import solve_flow as solve_flow
    from anneal_theory.gradient_flow import solve_flows as solve_flows
    from anneal_theory.probability import collapse_probability as collapse_probability
    from anneal_theory.probability import simulate_flow as simulate_flow
    from anneal_theory.probability.slow.leading_order import probability_at as probability_at
    from anneal_theory.problem import BimodalTarget as BimodalTarget
    from anneal_theory.problem import Dynamics as Dynamics
    from anneal_theory.problem import GaussianInit as GaussianInit
    from anneal_theory.problem import GaussianMixture as GaussianMixture
    from anneal_theory.results import Ball as Ball
    from anneal_theory.results import Estimate as Estimate
    from anneal_theory.results import Outcomes as Outcomes
    from anneal_theory.results import Trajectory as Trajectory
    from anneal_theory.schedules import *  # noqa: F403  # each by its name, as that table lists them
    from anneal_theory.threshold import collapse_threshold as collapse_threshold
    from anneal_theory.threshold.slow.leading_order import leading_threshold as leading_threshold
    from anneal_theory.training.mixture import train_mixture as train_mixture
    from anneal_theory.training.mixture_torch import train_mixture_torch as train_mixture_torch
    from anneal_theory.training.realnvp_training import train_realnvp as train_realnvp

_HOMES = {
    "compare": ("choose_schedule", "compare_baselines", "compare_training"),
    "errors": ("DomainError", "MissingExtra", "NoCollapsedState", "PrecisionError", "SolveError"),
    "gradient_flow": ("FullState", "GramState", "ReducedState", "solve_flow", "solve_flows"),
    "probability": ("collapse_probability", "simulate_flow"),
    "probability.slow.leading_order": ("probability_at",),  # loads flint, which doubles do not need
    "problem": ("BimodalTarget", "Dynamics", "GaussianInit", "GaussianMixture"),
    "results": ("Ball", "Estimate", "Outcomes", "Trajectory"),
    "schedules": (*SCHEDULES, "Schedule", "from_callable"),
    "threshold": ("collapse_threshold",),
    "threshold.slow.leading_order": ("leading_threshold",),
    "fixed_points": (
        "attractors", "collapsed_state", "critical_separation", "critical_temperature", "hot_separation",
        "target_constants", "transient_gain",
    ),
    "training": ("train_mixture", "train_mixture_torch", "train_realnvp"),
}  # fmt: skip
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = ["__version__", "averages", *sorted(_HOME)]  # every entry is a string


def __getattr__(name: str) -> Any:
    if name == "averages":
        return importlib.import_module("anneal_theory.averages")
    if name not in _HOME:
        raise AttributeError(f"module 'anneal_theory' has no attribute {name!r}")
    return getattr(load(f"anneal_theory.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
