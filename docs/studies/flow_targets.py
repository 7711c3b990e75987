"""Targets beyond the theory for `flow_schedules`, by flows as those of "ways": unequal covariances, and four modes."""

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
    COLD_BY,
    DESIGNED,
    HOLD,
    RECIPE,
    REPLICAS,
    STEPS,
    Ways,
    designed,
    exponentials,
    linear,
    quenched,
)

DIM, PILOTS, SAMPLES = 8, 4, 10_000
KEY = "target", "name"
NAMES = ("four modes", "unequal covariances")


def cells() -> list[tuple[str, str]]:
    """Target and way, by their names."""
    return [(target, name) for target in NAMES for name in ways(target)]


def outcome(place: tuple[str, str]) -> dict[str, Any]:
    """Flows that lost a mode: that hold less than half of its weight in the target."""
    started, (target, name) = time.process_time(), place
    rule = ways(target)[name]()
    seed, looks = cells().index(place), {"record_every": EVERY, "record_samples": 2}  # at temperatures alone
    run = training(target, rule, seed, REPLICAS, steps=STEPS, **looks)
    history = run.run()
    lost = (mode_shares(run, target) < LOST_SHARE * _weights(target)).sum(axis=1)
    row = {"target": target, "name": name, "lost": int((lost > 0).sum()), "flows": REPLICAS, "seed": seed}
    row |= {"modes_lost": lost.tolist(), "schedule": repr(rule)}
    if not isinstance(rule, Schedule):
        row["cold_after"] = [int(step) for step in np.percentile(cold_since(history), (0, 50, 100))]
    return row | {"seconds": round(time.process_time() - started, 1)}


def ways(target: str) -> Ways:
    """Ways to anneal, all cold after the same steps; what is designed is for the mixture of "ways"."""
    found: Ways = {"no annealing": partial(Constant, 1), "linear beta from 10": partial(LinearBeta, 10, COLD_BY)}
    found |= exponentials(str(DIM), (2, 3)) | {"T = 2, then 1": partial(quenched, (HOLD, "2"))}
    found |= {f"{name} from 3": partial(_adaptive, name, target, 3) for name in BY_PILOTS}
    found |= {DESIGNED + family: partial(designed, family, str(DIM)) for family in ("monotone", "free")}
    if target == NAMES[1]:
        return found
    return found | {
        "linear beta from 3": partial(LinearBeta, 3, COLD_BY),
        "T linear from 4": partial(linear, "4", COLD_BY),
    }


def mode_shares(run: Any, target: str) -> FloatArray:
    """The share of samples that are nearest to each mode, shape (flows, modes)."""
    import torch

    from anneal_theory.training.noise import EVALUATION

    centres = TARGETS[target]()[0]
    with torch.no_grad():
        _, samples, _ = run.flow.draw(run.noise, EVALUATION, run.step, SAMPLES)
        nearest = torch.cdist(samples, centres.expand(len(samples), -1, -1)).argmin(dim=2)
        shares = torch.stack([(nearest == place).double().mean(dim=1) for place in range(len(centres))], dim=1)
    return np.asarray(shares)


def training(target: str, rule: Rule, seed: int, flows: int, **rules: Any) -> Any:
    """A training that is about to begin."""
    from anneal_theory.training.annealed import AnnealedRun
    from anneal_theory.training.noise import Noise
    from anneal_theory.training.realnvp import RealNVP

    noise = Noise(seed, flows)
    flow = RealNVP(DIM, noise, **keywords_for(FlowShape, RECIPE))
    return AnnealedRun(
        flow, TARGETS[target]()[2], rule, TrainingRules(**(keywords_for(TrainingRules, RECIPE) | rules)), noise
    )


def _weights(target: str) -> FloatArray:
    return np.asarray(TARGETS[target]()[1], dtype=np.float64)


def _adaptive(name: str, target: str, temperature: int) -> Rule:
    return _usual(target, temperature)[name]


@cache
def _usual(target: str, temperature: int) -> dict[str, Rule]:
    """The usual ways, whose adaptive rules pilot runs have made as long as the others."""

    def pilot(rule: Adaptive) -> tuple[FloatArray, FloatArray]:
        words = {"steps": COLD_BY, "record_every": EVERY, "record_samples": 2, "final_step_size": None}
        history = training(target, rule, 0, PILOTS, **words, highest_final_temperature=np.inf).run()
        return history["temperature"][-1], cold_since(history)

    return baseline_rules(BaselineRules(temperature, STEPS, COLD_BY / STEPS), DIM, 1.0, pilot)


def unequal() -> tuple[Any, Any, Callable[[Any], Any]]:
    """Two modes at a distance of 6 along the first axis, the light one three times as narrow in all but that axis."""
    import torch

    centres = torch.zeros(2, DIM)
    centres[0, 0], centres[1, 0] = 3, -3
    widths = torch.ones(2, DIM)
    widths[1, 1:] = 1 / 3
    return centres, torch.tensor([0.7, 0.3]), _mixture(centres, widths, torch.tensor([0.7, 0.3]))


def four() -> tuple[Any, Any, Callable[[Any], Any]]:
    """Four modes at the corners of a square of side 6 in the first two axes, of unequal weights."""
    import torch

    centres = torch.zeros(4, DIM)
    centres[:, :2] = 3 * torch.tensor([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]])
    weights = torch.tensor([0.4, 0.3, 0.2, 0.1])
    return centres, weights, _mixture(centres, torch.ones(4, DIM), weights)


def _mixture(centres: Any, widths: Any, weights: Any) -> Callable[[Any], Any]:
    """The log-density of a mixture of normals with diagonal covariances, up to a constant."""
    import torch

    level = weights.log() - widths.log().sum(1)

    def log_prob(x: Any) -> Any:
        return torch.logsumexp(level - 0.5 * (((x[..., None, :] - centres) / widths) ** 2).sum(-1), dim=-1)

    return log_prob


TARGETS = {NAMES[0]: four, NAMES[1]: unequal}
