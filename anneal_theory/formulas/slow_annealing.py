"""What slow annealing costs (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import log


def branch_centre(
    s: Any, separation: Any, psi_1: Any, psi_2: Any, psi_prime_1: Any, psi_prime_2: Any
) -> tuple[Any, Any]:
    """What vanishes at the centre of a pair on the collapsed branch, and its slope.

    Args:
        s: weighted mean w1 m1 + w2 m2 of the two overlaps.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
    """
    part_0 = separation**2
    return ((1/2)*part_0*(psi_1 + psi_2) - s, (1/2)*part_0*(psi_prime_1 + psi_prime_2) - 1,)


def branch_growth(
    delta: Any, separation: Any, psi_1: Any, psi_2: Any, psi_prime_1: Any, psi_prime_2: Any
) -> tuple[Any, Any]:
    """Growth rate along the collapsed branch and its derivative by the difference of the overlaps.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        separation: distance of each mode from the origin, in standard deviations of a mode.
        psi_1: mean of the target's mode label under the first component.
        psi_2: mean of the target's mode label under the second component.
        psi_prime_1: derivative of psi at m1.
        psi_prime_2: derivative of psi at m2.
    """
    part_0 = psi_1 - psi_2
    part_1 = (1/delta)
    part_2 = separation**2
    part_3 = (1/2)*psi_prime_1
    part_4 = (1/2)*psi_prime_2
    return (
        (part_0*part_1*part_2, part_1*part_2*(part_3 + part_4) - 1/2*part_1*separation**4*(part_3 - part_4)*(psi_prime_1
        - psi_prime_2)/((1/2)*part_2*(psi_prime_1 + psi_prime_2) - 1) - part_0*part_2/delta**2,)
    )


def branch_log_rho(delta: Any, distance: Any, separation: Any) -> Any:
    """Log rho of a pair at a distance.

    Args:
        delta: difference m1 - m2 of the two overlaps.
        distance: distance of the two means, or of the two points of a label.
        separation: distance of each mode from the origin, in standard deviations of a mode.
    """
    return -1/2*log(-1 + distance**2*separation**2/delta**2)


def branch_overlap(temperature: Any, slope: Any) -> Any:
    """Overlap of the components on the collapsed branch.

    Args:
        temperature: temperature of the loss.
        slope: growth rate of log rho, R^2 (psi(m1) - psi(m2))/(m1 - m2).
    """
    return (1/4)*(1 - slope)/temperature


def slow_threshold(escape_rate: Any, hot_clock: Any, log_gain: Any, log_prefactor: Any) -> Any:
    """Log rho_c of slow annealing; to leading order log A = 0.

    Args:
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
        hot_clock: clock that a schedule spends above T_c.
        log_gain: logarithm of the gain C(s(0)) of the transient.
        log_prefactor: logarithm of the prefactor of the threshold of slow annealing.
    """
    return -escape_rate*hot_clock - log_gain + log_prefactor
