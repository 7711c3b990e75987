"""Rules over the cosines of a start on the sphere, and where pairs across the axis change their mode."""

from dataclasses import replace

import numpy as np
from scipy.linalg import eigh_tridiagonal
from scipy.special import gammaln

from anneal_theory._types import FloatArray, VarianceLaw
from anneal_theory.formulas import start_law
from anneal_theory.models.runs import Model
from anneal_theory.models.sphere_pair import SpherePair
from anneal_theory.problem import Dynamics
from anneal_theory.results import Estimate
from anneal_theory.threshold.departures import UNKNOWN

LARGE_LAW_NOTE = "a trained variance moves by its law in large dimension: what that changes, of order 1/d, is left out"
COMMON_NOTE = "one variance for both components: what a variance for each changes, of order 1/d, is left out"
LOWER = 0.97  # of the upper end: a symmetric bracket would look at the saddle itself
_OFF = 0.11  # of the widest y: where y_u is looked for first, which is not the saddle of any target
_SHORT = 20_000  # steps after which a pair across the axis is at y_u


def log_cosine_density(t: FloatArray, dim: int) -> FloatArray:
    """Logarithm of the density of a cosine of a uniform direction, ~ (1 - t^2)^((d-3)/2)."""
    half = 0.5 * (dim - 1)
    return np.asarray(start_law.log_cosine_density(cosine=t, half_freedom=half, log_gamma_ratio=log_gamma_ratio(half)))


def log_gamma_ratio(half: float) -> float:
    """log Gamma(a + 1/2)/Gamma(a) at half the freedom, a.

    Example:
        >>> round(log_gamma_ratio(1.0), 12), round(log_gamma_ratio(1e6) - 0.5 * float(np.log(1e6)), 12)
        (-0.120782237635, -1.25e-07)
    """
    if half < 1e6:
        return float(gammaln(half + 0.5) - gammaln(half))
    return float(start_law.log_gamma_ratio_large(half))


def with_law_told(found: Estimate, dynamics: Dynamics, law: VarianceLaw | None) -> Estimate:
    """The estimate with what the law of a trained variance leaves out in its note."""
    if dynamics.variance != "trained":
        return found
    note = LARGE_LAW_NOTE if law == "large-dim" else COMMON_NOTE
    return replace(found, note="; ".join(filter(None, (found.note, note))))


def gegenbauer_rule(dim: int, count: int) -> tuple[FloatArray, FloatArray]:
    """Gauss nodes of the density ~ (1 - t^2)^((d-3)/2) on [-1, 1], and logarithms of their weights (DLMF 18.9,
    3.5(vi)).
    """
    half = 0.5 * (dim - 2)
    n = np.arange(1.0, count)
    # quotients first: a dimension may be 1e300
    squares = n / (n + half) * ((n + 2 * half - 1) / (n + half - 1)) / 4 if dim > 2 else n
    squares[:1] = 1.0 / (2.0 * (half + 1.0))  # 0/0 for the uniform density of d = 4
    nodes, vectors = eigh_tridiagonal(np.zeros(count), np.sqrt(squares))
    with np.errstate(divide="ignore"):
        return np.asarray(nodes, dtype=float), np.asarray(2 * np.log(np.abs(vectors[0])), dtype=float)


def sum_balances(model: Model, cosines: FloatArray, tolerance: float, widest: float = 1.0) -> FloatArray:
    """y_u(c), at which a pair across the axis goes to neither mode; an end where there is none within `widest`."""
    assert isinstance(model, SpherePair)
    starts, upper = np.stack([np.zeros_like(cosines), cosines], axis=1), LOWER * widest
    guesses, limits = np.full(cosines.shape, _OFF * widest), (-widest, upper, tolerance)
    # a run that stays undecided for so long is there
    balances, _ = model.balanced().runs.thresholds(starts, guesses, UNKNOWN, limits, tolerance, _SHORT)
    return np.asarray(np.clip(balances, -widest, upper))
