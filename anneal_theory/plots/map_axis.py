"""One axis of a map: places along it, and the ends of its cells."""

from dataclasses import dataclass

import numpy as np

from anneal_theory._types import FloatArray

_DECADE = 10.0  # axes that span more are logarithmic
DECADES = 1e4  # and of those that span as much decades alone are marked


@dataclass(frozen=True)
class MapAxis:
    """One axis of a map.

    Args:
        name: What it is, as it is written beside it.
        values: Rising values, shape (n,).
    """

    name: str
    values: FloatArray

    @property
    def logarithmic(self) -> bool:
        """Whether it spans so much that its logarithm is drawn."""
        return bool(self.values[0] > 0 and self.values[-1] > _DECADE * self.values[0])

    def share(self, values: FloatArray) -> FloatArray:
        """How far values are along the axis as it is drawn, from 0 to 1."""
        low, high = self.values[0], self.values[-1]
        share = np.log(values / low) / np.log(high / low) if self.logarithmic else (values - low) / (high - low)
        return np.asarray(share, dtype=np.float64)

    def at(self, share: FloatArray) -> FloatArray:
        """Values that are so far along it."""
        low, high = self.values[0], self.values[-1]
        found = low * (high / low) ** share if self.logarithmic else low + share * (high - low)
        return np.asarray(found, dtype=np.float64)

    @property
    def edges(self) -> FloatArray:
        """Ends of the cells, half way between the values as they are drawn, shape (n + 1,)."""
        drawn = np.log(self.values) if self.logarithmic else self.values
        middle = 0.5 * (drawn[1:] + drawn[:-1])
        ends = np.concatenate([[2 * drawn[0] - middle[0]], middle, [2 * drawn[-1] - middle[-1]]])
        return np.exp(ends) if self.logarithmic else ends
