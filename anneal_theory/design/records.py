"""Records of pilot runs: what they have to hold, and how far each step moved them beside what the flow would."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages.variance_tables import variance_table
from anneal_theory.errors import DomainError
from anneal_theory.formulas.pair_coordinates import across_products, across_squared, distance_squared, weighted_mean
from anneal_theory.models.free_pair import free_pair
from anneal_theory.models.sphere_pair import sphere_pair
from anneal_theory.probability.noisy.means_problem import means_problem
from anneal_theory.probability.noisy.pair_noise_kernels import drifted, plane_noise
from anneal_theory.probability.noisy.record_kernels import noise_of_sums, sums_moved
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import tempered_pace
from anneal_theory.schedules import Constant, ExponentialToOne

FREE, _SPHERE = ("m1", "m2", "s11", "s12", "s22"), ("m1", "m2", "pair_overlap", "v1", "v2")
_LEAST_RECORDS, _LEAST_RUNS = 3, 4
_MARGIN = 1.1  # of recorded variances, about which psi is tabled
_LARGEST = 1e30  # number of a record, whose fourth power is still one
_ROUNDING = 1e-9  # of squares, by which a mean may seem shorter than its overlap


class Moves(NamedTuple):
    """Of one number of each run, at each record but the last, arrays (records - 1, runs)."""

    moved: FloatArray  # by how much the step moved it
    # from the length of a step to what it moves that number by without noise, over its length: the rate of the gradient
    # flow for free means, and for small steps on the sphere, where a step ends with a projection
    rates: Callable[[float], FloatArray]
    spreads: FloatArray  # the variance that one sample of each component gives to its gradient
    # the rate that noise of strength 1, one sample's in steps of length 1, adds to it; 0 for free means
    drifts: FloatArray


def moves_of_free_means(
    target: BimodalTarget, rules: Dynamics, history: Mapping[str, FloatArray], *, plain: bool
) -> tuple[Moves, FloatArray]:
    """Those of s = (m1 + m2)/2, and the squares of the first means, of each run."""
    columns, temperatures = _read(history, FREE)
    states = states_of(target, *columns)
    rates, spreads = rates_of(target, rules, temperatures[:-1], states[:-1], plain=plain)
    squares = columns[2][0] + columns[4][0]
    return Moves(np.diff(states[..., 0], axis=0), lambda step: rates, spreads, np.zeros(rates.shape)), squares


def moves_on_sphere(
    target: BimodalTarget, rules: Dynamics, history: Mapping[str, FloatArray], dim: int, *, plain: bool
) -> Moves:
    """Those of m1 + m2."""
    (m1, m2, cosine, v1, v2), temperatures = _read(history, _SPHERE)
    radius = target.separation
    room = _ROUNDING * radius**2
    if max(np.abs(m1).max(), np.abs(m2).max()) > radius**2 + room or np.abs(cosine).max() > 1 + _ROUNDING:
        what, was = "of means of the length R, in the units of the target", "longer ones"
        raise DomainError.of("history", what, was, "m_i is mu_i times the target's mode, pair_overlap a cosine")
    if not min(v1.min(), v2.min()) > 0:
        raise DomainError.of("history", "of positive variances v1 and v2", "others", "record variances, not their logs")
    variances = temperatures if rules.variance == "follows-temperature" else (v1 + v2) / 2
    states = np.stack([m1 / radius, m2 / radius, cosine, variances], axis=-1)[:-1].reshape(-1, 4)
    heats, schedule = temperatures[:-1].reshape(-1), ExponentialToOne(f"{temperatures.max():.6g}", duration=1)
    paces = tempered_pace(rules, heats)
    means, pair = means_problem(target, schedule, rules)[:2], sphere_pair(target, schedule, rules, dim)
    wide = variance_table(target, float(variances.min()) / _MARGIN, float(variances.max()) * _MARGIN).arrays
    parameters = np.array([*pair.parameters[:3], 1.0, *pair.parameters[4:]])  # a cosine's sign is of no account
    noise = noise_of_sums(states, heats, (parameters, (wide, *pair.averages[1:])), float(dim), float(plain))
    shape = (len(m1) - 1, -1)

    def rates(step: float) -> FloatArray:
        return np.asarray(sums_moved(states, heats, step * paces, means) / step).reshape(shape)

    spreads, drifts = (np.reshape(paces**2 * one, shape) for one in noise.T)
    return Moves(np.diff(m1 + m2, axis=0), rates, spreads, drifts)


def states_of(
    target: BimodalTarget, m1: FloatArray, m2: FloatArray, s11: FloatArray, s12: FloatArray, s22: FloatArray
) -> FloatArray:
    """(s, delta, |Delta_perp|) of overlaps and products of the means, along a last axis."""
    square = distance_squared(s11, s12, s22)
    across = across_squared(m1, m2, square, target.separation)
    first, _, second = across_products(m1, m2, s11, s12, s22, target.separation)
    room = _ROUNDING * (s11 + s22 + (m1**2 + m2**2) / target.separation**2)
    if np.any(np.minimum.reduce((first, second, across)) < -room):
        what, was = "of means at least as long as their overlaps with the target say", "shorter ones"
        step = "m_i is mu_i times the target's mode, s_ij is mu_i times mu_j; give the target of these runs"
        raise DomainError.of("history", what, was, step)
    return np.stack([weighted_mean(m1, m2, 0.5), m1 - m2, np.sqrt(np.maximum(across, 0.0))], axis=-1)


def evenly_recorded(history: Mapping[str, FloatArray]) -> tuple[list[FloatArray], FloatArray, int]:
    """m1, m2, s11, s12 and s22, the temperatures, and the steps between two records, from the start on."""
    *columns, steps, temperatures = _columns(history, FREE)
    every = steps[1, 0] - steps[0, 0]
    if np.any(steps[0] != 0) or not every >= 1 or np.any(np.diff(steps, axis=0) != every):
        advice = "train with steps that are a multiple of record_every, from the start on"
        raise DomainError.of("history", "of steps from 0 on, at even distances", "others", advice)
    _require_tempered(temperatures)
    return columns, temperatures, round(float(every))


def _read(history: Mapping[str, FloatArray], names: tuple[str, ...]) -> tuple[list[FloatArray], FloatArray]:
    """The arrays of these names, and the temperatures: of every step from the start on."""
    *columns, steps, temperatures = _columns(history, names)
    if np.any(steps[0] != 0) or np.any(np.diff(steps, axis=0) != 1):
        raise DomainError.of("history", "of every step from the start on", "other steps", "train with record_every=1")
    _require_tempered(temperatures)
    return columns, temperatures


def _require_tempered(temperatures: FloatArray) -> None:
    if not np.all(temperatures >= 1):
        raise DomainError.of("history", "of temperatures of at least 1", f"{temperatures.min():g}", "record T, not 1/T")


def _columns(history: Mapping[str, FloatArray], names: tuple[str, ...]) -> list[FloatArray]:
    """Those arrays, step and temperature of all records and runs: real, finite, and of one shape."""
    missing = [name for name in ("step", "temperature", *names) if name not in history]
    if missing:
        what = f"arrays step, temperature, {', '.join(names)}"
        step = f"add {', '.join(missing)}"
        if any(name in history for name in {*FREE, *_SPHERE} - {*names}):
            step = 'say constraint="sphere" for means on the sphere, and leave it out for free ones'
        raise DomainError.of("history", what, sorted(history), step)
    columns = [_numbers(name, history[name]) for name in (*names, "step", "temperature")]
    shape = columns[0].shape
    if len(shape) != 2 or shape[0] < _LEAST_RECORDS or shape[1] < _LEAST_RUNS:
        what = f"of at least {_LEAST_RECORDS} records of {_LEAST_RUNS} runs, arrays (records, runs)"
        raise DomainError.of("history", what, f"arrays of shape {shape}", "record more steps or train more replicas")
    of_all = [column[:, None] if column.shape == shape[:1] else column for column in columns[len(names) :]]
    columns = columns[: len(names)] + [
        np.broadcast_to(column, shape) if column.shape == (shape[0], 1) else column for column in of_all
    ]
    for name, column in zip((*names, "step", "temperature"), columns, strict=True):
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
    if np.any(np.abs(column.astype(float)) > _LARGEST):
        was = f"{name} up to {np.abs(column.astype(float)).max():.3g}"
        raise DomainError.of("history", f"of numbers up to {_LARGEST:g}", was, "leave out the runs that diverged")
    return column.astype(float)


def rates_of(
    target: BimodalTarget, rules: Dynamics, temperatures: FloatArray, states: FloatArray, *, plain: bool
) -> tuple[FloatArray, FloatArray]:
    """Of s at each state: the rate of the gradient flow, and the variance that one sample gives its gradient."""
    model = free_pair(target, Constant(1), rules)
    paces = tempered_pace(rules, temperatures)
    shape, new = temperatures.shape, np.empty(3)
    rates, spreads = np.empty(shape), np.empty(shape)
    for index in np.ndindex(shape):
        y, temperature = states[index], float(temperatures[index])
        values = drifted(y, temperature, 1.0, model.parameters, model.averages, new)
        rates[index] = paces[index] * (new[0] - y[0])
        noise = plane_noise(y, temperature, float(plain), values, model.parameters, model.averages)[0]
        spreads[index] = paces[index] ** 2 * noise
    return rates, spreads
