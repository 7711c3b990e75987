"""Start states of the two-component flow: the reduced statistics of theory section 4 and the full ones of section 3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from anneal_theory._floating import Silent
from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.formulas.pair_coordinates import (
    across_products,
    across_squared,
    aligned_overlaps,
    cotangent_of,
    distance_of,
    distance_squared,
    pair_of_angle,
    reduced_to_full,
    weighted_mean,
)
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.quantities.doors import checked

# Numbers and arrays of numbers. To the tests' run-time checks an int is no float; the values are checked below.
if TYPE_CHECKING:
    Numbers: TypeAlias = ArrayLike
else:
    Numbers = object

# A Gram matrix made of doubles is positive semidefinite up to a few roundings of its entries.
_ROUNDING = 64 * float(np.finfo(np.float64).eps)
_SEPARATE = "separate the two means: a coincident pair has no repulsion to part it and never splits"
_EACH = "give one entry for each trajectory"


@dataclass(frozen=True, init=False, eq=False)
class ReducedState:
    """Centre, difference and perpendicular separation of the two means: closed under training (theory section 4).

    Every argument is a number or an array of shape (n,), one entry a trajectory. What is lost against `FullState` is
    the part of the centre that is perpendicular to mu*: it decays on its own and moves nothing else.

    Args:
        s: Overlap of the centre with mu*: (m1 + m2)/2, or w1 m1 + w2 m2 for the natural metric. Units of R^2.
        delta: m1 - m2.
        perp: |Delta_perp| >= 0, length of the part of mu_1 - mu_2 perpendicular to mu*.

    Raises:
        DomainError: a value is not finite, perp is negative, shapes differ, or delta and perp both vanish.

    Source:
        theory section 4.

    Example:
        >>> target = BimodalTarget(3, 0.8)
        >>> start = ReducedState.from_rho(s=0.0, rho=0.1, distance=2**0.5, target=target)
        >>> round(start.rho(target), 12), round(start.distance(target), 12)
        (0.1, 1.414213562373)
    """

    s: float | FloatArray
    delta: float | FloatArray
    perp: float | FloatArray

    @checked
    def __init__(self, s: Numbers, delta: Numbers, perp: Numbers) -> None:
        values = columns(s=s, delta=delta, perp=perp)
        if ((values[1] == 0) & (values[2] == 0)).any():
            raise DomainError.of("distance", "positive (delta and perp both vanish)", 0.0, _SEPARATE)
        store(self, s=values[0], delta=values[1], perp=values[2])

    @classmethod
    @checked(rho="cotangents", distance="start_distances")
    def from_rho(cls, s: Numbers, rho: Numbers, distance: Numbers, target: BimodalTarget) -> ReducedState:
        """The state with cotangent rho = (delta/R)/perp and distance |mu_1 - mu_2|.

        Args:
            s: As in `ReducedState`.
            rho: Cotangent of the angle between mu_1 - mu_2 and mu*, any finite number.
            distance: |mu_1 - mu_2| > 0.
            target: Gives R.
        """
        centre, slope, length = columns(s=s, rho=rho, distance=distance)
        return cls(centre, *pair_of_angle(slope, length, target.separation))

    @classmethod
    @checked
    def from_means(
        cls, mean_1: Numbers, mean_2: Numbers, target: BimodalTarget, dynamics: Dynamics | None = None
    ) -> ReducedState:
        """The state of two means, shape (d,) or (n, d); the target's modes lie on the first axis."""
        first, second = mean_rows(mean_1, mean_2)
        share = centre_weight(Dynamics() if dynamics is None else dynamics)
        r, gap = target.separation, first - second
        centre = weighted_mean(r * first[..., 0], r * second[..., 0], share)
        return cls(centre, r * gap[..., 0], np.linalg.norm(gap[..., 1:], axis=-1))

    @checked
    def distance(self, target: BimodalTarget) -> float | FloatArray:
        """D = |mu_1 - mu_2|."""
        return scalar_or_array(distance_of(self.delta, self.perp, target.separation))

    @checked
    def rho(self, target: BimodalTarget) -> float | FloatArray:
        """Cotangent of the angle between mu_1 - mu_2 and mu*: (delta/R)/perp, infinite where perp = 0."""
        with Silent("divide", "over"):
            return scalar_or_array(cotangent_of(np.asarray(self.delta), np.asarray(self.perp), target.separation))

    @checked
    def overlaps(self, dynamics: Dynamics | None = None) -> tuple[float | FloatArray, float | FloatArray]:
        """(m1, m2)."""
        share = centre_weight(Dynamics() if dynamics is None else dynamics)
        return aligned_overlaps(s=self.s, delta=self.delta, family_weight=share)

    @checked
    def full(self, target: BimodalTarget, dynamics: Dynamics | None = None) -> FullState:
        """The full state with these statistics whose centre has no part perpendicular to mu*.

        Rounding of the Gram entries limits how small a delta or a distance survives the conversion.
        """
        share = centre_weight(Dynamics() if dynamics is None else dynamics)
        s, delta, perp = (np.asarray(statistic) for statistic in (self.s, self.delta, self.perp))
        return FullState(
            *reduced_to_full(s=s, delta=delta, perp=perp, separation=target.separation, family_weight=share)
        )


