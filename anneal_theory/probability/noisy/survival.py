"""How long alignment survives the noise of training at a constant temperature, and where noise puts the threshold."""

import math
from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np

from anneal_theory._types import Exactable
from anneal_theory.errors import DomainError
from anneal_theory.exact import exact
from anneal_theory.fixed_points import collapsed_state, hot_separation
from anneal_theory.formulas.alignment_noise import (
    alignment_growth,
    cold_cap,
    cold_noise,
    cold_square,
    direction_survival,
    heat_dilution,
    held_noise,
    most_noise,
)
from anneal_theory.models.free_pair import free_pair
from anneal_theory.probability.noisy.first_order import noise_moves, step_grid
from anneal_theory.probability.noisy.training_noise import Gradient, require_quantiles
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import DynamicsOptions, loss_factors
from anneal_theory.quantities.doors import checked
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.shown import Shown
from anneal_theory.threshold import collapse_threshold

_APART = 1e-3  # of T - 1: closer to 1 a pair takes longer to settle than any training


@dataclass(frozen=True, repr=False)
class AlignmentSurvival(Shown):
    """What noise leaves of the alignment of a collapsed pair, at a constant temperature.

    Attributes:
        temperature: T.
        separation: |Delta| at which the pair is held; 0 at T = 1, where it shrinks like 2/sqrt(t).
        growth: Of log rho per unit of time, without noise.
        loss: What noise takes of that.
        memory_time: Time in which the mean cosine of the direction of Delta with what it was falls to 1/e.
        largest_noise: Step size over batch above which alignment does not grow; inf where no noise hinders it.
        least_batch: The batch below which that is so, at the step size that was given.
        cap: rho beyond which noise aligns no cold pair further; inf at other temperatures, where rho knows no such
            bound while it is small, and 0 where it does not grow.
    """

    temperature: float
    separation: float
    growth: float
    loss: float
    memory_time: float
    largest_noise: float
    least_batch: float
    cap: float

    @property
    def net_growth(self) -> float:
        """Growth of a typical log rho with noise; negative where alignment is lost."""
        return self.growth - self.loss

    def told(self) -> dict[str, object]:
        """What is left of the growth, how long a direction is kept, and the batch that it takes."""
        told: dict[str, object] = {"T": self.temperature, "net growth": self.net_growth, "growth": self.growth}
        return told | {"memory time": self.memory_time, "least batch": self.least_batch, "cap": self.cap}

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return vars(self) | {"net_growth": self.net_growth}


