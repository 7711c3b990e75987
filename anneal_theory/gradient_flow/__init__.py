"""The gradient flow of training: trajectories through SciPy (theory sections 3, 4 and 11)."""

from anneal_theory.gradient_flow.general import LossGradients, loss_gradients, responsibilities
from anneal_theory.gradient_flow.gram import GramState
from anneal_theory.gradient_flow.pair import CROSSINGS, basin_boundary
from anneal_theory.gradient_flow.solve import solve_flow, solve_flows
from anneal_theory.gradient_flow.sphere_starts import SphereState
from anneal_theory.gradient_flow.starts import FullState, ReducedState

__all__ = [
    "CROSSINGS",
    "FullState",
    "GramState",
    "LossGradients",
    "ReducedState",
    "SphereState",
    "basin_boundary",
    "loss_gradients",
    "responsibilities",
    "solve_flow",
    "solve_flows",
]
