"""A flow of another library for the calls that are drawn, made when it is asked for: few of them load torch."""

from typing import Any


def made_flow() -> Any:
    """A small flow of zuko, the same each time."""
    import torch
    import zuko

    with torch.random.fork_rng():
        torch.manual_seed(0)
        return zuko.flows.RealNVP(2, transforms=2, hidden_features=(4,))


def own_optimiser(parameters: Any) -> Any:
    """An optimiser that the package makes none of."""
    import torch

    return torch.optim.RMSprop(parameters, lr=1e-3)
