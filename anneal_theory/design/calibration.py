"""What a design needs of a training, measured on recorded pilot runs: time unit, law of the start, noise."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
from scipy import stats

from anneal_theory._types import FloatArray
from anneal_theory.design.records import Moves, moves_of_free_means, moves_on_sphere
from anneal_theory.errors import DomainError
from anneal_theory.probability.noisy.training_noise import Gradient, require_quantiles
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit, ModelOptions, SphereInit
from anneal_theory.quantities.doors import checked
from anneal_theory.shown import Shown, with_error

_FALSE_ALARM = 1e-6  # of right records that are refused for what their halves tell
_SMALL = 1e-3  # step that the fit begins with
_ROUNDS = 4  # of the fit: what depends on its results is a small part of a step
_INEXACT = "path (whose noise is known where delta = 0: from starts far apart the batch is found too large)"
CLEAR = 3.0  # standard errors by which a step has to be seen


@dataclass(frozen=True, repr=False)
class Calibration(Shown):
    """What pilot runs tell of a training; errors are standard errors over the runs.

    Attributes:
        step_size: Time of gradient flow that one step makes.
        step_size_error: Of it.
        init: Law of the initial means.
        variance_error: Of its variance; 0 on the sphere, whose law has none.
        batch_size: Samples of each component in a step that would make as much noise.
        batch_size_error: Of it.
        gradient: The estimator that the noise is compared with.
    """

    step_size: float
    step_size_error: float
    init: GaussianInit | SphereInit
    variance_error: float
    batch_size: float
    batch_size_error: float
    gradient: Gradient

    def told(self) -> dict[str, object]:
        """What was found, with its errors."""
        return {
            "step size": with_error(self.step_size, self.step_size_error),
            "init": self.init,
            "batch size": with_error(self.batch_size, self.batch_size_error),
            "gradient": _INEXACT if self.gradient == "path" else self.gradient,
        }

    @property
    def noise(self) -> dict[str, Any]:
        """Keywords of `design_schedule` and `noisy_collapse_probability`."""
        batch = max(round(self.batch_size), 2)
        return {"batch_size": batch, "step_size": self.step_size, "gradient": self.gradient}

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return vars(self) | {"init": repr(self.init)}


@checked
def calibrate_training(
    target: BimodalTarget,
    history: Mapping[str, FloatArray],
    *,
    dim: int,
    gradient: Gradient = "plain",
    **dynamics: Unpack[ModelOptions],
) -> Calibration:
    """The step size, the law of the start and the noise of a training, from the statistics of pilot runs.

    `train_mixture(..., record_every=1, most_undecided=1).history` is such a record; one of your own training of two
    means will do. The time unit is how far m1 + m2 moves in a step over its rate in the gradient flow, by least
    squares; the noise is what is left over, beside the covariance that one sample would give it; the start is the mean
    square of the first means, and on the sphere there is nothing to find of it. If the training used the natural metric
    and `metric` is left Euclidean, the step size found is twice the true one, and so is the clock. The target's weight
    is not checked against the record: give the one that you trained on.

    The noise of free means is compared with a covariance that is exact where delta = 0. With path gradients, whose
    noise is least where it is inexact, the batch found is too large: 60 ± 1 for 50 from N(0, I/8) at R = 3 and T = 1,
    53 ± 1 from N(0, I/128); with plain gradients it is 50 ± 0.5 from both.

    Args:
        target: Separation and weight.
        history: step, temperature, m1, m2, s11, s12, s22 after each step, arrays (records, runs) from the start on; on
            the sphere m1, m2, pair_overlap (a cosine), v1, v2.
        dim: Of the means.
        gradient: "plain" or "path", whose covariance the noise is set beside.
        **dynamics: Arguments of `Dynamics`, constraint and variance included; equal weights.

    Returns:
        Calibration; its `noise` and `init` are what `design_schedule` takes.

    Raises:
        DomainError: an array is missing or of another shape, steps are left out, or nothing moves.

    Source:
        theory sections 3, 11 and 12.

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> from anneal_theory.training import train_mixture
        >>> target, few = BimodalTarget(3, 0.8), {"replicas": 20, "batch_size": 50, "end_time": 5}
        >>> pilot = train_mixture(target, Constant(1), GaussianInit(16), record_every=1, most_undecided=1, **few)
        >>> found = calibrate_training(target, pilot.history, dim=16)
        >>> abs(found.step_size - 0.05) < 5 * found.step_size_error
        True
    """
    rules = Dynamics(**dynamics)
    require_quantiles(rules)
    plain = gradient == "plain"
    if rules.constraint == "sphere":
        moves = moves_on_sphere(target, rules, history, dim, plain=plain)
        init: GaussianInit | SphereInit = SphereInit(dim)
        variance_error = 0.0
    else:
        moves, squares = moves_of_free_means(target, rules, history, plain=plain)
        variance, variance_error = _ratio(squares, np.full(squares.shape, fill_value=2.0 * dim))
        init = GaussianInit(dim, variance=f"{variance:.6g}")
    step, step_error, noise, noise_error = _fitted(moves)
    if not noise > 0:
        raise DomainError.of("history", "of a training with noise", "one without", "design for the gradient flow")
    batch, relative = step**2 / noise, math.hypot(noise_error / noise, 2 * step_error / step)
    return Calibration(step, step_error, init, variance_error, batch, relative * batch, gradient)


def _fitted(moves: Moves) -> tuple[float, float, float, float]:
    """The step and what the noise of a step is in those of one sample, with their errors, by least squares.

    On the sphere the noise also makes a drift, and the projection of a step depends on its length: both are taken as of
    the step and the noise that were found before.
    """
    step, noise = _SMALL, 0.0
    for _ in range(_ROUNDS):
        rates, moved = moves.rates(step), moves.moved - noise * moves.drifts
        weight = np.sum(rates**2, axis=0)  # of each run
        if not weight.sum() > 0:
            raise DomainError.of("history", "of runs that move", "runs at rest", "record from the start of training on")
        step, step_error = _ratio(np.sum(moved * rates, axis=0), weight)
        if not step > 0:
            break
        noise, noise_error = _ratio(np.sum((moved - step * rates) ** 2, axis=0), np.sum(moves.spreads, axis=0))
    if not step > CLEAR * step_error:
        was = f"a step of {step:.3g} with the error {step_error:.2g}"
        advice = "record more runs, from the start of training on, and check the target and the order of the records"
        raise DomainError.of("history", "of runs that follow the gradient flow of the target", was, advice)
    _require_steady(moved, rates)
    return step, step_error, noise, noise_error


def _require_steady(moved: FloatArray, rates: FloatArray) -> None:
    """Refuse runs of which two halves tell different steps: they follow another flow than that of the target."""
    middle = len(moved) // 2
    (first, its_error), (last, other_error) = (
        _ratio(np.sum(moved[part] * rates[part], axis=0), np.sum(rates[part] ** 2, axis=0))
        for part in (slice(middle), slice(middle, None))
    )
    reach = stats.t.isf(_FALSE_ALARM / 2, moved.shape[1] - 1)
    if abs(first - last) > reach * math.hypot(its_error, other_error):
        was = f"a step of {first:.3g} in the first half of the records and of {last:.3g} in the second"
        advice = "check target, objective, metric and the family's weights, and that the step size was constant"
        raise DomainError.of("history", "of runs that follow the gradient flow of the target", was, advice)


def _ratio(own: FloatArray, weight: FloatArray) -> tuple[float, float]:
    """A ratio of sums over runs, and its standard error."""
    ratio, count = float(own.sum() / weight.sum()), own.size
    off = own - ratio * weight
    return ratio, float(np.sqrt(np.sum(off**2) * count / (count - 1)) / weight.sum())
