"""Flows that are not ours on targets beyond the theory, for `flow_schedules`: zuko's RealNVP, one at a time."""

import time
from typing import Any

from anneal_theory.schedules import Constant, LinearBeta, Piecewise, Schedule
from docs.studies.flow_targets import DIM, NAMES, TARGETS

SEEDS, STEPS = 16, 1000
KEY = "target", "name"
RULES: dict[str, Any] = {"steps": STEPS, "step_size": 0.005, "final_step_size": 0.0005, "batch_size": 64}
SCHEDULES: dict[str, Schedule] = {
    "no annealing": Constant(1),
    "linear beta from 10": LinearBeta(10, 500),
    "T linear from 4": Piecewise((0, 500), (4, 1)),
    "T = 1, then 10, then 1": Piecewise((0, 250, 251, 450, 500), (1, 1, 10, 10, 1)),
    "T = 2, then 1": Piecewise((0, 450, 500), (2, 2, 1)),
    "T = 6, then 1": Piecewise((0, 450, 500), (6, 6, 1)),
}


def cells() -> list[tuple[str, str]]:
    """Target and schedule, by their names."""
    return [(target, name) for target in reversed(NAMES) for name in SCHEDULES]


def outcome(place: tuple[str, str]) -> dict[str, Any]:
    """Flows that lost a mode: that hold less than half of its weight in the target."""
    import torch
    import zuko

    from anneal_theory.training import train_flow

    target, name = place
    modes, weights, log_prob = TARGETS[target]()
    started, lost, ess = time.process_time(), [], []
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        flow = zuko.flows.RealNVP(DIM, transforms=4, hidden_features=(32, 32))
        found = train_flow(flow, log_prob, SCHEDULES[name], **RULES, modes=modes, target_weights=weights)
        lost.append(len(found.modes.lost_modes))
        ess.append(float(found.ess))
    counts = {"lost": sum(one > 0 for one in lost), "flows": SEEDS, "modes_lost": lost}
    seconds = round(time.process_time() - started, 1)
    return {"target": target, "name": name} | counts | {"ess": [round(one, 3) for one in ess], "seconds": seconds}
