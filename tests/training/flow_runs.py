"""Small flows in the annealed loop, for the tests of it."""

import torch

from anneal_theory.problem import BimodalTarget
from anneal_theory.training.annealed import AnnealedRun
from anneal_theory.training.noise import Noise
from anneal_theory.training.realnvp import RealNVP
from anneal_theory.training.realnvp_outcome import target_log_density
from anneal_theory.training.rules import TrainingRules

TARGET = BimodalTarget(3, 0.8)
TINY = {"dim": 3, "replicas": 2, "couplings": 2, "hidden": (6,), "batch_size": 8, "record_samples": 10,
        "evaluation_samples": 20, "most_undecided": 1}  # fmt: skip
ANY_END = {"highest_final_temperature": float("inf")}


def log_density(samples: torch.Tensor) -> torch.Tensor:
    return target_log_density(TARGET, samples)


def run_of(schedule, *, density=log_density, seed=0, **rules) -> AnnealedRun:
    flow = RealNVP(3, Noise(seed, 2), couplings=2, hidden=(6,), dtype="float64")
    small = {"steps": 12, "batch_size": 8, "record_every": 4, "record_samples": 10} | ANY_END
    return AnnealedRun(flow, density, schedule, TrainingRules(**(small | rules)), flow.noise)