@checked(batch_size="noise_batch")
def alignment_survival(
    target: BimodalTarget,
    temperature: Exactable,
    *,
    dim: int,
    batch_size: int,
    step_size: float | int = 0.05,
    gradient: Gradient = "plain",
    **dynamics: Unpack[DynamicsOptions],
) -> AlignmentSurvival:
    """How long, and at which temperature, the alignment of a collapsed pair survives the noise of training.

    The direction of mu_1 - mu_2 is a Brownian motion on the sphere, as fast as the noise across over |Delta|^2, and the
    target turns it towards its axis at the rate kappa* per unit of the clock. Both are in closed form here.

    Args:
        target: With a collapsed state.
        temperature: T = 1, or at least 1.001.
        dim: Of the means, at least 4.
        batch_size: Samples of each component in each step, at least 2.
        step_size: Time of gradient flow that one step makes, > 0.
        gradient: "plain" (the derivative of the estimated loss) or "path" (without its score term).
        **dynamics: Arguments of `Dynamics`; weights have to be equal.

    Remainder: of a pair held apart (T > 1) exact as rho and the step tend to 0, where |Delta| is at rest; relative
    errors of the order of rho^2, of eta, and of what noise adds to |Delta|^2. At T = 1 for a pair cold for so long that
    |Delta|^2 is small, with a relative error of its order. `cap` is the balance of a typical run.

    Raises:
        DomainError: an argument lies outside its domain.
        NoCollapsedState: the target has none.

    Source:
        theory section 12; docs/derivations/alignment_noise.md.

    Example:
        >>> kept = [alignment_survival(BimodalTarget(3, 0.8), T, dim=128, batch_size=30) for T in (1, 1.5, 8)]
        >>> [one.net_growth > 0 for one in kept]
        [False, True, True]
    """
    rules, hot = Dynamics(**dynamics), exact(temperature, "temperature")
    require_quantiles(rules)
    _require_many(dim)
    if not (hot == 1 or hot >= 1 + exact(str(_APART), "temperature")):
        what = f"1, or at least {1 + _APART:g}"
        raise DomainError.of("temperature", what, temperature, "nearer to 1 a pair takes too long to settle")
    beta, rate, plain = 1.0 / float(hot), float(collapsed_state(target.heavy_first).escape_rate), gradient == "plain"
    pace = _pace(rules, float(hot))
    noise, apart = pace * float(step_size) / batch_size, hot_separation(hot)
    length = apart or 1.0  # of a cold pair only V/|Delta|^2 counts
    across = float(held_noise(beta=beta, score=float(plain)) if apart else plain * cold_noise(distance=length))
    here = {"dim": float(dim), "across_variance": across, "distance": length}
    growth, kept = (
        pace * float(alignment_growth(beta=beta, escape_rate=rate, noise_scale=one, **here)) for one in (0.0, noise)
    )
    if across == 0:
        return AlignmentSurvival(float(hot), apart, growth, 0.0, math.inf, math.inf, 0.0, math.inf)
    largest = float(most_noise(beta=beta, escape_rate=rate, **here)) / pace
    # Of 1/d of a unit of time at noise of strength 1, so that no dimension or step leaves the range of doubles.
    turned = -math.log(direction_survival(t=1.0 / dim, noise_scale=1.0, **here))
    memory = _ratio(1.0, turned * dim * noise * pace)
    cap = 0.0
    if kept > 0:
        cap = math.inf if apart else float(cold_cap(dim=float(dim), escape_rate=rate, noise_scale=noise))
    told = growth, growth - kept, memory, largest, _ratio(float(step_size), largest)
    return AlignmentSurvival(float(hot), apart, *told, cap)


def _ratio(over: float, under: float) -> float:
    """Infinite where what stands under is too small for a double: far modes turn nothing."""
    return over / under if under > 0 else math.inf


def _pace(rules: Dynamics, temperature: float) -> float:
    """Time of tempered flow, in the Euclidean metric, that a unit of time makes."""
    return (2.0 if rules.metric == "natural" else 1.0) * float(loss_factors(rules.objective)(temperature)[1])


@checked(batch_size="noise_batch")
def alignment_after_heat(
    cold_time: float,
    temperature: Exactable,
    *,
    dim: int,
    batch_size: int,
    step_size: float | int = 0.05,
    **dynamics: Unpack[DynamicsOptions],
) -> float:
    """What is left of rho when a pair that was cold for some time is heated at once, by either gradient.

    Args:
        cold_time: At T = 1, long enough for |Delta|^2 = 4/t, > 0.
        temperature: To which it is heated, >= 1.
        dim: Of the means, at least 4.
        batch_size: Samples of each component in each step, at least 2.
        step_size: Time of gradient flow that one step makes, > 0.
        **dynamics: Arguments of `Dynamics`; weights have to be equal.

    Remainder: relative, of the order of |Delta|^2 at the moment of the heat; rho small.

    Raises:
        DomainError: an argument lies outside its domain.

    Source:
        theory section 12; docs/derivations/alignment_noise.md.

    Example:
        >>> [round(alignment_after_heat(470, 13, dim=128, batch_size=size), 2) for size in (100, 1000)]
        [0.48, 0.86]
    """
    rules, hot = Dynamics(**dynamics), float(exact(temperature, "temperature"))
    require_quantiles(rules)
    _require_many(dim)
    square = float(cold_square(t=_pace(rules, 1.0) * cold_time, across_square=math.inf))
    noise = _pace(rules, hot) * float(step_size) / batch_size
    return float(heat_dilution(across_square=square, beta=1.0 / hot, noise_scale=noise, dim=float(dim)))


