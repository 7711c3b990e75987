"""`collapse_probability(method="exact", digits=...)`: from a problem to an estimate with its digits."""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import chain

import flint

from anneal_theory._types import VarianceLaw
from anneal_theory.digits import checked_digits
from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.fixed_points import AttractorSet
from anneal_theory.models.free_pair import possible_ends
from anneal_theory.precision import flint_precision
from anneal_theory.probability.digits.average import Average, Node, Stretch
from anneal_theory.probability.digits.checkpoint import Store
from anneal_theory.probability.digits.estimates import estimate_of
from anneal_theory.probability.digits.filling import filled
from anneal_theory.probability.digits.panels import PanelPlan
from anneal_theory.probability.digits.sphere_starts import FEW, SphereStarts
from anneal_theory.probability.digits.starts import FreeStarts, Start, Starts
from anneal_theory.probability.effort import Effort
from anneal_theory.probability.exact.average import certain_estimate, exact_probability
from anneal_theory.probability.sphere.average import sphere_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.problem.dynamics import law_dim
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.schedules.series import pieces
from anneal_theory.storage import require_writable
from anneal_theory.threshold.methods import require_reducible
from anneal_theory.work import Work

METHOD = "exact"
PRACTICAL_SECONDS = 3600.0
_MORE_ORDERS = 6
_ROUGH = 1e-5  # relative error of the doubles that the result is compared with


def exact_probability_at_digits(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit | SphereInit,
    dynamics: Dynamics,
    digits: int,
    effort: Effort,
    law: VarianceLaw | None = None,
) -> Estimate:
    """P_collapse of either model with so many digits; arguments and errors as of `collapse_probability`.

    Source:
        theory sections 5, 10 and 11.
    """
    count = checked_digits(digits)
    pieces(schedule)  # refuses what has no closed form before anything is computed
    starts: Starts
    if isinstance(init, SphereInit):
        by_law = law_dim(dynamics, init.dim, law)
        starts = SphereStarts(target, schedule, init, dynamics, by_law)
        if init.dim <= FEW:
            step = "leave it out: pairs that start close together matter there, and their average is not smooth"
            raise DomainError.of("digits", f"left out in {FEW} dimensions and fewer on the sphere", count, step)
        rough = partial(sphere_probability, target, schedule, init, dynamics, _ROUGH, by_law)
    else:
        require_reducible(dynamics)
        starts = FreeStarts(target, schedule, init, dynamics)
        if possible_ends(target, dynamics) is not AttractorSet.BOTH:
            require_writable(effort.checkpoint, "checkpoint")
            return replace(certain_estimate(possible_ends(target, dynamics), METHOD), digits=count)
        rough = partial(exact_probability, target, schedule, init, dynamics, _ROUGH, large_dim=False)
    return probability_at_digits(starts, count, rough, effort)


def probability_at_digits(starts: Starts, digits: int, in_doubles: Callable[[], Estimate], effort: Effort) -> Estimate:
    """P with so many digits.

    Args:
        starts: The law of the start and its thresholds.
        digits: Correct relative digits of P.
        in_doubles: Gives P in doubles, with which the result is compared.
        effort: How it is worked at.

    Raises:
        DomainError: the cost is not accepted, or the checkpoint is damaged or of other settings.
        PrecisionError: the digits are out of reach.
    """
    require_writable(effort.checkpoint, "checkpoint")
    store = Store(effort.checkpoint, starts.settings() | {"method": METHOD, "digits": str(digits)})
    with flint_precision(200):
        plan = PanelPlan(starts, digits)
    average = Average(plan)
    _require_accepted(plan, effort)
    rough = in_doubles()
    order, outer_error = _outer_order(average, digits, rough, store, effort)
    stretches = average.stretches(order)
    between = average.between(stretches)
    groups = _groups(stretches, between)
    _fill(starts, groups, store, effort)
    integral = average.summed(stretches, store)
    errors = integral.errors | {
        "outer rule": outer_error,
        "interpolation": integral.errors["interpolation"] * average.doubt(between, store),
    }
    error = sum(errors.values())
    if not error < 10.0 ** -(digits + 0.3):
        unknown = [name for name, one in errors.items() if math.isnan(one)]
        worst = unknown[0] if unknown else max(errors, key=errors.__getitem__)
        shown = 0 if unknown else max(0, int(-math.log10(error)))
        raise PrecisionError(f"{digits} digits were asked for and {shown} reached ({worst}); ask for fewer, or doubles")
    _require_agreement(integral.value, digits, rough)
    work = Work(nodes=len({node.key for group in groups for node in group}))
    return replace(estimate_of(integral.value, error, digits, average.bits, METHOD), work=work)


