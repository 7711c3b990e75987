"""Flows of other libraries in the annealed loop: anything that samples with a log-density and can be differentiated."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor

from anneal_theory.errors import DomainError
from anneal_theory.quantities.doors import checked
from anneal_theory.training.noise import Noise

Sampler = Callable[[int], tuple[Tensor, Tensor]]


@runtime_checkable
class Flow(Protocol):
    """What the annealed loop asks of a family: `RealNVP` has it, `SeparateFlows` lends it to others."""

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


class SeparateFlows(torch.nn.Module):
    """Flows of another library, one a replica, behind the interface of the annealed loop.

    Takes zuko's lazy flows (``flow()`` gives a distribution with `rsample_and_log_prob`), distributions-like modules
    that have `rsample_and_log_prob` themselves, and normflows' (``sample(n)`` gives samples and log-density). Their
    noise is torch's own, seeded by seed, replica and step; torch's global generator is left as it was.

    Args:
        flows: One module a replica.
        dim: d, the dimension of a sample.

    Raises:
        DomainError: there is no flow, a flow has neither way of sampling, or its samples are of another dimension.

    Example:
        >>> import zuko
        >>> family = SeparateFlows([zuko.flows.RealNVP(4)], dim=4)
        >>> base, samples, log_density = family.draw(Noise(0, 1), 0, 0, count=3)
        >>> base, tuple(samples.shape), tuple(log_density.shape)
        (None, (1, 3, 4), (1, 3))
    """

    @checked(dim="coordinates")
    def __init__(self, flows: Sequence[torch.nn.Module], dim: int) -> None:
        super().__init__()
        if not flows:
            raise DomainError.of("flows", "at least one module", flows, "give one flow for each replica")
        self.flows = torch.nn.ModuleList(flows)
        self.dim, self.replicas = dim, len(flows)
        with torch.random.fork_rng(), torch.no_grad():
            shapes = {tuple(_sampler(flow)(2)[0].shape) for flow in flows}
        if shapes != {(2, dim)}:
            what = "the dimension of the flows' samples"
            raise DomainError.of("dim", what, dim, f"two samples of a flow are of shape {max(shapes)}")

    def draw(self, noise: Noise, stream: int, step: int, count: int) -> tuple[None, Tensor, Tensor]:
        """No base points, samples (r, n, d) and their log-density (r, n)."""
        rows = []
        with torch.random.fork_rng():
            for replica, flow in enumerate(self.flows):
                torch.manual_seed(noise.seed_at(replica, stream, step))
                rows.append(_sampler(flow)(count))
        return None, torch.stack([row[0] for row in rows]), torch.stack([row[1] for row in rows])

    def log_prob(self, samples: Tensor) -> Tensor:
        """Log-density at samples (r, n, d), shape (r, n)."""
        flows: list[Any] = list(self.flows)
        families = [flow if hasattr(flow, "log_prob") else flow() for flow in flows]
        return torch.stack([one.log_prob(points) for one, points in zip(families, samples, strict=True)])

    def clip_gradients(self, limit: float) -> None:
        """Scale each replica's gradient, on its own, down to the limit of its norm."""
        for flow in self.flows:
            torch.nn.utils.clip_grad_norm_(flow.parameters(), limit)

    @property
    def settings(self) -> dict[str, Any]:
        """The modules' classes, and names and shapes of their parameters."""
        classes = [type(flow).__name__ for flow in self.flows]
        shapes = {name: list(tensor.shape) for name, tensor in self.flows.named_parameters()}
        return {"kind": "separate", "dim": self.dim, "classes": classes, "shapes": shapes}


def _sampler(flow: Any) -> Sampler:
    """The function ``count -> (samples, log-density)`` of a flow."""
    if hasattr(flow, "rsample_and_log_prob"):
        return lambda count: flow.rsample_and_log_prob((count,))
    if hasattr(flow, "reverse_kld") and hasattr(flow, "sample"):
        return lambda count: flow.sample(count)
    if _is_lazy(flow):
        return lambda count: flow().rsample_and_log_prob((count,))
    raise DomainError.of(
        "flows",
        "modules with `rsample_and_log_prob` (zuko) or `sample` giving a log-density (normflows)",
        type(flow).__name__,
        "write a module with `rsample_and_log_prob(shape)` and `log_prob(x)`",
    )


def _is_lazy(flow: Any) -> bool:
    """Whether a module gives its distribution when called without arguments, as zuko's do."""
    try:
        return hasattr(flow(), "rsample_and_log_prob")
    except (TypeError, RuntimeError, NotImplementedError):
        return False
