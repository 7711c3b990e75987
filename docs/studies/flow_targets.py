"""Targets beyond the theory for `flow_schedules`: unequal covariances, more and less so, and four modes.

By flows as those of "ways" in 8 dimensions and of "dimensions" in 32 and 128, but that modes lie in the first two axes.
"""

import time
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.quantities.keywords import keywords_for
from anneal_theory.schedules import Constant, LinearBeta, Schedule
from anneal_theory.training.adaptive import Adaptive
from anneal_theory.training.baselines import EVERY, BaselineRules, Rule, baseline_rules, cold_since
from anneal_theory.training.rules import LOST_SHARE, FlowShape, TrainingRules
from docs.studies.flow_cells import (
    BY_PILOTS,
    DESIGNED,
    RECIPE,
    SETTINGS,
    Ways,
    designed,
    exponentials,
    held,
    linear,
)

DIM, PILOTS, SAMPLES = 8, 4, 10_000
DIMS = (8, 32, 128)
KEY = "target", "dim", "name"
NAMES = ("four modes", "unequal covariances")
MILD = ("slightly unequal covariances", "hardly unequal covariances")  # in 8 dimensions alone
NARROW = {NAMES[1]: 3.0, MILD[0]: 1.25, MILD[1]: 1.1}  # how many times as narrow the light mode is

# Where adaptive rules start, and exponentials; and the best of the holds: as on the bimodal target
STARTS = {8: ((3, 2, 3), "2"), 32: ((10, 5, 10), "3"), 128: ((10, 5, 10), "3")}

Place = tuple[str, int, str]  # target, dimension, way


def cells() -> list[Place]:
    """All cells; the place of one is its seed."""
    first = [(target, dim, name) for dim in DIMS for target in NAMES for name in ways(target, dim)]
    return first + [(target, DIM, name) for target in MILD for name in ways(target, DIM)]


def outcome(place: Place) -> dict[str, Any]:
    """Flows that lost a mode: that hold less than half of its weight in the target."""
    started, (target, dim, name) = time.process_time(), place
    rule, flows = ways(target, dim)[name](), SETTINGS[str(dim)][0]["replicas"]
    seed, looks = cells().index(place), {"record_every": EVERY, "record_samples": 2}  # at temperatures alone
    run = training(target, dim, rule, seed, flows, **looks)
    history = run.run()
    lost = (mode_shares(run, target) < LOST_SHARE * _weights(target)).sum(axis=1)
    row = {"target": target, "dim": dim, "name": name, "lost": int((lost > 0).sum()), "flows": flows, "seed": seed}
    row |= {"modes_lost": lost.tolist(), "schedule": repr(rule)}
    if not isinstance(rule, Schedule):
        row["cold_after"] = [int(step) for step in np.percentile(cold_since(history), (0, 50, 100))]
    return row | {"seconds": round(time.process_time() - started, 1)}


def ways(target: str, dim: int) -> Ways:
    """Ways to anneal, all cold after the same steps; what is designed is for the mixture of "ways"."""
    size, (start, *exponents), hold = str(dim), *STARTS[dim]
    cold = SETTINGS[size][1]
    found: Ways = {"no annealing": partial(Constant, 1), "linear beta from 10": partial(LinearBeta, 10, cold)}
    found |= exponentials(size, tuple(exponents)) | held(size, (hold,))
    found |= {f"{name} from {start}": partial(_adaptive, name, target, dim, start) for name in BY_PILOTS}
    found |= {DESIGNED + family: partial(designed, family, size) for family in ("monotone", "free")}
    if dim != DIM or target == NAMES[1]:
        return found
    return found | {"linear beta from 3": partial(LinearBeta, 3, cold), "T linear from 4": partial(linear, "4", cold)}


def mode_shares(run: Any, target: str) -> FloatArray:
    """The share of samples that are nearest to each mode, shape (flows, modes)."""
    import torch

    from anneal_theory.training.noise import EVALUATION

    centres = TARGETS[target](run.flow.dim)[0]
    with torch.no_grad():
        _, samples, _ = run.flow.draw(run.noise, EVALUATION, run.step, SAMPLES)
        nearest = torch.cdist(samples, centres.expand(len(samples), -1, -1)).argmin(dim=2)
        shares = torch.stack([(nearest == place).double().mean(dim=1) for place in range(len(centres))], dim=1)
    return np.asarray(shares)


def training(target: str, dim: int, rule: Rule, seed: int, flows: int, **rules: Any) -> Any:
    """A training that is about to begin."""
    from anneal_theory.training.annealed import AnnealedRun
    from anneal_theory.training.noise import Noise
    from anneal_theory.training.realnvp import RealNVP

    noise = Noise(seed, flows)
    flow = RealNVP(dim, noise, **keywords_for(FlowShape, RECIPE))
    words = keywords_for(TrainingRules, RECIPE) | {"steps": SETTINGS[str(dim)][0]["steps"]} | rules
    return AnnealedRun(flow, TARGETS[target](dim)[2], rule, TrainingRules(**words), noise)


def _weights(target: str) -> FloatArray:
    return np.asarray(TARGETS[target](DIM)[1], dtype=np.float64)


def _adaptive(name: str, target: str, dim: int, temperature: int) -> Rule:
    return _usual(target, dim, temperature)[name]


@cache
def _usual(target: str, dim: int, temperature: int) -> dict[str, Rule]:
    """The usual ways, whose adaptive rules pilot runs have made as long as the others."""
    recipe, cold = SETTINGS[str(dim)]

    def pilot(rule: Adaptive) -> tuple[FloatArray, FloatArray]:
        words = {"steps": cold, "record_every": EVERY, "record_samples": 2, "final_step_size": None}
        history = training(target, dim, rule, 0, PILOTS, **words, highest_final_temperature=np.inf).run()
        return history["temperature"][-1], cold_since(history)

    return baseline_rules(BaselineRules(temperature, recipe["steps"], cold / recipe["steps"]), dim, 1.0, pilot)


def unequal(times: float, dim: int) -> tuple[Any, Any, Callable[[Any], Any]]:
    """Two modes at a distance of 6 along the first axis, the light one so many times as narrow but along it."""
    import torch

    centres = torch.zeros(2, dim)
    centres[0, 0], centres[1, 0] = 3, -3
    widths = torch.ones(2, dim)
    widths[1, 1:] = 1 / times
    return centres, torch.tensor([0.7, 0.3]), _mixture(centres, widths, torch.tensor([0.7, 0.3]))


def four(dim: int) -> tuple[Any, Any, Callable[[Any], Any]]:
    """Four modes at the corners of a square of side 6 in the first two axes, of unequal weights."""
    import torch

    centres = torch.zeros(4, dim)
    centres[:, :2] = 3 * torch.tensor([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]])
    weights = torch.tensor([0.4, 0.3, 0.2, 0.1])
    return centres, weights, _mixture(centres, torch.ones(4, dim), weights)


def _mixture(centres: Any, widths: Any, weights: Any) -> Callable[[Any], Any]:
    """The log-density of a mixture of normals with diagonal covariances, up to a constant."""
    import torch

    level = weights.log() - widths.log().sum(1)

    def log_prob(x: Any) -> Any:
        return torch.logsumexp(level - 0.5 * (((x[..., None, :] - centres) / widths) ** 2).sum(-1), dim=-1)

    return log_prob


TARGETS = {NAMES[0]: four} | {name: partial(unequal, times) for name, times in NARROW.items()}
