"""What a budget of training time buys with each form of schedule."""

from dataclasses import dataclass

from anneal_theory.design import PricedSchedule, design_schedule
from anneal_theory.design.families import FamilyName
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.numerics.pools import parallel_map
from anneal_theory.report.study import Study

_BUDGETS = 1.0, 10.0  # times the cost of the setting's own schedule
_COOLED = 0.15  # T - 1 at which a schedule counts as cooled down, as in designs
_FAMILIES: tuple[FamilyName, ...] = "exponential", "hold", "cold-then-pulse"
_LEAST_DIM = 4  # in two and three dimensions a probability takes seconds, and a search needs a hundred
_ERROR = 1e-3


@dataclass(frozen=True)
class BudgetDesigns:
    """The best schedule of each form within a budget of time until T is at most 1.15, unless refused."""

    budget: float
    best: dict[str, PricedSchedule]

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return {"budget": self.budget, "best": {name: one.to_dict() for name, one in self.best.items()}}


def budget_designs(study: Study) -> tuple[BudgetDesigns, ...]:
    """Designs at the cost of the setting's own schedule and at ten times that; none where the theory has no answer."""
    own = study.setting
    cost = float(own.schedule.settling_time(_COOLED))
    if not study.dynamics.reducible or own.init.dim < _LEAST_DIM or not 0 < cost < float("inf"):
        return ()
    wanted = [(factor * cost, family) for factor in _BUDGETS for family in _FAMILIES]
    designs = parallel_map(lambda one: _best(study, *one), wanted, lambda done: None)
    tables = []
    for budget in dict.fromkeys(budget for budget, _ in wanted):
        best: dict[str, PricedSchedule] = {
            family: one
            for (limit, family), one in zip(wanted, designs, strict=True)
            if limit == budget and one is not None
        }
        if best:
            tables.append(BudgetDesigns(budget, best))
    return tuple(tables)


def _best(study: Study, budget: float, family: FamilyName) -> PricedSchedule | None:
    own = study.setting
    try:
        design = design_schedule(
            own.target, own.init, budget=budget, family=family, relative_error=_ERROR, **study.keywords
        )
    except (DomainError, SolveError):  # nothing to design, or this form does no better than no annealing
        return None
    return PricedSchedule(design.schedule, design.cost, design.probability, design.target)
