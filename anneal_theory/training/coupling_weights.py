"""Where the weights of a RealNVP stand in a replica's row, and how they start."""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.training.noise import INITIAL, Noise
from anneal_theory.training.rules import FlowShape


class Part(NamedTuple):
    """Two neighbours in a row: weights and biases of a linear layer, or gain and offset of a normalisation."""

    fan_in: int  # inputs of the linear layer; 0 for a normalisation
    fan_out: int  # outputs of the layer, or coordinates of the normalisation
    reach: float = 0.0  # weights and biases start uniform within it

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """The shapes of the two."""
        return [(self.fan_in or 1, self.fan_out), (1, self.fan_out)]

    def start(self, rng: np.random.Generator) -> FloatArray:
        """Their first values, one after the other; a normalisation starts with gain 1 and offset 0."""
        if not self.fan_in:
            return np.concatenate([np.ones(self.fan_out), np.zeros(self.fan_out)])
        return np.asarray(self.reach * rng.uniform(-1, 1, (self.fan_in + 1) * self.fan_out))


def still_coordinates(dim: int, couplings: int) -> list[int]:
    """How many coordinates each coupling leaves as they are.

    Example:
        >>> still_coordinates(5, 3)
        [3, 2, 3]
    """
    return [(dim + 1) // 2 if coupling % 2 == 0 else dim // 2 for coupling in range(couplings)]


def row_of_parts(dim: int, shape: FlowShape) -> list[Part]:
    """The parts of a replica's row, coupling by coupling.

    Linear layers start as torch draws them, uniform within 1/sqrt(fan in), the last of a network times the
    perturbation. The first layer of separate networks starts as if it saw all d coordinates, the moved ones masked to
    zero, which is how the authors of the paper feed theirs.
    """
    parts: list[Part] = []
    separate = shape.networks == "separate"
    for still in still_coordinates(dim, shape.couplings):
        moved = dim - still
        widths = [still, *shape.hidden, moved if separate else 2 * moved]
        linear = [Part(a, b, 1 / math.sqrt(a)) for a, b in pairwise(widths)]
        if separate:
            linear[0] = linear[0]._replace(reach=1 / math.sqrt(dim))
        linear[-1] = linear[-1]._replace(reach=float(shape.perturbation) * linear[-1].reach)
        network = [Part(0, still), *linear] if shape.batch_norm else linear
        parts += network * (2 if separate else 1)
    return parts


def initial_weights(parts: list[Part], noise: Noise) -> FloatArray:
    """The first weights, shape (replicas, P), each row from its replica's own stream."""
    weights = np.empty((noise.replicas, sum(a * b for part in parts for a, b in part.shapes)))
    for replica in range(noise.replicas):
        rng = noise.generator(replica, INITIAL, 0)
        weights[replica] = np.concatenate([part.start(rng) for part in parts])
    return weights