def _outer_order(average: Average, digits: int, rough: Estimate, store: Store, effort: Effort) -> tuple[int, float]:
    """Nodes of the outer rule that suffice, and its error: by few starts, which cost little beside a whole rule."""
    order, limit = average.plan.order, 10.0 ** -(digits + 0.6)
    checks, change = average.checks(order), math.inf
    known: list[Stretch] = []
    for _ in range(_MORE_ORDERS):
        more = average.checks(order + 1)
        new = [*more] if known else [*checks, *more]
        _fill(average.starts, [list(group) for group in zip(*(one.nodes for one in new), strict=True)], store, effort)
        change, known = average.outer_step(checks, more, rough.value, store), more
        if change < limit:
            return order, change
        order, checks = order + 1, more
    raise PrecisionError(
        f"{digits} digits were asked for and {int(-math.log10(change))} reached (outer rule); ask for fewer"
    )


def _groups(stretches: list[Stretch], between: list[tuple[Stretch, Node]]) -> list[list[Node]]:
    """Neighbours, whose thresholds are found together: those on one side at one node of the outer rule."""
    groups: dict[tuple[int, int, Fraction], list[Node]] = {}
    for one in stretches:
        nodes = groups.setdefault((one.panel.sign, one.panel.side, one.outer), [])
        nodes += [*one.nodes, *(node for stretch, node in between if stretch is one)]
    return list(groups.values())


def _seconds(starts: Starts, nodes: Iterable[Node]) -> float:
    return sum((starts.cost(node.digits) for node in nodes if node.digits), 0.0)


def _require_accepted(plan: PanelPlan, effort: Effort) -> None:
    rule = plan.starts.outer_rule(plan.order)
    points = [plan.points(panel, float(weight)) for _, weight in rule for panel in plan.panels]
    cost = sum(count * plan.starts.cost(digits) for count, digits in points if digits) / effort.processes
    if cost > PRACTICAL_SECONDS and not effort.allow_slow:
        raise DomainError.of(
            "digits", "fewer, unless the cost is accepted", plan.digits,
            f"it would take about {cost / 3600:.1f} hours: pass allow_slow=True, or ask for fewer",
        )  # fmt: skip


def _fill(starts: Starts, groups: list[list[Node]], store: Store, effort: Effort) -> None:
    """Whole groups, whatever is known of one: so an interrupted run gives what another one would."""
    wanted = [[node for node in group if node.digits] for group in groups]
    missing = [group for group in wanted if not all(store.has(node) for node in group)]
    missing.sort(key=lambda group: -_seconds(starts, group))
    seconds = _seconds(starts, chain(*missing)) / effort.processes
    filled(store, missing, partial(_thresholds, starts), seconds, effort.progress, effort.processes)


def _thresholds(starts: Starts, group: list[Node]) -> list[str]:
    own = [Start(node.outer, node.inner, node.place, node.digits, node.rough, node.resolved) for node in group]
    return starts.thresholds(group[0].sign, own)


def _require_agreement(value: flint.arb, digits: int, rough: Estimate) -> None:
    """Both routes look at other starts: where they differ by more than their errors, one of them has missed some."""
    if abs(float(value) - rough.value) > 10 * rough.error + 10.0**-digits * rough.value + 1e-12:
        raise PrecisionError(
            f"0 digits reached: {float(value):.12g} was found and doubles give {rough.value:.12g}; please report it"
        )
