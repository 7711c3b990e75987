"""What a mixture has to be to resemble a flow: time unit, law of the start, noise; and how far the likeness goes."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Unpack

import numpy as np
from scipy import stats

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.design.calibration import CLEAR, Calibration
from anneal_theory.design.flow_records import Path, path_and_start
from anneal_theory.errors import DomainError
from anneal_theory.probability.noisy.training_noise import Gradient, require_quantiles
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.problem.dynamics import DynamicsOptions
from anneal_theory.quantities.doors import checked
from anneal_theory.shown import with_error

_STRETCHES = 3  # of a record, each of which tells as much of the step: fewer than the least number of runs
_LONGEST = 4  # windows of the noise: as many times the optimiser's memory, or as much time of gradient flow if longer
_LENGTHS = 6  # of windows at most
_FLOOR = 1e-6  # of the mean square, below which none is expected
_ROUNDS = 3  # of the fit of the noise, whose weights are what it found before


@dataclass(frozen=True)
class Stretch:
    """The time unit of a part of the records.

    Attributes:
        first_step: Where it begins.
        last_step: Where it ends.
        step_size: Time of gradient flow that one of its steps makes.
        step_size_error: Of it.
    """

    first_step: int
    last_step: int
    step_size: float
    step_size_error: float


@dataclass(frozen=True, repr=False)
class FlowCalibration(Calibration):
    """What pilot runs tell of a flow's training, read as that of a mixture; errors are standard errors over the runs.

    The batch is infinite where runs are seen to drift apart no further with time. A mixture's records have stretches of one step size, a `centre_ratio` of 1 and as many `directions` as dimensions.

    Attributes:
        stretches: Parts of the records, each of which tells as much of the time unit.
        misfit: How far their step sizes are from the whole's, root mean square, as a share of it.
        p_value: Probability of stretches that differ as much or more, if only errors made them differ.
        record_deviation: Standard deviation of a record's own noise, of (m1 + m2)/2.
        start_mean: Of (s, delta, |Delta|) at the first record, as measured, s = (m1 + m2)/2.
        start_covariance: Of the same, sampling noise included.
        centre_ratio: Mean square of s at the start over what it is under `init`.
        centre_ratio_error: Of it.
        directions: In how many directions that are alike Delta may lie at the start: d where its angle to mu* is
            uniform, 1 where it is along mu*.
        directions_error: Of it.
    """

    stretches: tuple[Stretch, ...]
    misfit: float
    p_value: float
    record_deviation: float
    start_mean: tuple[float, ...]
    start_covariance: tuple[tuple[float, ...], ...]
    centre_ratio: float
    centre_ratio_error: float
    directions: float
    directions_error: float

    @property
    def noise(self) -> dict[str, Any]:
        """Keywords of `design_schedule` and `noisy_collapse_probability`; none where no noise was seen to grow."""
        return super().noise if math.isfinite(self.batch_size) else {}

    def told(self) -> dict[str, object]:
        """What was found, with its errors, and how far it is from a mixture's."""
        found = super().told()
        return {name: found[name] for name in ("step size", "init", "batch size")} | {
            "misfit": f"{self.misfit:.2g} (p = {self.p_value:.2g})",
            "centre ratio": with_error(self.centre_ratio, self.centre_ratio_error),
            "directions": with_error(self.directions, self.directions_error),
        }

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return super().to_dict() | {"stretches": [vars(one) for one in self.stretches]}


