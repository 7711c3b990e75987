"""The probability of mode collapse (theory section 5)."""

from dataclasses import replace
from typing import Any, Literal, Unpack

from anneal_theory._types import Exactable, VarianceLaw
from anneal_theory.errors import DomainError
from anneal_theory.extras import attributes_of
from anneal_theory.fixed_points import AttractorSet, attractor_set, unstable_overlap
from anneal_theory.probability.counted import require_room
from anneal_theory.probability.effort import Effort, EffortOptions
from anneal_theory.probability.exact.average import certain_estimate, exact_probability
from anneal_theory.probability.simulated import quasi_random_probability, simulate_flow, simulated_probability
from anneal_theory.probability.sphere.average import sphere_limit, sphere_probability
from anneal_theory.probability.sphere.rules import with_law_told
from anneal_theory.probability.sphere.unequal import STARTS, unequal_probability
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.problem.dynamics import law_dim, require_equal_on_sphere, require_fitting, require_law
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import keywords_for, refuse_unused
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.methods import require_reducible, with_caveat
from anneal_theory.work import measured

__all__ = ["AlignmentSurvival", "Effort", "collapse_probability", "simulate_flow"]

Method = Literal["exact", "large-dim", "slow-annealing", "leading-order", "sharp", "closed-form", "simulated"]
_QUASI_RANDOM_RUNS = 1 << 15
RUNS = 1000
"""Runs of "simulated" unless given."""
_DRAWN = 'method="simulated", or method="exact" where it draws its starts', "nothing is drawn here"
_DRAWS, _AIM = {"replicas", "seed"}, {"relative_error"}
_DIGITS, _EFFORT = {"digits", "allow_slow"}, {"digits", "progress", "checkpoint", "processes", "allow_slow"}
# What each method uses of the arguments that not all do, in doubles and where digits are asked for, by model.
_USED: dict[str, dict[str, tuple[set[str], set[str]]]] = {
    "free": {
        "exact": (_AIM, _EFFORT), "large-dim": (_AIM, _EFFORT), "slow-annealing": ({"digits"}, _DIGITS),
        "leading-order": ({"s0", "certified"}, {"s0", "certified", "digits"}), "simulated": (_DRAWS, _DRAWS),
    },
    "sphere": {
        "exact": (_AIM | {"variance_law"}, _EFFORT | {"variance_law"}), "large-dim": (_AIM, _DIGITS | {"progress"}),
        "simulated": (_DRAWS | {"variance_law"}, _DRAWS | {"variance_law"}), "sharp": (set(), _DIGITS),
        "slow-annealing": (set(), set()), "closed-form": (set(), {"digits"}),
    },
}  # fmt: skip
_MANY = 'digits of method="exact", and of method="large-dim" of free means', "leave it out"
_SHOWN = 'digits of method="exact" and of method="large-dim"', "leave it out"
# For each argument that some methods do not use, those that do, and why the others do not.
_USERS = {
    "s0": ('method="leading-order"', "the other methods average over starts"),
    "relative_error": (
        'method="exact" where it draws no starts, and method="large-dim", in doubles',
        "replicas and digits say how exact",
    ),
    "replicas": _DRAWN,
    "seed": _DRAWN,
    "digits": (
        'methods that draw nothing ("exact" without a reduced flow does), "slow-annealing" of free means',
        "the number is known in doubles here",
    ),
    "variance_law": ('method="exact" and method="simulated" on the sphere', "the others take that of large dimension"),
    "certified": ('method="leading-order"', "the numbers of the other methods are not proven"),
    "progress": _SHOWN,
    "checkpoint": _MANY,
    "processes": _MANY,
    "allow_slow": ('digits of method="exact", "large-dim" and "slow-annealing"', "nothing takes long without them"),
}


