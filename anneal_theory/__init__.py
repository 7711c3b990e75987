"""Symbolic-numeric theory of annealed variational inference and mode collapse.

Names are imported when first used, so that ``import anneal_theory`` stays quick and loads neither SymPy, torch nor
matplotlib.
"""

import os
import sys

from anneal_theory._version import __version__ as __version__

# Known to type checkers by its name. `typing` itself would double the time in which the command line cannot yet act on
# Ctrl-C, and so the rest is imported where it is used.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from anneal_theory import asymptotics as asymptotics
    from anneal_theory import averages as averages
    from anneal_theory.compare import choose_schedule as choose_schedule
    from anneal_theory.compare import compare_baselines as compare_baselines
    from anneal_theory.compare import compare_training as compare_training
    from anneal_theory.design import calibrate_flow as calibrate_flow
    from anneal_theory.design import calibrate_training as calibrate_training
    from anneal_theory.design import design_schedule as design_schedule
    from anneal_theory.design import least_duration as least_duration
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
    from anneal_theory.gradient_flow import SphereState as SphereState
    from anneal_theory.gradient_flow import solve_flow as solve_flow
    from anneal_theory.gradient_flow import solve_flows as solve_flows
    from anneal_theory.phase_diagrams import phase_diagram as phase_diagram
    from anneal_theory.probability import collapse_probability as collapse_probability
    from anneal_theory.probability import simulate_flow as simulate_flow
    from anneal_theory.probability.noisy import noisy_collapse_probability as noisy_collapse_probability
    from anneal_theory.probability.noisy import simulate_noisy_flow as simulate_noisy_flow
    from anneal_theory.probability.noisy.safe_batch import safe_batch_size as safe_batch_size
    from anneal_theory.probability.noisy.survival import alignment_after_heat as alignment_after_heat
    from anneal_theory.probability.noisy.survival import alignment_survival as alignment_survival
    from anneal_theory.probability.noisy.threshold import noisy_threshold as noisy_threshold
    from anneal_theory.problem import BimodalTarget as BimodalTarget
    from anneal_theory.problem import Dynamics as Dynamics
    from anneal_theory.problem import GaussianInit as GaussianInit
    from anneal_theory.problem import GaussianMixture as GaussianMixture
    from anneal_theory.problem import SphereInit as SphereInit
    from anneal_theory.results import Ball as Ball
    from anneal_theory.results import Estimate as Estimate
    from anneal_theory.results import Outcomes as Outcomes
    from anneal_theory.results import Trajectory as Trajectory
    from anneal_theory.schedules import *  # noqa: F403  # each by its name, as that table lists them
    from anneal_theory.sweeps import plan_sweep as plan_sweep
    from anneal_theory.sweeps import rerun_sweep as rerun_sweep
    from anneal_theory.sweeps import sweep as sweep
    from anneal_theory.threshold import collapse_threshold as collapse_threshold
    from anneal_theory.training.mixture import train_mixture as train_mixture
    from anneal_theory.training.mixture_torch import train_mixture_torch as train_mixture_torch
    from anneal_theory.training.realnvp_training import train_realnvp as train_realnvp
    from anneal_theory.training.recipes import paper_recipe as paper_recipe
    from anneal_theory.training.user_flow import train_flow as train_flow
    from anneal_theory.vectorized import vectorize as vectorize

_HOMES = {
    "compare": ("choose_schedule", "compare_baselines", "compare_training"),
    "design": ("calibrate_flow", "calibrate_training", "design_schedule", "least_duration"),
    "errors": ("DomainError", "MissingExtra", "NoCollapsedState", "PrecisionError", "SolveError"),
    "gradient_flow": ("FullState", "GramState", "ReducedState", "SphereState", "solve_flow", "solve_flows"),
    "phase_diagrams": ("phase_diagram",),
    "probability": ("collapse_probability", "simulate_flow"),
    "probability.noisy": ("noisy_collapse_probability", "simulate_noisy_flow"),
    "probability.noisy.safe_batch": ("safe_batch_size",),
    "probability.noisy.survival": ("alignment_after_heat", "alignment_survival"),
    "probability.noisy.threshold": ("noisy_threshold",),
    "problem": ("BimodalTarget", "Dynamics", "GaussianInit", "GaussianMixture", "SphereInit"),
    "results": ("Ball", "Estimate", "Outcomes", "Trajectory"),
    "sweeps": ("plan_sweep", "rerun_sweep", "sweep"),
    "threshold": ("collapse_threshold",),
    "fixed_points": (
        "attractors", "collapsed_state", "critical_separation", "critical_temperature", "hot_separation",
        "target_constants", "transient_gain",
    ),
    "training": ("paper_recipe", "train_flow", "train_mixture", "train_mixture_torch", "train_realnvp"),
    "vectorized": ("vectorize",),
}  # fmt: skip
_FOLDERS = ("asymptotics", "averages")
# Modules that the API's pages show names of; some need matplotlib, and so `import *` takes none of them.
_MODULES = (
    "compare", "design", "errors", "fixed_points", "gallery", "gradient_flow", "phase_diagrams", "plots", "probability",
    "report", "sweeps", "threshold", "training", "vectorized", "work",
)  # fmt: skip
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def _wait_for_imports() -> None:
    from anneal_theory._forking import wait_for_imports

    wait_for_imports()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_wait_for_imports)


def _homes() -> dict[str, str]:
    """The module of each public name; the table of schedules adds its own."""
    from anneal_theory.schedules import SCHEDULES

    return _HOME | dict.fromkeys((*SCHEDULES, "Schedule", "from_callable"), "schedules")


def __getattr__(name: str) -> object:
    if name == "__all__":  # when it is asked for, and not before: the table of schedules takes time to import
        return ["__version__", *_FOLDERS, *sorted(_homes())]
    home = _HOME.get(name) or ("" if name.startswith("_") else _homes().get(name))
    if not home and name not in (*_FOLDERS, *_MODULES):
        text = f"module 'anneal_theory' has no attribute {name!r}"
        raise AttributeError(text, name=name, obj=sys.modules[__name__])  # from which Python names the nearest one
    from anneal_theory.extras import load

    if not home:
        return load(f"anneal_theory.{name}")
    value = globals()[name] = getattr(load(f"anneal_theory.{home}"), name)  # not asked for again
    return value


def __dir__() -> list[str]:
    return ["__version__", *_FOLDERS, *_MODULES, *sorted(_homes())]
