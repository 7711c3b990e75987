"""The separatrix: how well aligned a pair must start to be saved from collapse (theory section 5)."""

import math
from dataclasses import replace
from fractions import Fraction
from typing import Literal, Unpack

import numpy as np

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.fixed_points import AttractorSet
from anneal_theory.models.free_pair import FreePair, free_pair, possible_ends
from anneal_theory.models.free_pair_run_kernels import ROUNDING
from anneal_theory.problem import BimodalTarget, Dynamics, ModelOptions
from anneal_theory.problem.dynamics import require_equal_on_sphere
from anneal_theory.quantities.doors import checked
from anneal_theory.quantities.keywords import refuse_unused
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.single import infinite, numerical_error, searched
from anneal_theory.threshold.sphere.methods import USED, require_method, threshold_on_sphere
from anneal_theory.work import measured

ThresholdMethod = Literal["exact", "slow-annealing", "leading-order", "sharp", "closed-form"]

_DISTANCE = 'method="exact" and free means', "formulas have no distance in them, and the sphere fixes it"
_SPHERE = 'constraint="sphere" and method="exact"', "other starts are given by s0 and the distance, or are typical"
_PAIR = {"distance", "distance_squared"}
_USED: dict[str, tuple[set[str], set[str]]] = {  # of free means, as `USED` is on the sphere
    "exact": (_PAIR, _PAIR | {"allow_slow", "progress"}), "slow-annealing": (set(), {"allow_slow"}),
    "leading-order": ({"certified"}, {"certified"}),
}  # fmt: skip
# For each argument that some methods do not use, those that do, and why the others do not.
_USERS = {
    "s0": ("free means", "a start on the sphere is given by pair_overlap and mean_cosine"),
    "pair_overlap": _SPHERE,
    "mean_cosine": _SPHERE,
    "dim": ('constraint="sphere" and method="exact"', "no other threshold depends on it"),
    "distance": _DISTANCE,
    "distance_squared": _DISTANCE,
    "digits": ("the other methods on the sphere", "slow annealing there is integrated in doubles"),
    "certified": ('method="leading-order"', "the digits of the other methods are not proven"),
    "allow_slow": ('digits of method="exact" and method="slow-annealing"', "nothing takes long without them"),
    "progress": ('digits of method="exact"', "nothing takes long without them"),
}


