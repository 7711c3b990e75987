"""The collapse probability by the exact formula of theory section 5, and its limit in large dimension."""

import math

import numpy as np

from anneal_theory.probability.lengths import AcrossLaw, fixed_distance
from anneal_theory.probability.quadrature import Averages, average
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule
from anneal_theory.separatrix.problem import collapse_problem, possible_ends
from anneal_theory.states import Ending

_UNCERTAIN = 0.05  # error of a logarithm from which on a note tells of it


def exact_probability(
    target: BimodalTarget,
    schedule: Schedule,
    init: GaussianInit,
    dynamics: Dynamics,
    relative_error: float,
    large_dim: bool,
) -> Estimate:
    """P_collapse of reducible dynamics: the average over s0 and D0 of the cap within the separatrix."""
    method = "large-dim" if large_dim else "exact"
    end = possible_ends(target, dynamics)
    if end is not Ending.BOTH:
        return certain(end, method)
    problem = collapse_problem(target, schedule, dynamics)
    deviation = target.separation * init.scale / math.sqrt(2.0)
    law = fixed_distance(init.dim, init.scale) if large_dim else AcrossLaw(init.dim, init.scale)
    orientations = (1.0,) if dynamics.equal_weights else (1.0, -1.0)
    parts = [average(problem, deviation, law, relative_error, sign) for sign in orientations]
    return _estimate(parts, method)


def _estimate(parts: list[Averages], method: str) -> Estimate:
    """The mean over the signs of delta(0), read off the smaller of P and 1 - P."""
    shares = math.log(len(parts))
    log_inside = float(np.logaddexp.reduce([p.log_inside for p in parts])) - shares
    log_beyond = float(np.logaddexp.reduce([p.log_beyond for p in parts])) - shares
    error_inside, error_beyond = max(p.error_inside for p in parts), max(p.error_beyond for p in parts)
    if log_inside <= log_beyond:
        value, note = math.exp(log_inside), _note(log_inside, error_inside, "collapses")
        return Estimate(value, value * error_inside, log_inside, method, log_complement=math.log1p(-value), note=note)
    rest, note = math.exp(log_beyond), _note(log_beyond, error_beyond, "splits")
    log_value = math.log1p(-rest) + 0.0  # no negative zero
    return Estimate(1.0 - rest, rest * error_beyond, log_value, method, log_complement=log_beyond, note=note)


def _note(log_smaller: float, error: float, end: str) -> str:
    """What to know of the smaller probability, where its error or its size asks for a word."""
    if math.isinf(log_smaller):
        return f"no start within 39 standard deviations of the mean overlap {end}: its probability is below 1e-330"
    if error > _UNCERTAIN:
        return f"the logarithm of the smaller probability, {log_smaller:.9g}, is good to about {error:.1g}"
    return ""


def certain(end: Ending, method: str) -> Estimate:
    """P = 0 or 1 where the training has one kind of attractor only."""
    note = f"at T = 1 the flow has {end.value}"
    if end is Ending.ALL_COLLAPSE:
        return Estimate(1.0, 0.0, 0.0, method, log_complement=-math.inf, note=note)
    return Estimate(0.0, 0.0, -math.inf, method, log_complement=0.0, note=note)