def _require_many(dim: int) -> None:
    if dim < 4:
        raise DomainError.of("dim", "at least 4", dim, "in fewer dimensions a typical length has no drift")


@checked(batch_size="noise_batch")
def noisy_threshold(
    target: BimodalTarget,
    schedule: Schedule,
    *,
    dim: int,
    batch_size: int,
    step_size: float | int = 0.05,
    gradient: Gradient = "plain",
    s0: Exactable = 0,
    distance_squared: Exactable = 2,
    **dynamics: Unpack[DynamicsOptions],
) -> Estimate:
    """The threshold rho_c of training with noise, to leading order in step size over batch.

    Noise along the run that starts on the separatrix moves log rho_c by M eta/B, and blurs it: a start collapses with
    the chance that a normal variable of the deviation `parts["spread"]` exceeds log rho less log rho_c.

    Args:
        target: Separation and weight.
        schedule: Must end at temperature 1.
        dim: Of the means, at least 4.
        batch_size: Samples of each component in each step, at least 2; so many that log rho_c moves by less than 1.
        step_size: Time of gradient flow that one step makes, > 0.
        gradient: "plain" or "path".
        s0: Initial mean overlap (m1 + m2)/2.
        distance_squared: D0^2 of the start.
        **dynamics: Arguments of `Dynamics`; weights have to be equal.

    Returns:
        Estimate; `parts` are the threshold without noise, the shift of its logarithm, and the spread. The error is how
        far noise of every order moves the threshold of a pair that is heated at once, as much as noise of s may bend,
        and the part of the shift that has no factor d.

    Remainder: second order in eta d/B; first order in eta/B without the factor d; first order in eta.

    Raises:
        DomainError: an argument lies outside its domain, there is no threshold, or noise may erase all alignment.

    Source:
        theory section 12; docs/derivations/alignment_noise.md.

    Example:
        >>> from anneal_theory.schedules import Hold
        >>> found = noisy_threshold(BimodalTarget(3, 0.8), Hold(8, 60), dim=128, batch_size=100, gradient="path")
        >>> found.value > found.parts["flow"]
        True
    """
    rules = Dynamics(**dynamics)
    require_quantiles(rules)
    _require_many(dim)
    quiet = collapse_threshold(target, schedule, s0=s0, distance_squared=distance_squared, **dynamics)
    if not math.isfinite(quiet.log_value):
        step = "choose a start of which some directions collapse and some do not"
        raise DomainError.of("s0", "a start with a threshold", s0, step)
    start = np.array([[float(exact(s0, "s0")), 0.5 * math.log(exact(distance_squared, "distance_squared"))]])
    model, grid = free_pair(target, schedule, rules), step_grid(schedule, rules)
    found, noise = noise_moves(model, grid, start, dim, plain=gradient == "plain"), float(step_size) / batch_size
    shift, spread = noise * float(found.shift[0]), math.sqrt(noise * float(found.width[0]))
    least, most = (float(one[0]) for one in found.bounds(noise))
    if not math.isfinite(most - least):
        needed = math.ceil(2.0 * float(step_size) * max(float(found.aligned[0]), -float(found.shift[0]))) + 1
        what = f"at least {needed} at these steps: in smaller ones noise erases the alignment of every run"
        raise DomainError.of("batch_size", what, batch_size, "simulate_noisy_flow holds beyond")
    value, beyond = float(quiet.value) * math.exp(shift), max(most - shift, shift - least)
    parts = {"flow": float(quiet.value), "shift": shift, "spread": spread}
    log_error = beyond + abs(shift) / (dim - 3) + float(quiet.log_error)
    told = replace(quiet, value=value, log_value=quiet.log_value + shift, error=value * log_error, log_error=log_error)
    return replace(told, method="leading-order", parts=parts, note="with noise, to leading order in step size/batch")
