"""The design of a schedule: the public function, its two aims, and the exponentials that a design is set beside."""

import math
from typing import Unpack

from anneal_theory._types import Exactable
from anneal_theory.design.box import box_of
from anneal_theory.design.certain import require_something_to_design
from anneal_theory.design.designer import Designer
from anneal_theory.design.families import FamilyName, Limits
from anneal_theory.design.notes import idle_note, note_of, spared_note
from anneal_theory.design.odds import Odds, Steps
from anneal_theory.design.result import Design, PricedSchedule
from anneal_theory.errors import DomainError
from anneal_theory.fixed_points import critical_temperature
from anneal_theory.numerics.progress import progress_bar
from anneal_theory.probability.noisy.training_noise import Gradient, require_quantiles
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, SphereInit
from anneal_theory.problem.dynamics import ModelOptions, require_fitting
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import Constant
from anneal_theory.threshold.methods import require_reducible
from anneal_theory.work import measured

_AIM = 1e-3  # of probabilities, unless given
_STEP = 0.05  # of training, unless given
_SHORTEST = 1e-6  # budget


@measured
@checked(
    init="initial_law", family="design_family", separations="separation_interval", weights="weight_interval",
    batch_size="noise_batch",
)  # fmt: skip
def design_schedule(
    target: BimodalTarget,
    init: GaussianInit | SphereInit,
    *,
    max_probability: float | None = None,
    budget: float | int | None = None,
    family: FamilyName = "exponential",
    highest_temperature: float | int = 100,
    base_temperature: float | int | None = None,
    highest_final_temperature: float | int = 1.15,
    separations: tuple[Exactable, Exactable] | None = None,
    weights: tuple[Exactable, Exactable] | None = None,
    relative_error: float | None = None,
    batch_size: int | None = None,
    step_size: float | int | None = None,
    gradient: Gradient | None = None,
    progress: bool = False,
    **dynamics: Unpack[ModelOptions],
) -> Design:
    """The schedule of a family with the least cost for a probability of collapse, or the least probability for a cost.

    The cost is the time of gradient flow until the temperature is at most `highest_final_temperature` for good
    (`Design`). The search runs over the exact probability, and the result's was computed for the very schedule that is
    returned. Without `batch_size` the guarantee is one of the gradient flow; with it every probability has the noise of
    training in it, by runs at quantiles of the law of a start (`noisy_collapse_probability`, method "quantiles").

    Args:
        target: Separation and weight.
        init: Law of the initial means; `SphereInit` where ``constraint="sphere"``.
        max_probability: The largest probability of collapse, in (0, 1): P with its error is at most that, and the cost
            is the least that the search finds (it is flat there; of short pulses it may be a few per cent too large).
            At least 1e-300, and 1e-12 with `batch_size`.
        budget: The largest cost, > 0: P is the least that the search finds. What P <= 1e-300 (1e-12 with `batch_size`)
            takes is enough of any budget, and no design is longer than 1e9 (1e4); its note says so.
        family: "exponential", "exponential-to-one", "hold" (hot, then T = 1 at once), or "cold-then-pulse" (T = 1, late
            a pulse above the critical temperature, then T = 1). Under the tempered target a pair aligns at the same
            rate per unit of clock at any temperature, and the clock runs fastest cold, so that the last is cheapest by
            far; but it stores what it gains where the noise of small batches erases it (in training with batches of 100
            it did worse than no pulse, with batches of 1000 as predicted). "free" has a temperature for each of six
            stretches, five of equal length and a last one of any; "monotone" has six of equal length, none hotter than
            the one before. They contain pulses and holds, and holds: these are searched too, and where one does best it
            is given as it is.
        highest_temperature: Of any schedule. Steps of training have to be small against 1/T under the free energy; with
            `batch_size`, schedules so hot that steps are not stable are not looked at.
        base_temperature: Before the pulse, >= 1; 1 unless given. 1.5 holds the means apart, which noise asks for.
        highest_final_temperature: At which a schedule counts as cooled down, above 1.
        separations: An interval (low, high) of separations in the place of the target's, which it has to hold: P is the
            largest in it. Where that is is found, not assumed (`Design.target` is it): P is computed at nine points
            (five of each where both are given), ends included, and where the polynomial through them is largest; its
            misfit is part of P's error.
        weights: The same for the target's weight; with both, all pairs count.
        relative_error: Aim of the probabilities of the result, for the smaller of P and 1 - P; 1e-3 unless given. Those
            with noise have none; left out for unequal weights on the sphere, whose probabilities are averages over
            1024 starts, the same under every schedule.
        batch_size: Samples of each component in each step of the training that the design is for, of equal weights; the
            gradient flow unless given. P itself is then at most `max_probability`: its error, all that
            noise changes, is given beside it.
        step_size: Time of gradient flow that one step makes; 0.05 unless given, and left out without `batch_size`.
        gradient: "plain" (unless given) or "path"; left out without `batch_size`.
        progress: Whether to count the schedules that are looked at, on the standard error.
        **dynamics: Arguments of `Dynamics`, constraint and variance included.

    Returns:
        Design; with ``Constant(1)`` at cost 0 where no annealing already keeps the limit of a target that may collapse.

    Raises:
        DomainError: both or neither of `max_probability` and `budget` are given; the limit is out of reach, the budget
            too small to do better than no annealing (both say what is best); collapse is certain at a target, or
            impossible at all of them, so that there is nothing to design (below R_c, which is named); `step_size` is so
            long that training diverges; or an argument lies outside its domain.

    Source:
        theory sections 5, 11 and 12.

    Example:
        >>> target, init = BimodalTarget(3, 0.8), GaussianInit(128)
        >>> found = design_schedule(target, init, budget=300, family="hold")
        >>> found.schedule.hold_time <= 300, found.probability.value < found.exponential_at_cost.probability.value
        (True, True)
    """
    _require_one(max_probability, budget)
    training = Dynamics(**dynamics)
    require_fitting(init, training)
    aim, on_sphere = aim_of(training, relative_error), training.constraint == "sphere"
    steps = _steps(training, batch_size, step_size, gradient)
    limits = _limits(target, on_sphere, family, highest_temperature, base_temperature, highest_final_temperature)
    box = box_of(target, separations, weights)
    require_something_to_design(box, training)
    with progress_bar("schedules looked at", None, shown=progress) as move:
        designer = Designer(Odds(box, init, dict(dynamics), steps, move), limits, aim, steps is not None)
        idle = designer.priced(Constant(1))
        unannealed = idle.probability
        beside: tuple[PricedSchedule | None, PricedSchedule | None] = (None, None)
        if max_probability is not None and designer.bounded(unannealed) <= max_probability:
            best = PricedSchedule(idle.schedule, 0.0, unannealed, idle.target)
        else:
            _require_sensible(max_probability, budget, unannealed, designer.rarest)
            best = designer.found(family, max_probability, budget, unannealed)
            beside = (None, None) if family == "exponential" else designer.exponentials(best)
    chosen = best.schedule, family, best.cost, best.probability, best.target, init, training
    note = note_of(family, training, box, steps, best.target) if best.cost else idle_note(unannealed)
    note += spared_note(budget, best, designer.rarest, designer.longest)
    return Design(*chosen, unannealed, *beside, limits.final, designer.odds.evaluations, note)


