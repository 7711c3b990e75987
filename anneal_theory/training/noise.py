"""Noise by counter: what a replica draws at a step depends on seed, replica and step alone.

So replicas do not depend on how many others there are, a resumed run draws what the uninterrupted one would have
drawn, and no generator state needs saving.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anneal_theory.numerics.pools import parallel_map
from anneal_theory.quantities.doors import checked

FloatingArray: TypeAlias = NDArray[np.floating[Any]]

# The uses of noise: one stream each, so that recording more does not change the training.
INITIAL, TRAINING, RECORDING, EVALUATION, ADAPTING, REFERENCE, DIRECTION, HALVES = range(8)
_MANY = 2**20  # normals at once that are worth several threads


@checked(first="seed")
@dataclass(frozen=True)
class Noise:
    """Independent normals of several replicas, by stream and step (SFC64, seeded by the four numbers).

    Replica ``first + i`` of any run draws the same.

    Example:
        >>> import numpy as np
        >>> three = Noise(0, 3).normals(TRAINING, 5, (2,), np.float64)
        >>> bool((three[2] == Noise(0, 1, first=2).normals(TRAINING, 5, (2,), np.float64)[0]).all())
        True
    """

    seed: int
    replicas: int
    first: int = 0

    def generator(self, replica: int, stream: int, step: int) -> np.random.Generator:
        """The generator of one replica, stream and step."""
        words = np.random.SeedSequence((self.seed, self.first + replica, stream, step))
        return np.random.Generator(np.random.SFC64(words))

    def normals(
        self, stream: int, step: int, shape: tuple[int, ...], dtype: type[np.float32] | type[np.float64]
    ) -> FloatingArray:
        """Standard normals of shape (replicas, *shape), in single or double precision."""
        drawn = np.empty((self.replicas, *shape), dtype)
        fill = partial(self._fill, drawn, stream, step)
        if drawn.size >= _MANY:  # a GPU would wait for one processor; NumPy lets other threads draw
            parallel_map(fill, range(self.replicas))
        else:
            for replica in range(self.replicas):
                fill(replica)
        return drawn

    def _fill(self, drawn: FloatingArray, stream: int, step: int, replica: int) -> None:
        self.generator(replica, stream, step).standard_normal(out=drawn[replica], dtype=drawn.dtype)

    def seed_at(self, replica: int, stream: int, step: int) -> int:
        """A seed for a generator that is not ours."""
        return int(self.generator(replica, stream, step).integers(2**63))
