"""Mutual information between the label and the observation of a two-component family (theory section 3)."""

import math

from scipy import integrate

from anneal_theory.averages import mmse
from anneal_theory.formulas.label_overlap import information_by_distance


def label_information(distance: float, family_weight: float) -> float:
    """I(D) in nats, from I'(D) = D G(D); tends to the entropy of the weights. Source: theory section 2."""
    if distance <= 0:
        return 0.0
    value, _ = integrate.quad(
        lambda d: information_by_distance(d, float(mmse(d, family_weight))),
        0.0,
        min(distance, 40.0),
        epsabs=1e-13,
        epsrel=1e-12,
        limit=200,
    )
    return min(value, -sum(w * math.log(w) for w in (family_weight, 1 - family_weight)))
