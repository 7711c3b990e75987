"""The two-component flows as systems for the driver: reduced (theory section 4) and full (theory section 3).

The reduced flow is integrated in (s, log|rho|, log D): rho never decreases and the perpendicular separation keeps its
relative accuracy however small it gets. The full flow is integrated in centre and difference statistics, a linear
change of the five, so that the tolerance on a small difference is its own.
"""

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from anneal_theory._types import FloatArray
from anneal_theory.averages import psi, psi_prime
from anneal_theory.averages.tables import label_table, mmse_table
from anneal_theory.errors import DomainError
from anneal_theory.formulas.fixed_points import single_drift, single_drift_slope
from anneal_theory.formulas.pair_coordinates import (
    axis_cosine,
    centre_overlaps,
    distance_of,
    from_centre,
    log_cotangent_of,
    run_places,
    to_centre,
)
from anneal_theory.formulas.pair_statistics import centre_jacobian, reduced_log_jacobian
from anneal_theory.gradient_flow.driver import Statistics, System
from anneal_theory.gradient_flow.rate_kernels import centre_rates, reduced_overlaps, reduced_rates
from anneal_theory.gradient_flow.starts import FullState, ReducedState, centre_weight
from anneal_theory.models.free_pair_kernels import angle, averages_at
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.problem.dynamics import loss_factors
from anneal_theory.quantities.doors import checked
from anneal_theory.schedules import Schedule

CROSSINGS = ("first mean crosses into the other basin", "second mean crosses into the other basin")

_EPS = float(np.finfo(np.float64).eps)
_TINY = 1e-30
_FAR = 700.0  # |log rho| of a pair exactly along or across mu*: cosine or sine vanish to double precision


@checked
def basin_boundary(target: BimodalTarget) -> float:
    """The overlap that divides the basins of the two modes for a single mean: the unstable zero of R^2 psi(m) - m.

    Where only one zero is left there is no second basin and the boundary is 0, the plane half way between the modes.

    Source:
        theory section 4 (f in the linear regime).

    Example:
        >>> round(basin_boundary(BimodalTarget(3, 0.5)), 12), basin_boundary(BimodalTarget(0.5, 0.8))
        (0.0, 0.0)
    """
    square, h = target.separation**2, target.half_log_odds
    if h < 0:
        return -basin_boundary(target.reflected)

    def drift(m: float) -> float:
        return float(single_drift(m, target.separation, float(psi(m, target))))

    def slope(m: float) -> float:
        return float(single_drift_slope(target.separation, float(psi_prime(m, target))))

    if h == 0 or slope(-h) <= 0:
        return 0.0
    trough = float(brentq(slope, -h - square - 8 * target.separation, -h, xtol=1e-13 * square))
    # psi is convex below -h, so the drift falls to its trough and rises to h > 0 at -h.
    return float(brentq(drift, trough, -h, xtol=1e-15 * square)) if drift(trough) < 0 else 0.0


def reduced_system(
    target: BimodalTarget, schedule: Schedule, start: ReducedState, dynamics: Dynamics, rtol: float
) -> tuple[System, Statistics]:
    """The flow of (s, log|rho|, log D) and the statistics of its states."""
    if not dynamics.reducible:
        step = "use a FullState, or metric='natural', or family_weight=0.5"
        raise DomainError.of("start", "a FullState for the Euclidean metric with unequal weights", "ReducedState", step)
    s, delta, perp = (np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (start.s, start.delta, start.perp))
    radius, share = target.separation, centre_weight(dynamics)
    side, lies_along = np.sign(delta), perp == 0
    with np.errstate(divide="ignore"):
        log_rho = np.nan_to_num(log_cotangent_of(np.abs(delta), perp, radius), posinf=_FAR, neginf=-_FAR)
    first = np.stack([s, log_rho, np.log(distance_of(delta, perp, radius))])
    scale = np.stack([np.clip(np.abs(s), 1e-8, radius), np.ones_like(s), np.ones_like(s)])
    model, force, tables = _model(target, dynamics), _force(schedule, dynamics), _tables(target, dynamics)

    def rates(t: float, y: FloatArray) -> FloatArray:
        out = np.empty((3, side.size))
        reduced_rates(y.reshape(3, -1), side, model, force(t), tables, out)
        return out.ravel()

    def jacobian(t: float, y: FloatArray) -> FloatArray:
        pull, push = force(t)
        m1, m2 = reduced_overlaps(y[0], y[1], y[2], side[0], model)
        distance, moves = float(np.exp(y[2])), abs(float(side[0]))
        means = averages_at(m1, m2, distance, model, tables)
        _, cosine_squared, sine_squared = angle(y[1])
        rows = reduced_log_jacobian(
            delta=m1 - m2, cosine_squared=cosine_squared, sine_squared=sine_squared, distance=distance,
            separation=radius, family_weight=dynamics.family_weight, temperature=push / pull, psi_prime_1=means[2],
            psi_prime_2=means[3], overlap_prime=means[5], slope=moves * means[6], slope_1=moves * means[7],
            slope_2=moves * means[8],
        )  # fmt: skip
        return np.asarray(rows, dtype=np.float64) * (dynamics.clock_rate * float(pull))

    def event_functions(y: FloatArray) -> FloatArray:
        centre, x, length = y.reshape(3, -1)
        return np.stack(run_places(centre, x, length, side, radius, share)[:2]) - boundary

    def statistics(states: FloatArray) -> dict[str, FloatArray]:
        centre, x, length = np.moveaxis(states.reshape(len(states), 3, side.size), 1, 0)
        m1, m2, gap, across = run_places(centre, x, length, side, radius, share)
        across = np.where(lies_along, 0.0, across)
        log_rho = np.where(lies_along, np.inf, np.where(side == 0, -np.inf, x))
        with np.errstate(over="ignore"):
            rho = np.where(side == 0, 0.0, side * np.exp(log_rho))
        shape = {"rho": rho, "log_rho": log_rho, "distance": np.exp(length)}
        return {"s": centre, "delta": gap, "perp": across, "m1": m1, "m2": m2} | shape

    boundary = basin_boundary(target)
    return System(rates, first.ravel(), (rtol * scale).ravel(), jacobian, event_functions, CROSSINGS), statistics


