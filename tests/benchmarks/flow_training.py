"""Flows to train and the matrix products that no implementation can do without; see `training_speed`."""

from collections.abc import Callable
from itertools import pairwise

import torch
import zuko

from anneal_theory.schedules import Constant
from anneal_theory.training.adapters import SeparateFlows, TrainableFlow
from anneal_theory.training.annealed import AnnealedRun
from anneal_theory.training.noise import Noise
from anneal_theory.training.realnvp import RealNVP
from anneal_theory.training.realnvp_outcome import target_log_density
from anneal_theory.training.rules import TrainingRules
from tests.benchmarks.training_speed import TARGET, Tasks

COUPLINGS, HIDDEN, FLOW_BATCH, REPLICAS = 8, (64, 64), 512, 8


def flows(dim: int, compiled: bool, steps: int = 15) -> Tasks:
    """Runs of flows in the annealed loop; every one has made itself ready."""
    shape = {"couplings": COUPLINGS, "hidden": HIDDEN}
    zukos = zuko.flows.RealNVP(dim, transforms=COUPLINGS, hidden_features=HIDDEN)
    families: dict[str, TrainableFlow] = {
        "RealNVP of zuko": SeparateFlows([zukos], dim),
        "RealNVP, eager": RealNVP(dim, Noise(0, 1), **shape),
    }
    if compiled:
        for count in (1, REPLICAS):
            flow = RealNVP(dim, Noise(0, count), **shape)
            flow.compile_forward()
            families[f"RealNVP, compiled, {count} as one batch"] = flow

    def run(family: TrainableFlow, steps: int) -> Callable[[], object]:
        rules = TrainingRules(steps=steps, batch_size=FLOW_BATCH, record_every=steps, record_samples=2)
        noise = Noise(0, family.replicas)
        return lambda: AnnealedRun(family, lambda x: target_log_density(TARGET, x), Constant(1), rules, noise).run()

    tasks: Tasks = {"RealNVP, matrix products alone": (lambda: products(dim, steps), steps)}
    for name, family in families.items():
        run(family, 3)()
        tasks[name] = run(family, steps), steps * family.replicas
    products(dim, 3)
    return tasks


def products(dim: int, steps: int) -> None:
    """The products of all couplings' networks, forward and (two a layer) backward, and nothing else."""
    widths = [dim // 2, *HIDDEN, dim]
    pairs = [(torch.ones(FLOW_BATCH, a), torch.ones(a, b), torch.ones(FLOW_BATCH, b)) for a, b in pairwise(widths)]
    for _ in range(steps * COUPLINGS):
        for points, weight, slope in pairs:
            torch.mm(points, weight)
            torch.mm(slope, weight.T)
            torch.mm(points.T, slope)