@measured
@checked(method="probability_method", init="initial_law")
def collapse_probability(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit | SphereInit,
    *,
    method: Method = "exact",
    s0: Exactable | None = None,
    relative_error: float | None = None,
    replicas: int | None = None,
    seed: int | None = None,
    digits: int | None = None,
    certified: bool = False,
    variance_law: VarianceLaw | None = None,
    **options: Unpack[EffortOptions],
) -> Estimate:
    """Probability that training ends with both means at one mode.

    Args:
        target: Separation and weight.
        schedule: Annealing schedule ending at temperature 1; ``Constant(1)`` is no annealing.
        init: Dimension and variance of the initial means; `SphereInit` where ``constraint="sphere"``.
        method: "exact" (theory section 5; quasi-Monte Carlo over the five-dimensional initial law where the Euclidean
            metric meets unequal family weights; beyond d = 1e9 its limit, with the error of that), "large-dim" (the
            limit of large dimension), "slow-annealing" (the formula of theory section 6, whose error says how far the
            formula may be off), "leading-order" (that with A = 1 and error inf, of the starts at s0 and a random
            direction, in which the variance of `init` plays no part) or "simulated" (counts runs of the full flow). On
            the sphere "exact", "large-dim", "simulated", and three formulas of theory section 11: "sharp" (the linear
            passage) and "slow-annealing" (for cooling that is slow against the bias), with estimates of their errors,
            and "closed-form" (the paper's as published, error inf). With unequal family weights, on the sphere only
            "exact" and "simulated": quasi-Monte Carlo over starts between two thresholds each.
        s0: Initial mean overlap of "leading-order"; 0 unless given.
        relative_error: Aim of "exact" and "large-dim" for the smaller of P and 1 - P, from 1e-8 to 0.1; 1e-4 unless
            given. Where no double holds that, of its logarithm: to a millionth, or what its error says.
        replicas: Runs of "simulated" (1000 unless given) or of the quasi-Monte Carlo (32768 unless given); on the
            sphere starts of that, each of which has a chance (1024 unless given).
        seed: Of the draws; 0 unless given. What the method does not use is refused.
        digits: None for doubles, else correct relative digits of P and of both logarithms, as ``mpf`` numbers. Those of
            "exact" take thresholds of some hundred starts: minutes at 20 digits of free means, more on the sphere, and
            are refused in few dimensions, where starts count from which even an aligned pair collapses. Those of
            "large-dim" take a hundred of free means, and one on the sphere.
        certified: Give balls, of "leading-order": what is proven is the value of the formula.
        variance_law: Of a trained variance on the sphere, by "exact" (with digits too) and "simulated": "exact" (the
            default), that of one variance for both components in the dimension of `init`, or "large-dim",
            ``v' = T - v``, as the paper's figures have it. The limit and formulas take the latter: in three settings of
            theory section 11 that changes P by up to 0.012 at d = 3 and 0.003 at d = 8. A variance for each component
            changes P by up to 0.007 and 0.001 from that of a common one.
        **options: Arguments of `Dynamics`, constraint and variance included; and for digits of "exact" and
            "large-dim" (`allow_slow` for those of "slow-annealing" and "sharp" too) the arguments of
            `anneal_theory.probability.effort.Effort`: progress, checkpoint, processes, allow_slow.

    Returns:
        Estimate; `log_value` and `log_complement` hold where P or 1 - P underflow.

    Raises:
        DomainError: an argument is outside its domain, or the method does not use it.
        NoCollapsedState: a formula of slow annealing is asked for and the target has no critical temperature.
        SolveError: a run stayed undecided (targets at their critical separation).
        PrecisionError: the digits are out of reach.

    Source:
        theory sections 5 and 11.

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> p = collapse_probability(BimodalTarget(3, 0.8), Constant(1), GaussianInit(128))
        >>> round(p.value, 3)
        0.991
        >>> init = GaussianInit(16)
        >>> p = collapse_probability(BimodalTarget(3, 0.8), Constant(1), init, method="large-dim", digits=4)
        >>> round(float(p.value), 4)
        0.6802
        >>> from anneal_theory.problem import SphereInit
        >>> from anneal_theory.schedules import ExponentialToOne
        >>> paper = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
        >>> p = collapse_probability(BimodalTarget(3, 0.8), ExponentialToOne(90, duration=35), SphereInit(512), **paper)
        >>> round(p.value, 5)
        0.0795
        >>> target, cooling = BimodalTarget(3, 0.8), ExponentialToOne(90, duration=35)
        >>> round(collapse_probability(target, cooling, SphereInit(512), variance_law="large-dim", **paper).value, 5)
        0.07944
    """
    dynamics, effort = Dynamics(**keywords_for(Dynamics, options)), Effort(**keywords_for(Effort, options))
    drawn = method == "simulated" or (method == "exact" and not dynamics.reducible)
    arguments = {"s0": s0, "relative_error": relative_error, "replicas": replicas, "seed": seed, "digits": digits}
    arguments["variance_law"] = variance_law
    asked_for = arguments | {"certified": certified} | effort.asked_for
    require_fitting(init, dynamics)
    if isinstance(init, SphereInit):
        require_law(dynamics, variance_law)
        return with_caveat(_on_sphere(target, schedule, init, dynamics, method, asked_for, effort), schedule)
    if method not in _USED["free"]:
        raise DomainError.of("method", "a route of free means", method, 'leave it out, or add constraint="sphere"')
    refuse_unused(asked_for, _DRAWS if drawn else _USED["free"][method][digits is not None], _USERS)
    if digits is not None and method in ("exact", "large-dim"):
        return _averaged_at_digits(target, schedule, init, dynamics, method, digits, effort, options)
    if method in ("slow-annealing", "leading-order"):
        return _by_formula(target, schedule, init, dynamics, method, s0, digits, certified, effort.allow_slow)
    aim, source = 1e-4 if relative_error is None else relative_error, seed or 0
    if method == "simulated":
        return with_caveat(simulated_probability(target, schedule, init, dynamics, replicas or RUNS, source), schedule)
    if drawn:
        end = attractor_set(target, dynamics)
        if end is not AttractorSet.BOTH:
            return certain_estimate(end, method)
        runs = replicas or _QUASI_RANDOM_RUNS
        return with_caveat(quasi_random_probability(target, schedule, init, dynamics, runs, source), schedule)
    require_reducible(dynamics)
    large_dim = method == "large-dim"
    return with_caveat(exact_probability(target, schedule, init, dynamics, aim, large_dim=large_dim), schedule)