@checked(history="flow_history")
def calibrate_flow(
    target: BimodalTarget,
    history: Mapping[str, FloatArray],
    *,
    dim: int,
    memory: int = 10,
    record_samples: int | None = None,
    gradient: Gradient = "plain",
    **dynamics: Unpack[DynamicsOptions],
) -> FlowCalibration:
    """The mixture that resembles a flow's training most: its time unit, law of the start and noise, from pilot runs.

    The two components are the halves of the base. Which record is theirs was measured ({doc}`../flow_schedules`): how far
    samples are from their base points, halves along directions of no account, `train_realnvp(..., halves="shifts")`; the
    same of your own flow will do. How far flows follow a mixture is told, not asked: see `FlowCalibration`.

    The time unit is what m1 + m2 moves over the time that the optimiser remembers, over the sum of a mixture's rates on
    the way. Its records are noisy, and so are the rates at them; so the rates are weighed by records before the move,
    which have other noise, and at the beginning by those of the other runs. (`time_per_step` needs one crossing alone,
    and tells neither an error nor whether time passes evenly.) The noise is what the runs' moves differ by beyond that,
    over one to four such times: what grows with the time is the training's, the rest that of the records. The law of
    the start is by the squared distance of the two halves.

    Args:
        target: Separation and weight.
        history: step, temperature, m1, m2, s11, s12, s22, arrays (records, runs) from the start on at even distances.
            Halves along the direction that tells the label best, which `train_realnvp` records unless told otherwise,
            have Delta along mu* from the start on, and do not move as a mixture's means.
        dim: Of the samples.
        memory: Steps that the optimiser remembers: 1/(1 - beta_1), 10 for Adam; 1 for descent without momentum.
        record_samples: Samples of a record, whose noise is taken from the law of the start (2/n to each coordinate of
            a mean); None for none: near the identity shifts have hardly any.
        gradient: "plain" or "path", whose covariance the noise is set beside.
        **dynamics: Arguments of `Dynamics`; equal weights.

    Returns:
        FlowCalibration; its `noise` and `init` are what `design_schedule` and `simulate_noisy_flow` take.

    Raises:
        DomainError: an array is missing or of another shape, there are too few records, the halves do not differ at the
            start, or nothing moves as a mixture would.

    Source:
        theory sections 3, 4 and 12.

    Example:
        >>> from anneal_theory.schedules import Constant
        >>> from anneal_theory.training import train_mixture
        >>> target, few = BimodalTarget(3, 0.8), {"replicas": 20, "batch_size": 50, "end_time": 10}
        >>> pilot = train_mixture(target, Constant(1), GaussianInit(16), record_every=2, most_undecided=1, **few)
        >>> found = calibrate_flow(target, pilot.history, dim=16, memory=1)
        >>> abs(found.step_size - 0.05) < 5 * found.step_size_error
        True
    """
    rules = Dynamics(**dynamics)
    require_quantiles(rules)
    path, start, first = path_and_start(target, rules, history, dim, record_samples, plain=gradient == "plain")
    lag = math.ceil(memory / path.every)
    _require_long(path, lag)
    limits, lengths = _limits(path, lag), _lengths(path, lag)
    runs = np.arange(path.centre.shape[1])

    def estimates(some: IntArray) -> FloatArray:
        of_start = start.of(some)
        law = of_start.variance, of_start.centre_ratio, of_start.directions
        return np.array([*_fitted(path.of(some), lengths, limits), *law])

    found, values = _with_pseudo_values(estimates, runs)
    errors = values.std(axis=0, ddof=1) / math.sqrt(len(runs))
    _require_moving(float(found[0]), float(errors[0]))
    step, steps, (own, share, variance, centre, directions) = found[0], found[1 : 1 + _STRETCHES], found[1 + _STRETCHES :]
    own_error, share_error, *of_law = errors[1 + _STRETCHES :].tolist()
    parts = tuple(
        Stretch(first * path.every, last * path.every, one, error)
        for first, last, one, error in zip(limits, limits[1:], steps.tolist(), errors[1:].tolist(), strict=False)
    )
    return FlowCalibration(
        float(step), float(errors[0]), GaussianInit(dim, variance=f"{variance:.6g}"), of_law[0],
        *_batch(float(share), share_error), gradient, parts,
        float(np.sqrt(np.mean((steps / step - 1) ** 2))), _chance_of_one(steps, values[:, 1 : 1 + _STRETCHES]),
        math.sqrt(max(float(own), 0.0)), tuple(first.mean(axis=0).tolist()),
        tuple(map(tuple, np.cov(first, rowvar=False).tolist())),
        float(centre), of_law[1], float(directions), of_law[2],
    )  # fmt: skip


def _fitted(path: Path, lengths: tuple[int, ...], limits: tuple[int, ...]) -> FloatArray:
    """The step, the steps of stretches, a record's own variance, and the inverse of a batch as noisy as the steps."""
    by_window, weighed = _told(path, lengths[0])
    step = by_window.sum() / weighed.sum()
    parts = [slice(*ends) for ends in pairwise(limits)]
    steps = [by_window[part].sum() / weighed[part].sum() for part in parts]
    own, noise = _noise(path, lengths, step)
    return np.array([step, *steps, own, noise / step**2])


def _told(path: Path, lag: int) -> tuple[FloatArray, FloatArray]:
    """Of each window, summed over the runs: how far s moves, and the sum of its rates, both weighed.

    By rates that share no noise with the window: those of records as long before it, or of the other runs.
    """
    time = _sums(path.rates, path.every, lag)
    weights = (time.sum(axis=1, keepdims=True) - time) / ((time.shape[1] - 1) * path.every * lag)
    weights[lag:] = path.rates[: len(time) - lag]
    return (weights * _moves(path, lag)).sum(axis=1), (weights * time).sum(axis=1)


def _moves(path: Path, lag: int) -> FloatArray:
    return path.centre[lag:] - path.centre[:-lag]