@dataclass(frozen=True, init=False, eq=False)
class FullState:
    """The five summary statistics of two means (theory section 3), for any weights and metric.

    Every argument is a number or an array of shape (n,), one entry a trajectory.

    Args:
        m1: mu_1 . mu*.
        m2: mu_2 . mu*.
        s11: |mu_1|^2.
        s12: mu_1 . mu_2.
        s22: |mu_2|^2.

    Raises:
        DomainError: a value is not finite, shapes differ, no two vectors have these products, or mu_1 = mu_2.

    Source:
        theory section 3.

    Example:
        >>> target = BimodalTarget(3, 0.8)
        >>> start = FullState.from_means([0.1, 1.0], [-0.1, 0.5], target)
        >>> round(start.m1, 12), round(start.distance, 12)
        (0.3, 0.538516480713)
    """

    m1: float | FloatArray
    m2: float | FloatArray
    s11: float | FloatArray
    s12: float | FloatArray
    s22: float | FloatArray

    @checked
    def __init__(self, m1: Numbers, m2: Numbers, s11: Numbers, s12: Numbers, s22: Numbers) -> None:
        values = columns(m1=m1, m2=m2, s11=s11, s12=s12, s22=s22)
        _, _, a, b, c = values
        gap, spread = distance_squared(a, b, c), a + c
        if ((a < 0) | (c < 0) | (gap < -_ROUNDING * spread)).any() or (b**2 > a * c + _small(a, c)).any():
            where = (s11, s12, s22)
            raise DomainError.of(
                "(s11, s12, s22)", "products of two vectors (s12^2 <= s11 s22)", where, "use from_means"
            )
        if (gap <= _ROUNDING * spread).any():
            step = _SEPARATE + "; a pair closer than rounding resolves fits in a ReducedState"
            raise DomainError.of(
                "distance", "positive beyond rounding (s11 + s22 - 2 s12 > 0)", float(np.min(gap)), step
            )
        store(self, m1=values[0], m2=values[1], s11=a, s12=b, s22=c)

    @classmethod
    @checked
    def from_means(cls, mean_1: Numbers, mean_2: Numbers, target: BimodalTarget) -> FullState:
        """The state of two means, shape (d,) or (n, d); the target's modes lie on the first axis."""
        u, v = mean_rows(mean_1, mean_2)
        products = [np.sum(a * b, axis=-1) for a, b in ((u, u), (u, v), (v, v))]
        return cls(target.separation * u[..., 0], target.separation * v[..., 0], *products)

    @property
    def distance(self) -> float | FloatArray:
        """D = |mu_1 - mu_2|."""
        return scalar_or_array(
            np.sqrt(distance_squared(*(np.asarray(product) for product in (self.s11, self.s12, self.s22))))
        )

    @checked
    def rho(self, target: BimodalTarget) -> float | FloatArray:
        """Cotangent of the angle between mu_1 - mu_2 and mu*, as far as rounding resolves it."""
        return self.reduced(target).rho(target)

    @checked
    def reduced(self, target: BimodalTarget, dynamics: Dynamics | None = None) -> ReducedState:
        """The reduced statistics; the centre's part perpendicular to mu* is dropped."""
        self.require_target(target)
        share = centre_weight(Dynamics() if dynamics is None else dynamics)
        m1, m2 = np.asarray(self.m1), np.asarray(self.m2)
        square = across_squared(m1, m2, np.asarray(self.distance) ** 2, target.separation)
        return ReducedState(weighted_mean(m1, m2, share), m1 - m2, np.sqrt(np.maximum(square, 0.0)))

    @checked
    def require_target(self, target: BimodalTarget) -> None:
        """Refuse overlaps that no two vectors with these products have with a mu* of length R."""
        r, value = target.separation, (self.m1, self.m2, self.s11, self.s12, self.s22)
        m1, m2, s11, s12, s22 = (np.asarray(statistic) for statistic in value)
        p11, p12, p22 = across_products(m1, m2, s11, s12, s22, r)
        small = _ROUNDING * (s11 + s22)
        if (np.minimum(p11, p22) < -small).any() or (
            p12**2 > (np.maximum(p11, 0) + small) * (np.maximum(p22, 0) + small)
        ).any():
            step = "check that the overlaps are m_i = mu_i . mu*, or use from_means"
            raise DomainError.of(
                "(m1, m2, s11, s12, s22)", f"products of two vectors and mu* of length {r:g}", value, step
            )


