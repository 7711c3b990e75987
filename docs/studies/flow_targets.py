"""Targets beyond the theory for `flow_schedules`, by zuko's RealNVP: unequal covariances, and four modes."""

import time
from collections.abc import Callable
from typing import Any

from anneal_theory.schedules import Constant, LinearBeta, Piecewise, Schedule

DIM, SEEDS, STEPS = 8, 16, 1000
NAMES = ("unequal covariances", "four modes")
RULES: dict[str, Any] = {"steps": STEPS, "step_size": 0.005, "final_step_size": 0.0005, "batch_size": 64}
SCHEDULES: dict[str, Schedule] = {
    "no annealing": Constant(1),
    "linear beta from 10": LinearBeta(10, 500),
    "T linear from 4": Piecewise((0, 500), (4, 1)),
    "T = 1, then 10, then 1": Piecewise((0, 250, 251, 450, 500), (1, 1, 10, 10, 1)),
    "T = 2, then 1": Piecewise((0, 450, 500), (2, 2, 1)),
    "T = 6, then 1": Piecewise((0, 450, 500), (6, 6, 1)),
}


def outcome(place: tuple[str, str]) -> dict[str, Any]:
    """What is stored of the flows of a target and a schedule, by their names."""
    target, name = place
    return {"target": target, "name": name} | trained(target, SCHEDULES[name])


def trained(target: str, schedule: Schedule) -> dict[str, Any]:
    """Flows that lost a mode: that hold less than half of its weight in the target."""
    import torch
    import zuko

    from anneal_theory.training import train_flow

    modes, weights, log_prob = {NAMES[0]: unequal, NAMES[1]: four}[target]()
    started, lost, ess = time.process_time(), [], []
    for seed in range(SEEDS):
        torch.manual_seed(seed)
        flow = zuko.flows.RealNVP(DIM, transforms=4, hidden_features=(32, 32))
        found = train_flow(flow, log_prob, schedule, **RULES, modes=modes, target_weights=weights)
        lost.append(len(found.modes.lost_modes))
        ess.append(float(found.ess))
    counts = {"lost": sum(one > 0 for one in lost), "flows": SEEDS, "modes_lost": lost}
    return counts | {"ess": [round(one, 3) for one in ess], "seconds": round(time.process_time() - started, 1)}


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
        return torch.logsumexp(level - 0.5 * (((x[:, None] - centres) / widths) ** 2).sum(-1), dim=1)

    return log_prob
