"""The gradient flow of training: trajectories through SciPy, runs to a verdict compiled (theory sections 3 and 4)."""

from anneal_theory.flow.general import LossGradients, loss_gradients, responsibilities
from anneal_theory.flow.gram import GramState
from anneal_theory.flow.pair import CROSSINGS, basin_boundary
from anneal_theory.flow.solve import solve_flow, solve_flows
from anneal_theory.flow.starts import FullState, ReducedState

__all__ = [
    "CROSSINGS",
    "FullState",
    "GramState",
    "LossGradients",
    "ReducedState",
    "basin_boundary",
    "loss_gradients",
    "responsibilities",
    "solve_flow",
    "solve_flows",
]
