"""The two searches of a design, and the exponentials that it is set beside."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from anneal_theory.design.families import CONTAINED, Family, FamilyName, Limits, Shape, family_of, within
from anneal_theory.design.odds import Odds, log_odds
from anneal_theory.design.result import PricedSchedule
from anneal_theory.design.search import Reached, just_enough, least_cost, minimum
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule

RAREST, _RAREST_NOISY = 1e-300, 1e-12  # the least probabilities that are asked for: doubles end, and rules by quantiles
_LONGEST, _LONGEST_NOISY = 1e9, 1e4  # gradient-flow time: no design is longer
_PLENTY = 1e4  # a budget above which shorter schedules are looked at first
_RIVAL = 100.0  # times the cost of a design: so long an exponential is looked for that does as well
_STRETCH = 1e-3  # of the cost at once, until the exact probability with its error is small enough
_STRETCHES = 40
_DOUBLINGS = 10  # of the cost after them: where P hardly falls with it, by less than its error
_ROUNDS = 4  # of a search, each with the worst target of the one before
_MARGIN = 4e-3  # of log odds, below a limit: the error of what a search sees of noise
_TELLS = 1e-3  # of log P or the log of a cost: closer schedules of two families are alike
Search: TypeAlias = Callable[[Family, Sequence[Shape]], Reached]  # of a family, from shapes that are known to be good


@dataclass(frozen=True)
class Designer:
    """Searches over families for one problem; `relative_error`, of reported probabilities, is None where they are
    `noisy`.
    """

    odds: Odds
    limits: Limits
    relative_error: float | None
    noisy: bool

    @property
    def rarest(self) -> float:
        """The least probability that designs are made for."""
        return _RAREST_NOISY if self.noisy else RAREST

    @property
    def longest(self) -> float:
        """The largest cost of a design."""
        return _LONGEST_NOISY if self.noisy else _LONGEST

    def bounded(self, estimate: Estimate) -> float:
        """What has to be within a limit: P with its error, and P itself where the error is all that noise changes."""
        return float(estimate.value if self.noisy else estimate.value + estimate.error)

    def found(
        self, family: FamilyName, max_probability: float | None, budget: float | None, unannealed: Estimate
    ) -> PricedSchedule:
        """The design for the one of both aims that is given, or the refusal that says what is best."""
        if max_probability is not None:
            cheapest = self.cheapest(family, max_probability, self.longest)
            if isinstance(cheapest, Estimate):
                raise _out_of_reach(max_probability, family, self, cheapest)
            return cheapest
        best = self.best_within(family, float(budget or 0))
        if not (best.probability.value < unannealed.value if self.noisy else _better(best.probability, unannealed)):
            what = f"long enough for a schedule of the family {family!r} to do better than no annealing"
            step = f"give more; without annealing P = {unannealed.value:.6g} at no cost, {_best(best)}"
            raise DomainError.of("budget", what, budget, step)
        return best

    def best_within(self, name: FamilyName, budget: float) -> PricedSchedule:
        """The least probability within a budget, of a family and of those it contains; `rarest` is rare enough."""
        longest = min(budget, self.longest)
        first, *others = [
            self._enough(family, reached.shape, reached.cost, self.rarest, longest)
            if reached.enough
            else self.priced(family.schedule(reached.shape, reached.cost))
            for family, reached in self._searched(name, lambda family, known: self._within(family, known, longest))
        ]
        for other in others:
            first = other if _rarer(other, first, self.rarest) else first
        return first

    def cheapest(
        self, name: FamilyName, max_probability: float, longest: float, first: float = 30.0
    ) -> PricedSchedule | Estimate:
        """The least cost of a probability; the least probability that was found where none is low enough."""
        known_enough = [longest]

        def search(family: Family, known: Sequence[Shape]) -> Reached:
            start = min(first, longest) if not known else min(known_enough)
            reached = self._reached(family, known, _log_odds_of(max_probability), min(known_enough), start)
            known_enough.extend([reached.cost] if reached.enough else [])
            return reached

        found = self._searched(name, search)
        # of two that cost the same the first, whose schedule is the simpler one
        enough = sorted((pair for pair in found if pair[1].enough), key=lambda pair: pair[1].cost)
        if not enough:
            tried = [self.priced(family.schedule(reached.shape, reached.cost)).probability for family, reached in found]
            return min(tried, key=lambda one: one.log_value)
        (family, least), *others = enough
        best = self._enough(family, least.shape, least.cost, max_probability, longest)
        for family, reached in others:
            if reached.cost < best.cost:  # a search's cost is close to that of the probability that is reported
                made = self._enough(family, reached.shape, reached.cost, max_probability, longest)
                best = made if made.cost < best.cost else best
        return best

    def _searched(self, name: FamilyName, search: Search) -> list[tuple[Family, Reached]]:
        """What is found in the families that a family contains, and in itself, where these places are looked at too."""
        found = [(family, search(family, [])) for family in (family_of(one, self.limits) for one in CONTAINED[name])]
        known = [within(name, family.name, one.shape, one.cost, self.limits) for family, one in found]
        own = family_of(name, self.limits)
        return [*found, (own, search(own, known))]

    def _within(self, family: Family, known: Sequence[Shape], budget: float) -> Reached:
        """The best of a family within a budget; the cheapest that is rare enough where one is."""
        for _ in range(_ROUNDS):
            reached = self._reached(family, known, _log_odds_of(self.rarest), budget, min(budget, _PLENTY))
            if reached.enough:
                return reached
            longest = reached.cost  # the budget, or what could be computed of it

            def value(point: tuple[float, ...], longest: float = longest) -> float:
                return self.odds.log_odds(family.schedule(point[:-1], longest * math.exp(point[-1])))

            (*shape, share), _ = minimum(value, family.bounds, [*family.guesses(longest), *known])
            found = family.schedule(tuple(shape), longest * math.exp(share))
            if not self.odds.finds_worse(found):
                break
        return Reached(tuple(shape), longest * math.exp(share), self.odds.log_odds(found), enough=False)

    def _reached(self, family: Family, known: Sequence[Shape], goal: float, longest: float, first: float) -> Reached:
        """How far a search of a family for the least cost comes, with the worst targets that it finds."""

        def objective(shape: Shape, cost: float) -> float:
            return self.odds.log_odds(family.schedule(shape, cost))

        def guesses(cost: float) -> list[Shape]:
            return [*family.guesses(cost), *known]

        for _ in range(_ROUNDS):
            reached = least_cost(objective, family.bounds, guesses, goal, longest, first=first)
            if not self.odds.finds_worse(family.schedule(reached.shape, reached.cost)):
                break
        return reached

    def _enough(
        self, family: Family, shape: Shape, cost: float, max_probability: float, longest: float
    ) -> PricedSchedule:
        """The schedule made longer, little by little, until its exact probability is small enough with its error.

        A probability with noise is searched for with longer moves than it is reported with. What that changes is
        measured at the schedule that the search found, and the same shape's cost found anew.
        """
        if self.noisy:
            cost = self._corrected(family, shape, cost, max_probability)
        costs = [cost * (1 + _STRETCH * stretch * (1 + stretch)) for stretch in range(_STRETCHES)]
        doubled = (costs[-1] * 2.0**time for time in range(1, _DOUBLINGS + 1))
        for longer in (*costs, *(one for one in doubled if one <= longest)):
            candidate = self.priced(family.schedule(shape, longer))
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
        if not math.isfinite(excess):
            return cost
        goal = _log_odds_of(max_probability) - excess - _MARGIN
        return just_enough(lambda _, other: self.odds.log_odds(family.schedule(shape, other)), shape, goal, cost)

    def exponentials(self, design: PricedSchedule) -> tuple[PricedSchedule | None, PricedSchedule | None]:
        """The best exponential at the cost of a design, and the cheapest one that is as good."""
        at_cost = self.best_within("exponential", design.cost)
        limit = self.bounded(design.probability)
        if not 0 < limit < 1:  # so small that no double holds it
            return at_cost, None
        longest = min(_RIVAL * design.cost, self.longest)
        try:
            as_good = self.cheapest("exponential", limit, longest, 2 * design.cost)
        # One that is too long for its noise, or of which the errors do not tell whether it keeps the limit.
        except (DomainError, SolveError):
            return at_cost, None
        return at_cost, None if isinstance(as_good, Estimate) else as_good

    def priced(self, schedule: Schedule) -> PricedSchedule:
        """A schedule with its cost and its probability."""
        cost = schedule.settling_time(self.limits.final - 1)
        return PricedSchedule(schedule, cost, *self.odds.probability(schedule, self.relative_error))


def _out_of_reach(max_probability: float, family: str, designer: Designer, best: Estimate) -> DomainError:
    """The error for a limit that no schedule of the family keeps; it names why."""
    limits = designer.limits
    within = f"the best of the family {family!r} up to T = {limits.highest:g} and cost {designer.longest:g}"
    what = f"at least {best.value:.4g}, {within}"
    step = "use another family or a higher highest_temperature, or ask for the least probability within a budget"
    if limits.critical is not None and limits.critical >= limits.highest:
        step = (
            f"use a highest_temperature above T_c = {limits.critical:.4g}: colder, a collapsed pair is never released"
        )
    return DomainError.of("max_probability", what, max_probability, step)


def _rarer(one: PricedSchedule, other: PricedSchedule, rarest: float) -> bool:
    """Whether a schedule does better than another: by its probability, and by its cost where both are rare enough."""
    logs = [max(priced.probability.log_value, math.log(rarest)) for priced in (one, other)]
    return logs[0] < logs[1] - _TELLS or (logs[0] == logs[1] and one.cost < other.cost * (1 - _TELLS))


def _log_odds_of(probability: float) -> float:
    return math.log(probability) - math.log1p(-probability)


def _better(estimate: Estimate, other: Estimate) -> bool:
    """Whether a probability is smaller than another by more than the errors of both."""
    return bool(estimate.log_value + estimate.log_error < other.log_value - other.log_error)


def _best(best: PricedSchedule) -> str:
    return f"and the best schedule within the budget has {best.probability.value:.6g}: {best.schedule}"
