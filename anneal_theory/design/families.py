"""Families of schedules of a given cost: few shapes, each a place in logarithms, that a search can move along."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from anneal_theory.schedules import Exponential, ExponentialToOne, Hold, Piecewise, Schedule

FamilyName: TypeAlias = Literal["exponential", "exponential-to-one", "hold", "cold-then-pulse", "free", "monotone"]
# log(T - 1) of the hottest temperature, and of a pulse the log of its length; of a free schedule log T of each stretch
# and the log of the length of the last one; of a monotone one the falls of log T at the end of each
Shape: TypeAlias = tuple[float, ...]

_ROOM = 0.3  # of log(T - 1) above the coolest: the longest decay time has its pole at the final temperature
_GRID = 5  # hottest temperatures of the first look
_PULSE_TEMPERATURES = (1.6, 2.6)  # in critical temperatures: passing the fold costs least near 2
_PULSE_SHARES = (0.06, 0.15, 0.4, 0.98)  # of the cost
_PULSE_LENGTHS = math.log(0.5), math.log(1e9)  # logs of units of gradient-flow time
STRETCHES = 6  # of a free schedule, of equal length but for its last, and of a monotone one
CONTAINED: defaultdict[str, tuple[FamilyName, ...]] = defaultdict(tuple)  # families whose schedules another one has
CONTAINED |= {"free": ("cold-then-pulse", "hold", "monotone"), "monotone": ("hold",)}
_MONOTONE_TEMPERATURES = (6.0, 12.0, 40.0)  # of the first look
_WARM = 1.5  # a temperature that holds the means apart
# of a free schedule where T_c is not known, as on the sphere: cool, hot, falling, the hottest last (theory section 12)
_LATE_PUSH = (6.0, 30.0, 25.0, 20.0, 17.0, 100.0)
_RAMP = 0.01  # of a pulse or a stretch: how long the temperature takes from one level to the other
_DOWN = 1 - 1e-6  # times are rounded to seven digits, and never up: a budget is kept


@dataclass(frozen=True)
class Limits:
    """What temperatures may be.

    A schedule counts as cooled down at `final`, above 1; `base` is the temperature before a pulse, and `critical` T_c,
    None where it is not known.
    """

    highest: float
    final: float
    base: float
    critical: float | None


@dataclass(frozen=True)
class Family:
    """Schedules of one form."""

    name: FamilyName  # as the public function calls it
    bounds: tuple[tuple[float, float], ...]  # lowest and highest value of each coordinate of a shape
    guesses: Callable[[float], Sequence[Shape]]  # from a cost to the shapes that a search looks at first
    schedule: Callable[[Shape, float], Schedule]  # from a shape and a cost to the schedule that has cooled down by then


def family_of(name: FamilyName, limits: Limits) -> Family:
    """The family of a name, within limits of temperature."""
    several = {"cold-then-pulse": _pulses, "free": _free, "monotone": _monotone}
    if name in several:
        return several[name](limits)
    made = {"exponential": _exponential, "exponential-to-one": _exponential_to_one, "hold": _hold}[name]
    low, high = temperature_bounds(limits.final, limits.highest)
    grid = [(float(log_excess),) for log_excess in np.linspace(low, high, _GRID)]
    return Family(name, ((low, high),), lambda cost: grid, lambda shape, cost: made(shape, cost, limits.final))


def temperature_bounds(coolest: float, highest: float) -> tuple[float, float]:
    """Bounds of log(T - 1) of the hottest temperature."""
    return math.log(coolest - 1) + _ROOM, math.log(highest - 1)


def _exponential(shape: Shape, cost: float, final: float) -> Schedule:
    temperature = _temperature(shape)
    return Exponential(temperature, _time(cost / math.log((float(temperature) - 1) / (final - 1))))


def _exponential_to_one(shape: Shape, cost: float, final: float) -> Schedule:
    temperature = _temperature(shape)
    return ExponentialToOne(temperature, _time(cost / math.log(float(temperature) / final)))


def _hold(shape: Shape, cost: float, final: float) -> Schedule:
    return Hold(_temperature(shape), _time(cost))


def _pulses(limits: Limits) -> Family:
    low, high = temperature_bounds(max(limits.final, limits.base), limits.highest)
    bounds = (low, high), _PULSE_LENGTHS

    def guesses(cost: float) -> list[Shape]:
        if limits.critical is None or limits.critical >= limits.highest:
            excesses = np.linspace(low, high, _GRID)[1::2].tolist()  # logs of T - 1
        else:
            excesses = [min(max(math.log(times * limits.critical - 1), low), high) for times in _PULSE_TEMPERATURES]
        lengths = [max(bounds[1][0], math.log(share * cost)) for share in _PULSE_SHARES]
        return [(excess, length) for excess in excesses for length in lengths]

    def schedule(shape: Shape, cost: float) -> Schedule:
        end = float(_time(cost))
        length = _last_length(shape[1], end)
        base, temperature, ramp = f"{limits.base:.7g}", _temperature(shape), _RAMP * length
        times = "0", *(f"{time:.9g}" for time in (end - length, end - length + ramp, end - ramp)), f"{end:.9g}"
        return Piecewise(times, (base, base, temperature, temperature, "1"))

    return Family("cold-then-pulse", bounds, guesses, schedule)


def _free(limits: Limits) -> Family:
    """A temperature for each stretch, the last of any length; tried first: late pulses (pushes without T_c), holds,
    coolings.
    """
    top = math.log(limits.highest)
    hot = min(math.log(_PULSE_TEMPERATURES[1] * limits.critical), top) if limits.critical else 0.7 * top
    levels = [(base,) * (STRETCHES - 1) + (hot,) for base in (0.0, math.log(_WARM))]
    flat = [(0.8 * hot,) * STRETCHES, tuple(hot * (1 - step / STRETCHES) for step in range(STRETCHES))]
    if limits.critical is None:
        flat.append(tuple(min(math.log(temperature), top) for temperature in _LATE_PUSH))

    def guesses(cost: float) -> list[Shape]:
        known = [(*logs, math.log(part * cost / STRETCHES)) for logs in levels for part in (1, 2)]
        return known + [(*logs, math.log(cost / STRETCHES)) for logs in flat]

    return Family("free", (*((0.0, top),) * STRETCHES, _PULSE_LENGTHS), guesses, _stretches)


def _monotone(limits: Limits) -> Family:
    """A temperature for each stretch by how much log T falls at its end; what is tried first are holds and coolings."""
    top = math.log(limits.highest)
    hot = [min(math.log(temperature), top) for temperature in _MONOTONE_TEMPERATURES]
    guesses: list[Shape] = [(0.0,) * (STRETCHES - 1) + (log,) for log in hot]
    guesses += [(log / STRETCHES,) * STRETCHES for log in hot]

    def schedule(shape: Shape, cost: float) -> Schedule:
        return _stretches((*_levels(shape, top), math.log(cost / STRETCHES)), cost)

    return Family("monotone", ((0.0, top),) * STRETCHES, lambda cost: guesses, schedule)


def _levels(falls: Shape, top: float) -> Shape:
    """log T of each stretch of a monotone schedule."""
    return tuple(min(sum(falls[step:]), top) for step in range(len(falls)))


def within(name: FamilyName, other: FamilyName, shape: Shape, cost: float, limits: Limits) -> Shape:
    """The shape of a family that is, but for the ends of its stretches, a schedule of a family that it contains."""
    log = math.log1p(math.exp(shape[0]))
    if name == "monotone":
        return (0.0,) * (STRETCHES - 1) + (log,)
    equal = math.log(cost / STRETCHES)
    if other == "cold-then-pulse":
        return (math.log(limits.base),) * (STRETCHES - 1) + (log, shape[1])
    return (*(_levels(shape, math.log(limits.highest)) if other == "monotone" else (log,) * STRETCHES), equal)


def _last_length(log_length: float, end: float) -> float:
    return float(_time(min(math.exp(log_length), 0.99 * end)))


def _stretches(shape: Shape, cost: float) -> Schedule:
    """A log T on each stretch of the cost, then T = 1; the last number is the log of the last one's length."""
    *logs, log_length = shape
    end = float(_time(cost))
    length = _last_length(log_length, end)
    stretch = (end - length) / (STRETCHES - 1)
    times, log_temperatures = [0.0], [logs[0]]
    for step in range(1, STRETCHES):
        ramp = _RAMP * (length if step == STRETCHES - 1 else stretch)
        times += [step * stretch, step * stretch + ramp]
        log_temperatures += [logs[step - 1], logs[step]]
    times += [end - _RAMP * length, end]
    texts = [f"{max(math.exp(log), 1.0):.7g}" for log in (*log_temperatures, logs[-1])] + ["1"]
    return Piecewise([*(f"{time:.9g}" for time in times[:-1]), _time(cost)], texts)


def _temperature(shape: Shape) -> str:
    return f"{1 + math.exp(shape[0]):.7g}"  # no longer than anyone would copy


def _time(value: float) -> str:
    return f"{value * _DOWN:.7g}"
