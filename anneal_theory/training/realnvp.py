"""RealNVP flows of our own, many replicas as one batch."""

from collections.abc import Callable
from typing import TypeAlias, Unpack

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from anneal_theory.quantities.doors import checked
from anneal_theory.training import coupling_kernels as kernels
from anneal_theory.training.coupling_weights import initial_weights, row_of_parts, still_coordinates
from anneal_theory.training.devices import checked_device, checked_dtype
from anneal_theory.training.noise import TRAINING, Noise
from anneal_theory.training.rules import FlowOptions, FlowShape

Forward: TypeAlias = Callable[[Tensor, Tensor], tuple[Tensor, Tensor, list[kernels.Moments]]]
_MOMENTUM = 0.1  # torch's: share of a training batch in the running moments


class RealNVP(torch.nn.Module):
    """Affine couplings with alternating masks on a standard normal base, with a leading replica axis.

    Coupling i leaves the even (i even) or the odd coordinates as they are and maps each of the others by
    ``x -> x exp(s) + t``, where t and s are the outputs of ReLU networks of the still coordinates and s stays within
    its bound, by a soft clip, ``s = raw / (1 + |raw| / bound)``, or by ``s = bound tanh(raw / bound)``. All weights
    live in one parameter of shape (replicas, P), one row a replica, so that an optimiser step is one operation and
    replicas never mix.

    With batch normalisation the still coordinates have mean 0 and variance 1 when they enter a network, whose own gain
    and offset come next. While it trains, a replica is normalised by the moments of its own batch, and keeps their
    running averages (a tenth of each batch, from mean 0 and variance 1 on, as torch does). Everything else, samples,
    inverse and density, uses the running averages: with moments that are fixed the flow is a map of single points, has
    an exact inverse and an exact density, whereas the moments of a batch would tie its points to each other, so that
    what is called their density were none.

    Args:
        dim: d >= 2.
        noise: Seed and replicas: row r is drawn from replica r's own stream.
        couplings: Number of couplings, at least 1.
        hidden: Widths of the hidden layers.
        networks: "joint" (one network gives shift and log-scale) or "separate" (one each).
        scale: How the log-scale is kept within its bound, "soft-clip" or "tanh".
        batch_norm: Normalise the inputs of the networks.
        perturbation: Distance from the identity at the start: the last layer of each network is drawn as torch draws
            a linear layer (uniform, +-1/sqrt(fan in)) and multiplied by this number; 0 is the exact identity, 1 torch's
            own law. The first layer of separate networks is drawn for d inputs.
        log_scale_bound: Bound of |s|.
        dtype: "float32" or "float64".
        products: Precision of the networks' matrix products, "full" or "bfloat16".
        device: Name of a torch device.

    Raises:
        DomainError: an argument lies outside its domain, or the device is not there.

    Source:
        Dinh, Sohl-Dickstein, Bengio, Density estimation using Real NVP, arXiv 1605.08803; theory section 11 for the
        networks of the paper.

    Example:
        >>> flow = RealNVP(4, Noise(0, replicas=2), perturbation=0.0)
        >>> points = torch.ones(2, 5, 4)
        >>> samples, log_det = flow(points)
        >>> bool((samples == points).all()), tuple(log_det.shape)
        (True, (2, 5))
    """

    @checked
    def __init__(self, dim: int, noise: Noise, **shape: Unpack[FlowOptions]) -> None:
        super().__init__()
        own = FlowShape(**shape)
        device, kind = checked_device(own.device), checked_dtype(own.dtype)
        self.dim, self.noise, self.replicas = dim, noise, noise.replicas
        self.couplings, self.hidden, self.perturbation = own.couplings, tuple(own.hidden), float(own.perturbation)
        self.log_scale_bound = float(own.log_scale_bound)
        self.networks, self.scale, self.batch_norm = own.networks, own.scale, own.batch_norm
        self.form = kernels.CouplingForm(
            self.log_scale_bound, own.scale == "tanh", own.networks == "separate", own.batch_norm,
            own.products == "bfloat16",
        )  # fmt: skip
        parts = row_of_parts(dim, own)
        self.shapes = [shape for part in parts for shape in part.shapes]
        self.weights = torch.nn.Parameter(torch.tensor(initial_weights(parts, noise), dtype=kind, device=device))
        self._still = still_coordinates(dim, own.couplings)
        if self.batch_norm:
            moments = torch.zeros((noise.replicas, sum(self._still)), dtype=kind, device=device)
            self.register_buffer("running_mean", moments)
            self.register_buffer("running_variance", torch.ones_like(moments))
        self._forward: Forward = self._on_batch

    def layers(self, weights: Tensor | None = None) -> list[kernels.Layer]:
        """The networks' weights as views: coupling by coupling ``[W, b, ..., W, b]``."""
        rows = self.weights if weights is None else weights
        parts = torch.split(rows, [a * b for a, b in self.shapes], dim=1)
        views = [part.view(self.replicas, a, b) for part, (a, b) in zip(parts, self.shapes, strict=True)]
        depth = len(views) // self.couplings
        return [views[depth * coupling : depth * (coupling + 1)] for coupling in range(self.couplings)]

    def moments(self) -> list[kernels.Moments]:
        """Running mean and variance of each coupling's still coordinates; none without batch normalisation."""
        if not self.batch_norm:
            return []
        rows = self.get_buffer("running_mean")[:, None], self.get_buffer("running_variance")[:, None]
        means, variances = (torch.split(row, self._still, dim=2) for row in rows)
        return list(zip(means, variances, strict=True))

    def forward(self, base: Float[Tensor, "r n d"]) -> tuple[Float[Tensor, "r n d"], Float[Tensor, "r n"]]:
        """Samples x(z) and log|det dx/dz|."""
        samples, log_det, _ = kernels.forward(self.layers(), base, self.form, self.moments())
        return samples, log_det

    def inverse(self, samples: Float[Tensor, "r n d"]) -> tuple[Float[Tensor, "r n d"], Float[Tensor, "r n"]]:
        """Base points z(x) and log|det dz/dx|."""
        return kernels.inverse(self.layers(), samples, self.form, self.moments())

    def log_prob(self, samples: Float[Tensor, "r n d"]) -> Float[Tensor, "r n"]:
        """Log-density of the flow at samples."""
        base, log_det = self.inverse(samples)
        return kernels.standard_normal_log_density(base) + log_det

    def draw(
        self, noise: Noise, stream: int, step: int, count: int
    ) -> tuple[Float[Tensor, "r n d"], Float[Tensor, "r n d"], Float[Tensor, "r n"]]:
        """Base points, their samples and the samples' log-density, from a stream of noise at a step.

        What is drawn from the stream of training is normalised by its own moments, which join the running ones.
        """
        kind = np.float32 if self.weights.dtype == torch.float32 else np.float64
        base = torch.from_numpy(noise.normals(stream, step, (count, self.dim), kind)).to(self.weights.device)
        samples, log_det = self._trained(base) if stream == TRAINING else self(base)
        return base, samples, kernels.standard_normal_log_density(base) - log_det

    def clip_gradients(self, limit: float) -> None:
        """Scale each replica's gradient, on its own, down to the limit of its norm."""
        gradient = self.weights.grad
        if gradient is not None:
            norms = gradient.norm(dim=1, keepdim=True)
            gradient.mul_((limit / norms).clamp(max=1.0))

    def compile_forward(self) -> None:
        """Use torch.compile for training's map and its gradient: one to two minutes once, then 2.4 times faster.

        Measuring is rare and has other batch sizes, each of which would be compiled again.
        """
        self._forward = torch.compile(self._on_batch, dynamic=False)

    def _on_batch(self, weights: Tensor, base: Tensor) -> tuple[Tensor, Tensor, list[kernels.Moments]]:
        return kernels.forward(self.layers(weights), base, self.form)

    def _trained(self, base: Tensor) -> tuple[Tensor, Tensor]:
        """The map as it trains; the moments of the batch join the running ones."""
        samples, log_det, batch_moments = self._forward(self.weights, base)
        if batch_moments:
            unbiased = base.shape[1] / (base.shape[1] - 1)  # torch averages these, but divides by the biased ones
            with torch.no_grad():
                mean, variance = (torch.cat(rows, dim=2)[:, 0] for rows in zip(*batch_moments, strict=True))
                self.get_buffer("running_mean").lerp_(mean, _MOMENTUM)
                self.get_buffer("running_variance").lerp_(unbiased * variance, _MOMENTUM)
        return samples, log_det

    @property
    def settings(self) -> dict[str, object]:
        """What the flow is made of, as plain data."""
        return {
            "kind": "realnvp",
            "dim": self.dim,
            "couplings": self.couplings,
            "hidden": list(self.hidden),
            "networks": self.networks,
            "scale": self.scale,
            "batch_norm": self.batch_norm,
            "perturbation": self.perturbation,
            "log_scale_bound": self.log_scale_bound,
            "dtype": str(self.weights.dtype).removeprefix("torch."),
        }