@measured
@checked(method="threshold_method")
def collapse_threshold(
    target: BimodalTarget,
    schedule: Schedule,
    *,
    s0: Exactable | None = None,
    distance: Exactable | None = None,
    distance_squared: Exactable | None = None,
    pair_overlap: Exactable | None = None,
    mean_cosine: Exactable | None = None,
    dim: int | None = None,
    method: ThresholdMethod = "exact",
    digits: int | None = None,
    certified: bool = False,
    allow_slow: bool = False,
    progress: bool = False,
    **dynamics: Unpack[ModelOptions],
) -> Estimate:
    """The separatrix: pairs collapse that are aligned with the target's axis by less than this.

    Of free means it is the cotangent rho_c of the angle between mu_1 - mu_2 and the axis; on the sphere
    (``constraint="sphere"``) the cosine x_c of that angle. On the sphere with unequal family weights the means part by
    themselves, and the pairs that collapse are those of x between two thresholds: `value` is the upper one, with its
    sign, above which a pair splits with the first mean at +mu* and the second at -mu*; below the lower one it splits
    the other way round. `parts` has both, as "lower" and "upper"; with 1 - w1 they change places and signs.

    Args:
        target: Separation and weight.
        schedule: Must end at temperature 1.
        s0: Initial mean overlap (m1 + m2)/2 of free means, in the units of R^2; 0 unless given.
        distance: Initial distance D0 = |mu_1 - mu_2| > 0, in standard deviations of a mode; or
        distance_squared: D0^2, the exact form where D0 is a root. The square root of 2 if neither is given.
        pair_overlap: On the sphere, mu_1 . mu_2/R^2 at the start; 0 unless given.
        mean_cosine: On the sphere, the cosine of the angle between mu_1 + mu_2 and the axis; 0 unless given.
        dim: On the sphere, where variances are trained, by the exact method: the dimension by whose law a variance
            common to both components moves; without it, by that of large ones. Unequal family weights need it: it tells
            the components apart.
        method: "exact"; of free means a formula of theory section 6 in which the distance plays no part (equal weights
            only): "slow-annealing", whose error says how far the formula may be off and which needs
            kappa* >= 5e-4 (R up to about 4.1), or "leading-order" (``exp(-kappa* tau_hot)/C(s0)``, that with A = 1,
            error inf; s0 in the basin of the heavy mode). On the sphere a formula of section 11 for y = c = 0: "sharp"
            (the linear passage), "slow-annealing" (for cooling that is slow against the bias) or "closed-form" (the
            paper's, error inf). `parts` are what a formula is made of.
        digits: None for doubles, else correct relative digits of rho_c (of x_c) and its logarithm, as ``mpf`` numbers.
            The exact method then needs a schedule with a closed form; 50 digits take some twenty seconds, on
            the sphere 20 do.
        certified: Give balls, of "leading-order": what is proven is the value of the formula.
        allow_slow: More than 150 digits of the exact method (300 of "slow-annealing"), or digits of an annealing so
            slow that they need thousands of power series, take long and are refused without this. (Without digits it is
            refused itself.)
        progress: Show what the digits of the exact method have come to, and what they cost, on the standard error.
        **dynamics: Arguments of `Dynamics`, constraint and variance included. Of free means other family weights than
            1/2 need the natural metric here; the threshold is then that of m1 > m2, and the one of m1 < m2 is found
            with 1 - w1. On the sphere they need the exact method, without digits.

    Returns:
        Estimate of rho_c >= 0, or of x_c, with relative error 1e-8 or better, but for s0 within about 1e-6 of the
        unstable zero of f, where rounding in s0 itself counts and `error` says how much; of unequal weights on the
        sphere with an absolute error of 1e-10, `log_value` being that of its size, and plus or minus inf where no pair
        of the start splits that way, or all do. `value` is inf where even an
        aligned pair collapses, and 0 where no pair does with log rho above -1e8, the least that is searched;
        `log_value` holds where rho_c underflows.

    Raises:
        DomainError: an argument is outside its domain, or the dynamics have no reduced flow; for a formula, the
            schedule is never hotter than T_c, or does not cool below it once and for good.
        NoCollapsedState: a formula is asked for and the target has no critical temperature.
        PrecisionError: the digits are out of reach.
        SolveError: the collapse set is no interval of rho, or a run stayed undecided.

    Source:
        theory sections 5, 6 and 11.

    Example:
        >>> from anneal_theory.schedules import Exponential
        >>> rho = collapse_threshold(BimodalTarget(3, 0.8), Exponential(10, 100), s0=0, distance_squared=2)
        >>> f"{rho.value:.8f}"
        '0.05404872'
        >>> from anneal_theory.schedules import ExponentialToOne
        >>> paper = {"objective": "free-energy", "constraint": "sphere", "variance": "trained"}
        >>> x = collapse_threshold(BimodalTarget(3, 0.8), ExponentialToOne(9, 10), **paper)
        >>> f"{x.value:.6f}"
        '0.040023'
        >>> x = collapse_threshold(BimodalTarget(3, 0.8), ExponentialToOne(9, 10), dim=8, **paper)
        >>> f"{x.value:.6f}"
        '0.039890'
        >>> x = collapse_threshold(BimodalTarget(3, 0.8), ExponentialToOne(9, 10), dim=128, family_weight=0.6, **paper)
        >>> [f"{x.parts[end]:.6f}" for end in ("lower", "upper")]
        ['-0.064167', '0.009632']
    """
    rules = Dynamics(**dynamics)
    log_distance = _log_distance(distance, distance_squared)
    options = {"distance": distance, "distance_squared": distance_squared, "certified": certified}
    options |= {"allow_slow": allow_slow, "progress": progress}
    on_sphere: dict[str, object] = {"pair_overlap": pair_overlap, "mean_cosine": mean_cosine, "dim": dim}
    if rules.constraint == "sphere":
        require_method(method)
        asked_for = options | on_sphere | {"s0": s0, "digits": digits}
        refuse_unused(asked_for, USED[method][digits is not None], _USERS)
        return with_caveat(threshold_on_sphere(target, schedule, rules, method, asked_for), schedule)
    if method not in _USED:
        raise DomainError.of("method", "a route of free means", method, 'leave it out, or add constraint="sphere"')
    refuse_unused(options | on_sphere, _USED[method][digits is not None], _USERS)
    s0 = 0 if s0 is None else s0
    if method != "exact":
        return _by_formula(target, schedule, s0, rules, method, digits, certified, allow_slow)
    require_reducible(rules)
    end = possible_ends(target, rules)
    if end is not AttractorSet.BOTH:
        return _constant(end)
    model = free_pair(target, schedule, rules)
    start = np.array([[float(exact(s0, "s0")), log_distance]])
    log_rho = searched(model, start)
    if digits is None or not math.isfinite(log_rho):
        return with_caveat(_in_doubles(model, start, log_rho), schedule)
    square = _distance_squared(distance, distance_squared)
    return _to_digits((target, schedule, exact(s0, "s0"), square, rules), log_rho, digits, allow_slow, progress)


