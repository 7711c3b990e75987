"""Types shared by the package.

Shapes in signatures use jaxtyping names: ``n`` points or trajectories, ``k`` components, ``d`` dimensions.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, SupportsFloat, SupportsInt, TypeAlias

import numpy as np
from numpy.typing import NDArray

Objective: TypeAlias = Literal["tempered-target", "free-energy"]
Metric: TypeAlias = Literal["euclidean", "natural"]
Constraint: TypeAlias = Literal["free", "sphere"]
VarianceRule: TypeAlias = Literal["fixed", "follows-temperature", "trained"]
VarianceLaw: TypeAlias = Literal["exact", "large-dim"]

# A number that stands for one exact rational (see `anneal_theory.exact`). mpmath's mpf is a SupportsFloat to the
# type checker, since mpmath carries no types.
Exactable: TypeAlias = int | float | str | Fraction | Decimal | SupportsFloat

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.intp]
BoolArray: TypeAlias = NDArray[np.bool_]


class Mpf(ABC):  # noqa: B024  # known by what a class has
    """A number of mpmath, of whatever context: each context has a class of its own, and mpmath carries no types.

    For `isinstance` whatever has mpmath's parts is one; the type checker sees the operations below.

    Example:
        >>> import mpmath
        >>> isinstance(mpmath.mpf(1), Mpf), isinstance(mpmath.MPContext().mpf(1), Mpf), isinstance(1.0, Mpf)
        (True, True, False)
    """

    @classmethod
    def __subclasshook__(cls, kind: type) -> bool:
        return hasattr(kind, "_mpf_")

    if TYPE_CHECKING:
        context: "MpContext"
        bc: int
        _mpf_: tuple[int, int, int, int]

        def __add__(self, other: "Mpf | float", /) -> "Mpf": ...
        def __radd__(self, other: float, /) -> "Mpf": ...
        def __sub__(self, other: "Mpf | float", /) -> "Mpf": ...
        def __rsub__(self, other: float, /) -> "Mpf": ...
        def __mul__(self, other: "Mpf | float", /) -> "Mpf": ...
        def __rmul__(self, other: float, /) -> "Mpf": ...
        def __truediv__(self, other: "Mpf | float", /) -> "Mpf": ...
        def __rtruediv__(self, other: float, /) -> "Mpf": ...
        def __pow__(self, other: "Mpf | float", /) -> "Mpf": ...
        def __rpow__(self, other: float, /) -> "Mpf": ...
        def __neg__(self) -> "Mpf": ...
        def __pos__(self) -> "Mpf": ...
        def __abs__(self) -> "Mpf": ...
        def __lt__(self, other: "Mpf | float", /) -> bool: ...
        def __le__(self, other: "Mpf | float", /) -> bool: ...
        def __gt__(self, other: "Mpf | float", /) -> bool: ...
        def __ge__(self, other: "Mpf | float", /) -> bool: ...
        def __float__(self) -> float: ...
        def __int__(self) -> int: ...
        @property
        def real(self) -> "Mpf": ...


if TYPE_CHECKING:
    import flint

    Arb: TypeAlias = flint.arb
    ArbSeries: TypeAlias = flint.arb_series
else:

    class Arb(ABC):  # noqa: B024  # known by its name
        """A ball of Arb, for modules that do not load flint, as doubles do not need it."""

        @classmethod
        def __subclasshook__(cls, kind: type) -> bool:
            return kind.__name__ == "arb"

    class ArbSeries(ABC):  # noqa: B024  # as above
        """A power series of such balls."""

        @classmethod
        def __subclasshook__(cls, kind: type) -> bool:
            return kind.__name__ == "arb_series"


class BallFunctions(ABC):
    """What generated code takes from Arb's context (`arithmetic.BallContext`), which modules of doubles do not load."""

    @property
    @abstractmethod
    def inf(self) -> Arb:
        """Infinity."""

    @abstractmethod
    def rational(self, value: Fraction, /) -> Arb:
        """A ball round a rational."""

    @abstractmethod
    def log1p(self, x: Arb, /) -> Arb:
        """log(1 + x)."""


class MpContext(ABC):  # noqa: B024  # known by what a class has
    """A context of mpmath: numbers and elementary functions at a precision of its own.

    Example:
        >>> import mpmath
        >>> isinstance(mpmath.mp, MpContext)
        True
    """

    @classmethod
    def __subclasshook__(cls, kind: type) -> bool:
        return hasattr(kind, "make_mpf")

    if TYPE_CHECKING:
        prec: int
        dps: int
        pi: Mpf
        inf: Mpf
        one: Mpf
        zero: Mpf

        def mpf(self, value: Exactable | Mpf = 0, /) -> Mpf: ...
        def make_mpf(self, parts: "MpfParts", /) -> Mpf: ...
        def exp(self, x: Mpf | float, /) -> Mpf: ...
        def expm1(self, x: Mpf | float, /) -> Mpf: ...
        def log(self, x: Mpf | float, base: int = ..., /) -> Mpf: ...
        def log1p(self, x: Mpf | float, /) -> Mpf: ...
        def sqrt(self, x: Mpf | float, /) -> Mpf: ...
        def erfc(self, x: Mpf | float, /) -> Mpf: ...
        def hyp2f1(self, a: Mpf | float, b: Mpf | float, c: Mpf | float, z: Mpf | float, /) -> Mpf: ...
        def lambertw(self, x: Mpf | float, /) -> Mpf: ...
        def findroot(
            self, function: Callable[[Mpf], Mpf], start: Mpf | tuple[Mpf, Mpf], /, **options: object
        ) -> Mpf: ...
        def linspace(self, first: Mpf | float, last: Mpf | float, count: int, /) -> list[Mpf]: ...
        def quad(self, function: Callable[[Mpf], Mpf], points: Sequence[Mpf | float], /) -> Mpf: ...
        def cos_sin(self, x: Mpf | float, /) -> tuple[Mpf, Mpf]: ...


MpfParts: TypeAlias = tuple[int, int | SupportsInt, int | SupportsInt, int]
"""Sign, mantissa, exponent and bits of an ``mpf``; integers of Python or of gmpy2."""

Number: TypeAlias = float | Mpf
"""What functions with `digits` return: a double without, a number of mpmath with."""
