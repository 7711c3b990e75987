"""The threshold and the probability of collapse to leading order in eta/B, along critical runs of the gradient flow.

Noise of a strength eps = eta/B moves the critical delta of a start by eps M and widens the law of its delta by eps W
(`derivations.alignment_noise`). Both are integrals along the run that starts on the separatrix, so they are found once
for all batches and steps.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from anneal_theory._types import FloatArray
from anneal_theory.averages import quadrature_double
from anneal_theory.errors import DomainError
from anneal_theory.formulas.alignment_noise import (
    centre_bend,
    chance_move,
    noisy_argument,
    shift_bounds,
    threshold_power,
)
from anneal_theory.formulas.growth_rate import coincident_growth
from anneal_theory.formulas.start_law import log_chance_offset
from anneal_theory.models.free_pair import FreePair, free_pair
from anneal_theory.models.runs import on_all_cores
from anneal_theory.probability.counted import counted_estimate
from anneal_theory.probability.noisy.first_order_kernels import moves_of_starts
from anneal_theory.probability.noisy.quantiles import start_nodes
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.problem.dynamics import tempered_pace
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.threshold.departures import Departures
from anneal_theory.work import count_work

_OVERLAPS, _LENGTHS = 12, 5  # nodes: starts s(0), on either side of the unstable zero, and lengths
_TOLERANCE = 1e-9  # of log rho_c: the closer, the later a run leaves the separatrix
_GUESS = -2.0  # of log rho_c
_MOST_STEPS = 2**18  # half a minute or so
STEP = 0.1  # of the tempered flow: the fastest rate of a pair is about 2 in its time
_AFTER = 1000.0  # time at T = 1 in which runs leave the separatrix
SETTLED = 1e-3  # above T = 1: where that time begins
LOOKS = 4000  # at the temperature, for the steps
_CERTAIN = 30.0  # of delta_c over 2 R sigma: beyond, nothing is left to move
_ALL = 600.0  # bends that leave no chance; exponentials of more leave the range of doubles
_STEEP = 2.0  # power up to which the mean square of a normal variable bounds
_LEAST_DIM = 3.0  # of the drift: in the plane the one direction across goes through 0


@dataclass(frozen=True)
class Moves:
    """What noise of strength 1 does at starts.

    Near the unstable zero of s the threshold is a power of the distance from it, `power`; infinite where there is none.

    Attributes:
        log_rho: Logarithms of the thresholds of the gradient flow, infinite where there is none.
        shift: M of each start, 0 where there is no threshold.
        aligned: A, the part of it from where pairs are aligned.
        width: W.
        blur: U, by noise of s.
    """

    log_rho: FloatArray
    shift: FloatArray
    aligned: FloatArray
    width: FloatArray
    blur: FloatArray
    power: float = math.inf

    def bounds(self, strength: float) -> tuple[FloatArray, FloatArray]:
        """Least and largest shift of log delta_c by noise of a strength; infinite where it may erase all alignment.

        They hold for noise of every order of a pair that is heated at once, and take in what noise of s may bend.
        """
        shift, aligned = np.maximum(strength * self.shift, -0.5), np.minimum(strength * self.aligned, 0.5)
        with np.errstate(divide="ignore"):  # the logarithm of 0 is where there is no bound
            least, most = shift_bounds(noise_scale=1.0, noise_shift=shift, aligned_shift=aligned)
        bent = self.bent(strength)
        return least - bent, most + bent

    def bent(self, strength: float) -> FloatArray:
        """How far log delta_c may bend by noise of s, whose curvature is not computed.

        It is taken to be as much as near the unstable zero, where this is a bound (`derivations.alignment_noise`).
        """
        steep = self.power > _STEEP
        square, limit = centre_bend(centre_blur=strength * self.blur, threshold_power=1.0 if steep else self.power)
        return np.asarray(np.minimum(limit if steep else square, _ALL))


def noise_moves(model: FreePair, grid: tuple[FloatArray, ...], starts: FloatArray, dim: int, *, plain: bool) -> Moves:
    """M, A, W and U of starts (s, log of the model's length).

    Args:
        model: Of the pair.
        grid: What `step_grid` gives for its schedule.
        starts: Shape (n, 2).
        dim: Of the means.
        plain: Whether gradients have their score term.
    """
    search, log_rho = Departures(model, _TOLERANCE), np.empty(len(starts))
    above = starts[:, 0] > model.saddle if math.isfinite(model.saddle) else np.full(len(starts), fill_value=True)
    for side in (False, True):
        chosen = np.flatnonzero(above == side)
        if chosen.size:
            log_rho[chosen] = search.thresholds(starts[chosen], np.full(chosen.size, _GUESS), _TOLERANCE, float(side))
    known = np.flatnonzero(np.isfinite(log_rho))
    moves = np.zeros((4, len(starts)))
    if known.size:
        noise = max(float(dim), _LEAST_DIM), float(plain)
        problem = model.parameters, model.averages, model.packed[3]
        rows = np.ascontiguousarray(starts[known]), np.ascontiguousarray(log_rho[known])
        *known_moves, steps = on_all_cores(moves_of_starts, rows, (grid, noise, problem))
        moves[:, known] = [one[0] for one in known_moves]
        count_work(runs=known.size, steps=sum(steps))
    shift, aligned, width, blur = moves
    return Moves(log_rho, shift, aligned, width, blur, power_at(model))


def power_at(model: FreePair) -> float:
    """Of the distance from the unstable zero, that the threshold is there; infinite where there is no such zero."""
    if not math.isfinite(model.saddle):
        return math.inf
    radius, odds = float(model.parameters[0]), float(model.parameters[1])
    slope = quadrature_double.label_slope(np.array([model.saddle + odds]), radius)
    return float(threshold_power(zero_growth=coincident_growth(radius, float(slope[0]))))


def step_grid(
    schedule: Schedule, dynamics: Dynamics, fastest: Callable[[FloatArray], FloatArray] = np.ones_like,
    after: float = _AFTER, step: float = STEP,
) -> tuple[FloatArray, ...]:  # fmt: skip
    """(times, temperatures, paces, ceilings) of steps that are short against the fastest rate, in pairs without a kink.

    Args:
        schedule: Annealing schedule.
        dynamics: Its metric and objective are the pace of time.
        fastest: About the fastest rate in the time of the tempered flow, over what it is of a free pair, against T.
        after: Time at T = 1 in which runs leave the separatrix.
        step: Of a run, in that time.

    Raises:
        DomainError: there would be too many of them.
    """
    end = schedule.settling_time(SETTLED) + after
    corners = [time for time in schedule.breakpoints if 0.0 < time < end]
    nodes = [np.zeros(1)]
    for first, last in zip([0.0, *corners], [*corners, end], strict=True):
        looks = np.linspace(np.nextafter(first, last), np.nextafter(last, first), LOOKS)
        seen = np.asarray(schedule.temperature(looks), dtype=float)
        paces = tempered_pace(dynamics, seen) * fastest(seen)
        spent = np.append(0.0, np.cumsum(0.5 * (paces[1:] + paces[:-1]) * np.diff(looks)))
        pairs = max(math.ceil(spent[-1] / (2.0 * step)), 2)
        if sum(map(len, nodes)) + 2 * pairs > _MOST_STEPS:
            what = (
                f"short enough for {_MOST_STEPS} steps, of {step} in the clock of its flow, for noise to leading order"
            )
            raise DomainError.of("schedule", what, schedule, 'use a shorter one; P by method="quantiles" holds for any')
        whole = np.interp(np.linspace(0.0, spent[-1], pairs + 1), spent, np.linspace(first, last, LOOKS))
        inner = np.sort(np.append(whole[1:], 0.5 * (whole[1:] + whole[:-1])))
        nodes.append(inner)
    times = np.concatenate(nodes)
    begin, later = times[:-1], times[1:]
    places = np.stack([np.nextafter(begin, later), 0.5 * (begin + later), np.nextafter(later, begin)], axis=1)
    temperatures = np.asarray(schedule.temperature(places.ravel()), dtype=float).reshape(places.shape)
    ceilings = np.maximum.accumulate(temperatures.max(axis=1)[::-1])[::-1]
    paces = np.ascontiguousarray(tempered_pace(dynamics, temperatures))
    return times, temperatures, paces, np.ascontiguousarray(ceilings)


def first_order_probability(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics, strength: float, flow: Estimate,
    *, plain: bool,
) -> Estimate:  # fmt: skip
    """P with noise of the strength eta/B, from that of the gradient flow: thresholds and laws of starts are moved.

    Args:
        target: Separation and weight.
        schedule: Annealing schedule.
        init: Law of the starts.
        dynamics: Of equal weights.
        strength: eta/B.
        flow: The probability without noise.
        plain: Whether gradients have their score term.
    """
    moves, quiet, weights = _averaged_moves(target, schedule, init, dynamics, plain=plain)

    def rise(shift: FloatArray) -> float:
        """Of P where log delta_c of every start moves by so much."""
        with np.errstate(over="ignore"):
            loud = noisy_argument(
                error_argument=quiet, noise_scale=strength, noise_shift=shift / strength, noise_width=moves.width
            )
        return float(weights @ (special.erf(loud) - special.erf(quiet)))

    slope = float(weights @ chance_move(error_argument=quiet, noise_shift=moves.shift, noise_width=moves.width))
    change, (least, most) = rise(strength * moves.shift), moves.bounds(strength)
    reach = max(rise(most) - change, change - rise(least), abs(change - strength * slope))
    probability = min(max(float(flow.value) + change, 0.0), 1.0)
    error = min(reach + float(flow.error), max(probability, 1.0 - probability))
    ended = float(weights @ np.isinf(most))
    note = "of the gradient flow and, to leading order, its noise; the error is how far the next orders may reach"
    note += f". Noise may erase all alignment at {ended:.0%} of the starts: use quantiles or simulate" if ended else ""
    estimate = counted_estimate(probability, error, "leading-order", note)
    return replace(estimate, parts={"flow": float(flow.value), "slope": slope})


def bent_chance(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics, strength: float, *, plain: bool
) -> float:
    """How far P may change by noise of s, which runs at quantiles leave out; arguments of `first_order_probability`."""
    moves, quiet, weights = _averaged_moves(target, schedule, init, dynamics, plain=plain)
    return float(weights @ (special.erf(quiet * np.exp(moves.bent(strength))) - special.erf(quiet)))


def _averaged_moves(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics, *, plain: bool
) -> tuple[Moves, FloatArray, FloatArray]:
    """What noise does at the nodes of an average, their delta_c over 2 R sigma without it, and their weights."""
    model = free_pair(target, schedule, dynamics).lengths_across()
    nodes, weights = start_nodes(model.saddle, target, init, _OVERLAPS, _LENGTHS)
    starts = np.ascontiguousarray(nodes[:, :2])
    moves = noise_moves(model, step_grid(schedule, dynamics, step=STEP), starts, init.dim, plain=plain)
    log_quiet = moves.log_rho + log_chance_offset(starts[:, 1], init.scale)
    return moves, np.exp(np.minimum(log_quiet, math.log(_CERTAIN))), weights
