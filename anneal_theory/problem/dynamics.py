"""The rules of training: objective, metric and the family's weights (theory section 1)."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypedDict

from anneal_theory._types import Exactable, Metric, Objective
from anneal_theory.exact import exact, spell
from anneal_theory.formulas.alignment import clock_pace
from anneal_theory.formulas.summary_statistics import free_energy_factors, tempered_factors
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_of


@dataclass(frozen=True, init=False, repr=False)
class Dynamics:
    """Which loss is descended, in which metric, and with which fixed weights of the family.

    Args:
        objective: "tempered-target" (``KL(q || p^beta)``) or "free-energy" (``T`` times it).
        metric: "euclidean" (``P_i = 1``) or "natural" (``P_i = 1/w_i``).
        family_weight: w1 in (0, 1), the weight of the family's first component; the second has 1 - w1.

    Raises:
        DomainError: a parameter lies outside its domain.

    Source:
        theory section 1.

    Example:
        >>> Dynamics(metric="natural", family_weight=0.3).reducible, Dynamics(family_weight=0.3).reducible
        (True, False)
    """

    objective: Objective
    metric: Metric
    exact_family_weight: Fraction

    @checked
    def __init__(
        self, objective: Objective = "tempered-target", metric: Metric = "euclidean", family_weight: Exactable = 0.5
    ) -> None:
        object.__setattr__(self, "objective", objective)
        object.__setattr__(self, "metric", metric)
        object.__setattr__(self, "exact_family_weight", exact(family_weight))

    def __repr__(self) -> str:
        return f"Dynamics({self.objective!r}, {self.metric!r}, family_weight={spell(self.exact_family_weight)})"

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
    def exact_clock_rate(self) -> Fraction:
        """Clock ``tau`` of theory section 4 per unit of the integral of beta (of time, for the free energy)."""
        weight = (
            self.exact_family_weight if self.reducible else Fraction(1, 2)
        )  # others have no such clock of their own
        return Fraction(clock_pace(weight, 1, 1 / weight if self.metric == "natural" else 1))

    @property
    def clock_rate(self) -> float:
        """The same in double precision."""
        return float(self.exact_clock_rate)


def loss_factors(objective: Objective) -> Callable[[Any], tuple[Any, Any]]:
    """From a temperature to the factors of attraction and repulsion: (beta, 1), or (1, T) for the free energy."""
    return free_energy_factors if objective == "free-energy" else tempered_factors


def clock_pace_at(dynamics: Dynamics, temperature: Any, unit: Any) -> Any:
    """Rate ``dtau/dt`` of the clock at a temperature: numbers, or power series, as its rate at beta = 1 is.

    Args:
        dynamics: The objective decides whether beta enters.
        temperature: T.
        unit: `Dynamics.exact_clock_rate` in the arithmetic wanted.
    """
    return unit * loss_factors(dynamics.objective)(temperature)[0]


@keywords_of(Dynamics)
class DynamicsOptions(TypedDict, total=False):
    """The arguments of `Dynamics` as the keywords of a function: ``**dynamics: Unpack[DynamicsOptions]``.

    Attributes:
        objective: "tempered-target" (``KL(q || p^beta)``, the default) or "free-energy" (``T`` times it).
        metric: "euclidean" (``P_i = 1``, the default) or "natural" (``P_i = 1/w_i``).
        family_weight: w1 in (0, 1), 1/2 unless given. Where only the reduced flow will do, other weights need the
            natural metric; a formula of slow annealing needs equal ones.
    """

    objective: Objective
    metric: Metric
    family_weight: Exactable
