"""Type aliases shared by the package.

Shapes in signatures use jaxtyping names: ``n`` points or trajectories, ``k`` components, ``d`` dimensions.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Literal, SupportsFloat, TypeAlias

import numpy as np
from numpy.typing import NDArray

Objective: TypeAlias = Literal["tempered-target", "free-energy"]
Metric: TypeAlias = Literal["euclidean", "natural"]
Constraint: TypeAlias = Literal["free", "sphere"]
VarianceRule: TypeAlias = Literal["fixed", "follows-temperature", "trained"]

# A number that stands for one exact rational (see `anneal_theory.exact`). mpmath's mpf is a SupportsFloat to the
# type checker, since mpmath carries no types.
Exactable: TypeAlias = int | float | str | Fraction | Decimal | SupportsFloat

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.intp]
BoolArray: TypeAlias = NDArray[np.bool_]
