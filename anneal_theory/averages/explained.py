r"""How much of its variance a two-point label loses by being observed: ``1 - G(D; w)/(w (1 - w))``, digits kept.

The variance of the label is the mean of its posterior variance, which is G, plus the variance of its posterior mean:
``w (1 - w) - G = E[(eta - w)^2]``, a mean of squares, where a subtraction would lose the digits at small D.
"""

from fractions import Fraction

import numpy as np

from anneal_theory._types import FloatArray
from anneal_theory.averages.double import mmse
from anneal_theory.averages.quadrature_double import trapezoid_step
from anneal_theory.formulas.label_overlap import explained_density
from anneal_theory.formulas.label_overlap import explained_share as share_from_overlap

_FARTHEST = 10.0  # standard deviations; beyond them a tenth and more is explained, and G itself serves
_REACH = 9.5  # of the Gaussian: exp(-REACH^2/2) = 3e-20
_CHUNK = 256  # distances summed at once


def explained_share(distance: FloatArray, weight: Fraction) -> FloatArray:
    """``1 - G(D; w)/(w (1 - w))`` to relative digits, by the trapezoidal rule. Source: theory section 2."""
    near = distance < _FARTHEST
    out = np.empty(distance.shape)
    out[~near] = share_from_overlap(mmse(distance[~near], weight), float(weight * (1 - weight)))
    close = distance[near]
    parts = [_mean_of_squares(close[i : i + _CHUNK], weight) for i in range(0, close.size, _CHUNK)]
    out[near] = np.concatenate(parts) if parts else close
    return out


def _mean_of_squares(distance: FloatArray, weight: Fraction) -> FloatArray:
    """``E[(eta - w)^2]/(w (1 - w))``: both signs of the observation y, the Gaussians' peaks at |y| = D/2."""
    share = float(min(weight, 1 - weight))  # either point may be called the first; 1 - share keeps its digits
    half = 0.5 * float(distance.max())
    step = trapezoid_step(half)  # the posterior has its poles pi/D from the real line
    y = step * np.arange(int((_REACH + half) / step) + 1.0)
    total = explained_density(distance[:, None], share, y)  # it vanishes at y = 0, which both signs share
    return np.asarray(step * total.sum(axis=1))