def _by_formula(
    target: BimodalTarget, schedule: Schedule, s0: Exactable, rules: Dynamics, method: str, digits: int | None,
    certified: bool, allow_slow: bool,
) -> Estimate:  # fmt: skip
    """The formulas of theory section 6; they load flint, which the exact method does not need."""
    if rules.equal_weights and possible_ends(target, rules) is AttractorSet.ALL_COLLAPSE:
        # A fold may have T_c > 1 where no split pair rests.
        return replace(_constant(AttractorSet.ALL_COLLAPSE), method=method, digits=digits)
    if method == "slow-annealing":
        from anneal_theory.threshold.slow.slow_annealing import slow_estimate

        return with_caveat(slow_estimate(target, schedule, s0, rules, digits, allow_slow), schedule)
    from anneal_theory.threshold.slow.leading_order import leading_threshold

    return with_caveat(leading_threshold(target, schedule, s0, rules, digits, certified), schedule)


def _to_digits(
    problem: tuple[BimodalTarget, Schedule, Fraction, Fraction, Dynamics], rough: float, digits: int,
    allow_slow: bool, progress: bool,
) -> Estimate:  # fmt: skip
    """The exact threshold from one in doubles."""
    from anneal_theory.digits import accepted_digits
    from anneal_theory.threshold.digits.any_digits import PRACTICAL_DIGITS, threshold_at_digits, threshold_cost
    from anneal_theory.threshold.digits.passes import shown_passes

    count = accepted_digits(digits, PRACTICAL_DIGITS, threshold_cost, allow_slow)
    with shown_passes(count, threshold_cost, shown=progress) as tell:
        return threshold_at_digits(*problem, count, rough, tell, allow_slow=allow_slow)


def _in_doubles(model: FreePair, start: FloatArray, log_rho: float) -> Estimate:
    """The exact threshold with its error: what a rougher search of a hotter model and rounding say."""
    relative = numerical_error(model, start, log_rho) + _rounding(model, float(start[0, 0]))
    if math.isinf(log_rho):
        return infinite(log_rho, _ALL_COLLAPSE)
    value = math.exp(log_rho) if log_rho < 700 else math.inf
    return Estimate(value, value * relative, log_rho, "exact", log_error=relative)


def _rounding(model: FreePair, s0: float) -> float:
    """What rounding in f does to log rho_c close to the unstable zero s_u, where f(s) is a difference."""
    if math.isnan(model.saddle) or model.saddle == 0:
        return 0.0
    return float(ROUNDING * model.parameters[0] ** 2 / max(abs(s0 - model.saddle), 1e-300))


def with_caveat(estimate: Estimate, schedule: Schedule) -> Estimate:
    """The estimate with the schedule's caveat in its note."""
    notes = filter(None, (estimate.note, schedule.caveat))
    return replace(estimate, note="; ".join(notes)) if schedule.caveat else estimate


_ALL_COLLAPSE = "even a pair aligned with the target's axis collapses from this start"


def _constant(end: AttractorSet) -> Estimate:
    if end is AttractorSet.ALL_COLLAPSE:
        return Estimate(math.inf, 0.0, math.inf, "exact", note="the only attractor at T = 1 is collapsed")
    return Estimate(0.0, 0.0, -math.inf, "exact", note="the only attractor at T = 1 is split")


def require_reducible(dynamics: Dynamics) -> None:
    """Refuse dynamics without a reduced flow."""
    require_equal_on_sphere(dynamics, "a threshold in |x|")
    if not dynamics.reducible:
        what = "0.5 under the Euclidean metric, for a threshold in (s0, D0) to exist"
        step = 'use metric="natural", or collapse_probability, which integrates the full flow'
        raise DomainError.of("family_weight", what, dynamics.family_weight, step)


def _distance_squared(distance: Exactable | None, distance_squared: Exactable | None) -> Fraction:
    if distance is not None:
        return exact(distance, "distance") ** 2
    return Fraction(2) if distance_squared is None else exact(distance_squared, "distance_squared")


def _log_distance(distance: Exactable | None, distance_squared: Exactable | None) -> float:
    if distance is not None and distance_squared is not None:
        raise DomainError.of("distance", "given alone", distance, "give distance or distance_squared, not both")
    name = "distance" if distance is not None else "distance_squared"
    number = distance if distance is not None else distance_squared
    value = Fraction(2) if number is None else exact(number, name)
    if value <= 0 or not 0 < float(value) < math.inf:
        raise DomainError.of(name, "positive and finite", number, "separate the means: a coincident pair never splits")
    return math.log(value) * (1.0 if distance is not None else 0.5)
