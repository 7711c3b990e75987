"""The noise of any weights, and on the sphere (theory section 12).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import sqrt


def after_projection(
    pair_cosine: Any, separation: Any, across_variance: Any, sum_variance: Any, directions: Any
) -> tuple[Any, Any, Any]:
    """Cosine of the pair after noise across and projection, and factors of x and of m1 + m2.

    Args:
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        across_variance: variance that noise adds to each direction of Delta across the axis.
        sum_variance: variance that noise adds to each direction of mu_1 + mu_2 across the axis.
        directions: number of directions in which noise lengthens.
    """
    part_0 = separation**2
    part_1 = pair_cosine + 1
    part_2 = 1 - pair_cosine
    part_3 = 2*part_0
    part_4 = across_variance*directions + part_2*part_3
    part_5 = directions*sum_variance + part_1*part_3 + part_4
    return (
        ((directions*sum_variance + 2*part_0*part_1 - part_4)/part_5, sqrt(2)*separation*sqrt(part_2/part_4),
        2*separation/sqrt(part_5),)
    )


def component_noise(
    separation: Any, component_weight: Any, variance: Any, beta: Any, score: Any, gap_along: Any, gap_across: Any,
    label_mean: Any, label_slope: Any, share_power_1: Any, share_power_2: Any, share_power_3: Any, share_power_4: Any
) -> tuple[Any, Any, Any, Any, Any, Any, Any, Any, Any, Any]:
    """Covariance of what a sample gives to (own, other) along both axes: own own 11, 12, 22; own other 11, 12, 21, 22; other other 11, 12, 22.

    Args:
        separation: distance of each mode from the origin, in standard deviations of a mode.
        component_weight: share of the component whose mean moves.
        variance: common variance of the components, or of one coordinate of an initial mean.
        beta: inverse temperature.
        score: 1 for a gradient with its score term (plain), 0 for one without (path).
        gap_along: gap from the other mean to a component's own, along the target's axis.
        gap_across: gap from the other mean to a component's own, across the target's axis.
        label_mean: mean of the target's mode label under component i.
        label_slope: derivative of psi at m_i.
        share_power_1: mean responsibility of the other component under component i.
        share_power_2: mean square of that responsibility.
        share_power_3: mean third power of that responsibility.
        share_power_4: mean fourth power of that responsibility.
    """
    part_0 = component_weight**2
    part_1 = separation**2
    part_2 = gap_along**2
    part_3 = (1/variance)
    part_4 = 2*part_0
    part_5 = part_4*score
    part_6 = label_slope*part_1
    part_7 = part_3*part_4
    part_8 = part_5*share_power_1
    part_9 = part_3*part_8
    part_10 = part_0*part_3
    part_11 = part_10*score
    part_12 = 4*part_11
    part_13 = -2*part_0*score + part_4 + part_8
    part_14 = beta**2
    part_15 = part_0*part_1
    part_16 = label_slope*part_15
    part_17 = (1/(variance**2))
    part_18 = part_17*part_2
    part_19 = share_power_1**2
    part_20 = part_0*part_19
    part_21 = part_4*share_power_1
    part_22 = part_18*share_power_2
    part_23 = 3*part_0
    part_24 = part_0*score
    part_25 = part_18*part_24
    part_26 = part_11*share_power_2
    part_27 = share_power_2**2
    part_28 = part_25*part_27
    part_29 = 6*part_25
    part_30 = part_29*share_power_3
    part_31 = part_29*share_power_4
    part_32 = part_26 - part_28 - part_30 + part_31
    part_33 = part_10 - part_11
    part_34 = gap_across*gap_along
    part_35 = part_17*part_34
    part_36 = part_35*share_power_2
    part_37 = part_24*part_35
    part_38 = 6*part_37
    part_39 = part_38*share_power_3
    part_40 = part_38*share_power_4
    part_41 = part_17*part_20
    part_42 = part_27*part_37
    part_43 = gap_across**2
    part_44 = part_43*share_power_3
    part_45 = part_17*part_43
    part_46 = part_45*share_power_2
    part_47 = part_24*part_45
    part_48 = part_27*part_47
    part_49 = 6*part_47
    part_50 = part_49*share_power_3
    part_51 = part_49*share_power_4
    part_52 = part_26 - part_48 - part_50 + part_51
    part_53 = -part_26
    part_54 = part_22*part_24
    part_55 = part_3*part_5
    part_56 = part_55*share_power_2
    part_57 = -part_24*part_36 + part_39 - part_40 + part_42
    part_58 = beta*(2*gap_across*gap_along*part_0*part_3*score*share_power_3 - part_34*part_56) + part_57
    part_59 = part_24*part_46
    return (
        (beta*(2*label_slope*part_0*part_1*score*share_power_1 + 2*label_slope*part_0*part_1 +
        6*part_0*part_2*part_3*score*share_power_2 + 2*part_0*part_2*part_3*share_power_1 - part_12*part_2*share_power_3
        - part_13 - part_2*part_7*share_power_2 - part_2*part_9 - part_5*part_6) + part_14*(-label_mean**2*part_15 +
        part_0*part_1 + part_0*variance - part_16 - part_4*part_6*variance) - part_18*part_20 - part_18*part_21 +
        part_18*part_8 + part_19*part_25 + part_22*part_23 - part_22*part_5 + part_32 + part_33,
        beta*(6*gap_across*gap_along*part_0*part_3*score*share_power_2 +
        2*gap_across*gap_along*part_0*part_3*share_power_1 - part_12*part_34*share_power_3 -
        part_34*part_7*share_power_2 - part_34*part_9) + part_19*part_37 - part_21*part_35 + part_23*part_36 -
        part_34*part_41 + part_35*part_8 - part_36*part_5 - part_39 + part_40 - part_42,
        beta*(6*part_0*part_3*part_43*score*share_power_2 + 2*part_0*part_3*part_43*share_power_1 - part_12*part_44 -
        part_13 - part_43*part_7*share_power_2 - part_43*part_9) + part_0*part_14*variance + part_19*part_47 -
        part_21*part_45 + part_23*part_46 + part_33 - part_41*part_43 + part_45*part_8 - part_46*part_5 + part_52,
        beta*(2*part_0*part_2*part_3*score*share_power_3 + part_0*score*share_power_1 - part_16*score*share_power_1 -
        part_2*part_56) + part_28 + part_30 - part_31 + part_53 - part_54, part_58, part_58, beta*(part_24*share_power_1
        - part_43*part_56 + part_44*part_55) + part_48 + part_50 - part_51 + part_53 - part_59, part_32 + part_54,
        -part_57, part_52 + part_59,)
    )


def component_noise_across(
    component_weight: Any, variance: Any, beta: Any, score: Any, share_power_1: Any, share_power_2: Any
) -> tuple[Any, Any, Any]:
    """Covariance, for batches of 1, that a component gives its own mean, both and the other, along any direction across.

    Args:
        component_weight: share of the component whose mean moves.
        variance: common variance of the components, or of one coordinate of an initial mean.
        beta: inverse temperature.
        score: 1 for a gradient with its score term (plain), 0 for one without (path).
        share_power_1: mean responsibility of the other component under component i.
        share_power_2: mean square of that responsibility.
    """
    part_0 = component_weight**2
    part_1 = beta*part_0
    part_2 = 2*part_1
    part_3 = part_0/variance
    part_4 = part_2*score
    part_5 = part_3*score
    part_6 = part_5*share_power_2
    return (
        (beta**2*part_0*variance - part_2 + part_3 - part_4*share_power_1 + part_4 - part_5 + part_6,
        part_1*score*share_power_1 - part_6, part_6,)
    )


def overlap_of_share(component_weight: Any, share_power_1: Any) -> Any:
    """Overlap of the components, of a mean share.

    Args:
        component_weight: share of the component whose mean moves.
        share_power_1: mean responsibility of the other component under component i.
    """
    return component_weight*share_power_1


def sum_slope(
    overlap_sum: Any, pair_cosine: Any, separation: Any, variance: Any, temperature: Any, label_mean: Any, label_slope:
    Any, overlap: Any
) -> Any:
    """Rate at which a deviation of m1 + m2 grows.

    Args:
        overlap_sum: sum m1 + m2 of the two overlaps.
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        variance: common variance of the components, or of one coordinate of an initial mean.
        temperature: temperature of the loss.
        label_mean: mean of the target's mode label under component i.
        label_slope: derivative of psi at m_i.
        overlap: overlap G(D) of the two components.
    """
    part_0 = separation**2
    part_1 = (1/variance)
    part_2 = (1/part_0)
    return (
        -1/2*label_mean*overlap_sum*part_2 - 1/8*label_slope*overlap_sum**2*part_2 + (1/2)*label_slope*part_0 +
        overlap*pair_cosine*part_1*temperature - overlap*part_1*temperature
    )


def tangent_noise(
    pair_cosine: Any, across_variance: Any, sum_variance: Any, axis_cosine: Any, gap_noise_along: Any, gap_noise_aside:
    Any, sum_noise_along: Any, sum_noise_aside: Any
) -> tuple[Any, Any]:
    """Variances that projected noise adds along the axis to mu_1 - mu_2 and mu_1 + mu_2.

    Args:
        pair_cosine: cosine mu_1 . mu_2/R^2 of the angle between two means on the sphere.
        across_variance: variance that noise adds to each direction of Delta across the axis.
        sum_variance: variance that noise adds to each direction of mu_1 + mu_2 across the axis.
        axis_cosine: cosine m/R^2 of a mean with the axis, of a pair across it.
        gap_noise_along: variance that noise adds to mu_1 - mu_2 along the target's axis.
        gap_noise_aside: variance that noise adds to mu_1 - mu_2 along itself, across the axis.
        sum_noise_along: variance that noise adds to mu_1 + mu_2 along the target's axis.
        sum_noise_aside: variance that noise adds to mu_1 + mu_2 along the means' difference.
    """
    part_0 = axis_cosine**2
    part_1 = (1 - part_0)**2
    part_2 = (1/2)*pair_cosine
    part_3 = 1/2 - part_2
    part_4 = -part_0 + part_2 + 1/2
    return (
        (gap_noise_along*part_1 + part_0*(across_variance*part_4 + part_3*sum_noise_aside),
        part_0*(gap_noise_aside*part_3 + part_4*sum_variance) + part_1*sum_noise_along,)
    )
