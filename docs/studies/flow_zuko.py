"""Flows that are not ours on targets beyond the theory, for `flow_schedules`: zuko's RealNVP, one at a time."""

import time
from functools import cache
from typing import Any

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.schedules import Constant, ExponentialToOne, LinearBeta, Piecewise, Schedule
from anneal_theory.training.adaptive import Adaptive
from anneal_theory.training.baselines import EVERY, BaselineRules, Rule, baseline_rules, cold_since
from docs.studies.flow_cells import BY_PILOTS, DESIGNED, designed
from docs.studies.flow_targets import DIM, MILD, NAMES, TARGETS

SEEDS, STEPS, COLD_BY, PILOTS = 16, 1000, 500, 2
KEY = "target", "name"
RULES: dict[str, Any] = {"step_size": 0.005, "final_step_size": 0.0005, "batch_size": 64}
SCHEDULES: dict[str, Schedule] = {
    "no annealing": Constant(1),
    "linear beta from 10": LinearBeta(10, COLD_BY),
    "T linear from 4": Piecewise((0, COLD_BY), (4, 1)),
    "T = 1, then 10, then 1": Piecewise((0, 250, 251, 450, COLD_BY), (1, 1, 10, 10, 1)),
    "T = 2, then 1": Piecewise((0, 450, COLD_BY), (2, 2, 1)),
    "T = 6, then 1": Piecewise((0, 450, COLD_BY), (6, 6, 1)),
}
MORE: dict[str, Schedule] = {
    "linear beta from 3": LinearBeta(3, COLD_BY),
    "the paper's exponential from 2": ExponentialToOne(2, duration=COLD_BY),
    "the paper's exponential from 3": ExponentialToOne(3, duration=COLD_BY),
}
FAMILIES = "monotone", "free"  # designed in the clock of our flows, which zuko's have too: see train_your_own_flow
ON_MILD = "no annealing", "T = 2, then 1"


def cells() -> list[tuple[str, str]]:
    """Target and schedule, by their names."""
    first = [(target, name) for target in reversed(NAMES) for name in SCHEDULES]
    added = [*MORE, *(f"{name} from 3" for name in BY_PILOTS)]
    first += [(target, name) for target in reversed(NAMES) for name in added]
    first += [(NAMES[0], DESIGNED + family) for family in FAMILIES]
    return first + [(MILD[1], name) for name in ON_MILD]


def outcome(place: tuple[str, str]) -> dict[str, Any]:
    """Flows that lost a mode: that hold less than half of its weight in the target."""
    (target, name), started = place, time.process_time()
    rule: Rule | None = (SCHEDULES | MORE).get(name)
    if rule is None and name.startswith(DESIGNED):
        rule = designed(name.removeprefix(DESIGNED), str(DIM))
    rule = rule or _usual(target)[name.removesuffix(" from 3")]
    trained = [_trained(target, rule, seed, STEPS) for seed in range(SEEDS)]
    lost = [len(flow.modes.lost_modes) for flow in trained]
    row = {"target": target, "name": name, "lost": sum(one > 0 for one in lost), "flows": SEEDS, "modes_lost": lost}
    if not isinstance(rule, Schedule):
        row["cold_after"] = [int(step) for step in np.percentile(cold_since(_histories(trained)), (0, 50, 100))]
    row |= {"ess": [round(float(flow.ess), 3) for flow in trained]}
    return row | {"seconds": round(time.process_time() - started, 1)}


def _trained(target: str, rule: Rule, seed: int, steps: int, **rules: Any) -> Any:
    """One of zuko's flows."""
    import torch
    import zuko

    from anneal_theory.training import train_flow

    modes, weights, log_prob = TARGETS[target](DIM)
    torch.manual_seed(seed)
    flow = zuko.flows.RealNVP(DIM, transforms=4, hidden_features=(32, 32))
    words = RULES | {"steps": steps, "record_every": EVERY, "record_samples": 2} | rules
    return train_flow(flow, log_prob, rule, **words, modes=modes, target_weights=weights)


def _histories(trained: list[Any]) -> dict[str, FloatArray]:
    """Steps and temperatures of several flows, shape (records, flows)."""
    return {name: np.stack([flow.history[name] for flow in trained], axis=1) for name in ("step", "temperature")}


@cache
def _usual(target: str) -> dict[str, Rule]:
    """The adaptive rules from T = 3, which pilot runs have made as long as the others."""

    def pilot(rule: Adaptive) -> tuple[FloatArray, FloatArray]:
        words = {"final_step_size": None, "highest_final_temperature": np.inf}
        history = _histories([_trained(target, rule, seed, COLD_BY, **words) for seed in range(PILOTS)])
        return history["temperature"][-1], cold_since(history)

    return baseline_rules(BaselineRules(3, STEPS, COLD_BY / STEPS), DIM, 1.0, pilot)
