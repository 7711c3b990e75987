"""Means on the sphere: where noise puts the threshold of a given start, and how long a collapsed pair stays aligned."""

import math
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from scipy import optimize

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.errors import DomainError, SolveError
from anneal_theory.exact import exact
from anneal_theory.formulas.sphere_diffusion import difference_turning
from anneal_theory.formulas.sphere_flow import pair_cosine_of, sphere_overlaps, sphere_start
from anneal_theory.formulas.sphere_noise import beyond_first
from anneal_theory.formulas.sphere_rest import plane_places
from anneal_theory.models.sphere_pair import SpherePair, sphere_pair
from anneal_theory.models.sphere_pair_kernels import FIXED, TRAINED, rates
from anneal_theory.probability.noisy.first_order import step_grid
from anneal_theory.probability.noisy.sphere_first_order import AFTER, fastest_along, shifts_of
from anneal_theory.probability.noisy.sphere_first_order_kernels import diffusion, seen
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import law_dim
from anneal_theory.results import Estimate
from anneal_theory.schedules import Constant, Hold, Schedule
from anneal_theory.threshold.sphere.exact import sphere_threshold

_ACROSS = math.log(1e-7)  # log x of a pair whose alignment is small: its square is lost beside 1
_WEAK = 1e-4  # of noise times d: where the line in the noise is taken
_LOOKS = 2000  # for the place where a pair is held, in the cosine of half its angle


def noisy_sphere_threshold(
    target: BimodalTarget, schedule: Schedule, dynamics: Dynamics, start: tuple[Exactable, Exactable], dim: int,
    batch_size: int, step_size: float, *, plain: bool,
) -> Estimate:  # fmt: skip
    """x_c of a start with noise, to leading order in step size over batch.

    Args:
        target: Separation and weight.
        schedule: Ends at temperature 1.
        dynamics: On the sphere, of equal weights.
        start: mu_1 . mu_2/R^2, and the cosine y of mu_1 + mu_2 with the axis.
        dim: Of the means.
        batch_size: B.
        step_size: eta.
        plain: Whether gradients have their score term.

    Raises:
        DomainError: there is no threshold, or noise may erase all alignment.
    """
    moving = law_dim(dynamics, dim)
    quiet = sphere_threshold(target, schedule, dynamics, *start, moving)
    if not math.isfinite(quiet.log_value):
        step = "choose a start of which some directions collapse and some do not"
        raise DomainError.of("mean_cosine", "of a start with a threshold", start[1], step)
    model = sphere_pair(target, schedule, dynamics, moving)
    y, cosine = float(exact(start[1], "mean_cosine")), float(exact(start[0], "pair_overlap"))
    grid = step_grid(schedule, dynamics, fastest_along(target, schedule, dynamics), AFTER)
    shifts = shifts_of(model, grid, np.array([[y, cosine]]), np.ones(1), dim, plain=plain)
    strength = step_size / batch_size
    drifts, (wide, blur) = strength * shifts.parts[:2, 0], strength * shifts.spread[:, 0]
    largest = float(sphere_start(math.inf, y, cosine, target.separation)[0])  # of log x beside this y
    shift, room = float(drifts.sum()), largest - quiet.log_value
    if shift >= room:
        needed = math.floor(batch_size * shift / room) + 1
        what = f"at least {needed} at these steps: in smaller ones noise erases the alignment of every run"
        raise DomainError.of("batch_size", what, batch_size, "simulate_noisy_flow holds beyond")
    log_error = float(beyond_first(noise_scale=1.0, shift_part=np.abs(drifts)).sum())
    log_error += min(0.5 * blur, math.log1p(blur)) + float(np.abs(drifts).sum()) / (dim - 3) + float(quiet.log_error)
    return with_noise(quiet, shift, math.sqrt(wide), log_error)


def with_noise(quiet: Estimate, shift: float, spread: float, log_error: float) -> Estimate:
    """A threshold whose logarithm noise shifts by so much, and blurs by a deviation."""
    threshold, parts = float(quiet.value) * math.exp(shift), {"flow": float(quiet.value), "shift": shift}
    return replace(
        quiet, value=threshold, log_value=quiet.log_value + shift, error=threshold * log_error, log_error=log_error,
        method="leading-order", parts=parts | {"spread": spread},
        note="with noise, to leading order in step size/batch",
    )  # fmt: skip


