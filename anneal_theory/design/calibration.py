"""What a design needs of a training, measured on recorded pilot runs: time unit, law of the start, noise."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Unpack

import numpy as np
from scipy import stats

from anneal_theory._types import FloatArray
from anneal_theory.errors import DomainError
from anneal_theory.formulas.pair_coordinates import across_squared, distance_squared
from anneal_theory.models.free_pair import free_pair
from anneal_theory.probability.noisy.pair_noise_kernels import drifted, plane_noise
from anneal_theory.probability.noisy.training_noise import Gradient, require_quantiles
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.problem.dynamics import DynamicsOptions, loss_factors
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import Constant
from anneal_theory.shown import Shown, with_error

_NAMES = ("m1", "m2", "s11", "s12", "s22")
_LEAST_RECORDS, _LEAST_RUNS = 3, 4
_ROUNDING = 1e-9  # of squares, by which a mean may seem shorter than its overlap
_FALSE_ALARM = 1e-6  # of right records that are refused for what their halves tell
_CLEAR = 3.0  # standard errors by which a step has to be seen


@dataclass(frozen=True, repr=False)
class Calibration(Shown):
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

    def told(self) -> dict[str, object]:
        """What was found, with its errors."""
        return {
            "step size": with_error(self.step_size, self.step_size_error),
            "init": self.init,
            "batch size": with_error(self.batch_size, self.batch_size_error),
            "gradient": self.gradient,
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
    **dynamics: Unpack[DynamicsOptions],
) -> Calibration:
    """The step size, the law of the start and the noise of a training, from the statistics of pilot runs.

    `train_mixture(..., record_every=1, most_undecided=1).history` is such a record; one of your own training of two
    means will do. The time unit is how far s = (m1 + m2)/2 moves in a step over its rate in the gradient flow, by least
    squares; the noise is what is left over, beside the covariance that one sample would give s; the start is the mean
    square of the first means. If the training used the natural metric and `metric` is left Euclidean, the step size
    found is twice the true one, and so is the clock. The target's weight is not checked against the record: give the
    one that you trained on.

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
    if rules.constraint == "sphere":
        advice = "give noisy_collapse_probability the batch and step of your training: it has the noise of the sphere"
        raise DomainError.of("constraint", "'free' for records of training", rules.constraint, advice)
    temperatures, states, squares = _states(target, history)
    rates, spreads = _rates(target, rules, temperatures, states, plain=gradient == "plain")
    moved = np.diff(states[..., 0], axis=0)
    own, weight = np.sum(moved * rates, axis=0), np.sum(rates**2, axis=0)  # of each run
    if not weight.sum() > 0:
        raise DomainError.of("history", "of runs that move", "runs at rest", "record from the start of training on")
    step, step_error = _ratio(own, weight)
    if not step > _CLEAR * step_error:
        was = f"a step of {step:.3g} with the error {step_error:.2g}"
        advice = "record more runs, from the start of training on, and check the target and the order of the records"
        raise DomainError.of("history", "of runs that follow the gradient flow of the target", was, advice)
    _require_steady(moved, rates)
    rest = np.sum((moved - step * rates) ** 2, axis=0)
    noise, noise_error = _ratio(rest, np.sum(spreads, axis=0))
    if not noise > 0:
        raise DomainError.of("history", "of a training with noise", "one without", "design for the gradient flow")
    batch, relative = step**2 / noise, math.hypot(noise_error / noise, 2 * step_error / step)
    variance, variance_error = _ratio(squares, np.full(squares.shape, fill_value=2.0 * dim))
    init = GaussianInit(dim, variance=f"{variance:.6g}")
    return Calibration(step, step_error, init, variance_error, batch, relative * batch, gradient)


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


