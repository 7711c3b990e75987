"""What a design returns."""

import math
from dataclasses import dataclass

from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule


@dataclass(frozen=True)
class PricedSchedule:
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

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        parts = {"schedule": self.schedule.to_dict(), "probability": self.probability.to_dict()}
        return parts | {"cost": self.cost, "target": repr(self.target)}


@dataclass(frozen=True, repr=False)
class Design:
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
            itself, or where that costs more than 100 times as much.
        final_temperature: Temperature at which a schedule counts as cooled down.
        evaluations: Schedules whose probability was computed.
        note: What a reader should know of the regime.
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

    @checked
    def steps(self, step_size: float) -> int:
        """Optimiser steps that the schedule takes at a step size, rounded up.

        Args:
            step_size: Time of gradient flow that one step makes, > 0.

        Raises:
            DomainError: the step size is not positive.
        """
        return math.ceil(self.cost / step_size)

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        told = vars(self) | {name: repr(getattr(self, name)) for name in ("target", "init", "dynamics")}
        return {name: value.to_dict() if hasattr(value, "to_dict") else value for name, value in told.items()}

    def __repr__(self) -> str:
        """Schedule, cost and probability, and those of the exponentials."""
        lines = [f"Design of the family {self.family}, cooled down to T = {self.final_temperature:g}:"]
        rows = [("design", PricedSchedule(self.schedule, self.cost, self.probability, self.target))]
        rows += [("exponential of this cost", priced) for priced in [self.exponential_at_cost] if priced]
        rows += [("exponential as good", priced) for priced in [self.exponential_for_probability] if priced]
        for label, priced in rows:
            chance = f"{priced.probability.value:.4g} +- {priced.probability.error:.1g}"
            lines.append(f"  {label}: {priced.schedule}, cost {priced.cost:.6g}, P(collapse) = {chance}")
        lines.append(f"  no annealing: P(collapse) = {self.unannealed.value:.4g}")
        return "\n".join([*lines, f"  {self.note}"])
