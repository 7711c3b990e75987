"""How long alignment survives the noise of training at a constant temperature."""

import math
from dataclasses import dataclass
from typing import Unpack

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
from anneal_theory.probability.noisy.sphere_survival import held_pair
from anneal_theory.probability.noisy.training_noise import Gradient, require_many, require_quantiles
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import DynamicsOptions, ModelOptions, tempered_pace
from anneal_theory.quantities.doors import checked
from anneal_theory.shown import Shown

_APART = 1e-3  # of T - 1: closer to 1 a free pair takes longer to settle than any training


@dataclass(frozen=True, repr=False)
class AlignmentSurvival(Shown):
    """What noise leaves of the alignment of a collapsed pair, at a constant temperature.

    Attributes:
        temperature: T.
        separation: |Delta| at which the pair is held; 0 of free means at T = 1, where it shrinks like 2/sqrt(t).
        growth: Of log rho per unit of time, without noise; on the sphere of log x, negative where it falls.
        loss: What noise takes of that; on the sphere negative where it parts the pair so that x grows faster.
        memory_time: Time in which the mean cosine of the direction of Delta with what it was falls to 1/e.
        largest_noise: Step size over batch above which alignment does not grow; inf where no noise hinders it.
        least_batch: The batch below which that is so, at the step size that was given.
        cap: rho beyond which noise aligns no cold pair further; inf at other temperatures and on the sphere, where
            alignment knows no such bound while it is small, and 0 where it does not grow.
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
    **dynamics: Unpack[ModelOptions],
) -> AlignmentSurvival:
    """How long, and at which temperature, the alignment of a collapsed pair survives the noise of training.

    Of free means the direction of mu_1 - mu_2 is a Brownian motion on the sphere, as fast as the noise across over
    |Delta|^2, and the target turns it towards its axis at the rate kappa* per unit of the clock, in closed form here.
    With means on the sphere alignment is x, the cosine of mu_1 - mu_2 with the axis. Of a pair that is held near the
    mode it falls while cold, with noise and without, since mu_1 + mu_2 lies along the axis there; where heat holds the
    means far apart it grows.

    Args:
        target: With a collapsed state.
        temperature: T = 1, or at least 1.001; on the sphere any T >= 1.
        dim: Of the means, at least 4.
        batch_size: Samples of each component in each step, at least 2.
        step_size: Time of gradient flow that one step makes, > 0.
        gradient: "plain" (the derivative of the estimated loss) or "path" (without its score term).
        **dynamics: Arguments of `Dynamics`, constraint and variance included; weights have to be equal. A trained
            variance is where its law in the dimension has it at rest.

    Remainder: of a pair held apart (T > 1) exact as rho and the step tend to 0, where |Delta| is at rest; relative
    errors of the order of rho^2, of eta, and of what noise adds to |Delta|^2. At T = 1 for a pair cold for so long that
    |Delta|^2 is small, with a relative error of its order. `cap` is the balance of a typical run. On the sphere of the
    mean x of a pair at rest, to first order in eta d/B; first order in eta/B without the factor d, in eta, and x^2.

    Raises:
        DomainError: an argument lies outside its domain, or on the sphere the batch is so small that noise parts a pair
            by more than the flow does.
        NoCollapsedState: the target has none (free means).
        SolveError: the pair at rest was not found (on the sphere).

    Source:
        theory section 12; docs/derivations/alignment_noise.md.

    Example:
        >>> kept = [alignment_survival(BimodalTarget(3, 0.8), T, dim=128, batch_size=30) for T in (1, 1.5, 8)]
        >>> [one.net_growth > 0 for one in kept]
        [False, True, True]
        >>> sphere = {"constraint": "sphere", "variance": "follows-temperature", "dim": 128, "batch_size": 100}
        >>> [alignment_survival(BimodalTarget(3, 0.8), T, **sphere).net_growth > 0 for T in (1, 8, 20)]
        [False, False, True]
    """
    rules, hot = Dynamics(**dynamics), exact(temperature, "temperature")
    require_quantiles(rules)
    require_many(dim)
    if rules.constraint == "sphere":
        return _on_sphere(target, float(hot), rules, dim, batch_size, float(step_size), plain=gradient == "plain")
    if not (hot == 1 or hot >= 1 + exact(str(_APART), "temperature")):
        what = f"1, or at least {1 + _APART:g}"
        raise DomainError.of("temperature", what, temperature, "nearer to 1 a pair takes too long to settle")
    beta, rate, plain = 1.0 / float(hot), float(collapsed_state(target.heavy_first).escape_rate), gradient == "plain"
    pace = float(tempered_pace(rules, float(hot)))
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
    rates_and_limits = growth, growth - kept, memory, largest, _ratio(float(step_size), largest)
    return AlignmentSurvival(float(hot), apart, *rates_and_limits, cap)


def _on_sphere(
    target: BimodalTarget, hot: float, rules: Dynamics, dim: int, batch_size: int, step_size: float, *, plain: bool
) -> AlignmentSurvival:
    """The same of x, of a pair held at a mode: noise is a first order there."""
    held, pace = held_pair(target, hot, rules, dim, plain=plain), float(tempered_pace(rules, hot))
    noise = pace * step_size / batch_size
    growth, loss = pace * held.growth, pace * noise * held.loss
    if -loss > abs(growth):  # noise that parts the pair by more than the flow does is no first order
        needed = math.floor(batch_size * -loss / abs(growth)) + 1
        what = f"at least {needed} at these steps: in smaller ones the effect of noise is no small one"
        raise DomainError.of("batch_size", what, batch_size, "simulate_noisy_flow holds beyond")
    largest = 0.0
    if growth > 0:
        largest = step_size / batch_size * growth / loss if loss > 0 else math.inf
    least = 0.0 if math.isinf(largest) else _ratio(step_size, largest)
    memory = _ratio(1.0, pace * noise * held.turning)
    return AlignmentSurvival(
        hot, held.distance, growth, loss, memory, largest, least, math.inf if growth > loss else 0.0
    )


def _ratio(over: float, under: float) -> float:
    """Infinite where what stands under is too small for a double: far modes turn nothing."""
    return over / under if under > 0 else math.inf


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
    require_many(dim)
    square = float(cold_square(t=float(tempered_pace(rules, 1.0)) * cold_time, across_square=math.inf))
    noise = float(tempered_pace(rules, hot)) * float(step_size) / batch_size
    return float(heat_dilution(across_square=square, beta=1.0 / hot, noise_scale=noise, dim=float(dim)))
