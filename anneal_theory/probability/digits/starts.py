r"""The law of the start of both models, as averages to many digits take it (theory sections 5 and 11).

A start has an outer coordinate, over which everything is smooth, and an inner one: of free means D0^2 and s0, on the
sphere the cosine c of the pair and the cosine y of its sum. Given both, the collapse set is a cap of directions.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, Protocol, runtime_checkable

import flint
import mpmath
import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.balls import CONTEXT, exact_ball, rational
from anneal_theory.fixed_points import landscape_of, unstable_overlap
from anneal_theory.fixed_points.roots import unstable_point
from anneal_theory.formulas import start_law_mp
from anneal_theory.formulas.start_law import (
    angle_of_cotangent,
    centre_variance,
    log_cosine,
    log_normal_norm,
    log_rho_of_cosine,
    normal_exponent,
)
from anneal_theory.models.free_pair import ALIGNED, VANISHED, free_pair
from anneal_theory.numerics.gauss_digits import gauss_rule, log_gamma
from anneal_theory.precision import bits_of, flint_precision
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.departures import Departures
from anneal_theory.threshold.digits.any_digits import threshold_cost
from anneal_theory.threshold.digits.families import Neighbour, neighbouring_thresholds
from anneal_theory.threshold.digits.free_separatrix import FreeSeparatrix
from anneal_theory.threshold.digits.separatrix import Separatrix

_AMONG_OTHERS = 0.25  # of the time of a threshold alone; 0.1 to 0.2 s each were measured at 20 and 30 digits of P
_FINEST = 1e-11  # of log rho_c that doubles are asked for
_RESOLVED = 1e-6  # to the unstable zero: how close doubles come


class Start(NamedTuple):
    """A start whose threshold is wanted, among others along a line.

    Attributes:
        outer: Its outer coordinate.
        inner: Its inner coordinate.
        place: The coordinate in which thresholds are smooth along the line.
        digits: Of the threshold.
        rough: The logarithm of the threshold in doubles.
        resolved: Whether it has their digits, or is on a line where they do not resolve the start.
    """

    outer: Fraction
    inner: Fraction
    place: Fraction
    digits: int
    rough: float
    resolved: bool = True


def texts_of(models: Sequence[Separatrix], starts: Sequence[Start], schedule: Schedule) -> list[str]:
    """Logarithms of thresholds of neighbouring starts, as text of a few digits more."""
    with flint_precision(4 * bits_of(max(one.digits for one in starts)) + 64):  # places lie close together
        neighbours = [
            Neighbour(model, exact_ball(one.place).mid(), one.digits, one.rough, one.resolved)
            for model, one in zip(models, starts, strict=True)
        ]
    thresholds = neighbouring_thresholds(neighbours, schedule)
    return [str(mpmath.nstr(one.log_value, start.digits + 8)) for one, start in zip(thresholds, starts, strict=True)]


@runtime_checkable
class Starts(Protocol):
    """A law of starts, and their thresholds."""

    @property
    def directions(self) -> int:
        """The dimension in which the direction of mu_1 - mu_2 is uniform, given the start."""

    @property
    def signs(self) -> tuple[int, ...]:
        """Of the label of the better aligned component, as far as they differ."""

    @property
    def reach(self) -> float:
        """How close to the kink doubles resolve the inner coordinate."""

    @property
    def closest(self) -> float:
        """The distance from the kink below which no threshold is interpolated, unless it is known to many digits."""

    def farthest(self, depth: float) -> float:
        """The inner coordinate at which its density has fallen by so many nats."""

    def outer_rule(self, count: int) -> list[tuple[Fraction, flint.arb]]:
        """Nodes and weights of the Gauss rule over the outer coordinate."""

    def outer_place(self, outer: Fraction) -> flint.arb:
        """A coordinate in which thresholds are smooth from one outer coordinate to another."""

    def kink(self, outer: Fraction) -> flint.arb | None:
        """The inner coordinate at which the threshold vanishes, an exact Arb number; None if there is none."""

    def fine_kink(self, outer: Fraction, digits: int) -> flint.arb | None:
        """The same to so many digits, which may take as long as a threshold."""

    def log_density(self, inner: flint.arb) -> flint.arb:
        """Logarithm of the density of the inner coordinate, of a ball."""

    def beyond(self, inner: flint.arb) -> flint.arb:
        """The chance that the inner coordinate is farther from 0 than this, on one side."""

    def rough_log_density(self, inner: FloatArray) -> FloatArray:
        """The same in doubles."""

    def rough(self, sign: int, side: int, outer: Fraction, inner: FloatArray, tolerance: float) -> FloatArray:
        """Logarithms of the cosine of the threshold's angle, in doubles, on one side of the kink."""

    def cost(self, digits: int) -> float:
        """Rough seconds that a threshold of so many digits takes."""

    def thresholds(self, sign: int, starts: Sequence[Start]) -> list[str]:
        """Logarithms of thresholds of neighbours, as text."""

    def rough_threshold(self, z: float, inner: float) -> float:
        """The logarithm of the threshold from that of the cosine, in doubles."""

    def settings(self) -> dict[str, str]:
        """As text, for the checkpoint."""

    def log_cosine(self, log_threshold: flint.arb, inner: flint.arb) -> flint.arb:
        """The logarithm of the cosine from that of the threshold, as a ball."""


