"""The rules of training: objective, metric, weights, and what is held or trained (theory sections 1 and 11)."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypedDict, TypeVar

import numpy as np

from anneal_theory._types import Constraint, Exactable, FloatArray, Metric, Objective, VarianceLaw, VarianceRule
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact, spell
from anneal_theory.formulas.alignment import clock_pace, natural_mobility
from anneal_theory.formulas.summary_statistics import free_energy_factors, tempered_factors
from anneal_theory.problem.init import GaussianInit, SphereInit
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_of

Numbers = TypeVar("Numbers")
"""Doubles, arrays, or power series."""


@dataclass(frozen=True, init=False, repr=False)
class Dynamics:
    """Which loss is descended, in which metric, and with which fixed weights of the family.

    Args:
        objective: "tempered-target" (``KL(q || p^beta)``) or "free-energy" (``T`` times it).
        metric: "euclidean" (mobilities ``Gamma_i = 1``) or "natural" (``Gamma_i = 1/w_i``).
        family_weight: w1 in (0, 1), the weight of the family's first component; the second has 1 - w1.
        constraint: "free" means, or means on the "sphere" ``|mu_i| = R`` (the paper's setting: equal weights and the
            Euclidean metric; with unequal weights no formulas and no digits).
        variance: On the sphere, of both components: "fixed" at 1, "trained" from the first temperature on
            (``v_i' = 2 w_i (T - v_i)`` of the free energy and terms of order 1/d, which are known where the weights are
            equal and a dimension is given, for one variance of both components; unequal weights part them, and then the
            flow depends on the dimension), or "follows-temperature" (``v = T``). Free means have variance 1: with
            another the push of the components never exceeds the pull, and no heat parts a pair.

    Raises:
        DomainError: a parameter lies outside its domain, or beside others that it does not go with.

    Source:
        theory sections 1 and 11.

    Example:
        >>> Dynamics(metric="natural", family_weight=0.3).reducible, Dynamics(family_weight=0.3).reducible
        (True, False)
    """

    objective: Objective
    metric: Metric
    exact_family_weight: Fraction
    constraint: Constraint
    variance: VarianceRule

    @checked(variance="variance_rule")
    def __init__(
        self, objective: Objective = "tempered-target", metric: Metric = "euclidean", family_weight: Exactable = 0.5,
        constraint: Constraint = "free", variance: VarianceRule = "fixed",
    ) -> None:  # fmt: skip
        object.__setattr__(self, "objective", objective)
        object.__setattr__(self, "metric", metric)
        object.__setattr__(self, "exact_family_weight", exact(family_weight))
        object.__setattr__(self, "constraint", constraint)
        object.__setattr__(self, "variance", variance)
        self._require_compatible()

    def _require_compatible(self) -> None:
        if self.constraint == "free" and self.variance != "fixed":
            step = 'add constraint="sphere": with such a variance no heat separates free means (theory section 11)'
            raise DomainError.of("variance", "'fixed' for free means", self.variance, step)
        if self.constraint == "sphere" and self.metric != "euclidean":
            raise DomainError.of("metric", "'euclidean' on the sphere", self.metric, "leave it out")

    def __repr__(self) -> str:
        plain = f"{self.objective!r}, {self.metric!r}, family_weight={spell(self.exact_family_weight)}"
        if self.constraint == "free":
            return f"Dynamics({plain})"
        return f"Dynamics({plain}, constraint={self.constraint!r}, variance={self.variance!r})"

    @property
    def family_weight(self) -> float:
        """w1 in double precision."""
        return float(self.exact_family_weight)

    @property
    def equal_weights(self) -> bool:
        """Whether w1 = w2 = 1/2."""
        return self.exact_family_weight == Fraction(1, 2)

    @property
    def reducible(self) -> bool:
        """Whether the three-dimensional reduced flow of theory section 4 is exact."""
        return self.equal_weights or self.metric == "natural"

    @property
    def takes_dim(self) -> bool:
        """Whether the flow of a pair depends on the dimension: on the sphere, where variances are trained."""
        return self.constraint == "sphere" and self.variance == "trained"

    @property
    def needs_dim(self) -> bool:
        """Whether it has no limit in large dimension that keeps the push: where unequal weights part variances."""
        return self.takes_dim and not self.equal_weights

    @property
    def exact_mobilities(self) -> tuple[Fraction, Fraction]:
        """Gamma_1 and Gamma_2."""
        first = self.exact_family_weight
        if self.metric == "euclidean":
            return Fraction(1), Fraction(1)
        return natural_mobility(first), natural_mobility(1 - first)

    @property
    def mobilities(self) -> tuple[float, float]:
        """The same in double precision."""
        first, second = self.exact_mobilities
        return float(first), float(second)

    @property
    def exact_clock_rate(self) -> Fraction:
        """Clock ``tau`` of theory section 4 per unit of the integral of beta (of time, for the free energy)."""
        weight = self.exact_family_weight if self.reducible else Fraction(1, 2)  # others have no clock of their own
        return Fraction(clock_pace(weight, 1, self.exact_mobilities[0]))

    @property
    def clock_rate(self) -> float:
        """The same in double precision."""
        return float(self.exact_clock_rate)


def require_fitting(init: GaussianInit | SphereInit, dynamics: Dynamics, add: str = 'add constraint="sphere"') -> None:
    """Refuse a law of the initial means that does not go with the constraint; `add` is how to be given the sphere."""
    if isinstance(init, SphereInit) and dynamics.constraint != "sphere":
        raise DomainError.of("init", "a GaussianInit for free means", init, f"or {add}")
    if dynamics.constraint == "sphere" and not isinstance(init, SphereInit):
        raise DomainError.of("init", "a SphereInit for means on the sphere", init, f"use SphereInit({init.dim})")


def require_equal_on_sphere(dynamics: Dynamics, what: str) -> None:
    """Refuse unequal weights on the sphere for `what` is derived for one threshold in |x| a start."""
    if dynamics.constraint == "sphere" and not dynamics.equal_weights:
        step = 'leave it out, or ask collapse_probability or collapse_threshold, by method="exact"'
        raise DomainError.of("family_weight", f"0.5 for {what} on the sphere", dynamics.family_weight, step)


def require_dim(dynamics: Dynamics, dim: int | None) -> None:
    """Refuse a dimension where the flow of a pair depends on none, and its lack where it cannot do without."""
    if dynamics.needs_dim and dim is None:
        step = "give one: components of different variances are told apart the better the more coordinates there are"
        raise DomainError.of("dim", "given for trained variances of unequal weights on the sphere", dim, step)
    if dim is not None and not dynamics.takes_dim:
        step = "leave it out: this flow depends on no dimension"
        raise DomainError.of("dim", "left out but for trained variances on the sphere", dim, step)


def require_law(dynamics: Dynamics, law: VarianceLaw | None) -> None:
    """Refuse a law of the variance where no common variance is trained."""
    if law is None:
        return
    if not dynamics.takes_dim:
        step = "leave it out: it says how a trained variance moves"
        raise DomainError.of("variance_law", 'left out but for variance="trained" on the sphere', law, step)
    if dynamics.needs_dim:
        step = "leave it out: variances of unequal weights follow their law in large dimension"
        raise DomainError.of("variance_law", "left out with unequal family weights", law, step)


def law_dim(dynamics: Dynamics, dim: int | None, law: VarianceLaw | None = None) -> float:
    """The dimension by whose law a common variance moves; inf for that of large ones. None is the exact law."""
    return math.inf if dim is None or law == "large-dim" or not dynamics.takes_dim else dim


def loss_factors(objective: Objective) -> Callable[[Any], tuple[Any, Any]]:
    """From a temperature to the factors of attraction and repulsion: (beta, 1), or (1, T) for the free energy."""
    return free_energy_factors if objective == "free-energy" else tempered_factors


def clock_pace_at(dynamics: Dynamics, temperature: Numbers, unit: Numbers) -> Numbers:
    """Rate ``dtau/dt`` of the clock at a temperature, in the numbers or series of `unit`, its rate at beta = 1."""
    pace: Numbers = loss_factors(dynamics.objective)(temperature)[0] * unit
    return pace


def tempered_pace(dynamics: Dynamics, temperatures: FloatArray | float) -> FloatArray:
    """Time of the tempered flow in the Euclidean metric that a unit of time makes, of equal weights.

    Args:
        dynamics: Its metric and objective.
        temperatures: Of any shape, that of what is returned.
    """
    pace = dynamics.mobilities[0] * loss_factors(dynamics.objective)(temperatures)[1]
    return np.broadcast_to(np.asarray(pace, dtype=float), np.shape(temperatures))


@keywords_of(Dynamics)
class DynamicsOptions(TypedDict, total=False):
    """The arguments of `Dynamics` as the keywords of a function: ``**dynamics: Unpack[DynamicsOptions]``."""

    objective: Objective  # "tempered-target" (``KL(q || p^beta)``, the default) or "free-energy" (``T`` times it)
    metric: Metric  # "euclidean" (mobilities ``Gamma_i = 1``, the default) or "natural" (``Gamma_i = 1/w_i``)
    # w1 in (0, 1), 1/2 unless given. Where only the reduced flow will do, other weights need the natural metric; a
    # formula of slow annealing needs equal ones
    family_weight: Exactable


@keywords_of(Dynamics)
class ModelOptions(DynamicsOptions, total=False):
    """`DynamicsOptions`, and those of the model."""

    constraint: Constraint  # "free" (the default) or "sphere" (means with ``|mu_i| = R``)
    variance: VarianceRule  # "fixed" (the default), "trained" or "follows-temperature", on the sphere
