"""A temperature cut into short smooth cells, each in a clock of its own: what integrators of any kind read."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from anneal_theory._types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Cells:
    """The temperature from time 0 until it is settled, cell by cell.

    The clock of a cell begins at 0 where the cell does, so that nothing cancels however late it comes.
    """

    lengths: FloatArray  # how far the clock runs in each cell, shape (n,)
    joints: BoolArray  # whether the temperature may jump or turn a corner where a cell begins, shape (n,)
    # the temperature in given cells at given values of their own clocks
    read: Callable[[IntArray, FloatArray], FloatArray]
    rounding: FloatArray  # how exactly a value of a cell's clock is known to `read`, shape (n,)
    noise: FloatArray  # how exact the temperatures themselves are, relative, shape (n,)

    @classmethod
    def one(cls, length: float, temperature: Callable[[FloatArray], FloatArray]) -> "Cells":
        """A temperature that is smooth until it is settled, in closed form."""
        return cls(
            np.array([length]), np.ones(1, dtype=bool), lambda _, clock: temperature(clock), np.zeros(1), np.zeros(1)
        )
