"""The collapse probability by the exact formula of theory section 5, and its limit in large dimension."""

import math
from dataclasses import replace

import numpy as np

from anneal_theory.fixed_points import AttractorSet
from anneal_theory.formulas.start_law import centre_deviation
from anneal_theory.models.free_pair import free_pair, possible_ends
from anneal_theory.probability.distance_law import AcrossLaw, fixed_distance
from anneal_theory.probability.exact.quadrature import Integrals, average
from anneal_theory.problem import BimodalTarget, Dynamics, GaussianInit
from anneal_theory.results import Estimate
from anneal_theory.schedules import Schedule

_ROUNDING = 2.0**-54  # of a double just below 1
_UNCERTAIN = 0.05  # error of a logarithm from which on a note mentions it
_FIXED_LENGTH = 10**9  # dimension beyond which the law of the pair's length, 2e-5 wide, is left for its mean
_BOTTOMLESS, _THERE = 1e17, 0.2  # where -log P is beyond this, doubles find it to a fifth only
_CLIPPED = 1e199  # and beyond this not at all


def exact_probability(
    target: BimodalTarget, schedule: Schedule, init: GaussianInit, dynamics: Dynamics, relative_error: float,
    large_dim: bool,
) -> Estimate:  # fmt: skip
    """P_collapse of reducible dynamics: the average over s0 and D0 of the cap within the separatrix."""
    method = "large-dim" if large_dim else "exact"
    end = possible_ends(target, dynamics)
    if end is not AttractorSet.BOTH:
        return certain_estimate(end, method)
    model = free_pair(target, schedule, dynamics)
    deviation = float(centre_deviation(target.separation, init.scale))
    limit = large_dim or init.dim > _FIXED_LENGTH
    law = fixed_distance(init.dim, init.scale) if limit else AcrossLaw(init.dim, init.scale)
    orientations = (1.0,) if dynamics.equal_weights else (1.0, -1.0)
    parts = [average(model.oriented(sign), deviation, law, relative_error) for sign in orientations]
    return _aimed(_estimate(parts, method, math.inf if large_dim or not limit else init.dim), relative_error)


def _aimed(estimate: Estimate, relative_error: float) -> Estimate:
    """The estimate; its note says where the aim was missed."""
    errors = estimate.log_error, estimate.log_complement_error
    reached = errors[0] if estimate.log_value <= estimate.log_complement else errors[1]
    if estimate.note or not relative_error < reached < math.inf:
        return estimate
    return replace(
        estimate, note=f"the aim of {relative_error:g} was missed: the relative error is about {reached:.1g}"
    )


def _estimate(parts: list[Integrals], method: str, fixed_at: float) -> Estimate:
    """The mean over the signs of delta(0), read off the smaller of P and 1 - P.

    `fixed_at` is the dimension at which the limit stands for the formula, infinity where it does not. A logarithm L of
    a probability is then off by about L^2/d: beyond an angle of cosine c there is ``log(1-c^2) d/2`` in place of ``-c^2
    d/2`` (at d = 1e6 and 1e9 the two differ by 0.8 L^2/d, lengths included).
    """
    shares = math.log(len(parts))
    log_inside = float(np.logaddexp.reduce([p.log_inside for p in parts])) - shares
    log_beyond = float(np.logaddexp.reduce([p.log_beyond for p in parts])) - shares
    error_inside, error_beyond = max(p.error_inside for p in parts), max(p.error_beyond for p in parts)
    least = min(log_inside, log_beyond)
    if math.isfinite(least):
        beyond_doubles = _THERE * abs(least) if abs(least) > _BOTTOMLESS else 0.0
        beyond_doubles = 1e300 if abs(least) > _CLIPPED else beyond_doubles
        left = max(abs(least) * (abs(least) / fixed_at), 1.0 / fixed_at, beyond_doubles)
        error_inside, error_beyond = error_inside + left, error_beyond + left
    if log_inside <= log_beyond:
        value, note = math.exp(log_inside), _note(log_inside, error_inside, "collapses")
        absolute = value * error_inside
        error_inside = math.inf if math.isinf(log_inside) else error_inside  # what is seen is that it is small
        complement_error = absolute / (1.0 - value)
        return Estimate(
            value, absolute, log_inside, method, log_complement=math.log1p(-value) + 0.0, note=note,
            log_error=error_inside, log_complement_error=complement_error,
        )  # fmt: skip
    complement, note = math.exp(log_beyond), _note(log_beyond, error_beyond, "splits")
    absolute = complement * error_beyond
    error_beyond = math.inf if math.isinf(log_beyond) else error_beyond
    log_value = math.log1p(-complement) + 0.0  # no negative zero
    return Estimate(
        1.0 - complement, absolute + _ROUNDING, log_value, method, log_complement=log_beyond, note=note,
        log_error=absolute / (1.0 - complement), log_complement_error=error_beyond,
    )  # fmt: skip


def _note(log_smaller: float, error: float, end: str) -> str:
    """What to know of the smaller probability, where its error or its size needs a word."""
    if math.isinf(log_smaller):
        return f"no start within 39 standard deviations of the mean overlap {end}: its probability is below 1e-330"
    if error > _UNCERTAIN:
        return f"the logarithm of the smaller probability, {log_smaller:.9g}, is good to about {error:.1g}"
    return ""


def certain_estimate(end: AttractorSet, method: str) -> Estimate:
    """P = 0 or 1 where the training has one kind of attractor only."""
    note = f"at T = 1 the flow has {end.value}"
    if end is AttractorSet.ALL_COLLAPSE:
        return Estimate(1.0, 0.0, 0.0, method, log_complement=-math.inf, note=note)
    return Estimate(0.0, 0.0, -math.inf, method, log_complement=0.0, note=note)