def columns(**named: Numbers) -> list[FloatArray]:
    """The arguments, which their doors have found finite, as float arrays of one common shape, () or (n,)."""
    arrays = []
    for name, value in named.items():
        array = np.asarray(value, dtype=np.float64)
        if array.ndim > 1:
            raise DomainError.of(name, "a number or an array of shape (n,)", array.shape, _EACH)
        arrays.append(array)
    try:
        return [np.array(array) for array in np.broadcast_arrays(*arrays)]
    except ValueError as error:
        shapes = {name: array.shape for name, array in zip(named, arrays, strict=True)}
        raise DomainError.of("start", "made of arrays of one length", shapes, _EACH) from error


def store(state: object, **values: FloatArray) -> None:
    """Set the fields of a frozen state: floats for numbers, read-only arrays for batches."""
    for name, array in values.items():
        array.setflags(write=False)
        object.__setattr__(state, name, scalar_or_array(array))


def scalar_or_array(value: FloatArray | np.floating) -> float | FloatArray:
    """A float for a 0-d array, the array itself otherwise."""
    return float(value) if np.ndim(value) == 0 else np.asarray(value, dtype=np.float64)


def mean_rows(mean_1: Numbers, mean_2: Numbers) -> tuple[FloatArray, FloatArray]:
    """Two means, which their doors have found finite, as arrays of one shape, (d,) or (n, d), with d >= 2."""
    first, second = np.asarray(mean_1, dtype=np.float64), np.asarray(mean_2, dtype=np.float64)
    if first.shape != second.shape or first.ndim not in (1, 2) or first.shape[-1] < 2:
        shapes = (first.shape, second.shape)
        raise DomainError.of("means", "two arrays of one shape, (d,) or (n, d), d >= 2", shapes, "give both means")
    return first, second


def centre_weight(dynamics: Dynamics) -> float:
    """Weight of mu_1 in the centre that the repulsion does not move: w1 for the natural metric, else 1/2."""
    return dynamics.family_weight if dynamics.metric == "natural" else 0.5


def _small(a: FloatArray, c: FloatArray) -> FloatArray:
    return np.asarray(_ROUNDING * np.maximum(a * c, (a + c) ** 2 * _ROUNDING))
