"""The two searches of a design, and the exponentials that it is set beside."""

import math
from dataclasses import dataclass

from anneal_theory.design.families import Family, FamilyName, Limits, Shape, family_of
from anneal_theory.design.odds import Odds, Steps
from anneal_theory.design.result import PricedSchedule
from anneal_theory.design.search import least_cost, minimum
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule

_LONGEST = 1e5  # gradient-flow time: no design is longer
_RIVAL = 100.0  # times the cost of a design: so long an exponential is looked for that does as well
_STRETCH = 1e-3  # of the cost at once, until the exact probability with its error is small enough
_STRETCHES = 40


def designer_of(
    targets: tuple[BimodalTarget, ...],
    init: GaussianInit | SphereInit,
    options: dict[str, object],
    limits: Limits,
    relative_error: float,
    steps: Steps | None,
) -> "Designer":
    """The searches: they look at the ends of an interval of separations, and results are told for all of it."""
    ends = tuple(dict.fromkeys((targets[0], targets[-1])))
    odds = Odds(ends, init, options, steps), Odds(targets, init, options, steps)
    return Designer(*odds, limits, relative_error, steps is not None)


@dataclass(frozen=True)
class Designer:
    """Searches over families for one problem.

    Attributes:
        search: Odds that searches look at.
        final: Odds that results are told with.
        limits: What temperatures may be.
        relative_error: Aim of the probabilities that are told.
        noisy: Whether they have noise in them.
    """

    search: Odds
    final: Odds
    limits: Limits
    relative_error: float
    noisy: bool

    def told(self, found: Estimate) -> float:
        """What has to be within a limit: P with its error, and P itself where the error is all that noise changes."""
        return float(found.value if self.noisy else found.value + found.error)

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

        def badness(place: Shape) -> float:
            return self.search.badness(family.schedule(place[:-1], budget * math.exp(place[-1])))

        place, _ = minimum(badness, family.bounds, family.guesses(budget))
        return self._priced(family.schedule(place[:-1], budget * math.exp(place[-1])))

    def cheapest(
        self, name: FamilyName, max_probability: float, longest: float, first: float = 30.0
    ) -> PricedSchedule | Estimate:
        """The least cost of a probability; the least probability that was found where none is low enough."""
        family = family_of(name, self.limits)

        def badness(shape: Shape, cost: float) -> float:
            return self.search.badness(family.schedule(shape, cost))

        goal = math.log(max_probability) - math.log1p(-max_probability)
        reached = least_cost(badness, family.bounds, family.guesses, goal, longest, first=first)
        if not reached.enough:
            return self.final.probability(family.schedule(reached.shape, reached.cost), self.relative_error)
        return self._enough(family, reached.shape, reached.cost, max_probability)

    def _enough(self, family: Family, shape: Shape, cost: float, max_probability: float) -> PricedSchedule:
        """The schedule made longer, little by little, until its exact probability is small enough with its error."""
        for stretch in range(_STRETCHES):
            found = self._priced(family.schedule(shape, cost * (1 + _STRETCH * stretch * (1 + stretch))))
            if self.told(found.probability) <= max_probability:
                return found
        raise SolveError(
            f"the probability stays at {found.probability.value:.6g} +- {found.probability.error:.1g} where the search "
            f"had found max_probability={max_probability:g}; ask for a smaller relative_error"
        )

    def exponentials(self, found: PricedSchedule) -> tuple[PricedSchedule | None, PricedSchedule | None]:
        """The best exponential at the cost of a design, and the cheapest one that is as good."""
        at_cost = self.best_within("exponential", found.cost)
        limit = self.told(found.probability)
        if not 0 < limit < 1:  # so small that no double holds it
            return at_cost, None
        as_good = self.cheapest("exponential", limit, _RIVAL * found.cost, 2 * found.cost)
        return at_cost, None if isinstance(as_good, Estimate) else as_good

    def _priced(self, schedule: Schedule) -> PricedSchedule:
        cost = schedule.settling_time(self.limits.final - 1)
        return PricedSchedule(schedule, cost, self.final.probability(schedule, self.relative_error))


def _out_of_reach(max_probability: float, family: str, limits: Limits, best: Estimate) -> DomainError:
    """The error for a limit that no schedule of the family keeps; it names why."""
    within = f"the best of the family {family!r} up to T = {limits.highest:g} and cost {_LONGEST:g}"
    what = f"at least {best.value:.4g}, {within}"
    step = "use another family, or a higher highest_temperature"
    if limits.critical is not None and limits.critical >= limits.highest:
        step = (
            f"use a highest_temperature above T_c = {limits.critical:.4g}: colder, a collapsed pair is never released"
        )
    return DomainError.of("max_probability", what, max_probability, step)


def _better(one: Estimate, other: Estimate) -> bool:
    """Whether a probability is smaller than another by more than the errors of both."""
    return bool(one.log_value + one.log_error < other.log_value - other.log_error)


def _best(found: PricedSchedule) -> str:
    return f"and the best schedule within the budget has {found.probability.value:.6g}: {found.schedule}"