def _by_formula(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics, method: str,
    s0: Exactable | None, digits: int | None, certified: bool, allow_slow: bool,
) -> Estimate:  # fmt: skip
    """The formulas of slow annealing of free means; both load flint."""
    # Where f has an unstable zero, a pair on both sides of it stays split, and all attractors need not be found.
    may_collapse = dynamics.equal_weights and unstable_overlap(target) is None
    if may_collapse and attractor_set(target, dynamics) is AttractorSet.ALL_COLLAPSE:
        return replace(certain_estimate(AttractorSet.ALL_COLLAPSE, method), digits=digits)
    if method == "slow-annealing":
        from anneal_theory.probability.slow.slow_annealing import slow_probability

        return with_caveat(slow_probability(target, schedule, init, dynamics, digits, allow_slow), schedule)
    from anneal_theory.probability.slow.leading_order import leading_probability

    start, dim = 0 if s0 is None else s0, _dim_alone(init)
    return with_caveat(leading_probability(target, schedule, dim, start, dynamics, digits, certified), schedule)


def _averaged_at_digits(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics, method: str, digits: int,
    effort: Effort, options: EffortOptions,
) -> Estimate:  # fmt: skip
    """Averages over thresholds of free means; both load flint."""
    if method == "exact":
        from anneal_theory.probability.digits.exact import exact_probability_at_digits

        return with_caveat(exact_probability_at_digits(target, schedule, init, dynamics, digits, effort), schedule)
    from anneal_theory.probability.large_dim.digits import large_dim_probability_at_digits

    return large_dim_probability_at_digits(target, schedule, init, digits=digits, **options)


def _on_sphere(
    target: BimodalTarget, schedule: Schedule, init: SphereInit, dynamics: Dynamics, method: str,
    asked_for: dict[str, Any], effort: Effort,
) -> Estimate:  # fmt: skip
    """The methods of the paper's setting."""
    if method not in _USED["sphere"]:
        raise DomainError.of("method", f"one of {', '.join(_USED['sphere'])} on the sphere", method, "leave it out")
    if not dynamics.equal_weights:
        return _on_sphere_unequal(target, schedule, init, dynamics, method, asked_for)
    law: VarianceLaw | None = asked_for["variance_law"]
    digits, allow_slow = asked_for["digits"], bool(asked_for.get("allow_slow"))
    refuse_unused(asked_for, _USED["sphere"][method][digits is not None], _USERS)
    if method == "exact" and digits is not None:
        from anneal_theory.probability.digits.exact import exact_probability_at_digits  # loads flint

        estimate = exact_probability_at_digits(target, schedule, init, dynamics, digits, effort, law)
        return with_law_told(estimate, dynamics, law)
    if method == "large-dim" and digits is not None:
        from anneal_theory.probability.sphere.limit import large_dim_probability  # loads flint

        told_of = {"allow_slow": allow_slow, "progress": bool(asked_for.get("progress"))}
        return large_dim_probability(target, schedule, init.dim, dynamics, digits=digits, **told_of)
    if method in ("sharp", "slow-annealing", "closed-form"):
        from anneal_theory.probability.sphere.limit import formula_probability  # loads flint

        return formula_probability(target, schedule, init.dim, dynamics, method, digits, allow_slow)
    if method == "simulated":
        drawn = asked_for["replicas"] or RUNS, asked_for["seed"] or 0
        estimate = simulated_probability(target, schedule, init, dynamics, *drawn, law)
        return with_law_told(estimate, dynamics, law)
    aim = 1e-4 if asked_for["relative_error"] is None else asked_for["relative_error"]
    if method == "large-dim":
        return sphere_limit(target, schedule, init.dim, dynamics, aim)
    estimate = sphere_probability(target, schedule, init, dynamics, aim, law_dim(dynamics, init.dim, law))
    return with_law_told(estimate, dynamics, law)


def _on_sphere_unequal(
    target: BimodalTarget, schedule: Schedule, init: SphereInit, dynamics: Dynamics, method: str,
    asked_for: dict[str, Any],
) -> Estimate:  # fmt: skip
    """The methods of unequal weights: both draw starts."""
    if method not in ("exact", "simulated"):
        require_equal_on_sphere(dynamics, f'method="{method}"')
    refuse_unused(asked_for, _DRAWS, _USERS)
    seed = asked_for["seed"] or 0
    if method == "simulated":
        return simulated_probability(target, schedule, init, dynamics, asked_for["replicas"] or RUNS, seed)
    starts = asked_for["replicas"] or STARTS
    require_room(starts)
    return unequal_probability(target, schedule, init, dynamics, starts, seed)


def _dim_alone(init: GaussianInit) -> int:
    """The dimension of an initial law whose variance is the usual one, for a formula that does not use it."""
    if init.exact_variance * init.dim != 1:
        step = "leave it out: the starts are those at s0"
        raise DomainError.of("variance", 'left out for method="leading-order"', init.variance, step)
    return init.dim


__getattr__ = attributes_of(__name__, {"AlignmentSurvival": "noisy.survival"})  # which builds on this module