Problem: TypeAlias = tuple[Any, ...]  # of the kernels: parameters, averages, regions


@dataclass(frozen=True)
class HeldPair:
    """A collapsed pair that is held near one mode at a constant temperature.

    Attributes:
        distance: |mu_1 - mu_2|.
        growth: Of log x per unit of the tempered flow's time, without noise.
        loss: What noise of strength 1 takes of that.
        turning: The rate at which noise of strength 1 takes the mean cosine of mu_1 - mu_2 with its direction of old.
    """

    distance: float
    growth: float
    loss: float
    turning: float


def held_pair(target: BimodalTarget, temperature: float, dynamics: Dynamics, dim: int, *, plain: bool) -> HeldPair:
    """The pair at rest that two joint means at the heavier mode come to, and what noise does to its alignment."""
    schedule = Constant(1) if temperature == 1 else Hold(temperature, 1)
    model = sphere_pair(target, schedule, dynamics, law_dim(dynamics, dim))
    problem = model.parameters, model.averages, model.packed[3]
    noise = float(dim), float(plain)
    quiet = _at_rest(model, problem, temperature, 0.0, noise, _guess(target, model, temperature))
    weak = _WEAK / dim
    loud = _at_rest(model, problem, temperature, weak, noise, quiet)
    growth, less = (_growth(problem, temperature, *one, noise) for one in ((0.0, quiet), (weak, loud)))
    _, cosine, variance, _, _, shares = seen(_state(quiet), temperature, problem)
    turning = difference_turning(
        pair_cosine=cosine, separation=target.separation, variance=variance, beta=1.0 / temperature, dim=noise[0],
        score=noise[1], overlap=shares[0], overlap_prime=shares[1],
    )  # fmt: skip
    distance = float(sphere_overlaps(0.0, 0.0, cosine, target.separation)[2])
    return HeldPair(distance, growth, (growth - less) / weak, float(turning))


def _state(rest: FloatArray) -> FloatArray:
    return np.array([_ACROSS, *rest])


def _growth(
    problem: Problem, temperature: float, strength: float, rest: FloatArray, noise: tuple[float, float]
) -> float:
    """Of log |E x| per unit of the tempered flow's time."""
    state = _state(rest)
    drift = diffusion(state, temperature, problem, *noise)[6] if strength else 0.0
    return float(rates(state, temperature, *problem[:2])[0] / temperature + strength * drift)


def _at_rest(
    model: SpherePair, problem: Problem, temperature: float, strength: float, noise: tuple[float, float],
    guess: FloatArray,
) -> FloatArray:  # fmt: skip
    """(m1 + m2, c, log v) of a pair that neither the mean gradient nor the drift of noise moves."""
    trained = model.parameters[2] == TRAINED

    def moved(rest: FloatArray) -> FloatArray:
        state = _state(rest)
        velocity = np.array(rates(state, temperature, *problem[:2])[1:]) / temperature
        if strength:
            velocity[:2] += strength * np.array(diffusion(state, temperature, problem, *noise)[7:9])
        velocity[2] = velocity[2] if trained else rest[2] - guess[2]
        return velocity

    solution = optimize.root(moved, guess, tol=1e-13)
    if not np.all(np.abs(moved(solution.x)) < 1e-9):
        raise SolveError("the pair at rest near the mode was not found; simulate_noisy_flow follows pairs to it")
    return np.asarray(solution.x)


def _guess(target: BimodalTarget, model: SpherePair, temperature: float) -> FloatArray:
    """(m1 + m2, c, log v) where the push lets two joint means at the mode come to rest: their sum along the axis."""
    wide = math.log(temperature) if model.parameters[2] != FIXED else 0.0

    def place(half: float) -> FloatArray:
        first, second, distance = plane_places(math.acos(half), -math.acos(half), target.separation)
        return np.array([first + second, pair_cosine_of(distance, target.separation), wide])

    def together(half: float) -> float:
        return float(rates(_state(place(half)), temperature, model.parameters, model.averages)[2])

    halves = np.linspace(1.0, 0.0, _LOOKS)[1:-1]
    apart = next((place for place in range(halves.size) if together(halves[place]) >= 0.0), None)
    if apart is None:
        return place(1e-3)  # equal modes: the pair is antipodal
    return place(optimize.brentq(together, halves[apart], halves[apart - 1]) if apart else 1.0 - 0.5 / _LOOKS)
