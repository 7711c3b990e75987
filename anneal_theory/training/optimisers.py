"""Optimisers of torch that a user brings: made over a flow's parameters, or refused where they train anything else."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import torch

from anneal_theory.errors import DomainError

Making: TypeAlias = str | torch.optim.Optimizer | Callable[[list[torch.Tensor]], Any]

OF_NAMED = ("optimiser", "step_size", "final_step_size", "falling_share", "clock")
"""Arguments of `TrainingRules` that say how an optimiser made by its name steps."""


def made(optimiser: Making, parameters: Sequence[torch.Tensor]) -> torch.optim.Optimizer | None:
    """The optimiser that a user brings; None where its name says that the loop makes it.

    It is a name of `Making`, a function of the parameters that makes an optimiser, or one over all that can be trained
    and no other.

    Example:
        >>> weights = torch.nn.Parameter(torch.zeros(2))
        >>> type(made(torch.optim.RMSprop, [weights])).__name__
        'RMSprop'
    """
    if isinstance(optimiser, str):
        return None
    trained = [parameter for parameter in parameters if parameter.requires_grad]
    result = optimiser if isinstance(optimiser, torch.optim.Optimizer) else optimiser(trained)
    if not isinstance(result, torch.optim.Optimizer):
        what = "a function that returns an optimiser of torch"
        raise DomainError.of("optimiser", what, result, "lambda parameters: torch.optim.AdamW(parameters, lr=0.001)")
    _require_same(result, trained)
    return result


def stepped(optimiser: torch.optim.Optimizer, differentiated: Callable[[], float]) -> float:
    """One step; the loss at its start.

    LBFGS and others whose step takes a function ask `differentiated` for the loss as often as they like: it leaves the
    gradient at the parameters, by the same samples at each call.

    Example:
        >>> place = torch.nn.Parameter(torch.tensor([3.0]))
        >>> def loss():
        ...     place.grad = 2 * place.detach()
        ...     return float(place.detach()**2)
        >>> stepped(torch.optim.LBFGS([place], max_iter=5), loss), abs(float(place.detach())) < 1e-6
        (9.0, True)
    """
    if not _needs_closure(optimiser):
        value = differentiated()
        optimiser.step()
        return value
    values: list[float] = []

    def closure() -> float:
        with torch.enable_grad():
            values.append(differentiated())
        return values[-1]

    optimiser.step(closure)
    return values[0]


def _needs_closure(optimiser: torch.optim.Optimizer) -> bool:
    closure = inspect.signature(type(optimiser).step).parameters.get("closure")
    return closure is not None and closure.default is inspect.Parameter.empty


def described(optimiser: torch.optim.Optimizer) -> dict[str, object]:
    """What an optimiser is, as plain data: its class and the settings of each group of parameters.

    Example:
        >>> found = described(torch.optim.SGD([torch.nn.Parameter(torch.zeros(2))], lr=0.1))
        >>> found["kind"], found["groups"][0]["lr"], found["groups"][0]["count"]
        ('SGD', 0.1, 1)
    """
    groups = []
    for group in optimiser.param_groups:
        plain = {name: _plain(value) for name, value in group.items() if name != "params"}
        groups.append(plain | {"count": len(group["params"])})
    return {"kind": type(optimiser).__name__, "groups": groups}


def _plain(value: object) -> Any:
    if isinstance(value, torch.Tensor):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return (
        value
        if value is None or isinstance(value, bool | int | float | str)
        else getattr(value, "__name__", type(value).__name__)
    )


def _require_same(optimiser: torch.optim.Optimizer, trained: list[torch.Tensor]) -> None:
    """Refuse an optimiser whose parameters are not those of the flow that can be trained."""
    ours = {id(parameter) for parameter in trained}
    theirs = {id(parameter) for group in optimiser.param_groups for parameter in group["params"]}
    strange, missing = len(theirs - ours), len(ours - theirs)
    if not strange and not missing:
        return
    was = f"over {len(theirs)} tensors, of which {strange} are not the flow's, and {missing} of the flow's are missing"
    step = "make it of flow.parameters(), or give what makes it; requires_grad_(False) holds a parameter fixed"
    raise DomainError.of("optimiser", f"over the {len(ours)} trainable parameters of the flow", was, step)
