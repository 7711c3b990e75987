"""What a design returns."""

import math
from dataclasses import dataclass, field

import numpy as np

from anneal_theory.design.families import FamilyName
from anneal_theory.design.law import schedule_cost
from anneal_theory.errors import DomainError
from anneal_theory.formulas.start_law import distance_squared_large
from anneal_theory.gradient_flow import ReducedState, SphereState, solve_flow
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.problem.dynamics import ModelOptions
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate, Trajectory
from anneal_theory.schedules import Schedule
from anneal_theory.shown import Shown, in_words, table, with_error
from anneal_theory.work import Work

_MEDIAN = 0.6744897501960817  # of the absolute value of a standard normal variable
_TIMES = 400  # of a run
_AFTER = 1.1  # of the cost: how far a run goes
_CHANCES = 7  # of a line of costs
_LARGEST = 0.3  # probability of a line


@dataclass(frozen=True, repr=False)
class PricedSchedule(Shown):
    """A schedule with what it costs and what it is good for.

    Attributes:
        schedule: What trainers and `collapse_probability` take.
        cost: Gradient-flow time until it has cooled down (`Design` says how far).
        probability: Its exact probability of collapse.
        target: The target that this is the probability of: where intervals are given, the worst in them.
    """

    schedule: Schedule
    cost: float
    probability: Estimate
    target: BimodalTarget

    def told(self) -> dict[str, object]:
        """The schedule, its cost and its probability."""
        chance = with_error(self.probability.value, self.probability.error)
        return {"schedule": self.schedule, "cost": self.cost, "P(collapse)": chance}

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        parts = {"schedule": self.schedule.to_dict(), "probability": self.probability.to_dict()}
        return parts | {"cost": self.cost, "target": repr(self.target)}