def full_system(
    target: BimodalTarget, schedule: Schedule, start: FullState, dynamics: Dynamics, rtol: float
) -> tuple[System, Statistics]:
    """The flow of the five statistics, in those of the centre and the difference, and the statistics of its states."""
    start.require_target(target)
    five = [
        np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (start.m1, start.m2, start.s11, start.s12, start.s22)
    ]
    # to (centre overlap, difference overlap, |centre|^2, centre . difference, |difference|^2) and back
    first, back = np.array(to_centre()) @ np.stack(five), np.array(from_centre())
    model, force, tables = _model(target, dynamics), _force(schedule, dynamics), _tables(target, dynamics)

    def rates(t: float, y: FloatArray) -> FloatArray:
        out = np.empty(first.shape)
        centre_rates(y.reshape(first.shape), model, force(t), tables, out)
        return out.ravel()

    def jacobian(t: float, y: FloatArray) -> FloatArray:
        pull, push = force(t)
        distance = max(float(np.sqrt(max(y[4], 0.0))), _TINY)
        means = averages_at(*centre_overlaps(centre=y[0], delta=y[1]), distance, model, tables)
        rows = centre_jacobian(
            delta=y[1], distance=distance, centre=y[0], cross=y[3], separation=model[0], family_weight=model[2],
            second_weight=model[3], attraction=pull, repulsion=push, mobility_1=model[4], mobility_2=model[5],
            psi_1=means[0], psi_2=means[1], psi_prime_1=means[2], psi_prime_2=means[3], overlap=means[4],
            overlap_prime=means[5], slope=means[6], slope_1=means[7], slope_2=means[8],
        )  # fmt: skip
        return np.asarray(rows, dtype=np.float64)

    def event_functions(y: FloatArray) -> FloatArray:
        return np.asarray(back[:2] @ y.reshape(5, -1) - boundary)

    def statistics(states: FloatArray) -> dict[str, FloatArray]:
        columns = np.moveaxis(states.reshape(len(states), *first.shape), 1, 0)
        named = dict(zip(("m1", "m2", "s11", "s12", "s22"), np.tensordot(back, columns, 1), strict=True))
        distance = np.sqrt(np.maximum(columns[4], 0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            cosine = np.nan_to_num(axis_cosine(columns[1], distance, target.separation), nan=0.0)
        return named | {"distance": distance, "cosine": np.clip(cosine, -1.0, 1.0)}

    boundary = basin_boundary(target)
    return System(
        rates, first.ravel(), _centre_scale(first, target, dynamics, rtol).ravel(), jacobian, event_functions, CROSSINGS
    ), statistics


def _centre_scale(first: FloatArray, target: BimodalTarget, dynamics: Dynamics, rtol: float) -> FloatArray:
    """Absolute tolerances: fine for what feeds back, bounded by the rounding of rates of size R^2.

    The difference loses no digits while both means are pulled alike; the centre's products feed back on nothing.
    """
    square = max(target.separation**2, 1.0)
    rounding, products = 64 * _EPS * square, 1e-2 * rtol * square
    difference = _TINY if dynamics.reducible else rounding
    floor = np.array([rounding, difference, products, products, difference])[:, None]
    # A pair that falls into one mode may come a thousand times closer than it began.
    share = np.array([1.0, 1e-6, 1.0, 1.0, 1e-6])[:, None]
    return np.asarray(np.maximum(rtol * share * np.minimum(np.abs(first), 1.0), floor))


def _model(target: BimodalTarget, dynamics: Dynamics) -> FloatArray:
    """[R, h, w1, w2, P1, P2, weight of mu_1 in the centre, clock rate]."""
    w1, w2 = dynamics.family_weight, float(1 - dynamics.exact_family_weight)
    target_numbers, own = (target.separation, target.half_log_odds), (centre_weight(dynamics), dynamics.clock_rate)
    return np.array([*target_numbers, w1, w2, *dynamics.mobilities, *own])


def _force(schedule: Schedule, dynamics: Dynamics) -> Callable[[float], FloatArray]:
    """(attraction to the target, repulsion of the pair) at a time."""
    factors = loss_factors(dynamics.objective)
    return lambda t: np.array(factors(schedule.temperature(t)))


def _tables(target: BimodalTarget, dynamics: Dynamics) -> tuple[FloatArray, FloatArray, float, FloatArray, float]:
    label, pair = label_table(target), mmse_table(dynamics.exact_family_weight)
    return label.psi, label.psi_prime, label.inverse_width, pair.coefficients, pair.inverse_width
