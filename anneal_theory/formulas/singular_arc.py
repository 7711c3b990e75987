"""The singular arc (theory section 12).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def arc_slopes(
    s: Any, delta: Any, separation: Any, family_weight: Any, psi_1: Any, psi_2: Any, psi_prime_1: Any, psi_prime_2: Any,
    psi_second_1: Any, psi_second_2: Any
) -> tuple[tuple[Any, Any, Any, Any, Any], tuple[Any, Any, Any, Any, Any]]:
    """Rate of s and growth rate K, each with its derivatives in s, log delta, both, and log delta twice.

    Args:
        s: weighted mean w1 m1 + w2 m2 of the two overlaps.
        delta: difference m1 - m2 of the two overlaps.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        psi_second_1: second derivative of psi at m1.
        psi_second_2: second derivative of psi at m2.
    """
    part_0 = separation**2
    part_1 = 1 - family_weight
    part_2 = psi_prime_1 - psi_prime_2
    part_3 = delta*family_weight*part_0*part_1
    part_4 = part_1*psi_second_1
    part_5 = family_weight*psi_second_2
    part_6 = part_0/delta
    part_7 = family_weight*psi_prime_2 + part_1*psi_prime_1
    part_8 = -psi_1 + psi_2
    return (
        ((part_0*(family_weight*psi_1 + part_1*psi_2) - s, part_0*(family_weight*psi_prime_1 + part_1*psi_prime_2) - 1,
        part_2*part_3, part_3*(psi_second_1 - psi_second_2), part_3*(delta*part_4 + delta*part_5 + part_2),),
        (part_6*(psi_1 - psi_2), part_2*part_6, part_6*(delta*part_7 + part_8), part_6*(delta*(part_4 + part_5) -
        psi_prime_1 + psi_prime_2), part_6*(-delta*(delta*family_weight**2*psi_second_2 - delta*part_1**2*psi_second_1 +
        part_7) - part_8),),)
    )


def singular_arc(
    cosine_squared: Any, sine_squared: Any, distance: Any, overlap: Any, overlap_prime: Any, overlap_second: Any, slope:
    Any, slope_by_s: Any, slope_by_log: Any, slope_by_s_log: Any, slope_by_log_log: Any, centre_rate: Any,
    centre_rate_by_s: Any, centre_rate_by_log: Any, centre_rate_by_s_log: Any, centre_rate_by_log_log: Any,
    label_variance: Any
) -> tuple[Any, Any]:
    """Temperature on the singular arc, and the curvature of h, under the tempered target.

    Args:
        cosine_squared: squared cosine of the angle between mu_1 - mu_2 and the target's axis.
        sine_squared: squared sine of the angle between mu_1 - mu_2 and the target's axis.
        distance: distance of the two means, or of the two points of a label.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
        overlap_second: second derivative of G in D.
        slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
        slope_by_s: derivative of the growth rate in s, at a given delta.
        slope_by_log: derivative of the growth rate in log delta, at a given s.
        slope_by_s_log: its derivative in s.
        slope_by_log_log: second derivative of the growth rate in log delta.
        centre_rate: rate of s per unit of the clock: -s + R^2 (w1 psi(m1) + w2 psi(m2)).
        centre_rate_by_s: derivative of the rate of s in s, at a given delta.
        centre_rate_by_log: derivative of the rate of s in log delta.
        centre_rate_by_s_log: its derivative in s.
        centre_rate_by_log_log: second derivative of the rate of s in log delta.
        label_variance: variance w (1 - w) of a two-point label.
    """
    part_0 = cosine_squared*slope
    part_1 = 1 - part_0
    part_2 = (1/overlap)
    part_3 = label_variance*part_2
    part_4 = part_1*part_3
    part_5 = cosine_squared*part_2
    part_6 = 2*distance
    part_7 = overlap_prime/overlap**2
    part_8 = distance*part_1
    part_9 = (1/(centre_rate*slope_by_log - centre_rate_by_log*slope))
    part_10 = label_variance*(-part_5*slope_by_log - part_7*part_8)
    part_11 = part_9*(label_variance*part_1*part_2*slope_by_log - part_10*slope)
    part_12 = centre_rate_by_log_log*part_11
    part_13 = part_9*(centre_rate*part_10 - centre_rate_by_log*part_4)
    part_14 = (
        -label_variance*(cosine_squared*part_6*part_7*slope_by_log - part_5*slope_by_log_log +
        part_8*(-overlap*(distance*overlap_second + overlap_prime) + overlap_prime**2*part_6)/overlap**3) + part_12 +
        part_13*slope_by_log_log
    )
    part_15 = distance*part_7
    part_16 = cosine_squared*label_variance
    part_17 = sine_squared*slope_by_log
    part_18 = 2*sine_squared
    part_19 = sine_squared*slope_by_log_log
    return (
        (part_4 + part_3*(-centre_rate*(centre_rate_by_s_log*part_11 + part_13*slope_by_s_log +
        part_16*(-part_15*slope_by_s + part_2*slope_by_s_log)) + centre_rate_by_log*(centre_rate_by_s*part_11 +
        cosine_squared*part_3*slope_by_s + part_13*slope_by_s) - slope*(part_12*sine_squared + part_13*part_19 +
        part_16*(-part_15*(part_17 + part_18*slope) + part_2*(2*part_17 + part_19))) +
        slope_by_log*(centre_rate_by_log*part_11*sine_squared + part_13*part_17 + part_3*(cosine_squared*part_17 +
        part_0*part_18)))/part_14, part_14,)
    )


def singular_arc_free(
    cosine_squared: Any, sine_squared: Any, overlap: Any, slope: Any, slope_by_s: Any, slope_by_log: Any,
    slope_by_s_log: Any, slope_by_log_log: Any, centre_rate: Any, centre_rate_by_s: Any, centre_rate_by_log: Any,
    centre_rate_by_s_log: Any, centre_rate_by_log_log: Any, label_variance: Any
) -> tuple[Any, Any]:
    """Temperature on the singular arc, and the curvature of h, under the free energy.

    Args:
        cosine_squared: squared cosine of the angle between mu_1 - mu_2 and the target's axis.
        sine_squared: squared sine of the angle between mu_1 - mu_2 and the target's axis.
        overlap: overlap G(D) of the two components.
        slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
        slope_by_s: derivative of the growth rate in s, at a given delta.
        slope_by_log: derivative of the growth rate in log delta, at a given s.
        slope_by_s_log: its derivative in s.
        slope_by_log_log: second derivative of the growth rate in log delta.
        centre_rate: rate of s per unit of the clock: -s + R^2 (w1 psi(m1) + w2 psi(m2)).
        centre_rate_by_s: derivative of the rate of s in s, at a given delta.
        centre_rate_by_log: derivative of the rate of s in log delta.
        centre_rate_by_s_log: its derivative in s.
        centre_rate_by_log_log: second derivative of the rate of s in log delta.
        label_variance: variance w (1 - w) of a two-point label.
    """
    part_0 = label_variance/overlap
    part_1 = (1/(centre_rate*slope_by_log - centre_rate_by_log*slope))
    part_2 = centre_rate_by_log*part_1
    part_3 = part_2*slope_by_log_log
    part_4 = centre_rate_by_log_log*part_1*slope_by_log - part_3
    return (
        (part_0*(-cosine_squared*slope + 1) + part_0*(-centre_rate*(centre_rate_by_s_log*part_1*slope_by_log -
        part_2*slope_by_s_log) + centre_rate_by_log*(centre_rate_by_s*part_1*slope_by_log - part_2*slope_by_s) -
        slope*(centre_rate_by_log_log*part_1*sine_squared*slope_by_log - part_3*sine_squared))/part_4, part_4,)
    )
