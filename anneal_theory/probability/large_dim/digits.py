r"""The collapse probability in large dimension to any number of digits (theory section 5).

``P = E_s0 erf(sqrt(d/2) rho_c(s0, sqrt(2d) sigma))`` by the trapezoidal rule in u, with

    s0 = s_u + sign a log(1 + e^u)        on both sides of the unstable zero s_u of f (s0 = a u where f has none)

rho_c vanishes like a power of ``|s0 - s_u|``, so the integrand falls exponentially at one end and like a Gaussian at
the other, and the rule converges geometrically. The scale a makes both ends ask for the same step. Doubles
choose the step and say how many digits of rho_c each node needs: few where little of P comes from.
"""

import math
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Unpack

import flint
import mpmath

from anneal_theory.balls import CONTEXT, exact_ball
from anneal_theory.errors import DomainError, PrecisionError
from anneal_theory.fixed_points import AttractorSet
from anneal_theory.formulas.start_law import chance_argument_squared, normal_exponent
from anneal_theory.formulas.start_law_mp import log_normal_norm
from anneal_theory.models.free_pair import possible_ends
from anneal_theory.precision import flint_precision
from anneal_theory.probability.digits.checkpoint import Store
from anneal_theory.probability.digits.estimates import estimate_of
from anneal_theory.probability.digits.filling import filled
from anneal_theory.probability.effort import Effort, EffortOptions
from anneal_theory.probability.exact.average import certain_estimate
from anneal_theory.probability.large_dim.quadrature_plan import (
    SAFETY,
    SPARE_DIGITS,
    LargeDimPlan,
    LargeDimProblem,
    RuleNode,
)
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_for
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.schedules.series import pieces
from anneal_theory.storage import require_writable
from anneal_theory.threshold.digits.any_digits import threshold_at_digits, threshold_cost
from anneal_theory.threshold.methods import require_reducible
from anneal_theory.work import Work

METHOD = "large-dim"
PRACTICAL_SECONDS = 3600.0
_HALVINGS = 3


@checked
def large_dim_probability_at_digits(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, *, digits: int, **options: Unpack[EffortOptions]
) -> Estimate:
    """P_collapse in large dimension with so many digits.

    Options are those of `Dynamics` (other family weights than 1/2 need the natural metric) and of `Effort`. The error
    is what halving the step of the rule would change, estimated from the change that the last halving made, and what
    the thresholds' errors do. Source: theory section 5.
    """
    effort = Effort(**keywords_for(Effort, options))
    problem = _problem(target, schedule, init, Dynamics(**keywords_for(Dynamics, options)), digits)
    require_writable(effort.checkpoint, "checkpoint")
    end = possible_ends(target, problem.dynamics)
    if end is not AttractorSet.BOTH:
        return replace(certain_estimate(end, METHOD), digits=problem.digits)
    store = Store(effort.checkpoint, problem.settings())
    plan = LargeDimPlan(problem)
    step, nodes = plan.step, plan.nodes(plan.step)
    _refuse_unknown(store, plan, nodes)
    cost = _seconds(nodes, store) / effort.processes
    if cost > PRACTICAL_SECONDS and not effort.allow_slow:
        raise DomainError.of(
            "digits", "fewer, unless the cost is accepted", digits,
            f"it would take about {cost / 3600:.1f} hours: pass allow_slow=True, or ask for fewer",
        )  # fmt: skip
    halved, missing = 0, nodes
    while True:
        _found(problem, missing, store, effort.progress, effort.processes)
        value, error = _summed(problem, nodes, step, store)
        if error < 10.0 ** -(problem.digits + 0.3):
            work = Work(nodes=len(nodes))  # as many whatever a checkpoint already held
            return replace(estimate_of(value, error, problem.digits, problem.bits, METHOD), work=work)
        if halved == _HALVINGS:
            shown = max(0, int(-math.log10(error)))
            raise PrecisionError(f"{digits} digits were asked for and {shown} reached; the rule does not settle")
        step, halved = step / 2, halved + 1
        missing = [node for node in plan.nodes(step) if node.index % 2]
        nodes = [replace(node, index=2 * node.index) for node in nodes] + missing


def _refuse_unknown(store: Store, plan: LargeDimPlan, nodes: list[RuleNode]) -> None:
    """Refuse a checkpoint with starts that neither the rule has nor its halvings."""
    step, possible = plan.step, list(nodes)
    for halving in range(_HALVINGS + 1):
        if not store.unknown(possible):
            return
        if halving < _HALVINGS:
            step /= 2
            possible += [node for node in plan.nodes(step) if node.index % 2]
    store.refuse_unknown()


def _problem(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics, digits: int
) -> LargeDimProblem:
    require_reducible(dynamics)
    pieces(schedule)  # refuses what has no closed form
    return LargeDimProblem(target, schedule, init, dynamics, digits)


def _seconds(nodes: list[RuleNode], store: Store) -> float:
    return sum((threshold_cost(node.digits) for node in nodes if node.digits and not store.has(node)), 0.0)


def _found(problem: LargeDimProblem, nodes: list[RuleNode], store: Store, progress: bool, processes: int) -> None:
    """Put the thresholds that the nodes need into the store, the longest first."""
    missing = sorted((n for n in nodes if n.digits and not store.has(n)), key=lambda n: -n.digits)
    seconds = _seconds(missing, store) / processes
    filled(store, [[node] for node in missing], partial(_thresholds, problem), seconds, progress, processes)


def _thresholds(problem: LargeDimProblem, group: list[RuleNode]) -> list[str]:
    """log rho_c at the one node of a group, as text."""
    (node,) = group
    rules = problem.rules(node.sign)
    estimate = threshold_at_digits(
        problem.target, problem.schedule, node.s0, problem.distance_squared, rules, node.digits, node.rough
    )
    return [str(mpmath.nstr(estimate.log_value, node.digits + 8))]


def _summed(problem: LargeDimProblem, nodes: list[RuleNode], step: float, store: Store) -> tuple[flint.arb, float]:
    """P, and its relative error: of the rule, from every other node, and of the thresholds."""
    with flint_precision(problem.bits):
        totals = [flint.arb(0), flint.arb(0)]
        for node in nodes:
            totals[node.index % 2] += _term(problem, node, step, store.log_rho(node)).mid()
        norm: flint.arb = log_normal_norm(CONTEXT, exact_ball(problem.spread).sqrt()).exp()
        value = (exact_ball(Fraction(step)) * (totals[0] + totals[1]) * norm / len(problem.signs)).mid()
        change = float(abs((totals[0] - totals[1]) / (totals[0] + totals[1])).abs_upper())
        return value, change**SAFETY + len(nodes) * 10.0 ** -(problem.digits + SPARE_DIGITS)


def _term(problem: LargeDimProblem, node: RuleNode, step: float, log_rho: flint.arb) -> flint.arb:
    u = exact_ball(Fraction(step)) * node.index
    x: flint.arb = chance_argument_squared(problem.init.dim, (2 * log_rho).exp()).sqrt()
    density: flint.arb = normal_exponent(s0=exact_ball(node.s0), variance=exact_ball(problem.spread)).exp()
    weight = density * exact_ball(Fraction(problem.scale))
    return x.erf() * (weight / (1 + (-u).exp()) if node.side else weight)
