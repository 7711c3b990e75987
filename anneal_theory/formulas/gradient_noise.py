"""The noise of the gradient (theory section 12).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def noise_across(beta: Any, score: Any, overlap: Any) -> Any:
    """Variance of Delta's gradient, for batches of 1, along any direction across.

    Args:
        beta: inverse temperature.
        score: 1 for a gradient with its score term (plain), 0 for one without (path).
        overlap: overlap G(D) of the two components.
    """
    part_0 = overlap*score
    return (1/2)*beta**2 + beta*(-4*part_0 + score - 1) + 2*part_0 - 1/2*score + 1/2


def noise_in_plane(
    delta: Any, perp: Any, separation: Any, beta: Any, score: Any, psi_1: Any, psi_2: Any, psi_prime_1: Any,
    psi_prime_2: Any, overlap: Any, overlap_in_square: Any
) -> tuple[Any, Any, Any, Any, Any, Any]:
    """Covariance of the gradients of s, delta and |Delta_perp|, for batches of 1: ss, sd, sp, dd, dp, pp.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        perp: length of mu_1 - mu_2 across the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        beta: inverse temperature.
        score: 1 for a gradient with its score term (plain), 0 for one without (path).
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        overlap: overlap G(D) of the two components.
        overlap_in_square: derivative of G in X = D^2/4.
    """
    part_0 = separation**2
    part_1 = (1/8)*part_0
    part_2 = delta**2
    part_3 = overlap*part_2
    part_4 = (1/8)*part_3
    part_5 = overlap**2
    part_6 = part_2*part_5
    part_7 = (1/2)*score
    part_8 = beta**2
    part_9 = separation**4
    part_10 = (3/16)*part_9
    part_11 = psi_1**2
    part_12 = (1/16)*part_9
    part_13 = psi_2**2
    part_14 = (1/8)*part_9
    part_15 = (1/4)*part_9
    part_16 = part_15*psi_prime_1
    part_17 = part_15*psi_prime_2
    part_18 = (1/2)*part_9
    part_19 = part_18*psi_prime_1
    part_20 = overlap*score
    part_21 = part_18*psi_prime_2
    part_22 = (1/2)*part_0
    part_23 = part_3*score
    part_24 = overlap_in_square*score
    part_25 = part_2*part_24
    part_26 = overlap*part_0*score
    part_27 = (3/4)*part_9
    part_28 = delta*perp
    part_29 = overlap*part_28
    part_30 = part_29*score
    part_31 = part_24*part_28
    part_32 = 2*part_5
    part_33 = perp**2
    part_34 = overlap*part_33
    part_35 = part_34*score
    part_36 = part_24*part_33
    return (
        (beta*((1/4)*overlap*part_2 + (1/4)*part_0*score - 1/4*part_0 - part_14*psi_prime_1*score -
        part_14*psi_prime_2*score - 1/4*part_3*score + (1/8)*part_9*psi_prime_1 + (1/8)*part_9*psi_prime_2) -
        part_1*score + part_1 + part_4*score - part_4 + part_6*part_7 - 1/2*part_6 + part_8*((1/8)*part_0 -
        part_10*psi_prime_1 - part_10*psi_prime_2 - part_11*part_12 - part_12*part_13 + (1/8)*part_9),
        beta*(-part_16*score + part_16 + part_17*score - part_17 + part_19*part_20 - part_20*part_21) +
        part_8*(-part_11*part_14 + (1/8)*part_13*part_9 - 3/8*part_9*psi_prime_1 + (3/8)*part_9*psi_prime_2), 0.0,
        beta*(overlap*part_2 + 2*overlap*part_9*psi_prime_1*score + 2*overlap*part_9*psi_prime_2*score + part_0*score -
        part_0 - part_19*score - part_21*score - part_23 - 2*part_25 - 4*part_26 + (1/2)*part_9*psi_prime_1 +
        (1/2)*part_9*psi_prime_2) - part_22*score + part_22 + (5/2)*part_23 + 3*part_25 + 2*part_26 - 1/2*part_3 -
        2*part_6 + part_8*((1/2)*part_0 - part_11*part_15 - part_13*part_15 - part_27*psi_prime_1 - part_27*psi_prime_2
        + (1/2)*part_9), beta*(delta*overlap*perp - part_30 - 2*part_31) - part_28*part_32 - 1/2*part_29 + (5/2)*part_30
        + 3*part_31, beta*(overlap*part_33 - 4*part_20 - part_35 - 2*part_36 + score - 1) + 2*part_20 - part_32*part_33
        - 1/2*part_34 + (5/2)*part_35 + 3*part_36 - part_7 + (1/2)*part_8 + 1/2,)
    )


def spread_after(spread_square: Any, growth_factor: Any, noise_variance: Any) -> Any:
    """Mean square of delta after a step with noise.

    Args:
        spread_square: mean square of delta over the runs of one start of the others.
        growth_factor: factor by which a small delta grows in a step.
        noise_variance: variance that noise adds to delta in a step.
    """
    return growth_factor**2*spread_square + noise_variance


def typical_length(across_square: Any, dim: Any, across_variance: Any) -> tuple[Any, Any, Any]:
    """After noise across: squared length of a typical run, share of a deviation of its logarithm that is kept, variance that is added to it.

    Args:
        across_square: squared length of mu_1 - mu_2 across the target's axis.
        dim: dimension of the samples.
        across_variance: variance that noise adds to each direction of Delta across the axis.
    """
    part_0 = across_square + across_variance*(dim - 3)
    part_1 = (1/part_0)
    return (part_0, across_square*part_1, across_variance*part_1,)