def _states(target: BimodalTarget, history: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Temperatures, (s, delta, |Delta_perp|) of all records and runs, and the squares of the first means."""
    m1, m2, s11, s12, s22, steps, temperatures = _columns(history)
    if np.any(steps[0] != 0) or np.any(np.diff(steps, axis=0) != 1):
        raise DomainError.of("history", "of every step from the start on", "other steps", "train with record_every=1")
    if not np.all(temperatures >= 1):
        raise DomainError.of("history", "of temperatures of at least 1", f"{temperatures.min():g}", "record T, not 1/T")
    square = distance_squared(s11, s12, s22)
    across = across_squared(m1, m2, square, target.separation)
    lengths = (s11 - (m1 / target.separation) ** 2, s22 - (m2 / target.separation) ** 2)
    room = _ROUNDING * (s11 + s22 + (m1**2 + m2**2) / target.separation**2)
    if np.any(np.minimum.reduce((*lengths, across)) < -room):
        what, was = "of means at least as long as their overlaps with the target say", "shorter ones"
        step = "m_i is mu_i times the target's mode, s_ij is mu_i times mu_j; give the target of these runs"
        raise DomainError.of("history", what, was, step)
    states = np.stack([0.5 * (m1 + m2), m1 - m2, np.sqrt(np.maximum(across, 0.0))], axis=-1)
    return temperatures, states, s11[0] + s22[0]


def _columns(history: Mapping[str, FloatArray]) -> list[FloatArray]:
    """m1, m2, s11, s12, s22, step, temperature of all records and runs: real, finite, and of one shape."""
    missing = [name for name in ("step", "temperature", *_NAMES) if name not in history]
    if missing:
        what = "arrays step, temperature, m1, m2, s11, s12, s22"
        step = f"add {', '.join(missing)}"
        if "pair_overlap" in history:
            step = "record free means: those on the sphere have no variance of the start to find"
        raise DomainError.of("history", what, sorted(history), step)
    columns = [_numbers(name, history[name]) for name in (*_NAMES, "step", "temperature")]
    shape = columns[0].shape
    if len(shape) != 2 or shape[0] < _LEAST_RECORDS or shape[1] < _LEAST_RUNS:
        what = f"of at least {_LEAST_RECORDS} records of {_LEAST_RUNS} runs, arrays (records, runs)"
        raise DomainError.of("history", what, f"arrays of shape {shape}", "record more steps or train more replicas")
    of_all = [column[:, None] if column.shape == shape[:1] else column for column in columns[len(_NAMES) :]]
    columns = columns[: len(_NAMES)] + [
        np.broadcast_to(column, shape) if column.shape == (shape[0], 1) else column for column in of_all
    ]
    for name, column in zip((*_NAMES, "step", "temperature"), columns, strict=True):
        if column.shape != shape:
            was = f"{name} of shape {column.shape} beside m1 of {shape}"
            raise DomainError.of("history", "arrays of one shape", was, "give every record of every run")
    return columns


def _numbers(name: str, values: object) -> FloatArray:
    try:
        column = np.asarray(values)
    except ValueError:
        advice = "give every record of every run"
        raise DomainError.of(
            "history", "arrays of one shape", f"{name} with rows of different length", advice
        ) from None
    if column.dtype.kind not in "biuf":
        raise DomainError.of("history", "of real numbers", f"{name} of {column.dtype}", "give arrays of floats")
    if not np.all(np.isfinite(column)):
        first = np.argwhere(~np.isfinite(column))[0].tolist()
        step = "leave out the runs that diverged"
        raise DomainError.of("history", "of finite numbers", f"{name}{first} = {column[tuple(first)]}", step)
    return column.astype(float)


def _rates(
    target: BimodalTarget, rules: Dynamics, temperatures: FloatArray, states: FloatArray, *, plain: bool
) -> tuple[FloatArray, FloatArray]:
    """Of s at each record but the last: the rate of the flow, and the variance that one sample gives its gradient."""
    model = free_pair(target, Constant(1), rules)
    mobility = 2.0 if rules.metric == "natural" else 1.0
    paces = mobility * np.broadcast_to(
        np.asarray(loss_factors(rules.objective)(temperatures)[1], dtype=float), temperatures.shape
    )
    shape, new = (temperatures.shape[0] - 1, temperatures.shape[1]), np.empty(3)
    rates, spreads = np.empty(shape), np.empty(shape)
    for index in np.ndindex(shape):
        y, temperature = states[index], float(temperatures[index])
        values = drifted(y, temperature, 1.0, model.parameters, model.averages, new)
        rates[index] = paces[index] * (new[0] - y[0])
        noise = plane_noise(y, temperature, float(plain), values, model.parameters, model.averages)[0]
        spreads[index] = paces[index] ** 2 * noise
    return rates, spreads


def _ratio(own: FloatArray, weight: FloatArray) -> tuple[float, float]:
    """A ratio of sums over runs, and its standard error."""
    ratio, count = float(own.sum() / weight.sum()), own.size
    off = own - ratio * weight
    return ratio, float(np.sqrt(np.sum(off**2) * count / (count - 1)) / weight.sum())