@dataclass(frozen=True, eq=False)
class FreeStarts:
    """Starts of free means: D0^2 = 2 sigma^2 chi_d^2 outside, s0 ~ N(0, R^2 sigma^2/2) inside.

    Attributes:
        target: Separation and weight.
        schedule: With a closed form.
        init: Dimension and variance.
        dynamics: Reducible.
    """

    target: BimodalTarget
    schedule: Schedule
    init: GaussianInit
    dynamics: Dynamics

    @property
    def directions(self) -> int:
        """d."""
        return self.init.dim

    @property
    def signs(self) -> tuple[int, ...]:
        """Of delta(0)."""
        return (1,) if self.dynamics.equal_weights else (1, -1)

    @property
    def spread(self) -> Fraction:
        """Variance of s0."""
        variance: Fraction = centre_variance(self.target.exact_separation, Fraction(1, 2), self.init.exact_variance)
        return variance

    @property
    def reach(self) -> float:
        """How close to the unstable zero of f doubles resolve s0."""
        return _RESOLVED * (1 + abs(unstable_overlap(self.target) or 0.0))

    closest = 0.0

    def farthest(self, depth: float) -> float:
        """Of a Gaussian."""
        return math.sqrt(2 * depth * float(self.spread))

    def outer_rule(self, count: int) -> list[tuple[Fraction, flint.arb]]:
        """D0^2 is 4 sigma^2 times a variable of the law Gamma(d/2), of whose logarithm thresholds are smooth."""
        shape = Fraction(self.init.dim, 2)
        mean, unit = exact_ball(shape).digamma(), exact_ball(4 * self.init.exact_variance)
        rule = gauss_rule(log_gamma(shape, count), count)
        return [(rational((unit * (mean + node).exp()).mid()), weight) for node, weight in rule]

    def outer_place(self, outer: Fraction) -> flint.arb:
        """log D0^2."""
        return exact_ball(outer).log()

    def kink(self, outer: Fraction) -> flint.arb | None:
        """The unstable zero of f, at any distance."""
        if unstable_overlap(self.target) is None:
            return None
        unstable = unstable_point(landscape_of(self.target).heavy)
        return (unstable if self.target.half_log_odds >= 0 else -unstable).mid()

    def fine_kink(self, outer: Fraction, digits: int) -> flint.arb | None:
        """The same, which has the digits of the working precision."""
        return self.kink(outer)

    def log_density(self, inner: flint.arb) -> flint.arb:
        """Of a Gaussian."""
        variance = exact_ball(self.spread)
        norm: flint.arb = start_law_mp.log_normal_norm(CONTEXT, variance.sqrt())
        exponent: flint.arb = normal_exponent(s0=inner, variance=variance)
        return exponent + norm

    def beyond(self, inner: flint.arb) -> flint.arb:
        """Of a Gaussian."""
        return (abs(inner) / (2 * exact_ball(self.spread)).sqrt()).erfc() / 2

    def rough_log_density(self, inner: FloatArray) -> FloatArray:
        """In doubles."""
        variance = float(self.spread)
        return np.asarray(normal_exponent(s0=inner, variance=variance) + log_normal_norm(math.sqrt(variance)))

    def rough(self, sign: int, side: int, outer: Fraction, inner: FloatArray, tolerance: float) -> FloatArray:
        """From thresholds in doubles."""
        starts = np.stack([inner, np.full(inner.shape, 0.5 * math.log(outer))], axis=1)
        finest = max(tolerance, _FINEST)
        search = self._searches[sign]
        log_rho = search.thresholds(starts, np.full(inner.shape, -2.0), 1e-3, float(side))
        log_rho = search.thresholds(starts, np.clip(log_rho, -60.0, 3.0), finest, float(side))
        return np.asarray(log_cosine(np.clip(log_rho, VANISHED, ALIGNED)))

    @cached_property
    def _searches(self) -> dict[int, Departures]:
        model = free_pair(self.target, self.schedule, self.dynamics)
        return {sign: Departures(model.oriented(float(sign)), _FINEST) for sign in self.signs}

    def __getstate__(self) -> dict[str, object]:
        """Without the searches, which other processes do not need."""
        return {name: value for name, value in self.__dict__.items() if name != "_searches"}

    def cost(self, digits: int) -> float:
        """Of a threshold, but for what neighbours share."""
        return _AMONG_OTHERS * threshold_cost(digits)

    def thresholds(self, sign: int, starts: Sequence[Start]) -> list[str]:
        """log rho_c, by the rules that have the better aligned component first."""
        own, weight = self.dynamics, self.dynamics.exact_family_weight
        rules = own if sign > 0 else Dynamics(own.objective, own.metric, 1 - weight)
        models = [FreeSeparatrix(self.target, rules, one.inner, one.outer) for one in starts]
        return texts_of(models, starts, self.schedule)

    def rough_threshold(self, z: float, inner: float) -> float:
        """log rho_c."""
        return float(log_rho_of_cosine(z))

    def settings(self) -> dict[str, str]:
        """As text, for the checkpoint."""
        return {name: repr(getattr(self, name)) for name in ("target", "schedule", "init", "dynamics")}

    def log_cosine(self, log_threshold: flint.arb, inner: flint.arb) -> flint.arb:
        """Of the angle whose cotangent is rho_c."""
        cosine_squared: flint.arb = angle_of_cotangent((2 * log_threshold).exp())[0]
        return cosine_squared.log() / 2
