"""A user's log-density in the annealed loop: each value is checked, a bad one reported with step and temperature."""

from functools import partial
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from anneal_theory.errors import DomainError, sentence
from anneal_theory.training.devices import new_tensors_of
from anneal_theory.training.stops import TrainingStopped

if TYPE_CHECKING:
    from anneal_theory.training.annealed import AnnealedRun

_SHOWN = 4  # coordinates of a point in a message


class UserTarget:
    """The log-density of samples (1, n, d), shape (1, n), from a function of samples (n, d).

    Args:
        log_prob: The function.
        dtype: Of new tensors in it.

    Example:
        >>> target = UserTarget(lambda x: -0.5 * (x**2).sum(1), torch.float32)
        >>> target(torch.ones(1, 2, 3))
        tensor([[-1.5000, -1.5000]])
    """

    run: "AnnealedRun | None" = None  # the run that trains on it; it is made after this

    def __init__(self, log_prob: Any, dtype: torch.dtype) -> None:
        self.log_prob, self.dtype = log_prob, dtype

    def __call__(self, samples: Tensor) -> Tensor:
        """Log-densities of samples (1, n, d), shape (1, n)."""
        points = samples[0]
        if points.requires_grad:
            points = points.view_as(points)  # what is differentiated through log_prob alone, log q left out
            hook = partial(self._require_gradient, points)
            points.register_hook(hook)  # type: ignore[no-untyped-call]
        with new_tensors_of(self.dtype):
            log_density = self.log_prob(points)
        self._require_tensor(points, log_density)
        broken = ~log_density.isfinite() & points.isfinite().all(dim=1)  # samples that ran away are the flow's fault
        if bool(broken.any()):
            raise self._stopped("log_prob", "finite at every sample of the flow", points, log_density, broken)
        return torch.as_tensor(log_density[None])

    def _require_tensor(self, points: Tensor, log_density: Any) -> None:
        wanted = tuple(points.shape[:1])
        if (
            not isinstance(log_density, Tensor)
            or tuple(log_density.shape) != wanted
            or not log_density.is_floating_point()
        ):
            kind = f"a {type(log_density).__name__}"
            was = (
                f"{log_density.dtype} of shape {tuple(log_density.shape)}" if isinstance(log_density, Tensor) else kind
            )
            what = f"a function of samples {tuple(points.shape)} that gives a real tensor of shape {wanted}"
            raise DomainError.of("log_prob", what, f"{was} {self._where}", "sum over the coordinates, not the samples")
        if points.requires_grad and not log_density.requires_grad:
            was, step = f"cut off {self._where}", "use torch's functions, and no detach() or no_grad()"
            raise DomainError.of("log_prob", "differentiable in the samples", was, step)

    @property
    def _where(self) -> str:
        if self.run is None:
            return "before the first step"
        return f"at step {self.run.step}, temperature {1 / self.run.beta[0]:.6g}"

    def _require_gradient(self, points: Tensor, gradient: Tensor) -> None:
        """Stop where the gradient is broken though the value was not: sqrt(0) and 0 log 0, behind torch.where too."""
        broken = ~gradient.isfinite().all(dim=1) & points.isfinite().all(dim=1)
        if bool(broken.any()):
            raise self._stopped("the gradient of log_prob", "finite, as its value is", points, gradient, broken)

    def _stopped(self, name: str, what: str, points: Tensor, values: Tensor, broken: Tensor) -> Exception:
        first = points[broken][0].detach()[:_SHOWN].tolist()
        more = ", ..." if points.shape[1] > _SHOWN else ""
        coordinates = f"[{', '.join(f'{part:.4g}' for part in first)}{more}]"
        there = values[broken]
        value, count = there[~there.isfinite()][0].item(), int(broken.sum())
        was = f"{value} at {count} of {len(points)} finite samples, the first {coordinates}, "
        step = "correct it there, or, where samples have run away, use a smaller learning rate or a gradient_limit"
        message = sentence(name, what, was + self._where, step)
        run = self.run
        if run is None:
            return DomainError(message)
        return TrainingStopped(message, run.step, 1 / run.beta, run.history)
