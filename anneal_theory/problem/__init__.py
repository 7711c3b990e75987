"""What is trained and on what: targets, families, initial laws and the rules of training."""

from anneal_theory.problem.dynamics import Dynamics, DynamicsOptions, ModelOptions
from anneal_theory.problem.init import GaussianInit, SphereInit
from anneal_theory.problem.mixture import GaussianMixture
from anneal_theory.problem.target import BimodalTarget

__all__ = [
    "BimodalTarget",
    "Dynamics",
    "DynamicsOptions",
    "GaussianInit",
    "GaussianMixture",
    "ModelOptions",
    "SphereInit",
]
