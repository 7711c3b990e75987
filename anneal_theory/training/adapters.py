"""Flows of other libraries in the annealed loop: anything that samples with a log-density and can be differentiated."""

from collections.abc import Sequence
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

import torch
from torch import Tensor

from anneal_theory.errors import DomainError
from anneal_theory.quantities.doors import checked
from anneal_theory.training.devices import new_tensors_of
from anneal_theory.training.noise import Noise

Way: TypeAlias = Literal["shape", "count", "sample", "lazy"]
"""How to ask for n samples: `rsample_and_log_prob((n,))` or `(n)`, normflows' `sample(n)`, or first zuko's `flow()`."""


@runtime_checkable
class TrainableFlow(Protocol):
    """What the annealed loop needs of a family: `RealNVP` has it, `SeparateFlows` lends it to others."""

    dim: int
    replicas: int

    def parameters(self) -> Any:
        """The trained tensors."""

    def state_dict(self) -> Any:
        """Everything that training changes, by name."""

    def load_state_dict(self, state_dict: Any) -> Any:
        """Take back what `state_dict` gave."""

    def draw(self, noise: Noise, stream: int, step: int, count: int) -> tuple[Tensor | None, Tensor, Tensor]:
        """Base points (or None where they are not known), samples (r, n, d) and their log-density (r, n)."""

    def log_prob(self, samples: Tensor) -> Tensor:
        """Log-density at samples (r, n, d), shape (r, n)."""

    def clip_gradients(self, limit: float) -> None:
        """Scale each replica's gradient, on its own, down to the limit of its norm."""

    @property
    def settings(self) -> dict[str, Any]:
        """What the family is, as plain data."""


class Borrowed(torch.nn.Module):
    """An object that is no module of torch but has parameters and `rsample_and_log_prob`, as a module.

    Args:
        flow: The object; its `parameters` (a method or a list) are `torch.nn.Parameter`.

    Example:
        >>> class Shift:
        ...     def __init__(self):
        ...         self.parameters = [torch.nn.Parameter(torch.zeros(2))]
        ...     def rsample_and_log_prob(self, n):
        ...         base = torch.randn(n, 2)
        ...         return base + self.parameters[0], -0.5 * (base**2).sum(1)
        >>> len(list(Borrowed(Shift()).parameters()))
        1
    """

    def __init__(self, flow: Any) -> None:
        super().__init__()
        parameters = list(flow.parameters() if callable(flow.parameters) else flow.parameters)
        if strange := [
            type(parameter).__name__ for parameter in parameters if not isinstance(parameter, torch.nn.Parameter)
        ]:
            step = "make each of them by torch.nn.Parameter(tensor), and use it as it is"
            raise DomainError.of("flow", "an object whose parameters are torch.nn.Parameter", strange[0], step)
        self.tensors = torch.nn.ParameterList(parameters)
        self.kind = type(flow).__name__
        self.rsample_and_log_prob = getattr(flow, "rsample_and_log_prob", None)
        if self.rsample_and_log_prob is None:
            raise _no_way("flow", flow)
        if hasattr(flow, "log_prob"):
            self.log_prob = flow.log_prob


class SeparateFlows(torch.nn.Module):
    """Flows of another library, one a replica, behind the interface of the annealed loop, each sampled in its `Way`.

    Their noise is torch's own, seeded by seed, replica and step; torch's global generator is left as it was.
    """

    @checked(dim="coordinates")
    def __init__(self, flows: Sequence[torch.nn.Module], dim: int) -> None:
        super().__init__()
        if not flows:
            raise DomainError.of("flows", "at least one module", flows, "give one flow for each replica")
        self.flows = torch.nn.ModuleList(flows)
        self.dim, self.replicas = dim, len(flows)
        self.dtype = next((parameter.dtype for parameter in self.parameters()), torch.get_default_dtype())
        self.ways = [sampling_way(flow, "flows", self.dtype) for flow in flows]
        with torch.random.fork_rng(), torch.no_grad(), new_tensors_of(self.dtype):
            drawn = [sampled(flow, way, 2) for flow, way in zip(flows, self.ways, strict=True)]
        shapes = {tuple(samples.shape) for samples, _ in drawn}
        if shapes != {(2, dim)}:
            what = "the dimension of the flows' samples"
            raise DomainError.of("dim", what, dim, f"two samples of a flow are of shape {max(shapes)}")

    def draw(self, noise: Noise, stream: int, step: int, count: int) -> tuple[None, Tensor, Tensor]:
        """No base points, samples (r, n, d) and their log-density (r, n)."""
        rows = []
        with torch.random.fork_rng(), new_tensors_of(self.dtype):
            for replica, (flow, way) in enumerate(zip(self.flows, self.ways, strict=True)):
                torch.manual_seed(noise.seed_at(replica, stream, step))
                rows.append(sampled(flow, way, count))
        return None, torch.stack([row[0] for row in rows]), torch.stack([row[1] for row in rows])

    def log_prob(self, samples: Tensor) -> Tensor:
        """Log-density at samples (r, n, d), shape (r, n)."""
        flows: list[Any] = list(self.flows)
        with new_tensors_of(self.dtype):
            families = [flow if hasattr(flow, "log_prob") else flow() for flow in flows]
            return torch.stack([family.log_prob(points) for family, points in zip(families, samples, strict=True)])

    def clip_gradients(self, limit: float) -> None:
        """Scale each replica's gradient, on its own, down to the limit of its norm."""
        for flow in self.flows:
            torch.nn.utils.clip_grad_norm_(flow.parameters(), limit)

    @property
    def settings(self) -> dict[str, Any]:
        """The modules' classes, and names and shapes of their parameters."""
        classes = [flow.kind if isinstance(flow, Borrowed) else type(flow).__name__ for flow in self.flows]
        shapes = {name: list(tensor.shape) for name, tensor in self.flows.named_parameters()}
        return {"kind": "separate", "dim": self.dim, "classes": classes, "shapes": shapes}


def sampled(flow: Any, way: Way, count: int) -> tuple[Tensor, Tensor]:
    """Samples and their log-density of a flow, sampled in its way."""
    if way == "sample":
        drawn = flow.sample(count)
    else:
        drawn = (flow() if way == "lazy" else flow).rsample_and_log_prob(count if way == "count" else (count,))
    samples, log_density = drawn
    return samples, log_density


def sampling_way(flow: Any, argument: str, dtype: torch.dtype) -> Way:
    """How a flow is sampled."""
    if hasattr(flow, "rsample_and_log_prob"):
        with torch.random.fork_rng(), torch.no_grad(), new_tensors_of(dtype):
            try:
                sampled(flow, "shape", 2)
            except (TypeError, ValueError, RuntimeError):  # whatever one that takes a number makes of a shape
                return "count"
        return "shape"
    if hasattr(flow, "reverse_kld") and hasattr(flow, "sample"):
        return "sample"
    if _is_lazy(flow):
        return "lazy"
    raise _no_way(argument, flow)


def _no_way(argument: str, flow: Any) -> DomainError:
    what = "with `rsample_and_log_prob` (zuko) or `sample` giving a log-density (normflows)"
    what = f"modules {what}" if argument == "flows" else f"a flow {what}"
    step = "write a module with `rsample_and_log_prob(shape)` and `log_prob(x)`"
    return DomainError.of(argument, what, type(flow).__name__, step)


def _is_lazy(flow: Any) -> bool:
    """Whether a module gives its distribution when called without arguments, as zuko's do."""
    try:
        return hasattr(flow(), "rsample_and_log_prob")
    except (TypeError, RuntimeError, NotImplementedError):
        return False