@dataclass(frozen=True, repr=False)
class Design(Shown):
    """A designed schedule, and the best exponentials beside it.

    The cost is the time of the gradient flow of the objective that was asked for, that is steps times step size, from
    the start until the temperature is at most `final_temperature` for good. (The probability is that of training that
    goes on from there until it is settled.) Under the free energy a unit of time at temperature T repels T times as
    fast as under the tempered target, so times of the two objectives do not compare.

    Attributes:
        schedule: What trainers and `collapse_probability` take.
        family: Its form.
        cost: Gradient-flow time until it has cooled down.
        probability: Its exact probability of collapse; over intervals of targets the worst, with the error of where in
            them that is.
        target: The target that this is the probability of: where intervals are given, the worst in them.
        init: The law of the initial means.
        dynamics: The rules of training.
        unannealed: The probability of ``Constant(1)``.
        exponential_at_cost: The best exponential of the same cost; None where the design is one itself.
        exponential_for_probability: The cheapest exponential that collapses no more often; None where the design is one
            itself, or where none that costs at most 100 times as much is sure to.
        final_temperature: Temperature at which a schedule counts as cooled down.
        evaluations: Schedules whose probability was computed.
        note: What a reader should know of the regime.
        work: What all of these took; None if not counted. Designs are equal whatever they took.
    """

    schedule: Schedule
    family: str
    cost: float
    probability: Estimate
    target: BimodalTarget
    init: GaussianInit | SphereInit
    dynamics: Dynamics
    unannealed: Estimate
    exponential_at_cost: PricedSchedule | None
    exponential_for_probability: PricedSchedule | None
    final_temperature: float
    evaluations: int
    note: str
    work: Work | None = field(default=None, compare=False)

    @checked
    def steps(self, step_size: float) -> int:
        """Optimiser steps that the schedule takes at a step size, rounded up.

        Args:
            step_size: Time of gradient flow that one step makes, > 0.

        Raises:
            DomainError: the step size is not positive.
        """
        return math.ceil(self.cost / step_size)

    def typical_run(self) -> Trajectory:
        """The gradient flow along the designed schedule, from means whose alignment is the median of the law.

        Their centre lies at the middle of its law, and free means are as far apart as they are in the mean.
        """
        far = self.init.dim
        start: ReducedState | SphereState
        if isinstance(self.init, SphereInit):
            start = SphereState(_MEDIAN / math.sqrt(far))
        else:
            distance = math.sqrt(distance_squared_large(far, float(self.init.exact_variance)))
            rho = _MEDIAN / math.sqrt(far - 1)
            start = ReducedState.from_rho(s=0.0, rho=rho, distance=distance, target=self.target)
        times = np.linspace(0.0, _AFTER * max(self.cost, 1.0), _TIMES)
        by_law = far if self.dynamics.takes_dim else None
        return solve_flow(self.target, self.schedule, start, times, dim=by_law, **self._options())

    def costs(self) -> dict[str, list[tuple[float, float, float | None]]]:
        """What the design's family and exponentials cost against P: probability, cost by the law, designed cost.

        The law (`schedule_cost`) is that of the gradient flow of free means for a small P, and NaN elsewhere.
        """
        costs = {self.family: [(self.probability.value, self.cost)]}
        beside = [
            priced for priced in (self.exponential_at_cost, self.exponential_for_probability) if priced is not None
        ]
        costs |= {"exponential": [(priced.probability.value, priced.cost) for priced in beside]} if beside else {}
        chances = [chance for rows in costs.values() for chance, _ in rows if chance > 0]
        least = min([*chances, _LARGEST]) / 10.0
        between = [float(f"{chance:.6g}") for chance in np.geomspace(least, max([*chances, _LARGEST]), _CHANCES)]
        return {
            family: sorted(
                [(chance, self._by_law(family, chance), cost) for chance, cost in rows if chance > 0]
                + [(chance, self._by_law(family, chance), None) for chance in between]
            )
            for family, rows in costs.items()
        }

    def _options(self) -> ModelOptions:
        rules = self.dynamics
        return {
            "objective": rules.objective, "metric": rules.metric, "family_weight": rules.exact_family_weight,
            "constraint": rules.constraint, "variance": rules.variance,
        }  # fmt: skip

    def _by_law(self, family: str, chance: float) -> float:
        if isinstance(self.init, SphereInit) or not self.dynamics.equal_weights or self.dynamics.metric != "euclidean":
            return math.nan
        name: FamilyName = family  # type: ignore[assignment]  # the one that was asked for
        try:
            return schedule_cost(
                self.target, self.init, chance, family=name, objective=self.dynamics.objective,
                highest_final_temperature=self.final_temperature,
            )  # fmt: skip
        except DomainError:  # so large a probability asks for no alignment, or nothing releases a pair
            return math.nan

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        data = vars(self) | {name: repr(getattr(self, name)) for name in ("target", "init", "dynamics")}
        return {name: value.to_dict() if hasattr(value, "to_dict") else value for name, value in data.items()}

    def told(self) -> dict[str, object]:
        """Schedule, cost and probability; those of the exponentials are in its text."""
        return {"family": self.family} | self._priced().told() | {"without annealing": self.unannealed.value}

    def _repr_html_(self) -> str:
        beside = {"exponential of this cost": self.exponential_at_cost}
        beside["exponential as good"] = self.exponential_for_probability
        rows = {
            name: f"{priced.schedule}, cost {priced.cost:.6g}, P = {priced.probability.value:.4g}"
            for name, priced in beside.items()
            if priced is not None
        }
        notes = {"cooled down to": f"T = {self.final_temperature:g}"} | ({"note": self.note} if self.note else {})
        return table({name: in_words(value) for name, value in self.told().items()} | rows | notes)

    def _priced(self) -> PricedSchedule:
        return PricedSchedule(self.schedule, self.cost, self.probability, self.target)

    def __str__(self) -> str:
        """Schedule, cost and probability, and those of the exponentials."""
        lines = [f"Design of the family {self.family}, cooled down to T = {self.final_temperature:g}:"]
        rows = [("design", self._priced())]
        rows += [("exponential of this cost", priced) for priced in [self.exponential_at_cost] if priced]
        rows += [("exponential as good", priced) for priced in [self.exponential_for_probability] if priced]
        for label, priced in rows:
            chance = f"{priced.probability.value:.4g} +- {priced.probability.error:.1g}"
            lines.append(f"  {label}: {priced.schedule}, cost {priced.cost:.6g}, P(collapse) = {chance}")
        lines.append(f"  no annealing: P(collapse) = {self.unannealed.value:.4g}")
        return "\n".join([*lines, f"  {self.note}"])
