"""The two searches of a design, and the exponentials that it is set beside."""

import math
from dataclasses import dataclass

from anneal_theory.design.families import Family, FamilyName, Limits, Shape, family_of
from anneal_theory.design.odds import Odds, log_odds
from anneal_theory.design.result import PricedSchedule
from anneal_theory.design.search import just_enough, least_cost, minimum
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule

_LONGEST = 1e5  # gradient-flow time: no design is longer
_RIVAL = 100.0  # times the cost of a design: so long an exponential is looked for that does as well
_STRETCH = 1e-3  # of the cost at once, until the exact probability with its error is small enough
_STRETCHES = 40
_ROUNDS = 4  # of a search, each with the worst target of the one before
_MARGIN = 4e-3  # of log odds, below a limit: the error of what a search sees of noise


@dataclass(frozen=True)
class Designer:
    """Searches over families for one problem.

    Attributes:
        odds: What searches look at, and results are reported with.
        limits: What temperatures may be.
        relative_error: Aim of the probabilities that are reported; None where they have none.
        noisy: Whether they have noise in them.
    """

    odds: Odds
    limits: Limits
    relative_error: float | None
    noisy: bool

    def bounded(self, estimate: Estimate) -> float:
        """What has to be within a limit: P with its error, and P itself where the error is all that noise changes."""
        return float(estimate.value if self.noisy else estimate.value + estimate.error)

    def found(
        self, family: FamilyName, max_probability: float | None, budget: float | None, unannealed: Estimate
    ) -> PricedSchedule:
        """The design for the one of both aims that is given, or the refusal that says what is best."""
        if max_probability is not None:
            cheapest = self.cheapest(family, max_probability, _LONGEST)
            if isinstance(cheapest, Estimate):
                raise _out_of_reach(max_probability, family, self.limits, cheapest)
            return cheapest
        best = self.best_within(family, float(budget or 0))
        if not (best.probability.value < unannealed.value if self.noisy else _better(best.probability, unannealed)):
            what = f"long enough for a schedule of the family {family!r} to do better than no annealing"
            step = f"give more; without annealing P = {unannealed.value:.6g} at no cost, {_best(best)}"
            raise DomainError.of("budget", what, budget, step)
        return best

    def best_within(self, name: FamilyName, budget: float) -> PricedSchedule:
        """The least probability within a budget."""
        family = family_of(name, self.limits)

        def schedule_at(point: Shape) -> Schedule:
            return family.schedule(point[:-1], budget * math.exp(point[-1]))

        for _ in range(_ROUNDS):
            point, _ = minimum(
                lambda shape: self.odds.log_odds(schedule_at(shape)), family.bounds, family.guesses(budget)
            )
            if not self.odds.finds_worse(schedule_at(point)):
                break
        return self.priced(schedule_at(point))

    def cheapest(
        self, name: FamilyName, max_probability: float, longest: float, first: float = 30.0
    ) -> PricedSchedule | Estimate:
        """The least cost of a probability; the least probability that was found where none is low enough."""
        family = family_of(name, self.limits)

        def objective(shape: Shape, cost: float) -> float:
            return self.odds.log_odds(family.schedule(shape, cost))

        goal = math.log(max_probability) - math.log1p(-max_probability)
        for _ in range(_ROUNDS):
            reached = least_cost(objective, family.bounds, family.guesses, goal, longest, first=first)
            if not self.odds.finds_worse(family.schedule(reached.shape, reached.cost)):
                break
        if not reached.enough:
            return self.priced(family.schedule(reached.shape, reached.cost)).probability
        return self._enough(family, reached.shape, reached.cost, max_probability)

    def _enough(self, family: Family, shape: Shape, cost: float, max_probability: float) -> PricedSchedule:
        """The schedule made longer, little by little, until its exact probability is small enough with its error.

        A probability with noise is searched for with longer moves than it is reported with. What that changes is
        measured at the schedule that the search found, and the same shape's cost found anew.
        """
        if self.noisy:
            cost = self._corrected(family, shape, cost, max_probability)
        for stretch in range(_STRETCHES):
            candidate = self.priced(family.schedule(shape, cost * (1 + _STRETCH * stretch * (1 + stretch))))
            if self.bounded(candidate.probability) <= max_probability:
                return candidate
        least = candidate.probability
        raise SolveError(
            f"the probability stays at {least.value:.6g} +- {least.error:.1g} where the search "
            f"had found max_probability={max_probability:g}; ask for a smaller relative_error"
        )

    def _corrected(self, family: Family, shape: Shape, cost: float, max_probability: float) -> float:
        """The cost of a shape that reports the largest probability allowed, by its difference to that of the search."""
        schedule = family.schedule(shape, cost)
        excess = log_odds(self.priced(schedule).probability) - self.odds.log_odds(schedule)
        goal = math.log(max_probability) - math.log1p(-max_probability) - excess - _MARGIN
        return just_enough(lambda _, other: self.odds.log_odds(family.schedule(shape, other)), shape, goal, cost)

    def exponentials(self, design: PricedSchedule) -> tuple[PricedSchedule | None, PricedSchedule | None]:
        """The best exponential at the cost of a design, and the cheapest one that is as good."""
        at_cost = self.best_within("exponential", design.cost)
        limit = self.bounded(design.probability)
        if not 0 < limit < 1:  # so small that no double holds it
            return at_cost, None
        as_good = self.cheapest("exponential", limit, _RIVAL * design.cost, 2 * design.cost)
        return at_cost, None if isinstance(as_good, Estimate) else as_good

    def priced(self, schedule: Schedule) -> PricedSchedule:
        """A schedule with its cost and its probability."""
        cost = schedule.settling_time(self.limits.final - 1)
        return PricedSchedule(schedule, cost, *self.odds.probability(schedule, self.relative_error))


def _out_of_reach(max_probability: float, family: str, limits: Limits, best: Estimate) -> DomainError:
    """The error for a limit that no schedule of the family keeps; it names why."""
    within = f"the best of the family {family!r} up to T = {limits.highest:g} and cost {_LONGEST:g}"
    what = f"at least {best.value:.4g}, {within}"
    step = "use another family or a higher highest_temperature, or ask for the least probability within a budget"
    if limits.critical is not None and limits.critical >= limits.highest:
        step = (
            f"use a highest_temperature above T_c = {limits.critical:.4g}: colder, a collapsed pair is never released"
        )
    return DomainError.of("max_probability", what, max_probability, step)


def _better(estimate: Estimate, other: Estimate) -> bool:
    """Whether a probability is smaller than another by more than the errors of both."""
    return bool(estimate.log_value + estimate.log_error < other.log_value - other.log_error)


def _best(best: PricedSchedule) -> str:
    return f"and the best schedule within the budget has {best.probability.value:.6g}: {best.schedule}"