def _sums(values: FloatArray, every: int, lag: int) -> FloatArray:
    """Sums over all steps of windows, of what is known at the records and lies on lines between them."""
    between = ((every + 1) * values[:-1] + (every - 1) * values[1:]) / 2
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(between, axis=0)])
    return sums[lag:] - sums[:-lag]


def _limits(path: Path, lag: int) -> tuple[int, ...]:
    """Windows at which stretches end that tell as much of the step as each other.

    Raises:
        DomainError: the runs are at rest.
    """
    told = np.cumsum(np.abs(_told(path, lag)[1]))
    if not told[-1] > 0:
        raise DomainError.of("history", "of runs that move", "runs at rest", "record from the start of training on")
    limits = 0, *(1 + int(np.searchsorted(told, told[-1] * part / _STRETCHES)) for part in range(1, _STRETCHES)), len(told)
    if not all(first < last for first, last in pairwise(limits)):
        what, was = f"of more than {_STRETCHES} records on the way to the modes", "fewer"
        raise DomainError.of("history", what, was, "record more often: record_every=1")
    return limits


def _lengths(path: Path, lag: int) -> tuple[int, ...]:
    """Lengths of windows in records, from the optimiser's memory on."""
    by_window, weighed = _told(path, lag)
    unit = abs(float(by_window.sum() / weighed.sum())) * path.every
    longest = min(max(_LONGEST * lag, round(_LONGEST / unit) if unit > 0 else 0), len(path.centre) // 2)
    return tuple(sorted({round(one) for one in np.geomspace(lag, longest, _LENGTHS)}))


def _noise(path: Path, lengths: tuple[int, ...], step: float) -> tuple[float, float]:
    """The variance of a record's own noise, and what noise of a step is in that of one sample, by least squares.

    Of windows of several lengths: how far runs are from each other beyond their rates, squared. A record's noise is in
    both ends, and in the rates by their slopes. Squares weigh by what is expected of them.
    """
    count, rows = path.centre.shape[1], []
    for length in lengths:
        off = _moves(path, length) - step * _sums(path.rates, path.every, length)
        squares = (off - off.mean(axis=1, keepdims=True)) ** 2 * count / (count - 1)
        begin = (1 + step * (path.every + 1) / 2 * path.slopes[:-length]) ** 2
        end = (1 - step * (path.every - 1) / 2 * path.slopes[length:]) ** 2
        within = _sums(path.jitters, 1, length) - path.jitters[:-length]
        own = begin + end + (step * path.every) ** 2 * within
        rows.append(np.stack([own, _sums(path.spreads, path.every, length), squares]).reshape(3, -1))
    own, time, squares = np.concatenate(rows, axis=1)
    columns, weights = np.column_stack([own, time]), np.ones(len(squares))
    for _ in range(_ROUNDS):
        found = np.linalg.lstsq(columns * weights[:, None], squares * weights, rcond=None)[0]
        expected = columns @ np.maximum(found, 0.0)
        weights = 1 / np.maximum(expected, _FLOOR * squares.mean())
    return float(found[0]), float(found[1])


def _with_pseudo_values(
    estimates: Callable[[IntArray], FloatArray], runs: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Estimates, and their jackknifed pseudo-values, shape (runs, estimates), whose spread tells their errors."""
    whole, count = estimates(runs), len(runs)
    without = np.array([estimates(np.delete(runs, place)) for place in range(count)])
    return whole, count * whole - (count - 1) * without


def _chance_of_one(steps: FloatArray, values: FloatArray) -> float:
    """The probability of stretches that differ so much if they have one step: Hotelling's test of their differences."""
    count, parts = len(values), len(steps) - 1
    off, covariance = steps[1:] - steps[0], np.cov(values[:, 1:] - values[:, :1], rowvar=False) / count
    square = off @ np.linalg.solve(covariance, off)
    return float(stats.f.sf(square * (count - parts) / (parts * (count - 1)), parts, count - parts))


def _require_long(path: Path, lag: int) -> None:
    least = 2 * _LONGEST * lag
    if len(path.centre) < least:
        what = f"of at least {least} records, for a memory of {lag} of them"
        advice = "record for longer, or give the optimiser's memory: 1 without momentum"
        raise DomainError.of("history", what, len(path.centre), advice)


def _batch(share: float, error: float) -> tuple[float, float]:
    """A batch and its error, by its inverse; infinite where no noise is seen to grow."""
    return (1 / share, error / share**2) if share > 0 else (math.inf, math.inf)


def _require_moving(step: float, error: float) -> None:
    """Refuse records that tell no step."""
    if not step > CLEAR * error:
        was = f"a step of {step:.3g} with the error {error:.2g}"
        advice = 'record more runs at T = 1 from the start on, by halves="shifts", and check target and dim'
        raise DomainError.of("history", "of flows that move as the means of a mixture would", was, advice)
