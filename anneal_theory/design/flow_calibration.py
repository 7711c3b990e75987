"""What a mixture has to be to resemble a flow: time unit, law of the start, noise; and how far the likeness goes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Unpack

import numpy as np
from scipy import stats

from anneal_theory._types import FloatArray, IntArray
from anneal_theory.design.calibration import CLEAR, Calibration
from anneal_theory.design.flow_fit import STRETCHES, fitted, lengths_of, limits_of, require_long
from anneal_theory.design.flow_records import Path, Start, path_and_start
from anneal_theory.design.flow_windows import Windows, windows_of
from anneal_theory.errors import DomainError
from anneal_theory.probability.noisy.training_noise import Gradient, require_quantiles
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.problem.dynamics import DynamicsOptions
from anneal_theory.quantities.doors import checked
from anneal_theory.shown import with_error


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

    The batch is infinite where runs are seen to drift apart no further with time. A mixture's records have stretches of
    one step size, a `centre_ratio` of 1 and as many `directions` as dimensions.

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
        return (
            {name: found[name] for name in ("step size", "init", "batch size")}
            | {
                "misfit": f"{self.misfit:.2g} (p = {self.p_value:.2g})",
                "centre ratio": with_error(self.centre_ratio, self.centre_ratio_error),
                "directions": with_error(self.directions, self.directions_error),
            }
            | ({"gradient": found["gradient"]} if self.gradient == "path" else {})
        )

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

    The two components are the halves of the base along a direction of no account, and their means how far samples are
    from their base points: `train_realnvp(..., halves="shifts")` records them, and the same of your own flow will do
    (the page on flows' schedules says why). How far flows follow a mixture is told, not asked: see `FlowCalibration`.

    The time unit is what m1 + m2 moves in as many steps as the optimiser remembers, over the sum of a mixture's rates
    as it remembers them: momentum moves by an average of past gradients, here with Adam's correction at the start
    (SGD with momentum has none and begins more slowly than is reckoned with: a mixture trained by it was told with a
    step 3 % short and a `p_value` near 0). Its records are noisy, and so are the rates at them; so the rates are
    weighed by records before the move, which have other noise, and at the beginning by those of the other runs.
    (`time_per_step` needs one crossing alone, and tells neither an error nor whether time passes
    evenly.) The noise is what the runs' moves differ by beyond that, over one to four such times: what grows with the
    time is the training's, the rest that of the records. The law of the start is by the squared distance of the halves.

    The noise is compared with a covariance that is exact where delta = 0. Of mixtures that start apart and train by
    path gradients, whose noise is least where it is inexact, the batch found is too large: 67 ± 3 for 50 from N(0, I/8)
    at R = 3 and T = 1, and up to twice the true one with momentum; 50 ± 2 from N(0, I/128), and plain gradients 51 ± 2.

    Args:
        target: Separation and weight.
        history: step, temperature, m1, m2, s11, s12, s22, arrays (records, runs) from the start on at even distances.
            Halves along the direction that tells the label best, which `train_realnvp` records unless told otherwise,
            have Delta along mu* from the start on, and do not move as a mixture's means.
        dim: Of the samples.
        memory: Steps that the optimiser remembers: 1/(1 - beta_1), 10 for Adam (beta_1 = 0.9); 1 without momentum.
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
    lag, beta = math.ceil(memory / path.every), 1 - 1 / memory
    require_long(path, lag)
    shortest = windows_of(path, lag, beta)
    limits = limits_of(path, shortest)
    windows = [shortest, *(windows_of(path, length, beta) for length in lengths_of(path, shortest, lag)[1:])]
    found, values = _estimated(path, start, windows, limits)
    errors = values.std(axis=0, ddof=1) / math.sqrt(len(values))
    errors[~np.isfinite(errors)] = math.inf
    _require_moving(float(found[0]), float(errors[0]))
    whole, *steps, own, share, variance, centre, directions = found.tolist()
    error, *errors_of, _, share_error, variance_error, centre_error, directions_error = errors.tolist()
    ends = pairwise(limit * path.every for limit in limits)
    parts = tuple(Stretch(*end, *one) for end, one in zip(ends, zip(steps, errors_of, strict=True), strict=True))
    batch, batch_error = (1 / share, share_error / share**2) if share > 0 else (math.inf, math.inf)
    law = GaussianInit(dim, variance=f"{variance:.6g}")
    misfit = float(np.sqrt(np.mean((np.array(steps) / whole - 1) ** 2)))
    return FlowCalibration(
        whole, error, law, variance_error, batch, batch_error, gradient, parts, misfit,
        _chance_of_one(np.array(steps), values[:, 1 : 1 + STRETCHES]), math.sqrt(max(own, 0.0)),
        tuple(first.mean(axis=0).tolist()), tuple(map(tuple, np.cov(first, rowvar=False).tolist())),
        centre, centre_error, directions, directions_error,
    )  # fmt: skip


def _estimated(
    path: Path, start: Start, windows: list[Windows], limits: tuple[int, ...]
) -> tuple[FloatArray, FloatArray]:
    """What `fitted` and the start tell, and its jackknifed pseudo-values, shape (runs, estimates)."""
    runs = np.arange(path.centre.shape[1])

    def estimates(some: IntArray) -> FloatArray:
        of_start = start.of(some)
        law = of_start.variance, of_start.centre_ratio, of_start.directions
        return np.array([*fitted(path.of(some), [one.of(some) for one in windows], limits), *law])

    whole, count = estimates(runs), len(runs)
    without = np.array([estimates(np.delete(runs, place)) for place in runs])
    with np.errstate(invalid="ignore"):  # directions may be infinite
        return whole, count * whole - (count - 1) * without


def _chance_of_one(steps: FloatArray, values: FloatArray) -> float:
    """The probability of stretches that differ so much if they have one step: Hotelling's test of their differences."""
    count, parts = len(values), len(steps) - 1
    off, covariance = steps[1:] - steps[0], np.cov(values[:, 1:] - values[:, :1], rowvar=False) / count
    if not np.all(np.isfinite(covariance)) or np.linalg.matrix_rank(covariance, hermitian=True) < parts:
        raise DomainError.of("history", "of independent runs", "copies of few", "train with a seed for each")
    square = off @ np.linalg.solve(covariance, off)
    return float(stats.f.sf(square * (count - parts) / (parts * (count - 1)), parts, count - parts))


def _require_moving(step: float, error: float) -> None:
    """Refuse records that tell no step: also of runs that are one, whose errors are none."""
    if not step > CLEAR * error or not error > 0:
        was = f"a step of {step:.3g} with the error {error:.2g}"
        advice = 'record more runs at T = 1 from the start on, by halves="shifts", and check target and dim'
        raise DomainError.of("history", "of flows that move as the means of a mixture would", was, advice)
