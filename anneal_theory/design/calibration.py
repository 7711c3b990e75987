"""What a design needs of a training, measured on recorded pilot runs: time unit, law of the start, noise."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.formulas.pair_coordinates import across_squared, distance_squared
from anneal_theory.models.free_pair import free_pair
from anneal_theory.probability.noisy.pair_noise_kernels import drifted, plane_noise
from anneal_theory.probability.noisy.training_noise import Gradient, require_free, require_quantiles
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.problem.dynamics import DynamicsOptions, loss_factors
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import Constant

_NAMES = ("m1", "m2", "s11", "s12", "s22")
_LEAST_RECORDS, _LEAST_RUNS = 3, 4


@dataclass(frozen=True)
class Calibration:
    """What pilot runs tell of a training; errors are standard errors over the runs.

    Attributes:
        step_size: Time of gradient flow that one step makes.
        step_size_error: Of it.
        init: Law of the initial means.
        variance_error: Of its variance.
        batch_size: Samples of each component in a step that would make as much noise.
        batch_size_error: Of it.
        gradient: The estimator that the noise is compared with.
    """

    step_size: float
    step_size_error: float
    init: GaussianInit
    variance_error: float
    batch_size: float
    batch_size_error: float
    gradient: Gradient

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
    **dynamics: Unpack[DynamicsOptions],
) -> Calibration:
    """The step size, the law of the start and the noise of a training, from the statistics of pilot runs.

    `train_mixture(..., record_every=1, most_undecided=1).history` is such a record; one of your own training of two
    means will do. The time unit is how far s = (m1 + m2)/2 moves in a step over its rate in the gradient flow, by least
    squares; the noise is what is left over, beside the covariance that one sample would give s; the start is the mean
    square of the first means.

    Args:
        target: Separation and weight.
        history: step, temperature, m1, m2, s11, s12, s22 after each step, arrays (records, runs) from the start on.
        dim: Of the means.
        gradient: "plain" or "path", whose covariance the noise is set beside.
        **dynamics: Arguments of `Dynamics`; free means of equal weights.

    Returns:
        Calibration; its `noise` and `init` are what `design_schedule` takes.

    Raises:
        DomainError: an array is missing or of another shape, steps are left out, or nothing moves.

    Source:
        theory sections 3 and 12.

    Example:
        >>> from anneal_theory.training import train_mixture
        >>> target, few = BimodalTarget(3, 0.8), {"replicas": 20, "batch_size": 50, "end_time": 5}
        >>> pilot = train_mixture(target, Constant(1), GaussianInit(16), record_every=1, most_undecided=1, **few)
        >>> found = calibrate_training(target, pilot.history, dim=16)
        >>> abs(found.step_size - 0.05) < 5 * found.step_size_error
        True
    """
    rules = Dynamics(**dynamics)
    require_quantiles(rules)
    require_free(rules)
    heats, states, squares = _states(target, history)
    rates, spreads = _rates(target, rules, heats, states, plain=gradient == "plain")
    moved = np.diff(states[..., 0], axis=0)
    own, weight = np.sum(moved * rates, axis=0), np.sum(rates**2, axis=0)  # of each run
    if not weight.sum() > 0:
        raise DomainError.of("history", "of runs that move", "runs at rest", "record from the start of training on")
    step, step_error = _ratio(own, weight)
    rest = np.sum((moved - step * rates) ** 2, axis=0)
    noise, noise_error = _ratio(rest, np.sum(spreads, axis=0))
    if not noise > 0:
        raise DomainError.of("history", "of a training with noise", "one without", "design for the gradient flow")
    batch, relative = step**2 / noise, math.hypot(noise_error / noise, 2 * step_error / step)
    variance, variance_error = _ratio(squares, np.full(squares.shape, fill_value=2.0 * dim))
    init = GaussianInit(dim, variance=f"{variance:.6g}")
    return Calibration(step, step_error, init, variance_error, batch, relative * batch, gradient)


def _states(target: BimodalTarget, history: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Temperatures, (s, delta, |Delta_perp|) of all records and runs, and the squares of the first means."""
    missing = [name for name in ("step", "temperature", *_NAMES) if name not in history]
    if missing:
        what = "arrays step, temperature, m1, m2, s11, s12, s22"
        raise DomainError.of("history", what, sorted(history), f"add {', '.join(missing)}")
    m1, m2, s11, s12, s22 = (np.asarray(history[name], dtype=float) for name in _NAMES)
    shape = m1.shape
    if m1.ndim != 2 or shape[0] < _LEAST_RECORDS or shape[1] < _LEAST_RUNS:
        what = f"of at least {_LEAST_RECORDS} records of {_LEAST_RUNS} runs, arrays (records, runs)"
        raise DomainError.of("history", what, f"arrays of shape {shape}", "record more steps or train more replicas")
    steps, heats = (np.asarray(history[name], dtype=float) for name in ("step", "temperature"))
    steps, heats = (one[:, None] if one.ndim == 1 else one for one in (steps, heats))
    if np.any(steps[0] != 0) or np.any(np.diff(steps, axis=0) != 1):
        raise DomainError.of("history", "of every step from the start on", "other steps", "train with record_every=1")
    square = distance_squared(s11, s12, s22)
    across = np.sqrt(np.maximum(across_squared(m1, m2, square, target.separation), 0.0))
    states = np.stack([0.5 * (m1 + m2), m1 - m2, across], axis=-1)
    return np.broadcast_to(heats, shape), states, s11[0] + s22[0]


def _rates(
    target: BimodalTarget, rules: Dynamics, heats: FloatArray, states: FloatArray, *, plain: bool
) -> tuple[FloatArray, FloatArray]:
    """Of s at each record but the last: the rate of the flow, and the variance that one sample gives its gradient."""
    model = free_pair(target, Constant(1), rules)
    mobility = 2.0 if rules.metric == "natural" else 1.0
    paces = mobility * np.broadcast_to(np.asarray(loss_factors(rules.objective)(heats)[1], dtype=float), heats.shape)
    shape, new = (heats.shape[0] - 1, heats.shape[1]), np.empty(3)
    rates, spreads = np.empty(shape), np.empty(shape)
    for place in np.ndindex(shape):
        y, heat = states[place], float(heats[place])
        values = drifted(y, heat, 1.0, model.parameters, model.averages, new)
        rates[place] = paces[place] * (new[0] - y[0])
        noise = plane_noise(y, heat, float(plain), values, model.parameters, model.averages)[0]
        spreads[place] = paces[place] ** 2 * noise
    return rates, spreads


def _ratio(own: FloatArray, weight: FloatArray) -> tuple[float, float]:
    """A ratio of sums over runs, and its standard error."""
    ratio, count = float(own.sum() / weight.sum()), own.size
    off = own - ratio * weight
    return ratio, float(np.sqrt(np.sum(off**2) * count / (count - 1)) / weight.sum())