def aim_of(training: Dynamics, relative_error: float | None) -> float | None:
    """The aim of the probabilities of a search; None for unequal weights on the sphere, which draw their starts."""
    if training.equal_weights or training.constraint == "free":
        require_reducible(training)
        return _AIM if relative_error is None else relative_error
    if relative_error is not None:
        step = "leave it out: P is an average over 1024 starts, the same under every schedule, and states its error"
        raise DomainError.of("relative_error", "left out for unequal weights on the sphere", relative_error, step)
    return None


def _require_one(max_probability: float | None, budget: float | None) -> None:
    if max_probability is None and budget is None:
        step = "give max_probability=0.01, say, or a budget= of gradient-flow time"
        raise DomainError.of("max_probability", "given, or a budget", None, step)
    if max_probability is not None and budget is not None:
        step = "leave one out: either is found for the other"
        raise DomainError.of("budget", "left out where max_probability is given", budget, step)


def _require_sensible(max_probability: float | None, budget: float | None, unannealed: Estimate, rarest: float) -> None:
    """Budgets whose schedules can be written, the longest of which need not be used up, and limits that can be told."""
    if max_probability is not None and max_probability < rarest:
        step = "ask for that: a rarer collapse is hardly told from none, and any longer wait makes it rarer still"
        raise DomainError.of(
            "max_probability", f"at least {rarest:g}, the least that is designed for", max_probability, step
        )
    if budget is not None and budget < _SHORTEST:
        step = f"give more: so short a schedule changes nothing, and without annealing P = {unannealed.value:.6g}"
        raise DomainError.of("budget", f"at least {_SHORTEST:g}", budget, step)


def _limits(
    target: BimodalTarget, on_sphere: bool, family: str, highest: float, base: float | None, final: float
) -> Limits:
    """The limits of temperatures, checked against each other."""
    if not 1 < final < math.inf:
        raise DomainError.of(
            "highest_final_temperature", "above 1 and finite", final, "cooling to exactly 1 never ends"
        )
    if base is not None and family != "cold-then-pulse":
        step = "leave it out: the others have no temperature before a pulse"
        raise DomainError.of("base_temperature", 'left out except with family="cold-then-pulse"', base, step)
    try:
        critical = None if on_sphere else float(critical_temperature(target))
    except DomainError:  # none, or one beyond doubles: a search finds its own way
        critical = None
    coolest = 1 + 1.5 * (max(final, base or 1.0) - 1)
    if not coolest < highest < math.inf:
        heated = "" if critical is None else f", and only above T_c = {critical:.4g} is a collapsed pair released"
        step = f"a schedule that cools down to {final:g} has to begin hotter than that{heated}; 100 is the default"
        raise DomainError.of("highest_temperature", f"finite, above {coolest:g}", highest, step)
    return Limits(float(highest), float(final), float(base or 1.0), critical)


def _steps(
    training: Dynamics, batch_size: int | None, step_size: float | None, gradient: Gradient | None
) -> Steps | None:
    """The steps of a training with noise; None for the gradient flow."""
    if batch_size is None:
        for name, value in (("step_size", step_size), ("gradient", gradient)):
            if value is not None:
                step = "give the batch of the training too, or design for the gradient flow"
                raise DomainError.of(name, "left out without batch_size", value, step)
        return None
    require_quantiles(training)
    return Steps(batch_size, float(step_size or _STEP), gradient or "plain")
