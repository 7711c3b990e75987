"""The passage through the critical temperature (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import cbrt, euler_gamma, log


def passage_coefficients(
    m1: Any, m2: Any, separation: Any, family_weight: Any, temperature: Any, psi_1: Any, psi_2: Any, psi_prime_1: Any,
    psi_prime_2: Any, psi_second_1: Any, psi_second_2: Any, psi_third_1: Any, psi_third_2: Any, overlap: Any,
    overlap_prime: Any, overlap_second: Any, overlap_third: Any
) -> tuple[Any, Any, Any, Any, Any, Any]:
    """Coefficients a, c, b, a_3, c_1 of the normal form of the passage, y along its null vector, and the growth rate K_c of log rho at the fold.

    Args:
        m1: overlap mu_1 . mu* of the first mean with the target's axis.
        m2: overlap mu_2 . mu* of the second mean with the target's axis.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        family_weight: share of the family's first component.
        temperature: temperature of the loss.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
        psi_second_1: second derivative of psi at m1.
        psi_second_2: second derivative of psi at m2.
        psi_third_1: third derivative of psi at m1.
        psi_third_2: third derivative of psi at m2.
        overlap: overlap G(D) of the two components.
        overlap_prime: derivative dG/dD.
        overlap_second: second derivative of G in D.
        overlap_third: third derivative of G in D.
    """
    part_0 = 1 - family_weight
    part_1 = separation**2
    part_2 = part_1*psi_prime_2 - 1
    part_3 = (1/family_weight)
    part_4 = overlap_prime/separation
    part_5 = 2*temperature
    part_6 = m1 - m2
    part_7 = part_3*part_6
    part_8 = part_7*temperature
    part_9 = overlap_second/part_1
    part_10 = part_3*part_4*part_5 + part_8*part_9
    part_11 = part_2**2
    part_12 = part_0**2
    part_13 = family_weight*part_12
    part_14 = part_1*psi_prime_1 - 1
    part_15 = part_14**2
    part_16 = family_weight**2
    part_17 = part_0*part_16
    part_18 = (1/(part_11*part_13 + part_15*part_17))
    part_19 = (1/part_0)
    part_20 = part_19*part_4
    part_21 = part_9*temperature
    part_22 = part_19*part_21
    part_23 = part_20*part_5 + part_22*part_6
    part_24 = part_1*psi_second_2 - part_23
    part_25 = family_weight*part_14
    part_26 = part_0*part_25
    part_27 = part_18*part_26
    part_28 = -part_10
    part_29 = family_weight*part_0*part_18*part_2*part_28 - part_23*part_27
    part_30 = part_0*part_2*part_29 - part_25*(family_weight*part_0*part_10*part_18*part_2 - part_24*part_27)
    part_31 = part_1*psi_second_1 + part_10
    part_32 = -part_23
    part_33 = part_0*part_2*(family_weight*part_0*part_18*part_2*part_31 - part_27*part_32) - part_25*part_29
    part_34 = overlap*part_6
    part_35 = part_18*part_34
    part_36 = part_0*part_2
    part_37 = part_6*temperature
    part_38 = overlap_third/separation**3
    part_39 = 3*part_21*part_3 + part_38*part_8
    part_40 = family_weight*part_0*part_18*part_2*part_39
    part_41 = part_19*part_37*part_38 + 3*part_22
    part_42 = -part_27*part_41
    part_43 = family_weight*part_0*part_18*part_2*part_39 - part_42
    part_44 = -part_27*part_41 - part_40
    part_45 = part_0*part_2*part_44 - part_25*part_43
    part_46 = overlap*part_3
    part_47 = part_4*part_7
    part_48 = part_46*temperature + part_47*temperature
    part_49 = (1/(family_weight**3*part_12*part_15 + part_0**3*part_11*part_16))
    part_50 = part_14*part_17*part_49
    part_51 = overlap*part_19
    part_52 = part_20*part_6
    part_53 = part_51*temperature + part_52*temperature
    part_54 = part_13*part_2*part_49
    part_55 = part_26*(-part_50*(part_14 + part_48) + part_53*part_54)
    part_56 = family_weight*part_36
    part_57 = part_56*(part_48*part_50 - part_54*(part_2 + part_53))
    part_58 = -part_26*part_33 - part_30*part_56
    part_59 = -part_23*part_54 - part_28*part_50
    part_60 = part_46 + part_47
    part_61 = part_18*part_56
    part_62 = part_51 + part_52
    part_63 = part_34*part_49
    return (
        ((1/2)*part_0*part_2*part_33 - 1/2*part_25*part_30, part_25*part_35 + part_35*part_36,
        -1/2*part_37*part_4/overlap, (-part_25*(part_0*part_2*part_45 - part_25*(part_0*part_2*part_43 -
        part_25*(-part_27*(part_1*psi_third_2 + part_41) - part_40))))/6 +
        (part_36*(part_0*part_2*(part_0*part_2*(family_weight*part_0*part_18*part_2*(part_1*psi_third_1 + part_39) -
        part_42) - part_25*part_44) - part_25*part_45))/6 + part_58*(part_25*(part_0*part_2*part_59 -
        part_25*(-part_10*part_50 - part_24*part_54)) - part_36*(part_0*part_2*(-part_31*part_50 - part_32*part_54) -
        part_25*part_59))/(-2*part_55 - 2*part_57), -part_25*(-part_27*part_62 - part_60*part_61) +
        part_36*(part_27*part_62 + part_60*part_61) + part_58*(part_26*part_63 - part_56*part_63)/(-part_55 - part_57),
        part_1*(psi_1 - psi_2)/part_6,)
    )


def passage_wall(passage_drive: Any, passage_tilt: Any, passage_growth: Any) -> Any:
    """Log rho at the wall, where the line starts.

    Args:
        passage_drive: product of the coefficients a and c of the normal form of the passage.
        passage_tilt: coefficient b of the normal form of the passage: how far the axis tilts the fold.
        passage_growth: growth rate of log rho at the fold of the collapsed pair.
    """
    return -log(2*passage_growth) + (1/2)*log(passage_drive*passage_tilt) + euler_gamma


def ramp_scale(passage_drive: Any, ramp_rate: Any) -> Any:
    """Inverse time of the passage on the ramp.

    Args:
        passage_drive: product of the coefficients a and c of the normal form of the passage.
        ramp_rate: rate at which the temperature falls per unit of the clock at T_c.
    """
    return cbrt(passage_drive)*cbrt(ramp_rate)
