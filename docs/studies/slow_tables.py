"""The errors of the slow-annealing formula: log rho_c of the separatrix minus that of each form of the formula."""

import math

import numpy as np

from anneal_theory._types import FloatArray, Objective
from anneal_theory.averages import mmse, psi, psi_prime
from anneal_theory.fixed_points import landscape_of
from anneal_theory.formulas.growth_rate import coincident_growth
from anneal_theory.formulas.slow_annealing import branch_centre, branch_growth, branch_log_rho, branch_overlap
from anneal_theory.formulas.slow_passage import passage_offset, ramp_scale
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Exponential
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.slow.passage import passage
from anneal_theory.threshold.slow.slow_annealing import slow_threshold

TARGETS = (("3", "0.8"), ("2.5", "0.8"), ("3.5", "0.65"))
TIMES = ("1e3", "3e3", "1e4", "3e4", "1e5")
TEMPERATURES = ("12", "30", "100")
OBJECTIVES: tuple[Objective, ...] = ("tempered-target", "free-energy")
_NODES, _PANELS = 16, 40
_NEAR = 1e-4  # of delta
_FARTHEST = 1 + 5e-14  # of D over its part along the axis: rounding hides log rho beyond
_TRACKS = 60  # iterations of the slaved overlap and distance


def slow_annealing_errors() -> str:
    """Errors of log rho_c (s0 = 0, D0 = sqrt 2): normal form, with the further constant, and the measured orders.

    The order is the slope of log |error| in log t0 over the last decade.
    """
    head = ["R", "w*", "objective", "T0", "form", *(f"t0 = {one}" for one in TIMES), "order", "stated error"]
    rows = []
    for separation, weight in TARGETS:
        target = BimodalTarget(separation, weight)
        for objective in OBJECTIVES:
            for temperature in TEMPERATURES:
                rows += _rows(target, objective, temperature)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _rows(target: BimodalTarget, objective: Objective, temperature: str) -> list[list[str]]:
    plain, full, stated = [], [], 0.0
    for time in TIMES:
        schedule = Exponential(temperature, time)
        exact = collapse_threshold(target, schedule, distance_squared=2, objective=objective).log_value
        log_rho, _, found = slow_threshold(target, schedule, 0, Dynamics(objective))
        normal = normal_form_prefactor(target, found.ramp_rate)
        full.append(exact - float(log_rho))
        plain.append(exact - float(log_rho) + float(found.log_prefactor) - normal)
        stated = found.error
    names = f"{target.separation:g}", f"{target.weight:g}", objective, temperature
    out = []
    for form, errors, said in (("normal form", plain, ""), ("with the constant", full, f"{stated:.3f}")):
        order = math.log(abs(errors[-1] / errors[2])) / math.log(10)
        out.append([*names, form, *(f"{one:+.4f}" for one in errors), f"{order:.2f}", said])
    return out


def normal_form_prefactor(target: BimodalTarget, ramp_rate: float) -> float:
    """log A as the normal form alone gives it."""
    constants = passage(landscape_of(target).heavy)
    drive, tilt, growth = (float(one) for one in (constants.drive, constants.tilt, constants.growth))
    alpha = ramp_scale(drive, float(ramp_rate))
    offset = float(passage_offset(drive, tilt, growth, float(constants.airy_zero), alpha))
    return float(constants.escape_rate) * (branch_integrals(target) + offset / growth)


def branch_integrals(target: BimodalTarget) -> float:
    r"""``int_{-inf}^0 (1/K - 1/kappa*) dx + int_0^inf (1/K - 1/K_c) dx`` along the collapsed branch at T_c.

    By parts, ``-int x d(1/K)``, along delta from 0 to its value at the fold: s(delta) rests by ``F_s = 0``, and
    ``4 T_c G(D) = 1 - K`` gives x.

    Source:
        theory section 6.

    Example:
        >>> round(branch_integrals(BimodalTarget(3, 0.8)), 2)
        -27.18
    """
    mode = landscape_of(target).heavy
    m1, m2, temperature = mode.critical_fold()
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    half = np.concatenate([0.5 * 0.45 ** np.arange(_PANELS), [0.0]])[::-1]
    edges = np.concatenate([half, 1 - half[::-1][1:]])  # graded to the logarithms at both ends
    width = np.diff(edges)
    share = (edges[:-1, None] + width[:, None] * (nodes + 1) / 2).reshape(-1)
    delta = (m1 - m2) * share
    x, slope = _branch(mode.target, mode.overlap, temperature, delta)
    return float(-np.sum(x * slope * (width[:, None] * weights / 2).reshape(-1)) * (m1 - m2))


def _branch(target: BimodalTarget, rest: float, temperature: float, delta: FloatArray) -> tuple[FloatArray, FloatArray]:
    """x = log rho and d(1/K)/d delta along the branch."""
    radius, s = target.separation, np.full(delta.shape, rest)

    def averages() -> tuple[FloatArray, ...]:
        up, down = s + delta / 2, s - delta / 2
        return tuple(np.asarray(one(m, target)) for one in (psi, psi_prime) for m in (up, down))

    for _ in range(_TRACKS):
        value, tilt = branch_centre(s, radius, *averages())
        s = s - value / tilt
    psi_1, psi_2, prime_1, prime_2 = averages()
    near = delta < _NEAR  # there K is its mean slope, and changes by the square of delta
    rate, change = branch_growth(np.where(near, 1.0, delta), radius, psi_1, psi_2, prime_1, prime_2)
    rate = np.where(near, coincident_growth(radius, (prime_1 + prime_2) / 2), rate)
    wanted = branch_overlap(temperature, rate)
    low, high = np.zeros(delta.shape), np.full(delta.shape, 40.0)
    for _ in range(_TRACKS):  # G falls, so its inverse is bisected
        middle = (low + high) / 2
        above = np.asarray(mmse(middle)) > wanted
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    distance = np.maximum((low + high) / 2, delta / radius * _FARTHEST)
    return np.asarray(branch_log_rho(delta, distance, radius)), np.where(near, 0.0, -change / rate**2)
