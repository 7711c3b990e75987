"""What shooting needs of a model of training: its flow along power series, its starts, and the saddles it comes to."""

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import flint

from anneal_theory.arithmetic import Along
from anneal_theory.numerics.taylor import SeriesFlow, Vector
from anneal_theory.problem import Dynamics


@runtime_checkable
class RatesAt(Protocol):
    """A flow at a state."""

    def rates(self) -> Vector:
        """Rates in time."""

    def slopes(self) -> Sequence[Sequence[flint.arb | float]]:
        """Their derivatives by the state."""


@runtime_checkable
class AnnealedFlow(SeriesFlow[flint.arb_series], Protocol):
    """A flow at states, and along power series."""

    def at(self, state: Vector, temperature: flint.arb) -> RatesAt:
        """The flow at a state and a temperature."""


@runtime_checkable
class Rest(Protocol):
    """A saddle at a temperature, in doubles."""

    @property
    def m1(self) -> float:
        """Overlap of the better aligned mean."""

    @property
    def m2(self) -> float:
        """Overlap of the other."""

    @property
    def rate(self) -> float:
        """Rate of the one unstable direction in the model's clock."""

    @property
    def fastest(self) -> float:
        """The largest rate of any direction, at least 1."""


@runtime_checkable
class Branch(Protocol):
    """The saddles that one at T = 1 becomes as T rises."""

    @property
    def fold(self) -> float:
        """The temperature that ends them, or the highest looked at."""


@runtime_checkable
class Separatrix(Protocol):
    """A model whose threshold is sought, the logarithm at `aligned` in a state; states are vectors of exact Arb
    numbers.
    """

    aligned: int

    @property
    def dynamics(self) -> Dynamics:
        """The rules."""

    @property
    def unit(self) -> float:
        """R^2, in which overlaps are close or far."""

    def start(self, log_alignment: Along) -> list[Along | flint.arb]:
        """The state at t = 0, from an Arb ball or a power series."""

    def flow(self, bits: int) -> AnnealedFlow:
        """The flow for results of so many bits."""

    def pace(self, temperature: float) -> float:
        """The clock's rate at a temperature."""

    def overlaps(self, state: Vector) -> tuple[float, float]:
        """(m1, m2) in doubles."""

    def branches(self, highest: float) -> list[Any]:
        """All saddles at T = 1 and what they come from, up to a temperature."""

    def rest(self, branch: Any, temperature: float, state: Vector) -> Any:
        """The saddle of a branch at a temperature, and what else of a state it depends on; None above the fold."""

    def resting(self, rest: Any, state: Vector, temperature: float, span: float) -> list[float]:
        """A state at a saddle, a time after another state: what does not rest there goes on."""

    def off(self, rest: Any, state: Vector, way: Vector) -> tuple[flint.arb, flint.arb]:
        """How far a state lies off a saddle along its unstable direction, and the slope of that along a way."""

    def sizes(self, change: Vector) -> list[float]:
        """A change of a state in units in which Newton's method settles."""

    def decided(self, state: Vector, ceiling: float) -> bool:
        """Whether the end of a run that is never again hotter than `ceiling` is certain."""
