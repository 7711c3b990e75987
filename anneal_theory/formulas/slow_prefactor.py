"""The constant of the passage (theory section 6).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def bend_of_the_ramp(escape_rate: Any, airy_zero: Any, ramp_bend: Any, ramp_scale: Any) -> Any:
    """Change of log A by the bend of the ramp, of order kappa* alpha.

    Args:
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
        airy_zero: size of the first zero of Airy's function.
        ramp_bend: second derivative of the temperature by the clock at T_c, over its rate r.
        ramp_scale: inverse time (a c r)^(1/3) of the passage on the ramp.
    """
    return (airy_zero**2*escape_rate*ramp_bend/ramp_scale**2)/10


def drift_of_the_orbit(
    escape_rate: Any, airy_zero: Any, ramp_rate: Any, ramp_scale: Any, wall_sensitivity: Any, orbit_sensitivity: Any
) -> Any:
    """Change of log A as the temperature falls along the orbit.

    Args:
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
        airy_zero: size of the first zero of Airy's function.
        ramp_rate: rate at which the temperature falls per unit of the clock at T_c.
        ramp_scale: inverse time (a c r)^(1/3) of the passage on the ramp.
        wall_sensitivity: derivative of the orbit's clock at the wall by the temperature.
        orbit_sensitivity: integral of such derivatives along the orbit.
    """
    return escape_rate*ramp_rate*(airy_zero*wall_sensitivity/ramp_scale + orbit_sensitivity)


def refined_prefactor(escape_rate: Any, orbit_offset: Any, passage_time: Any) -> Any:
    """Logarithm of the prefactor of slow annealing.

    Args:
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
        orbit_offset: log rho far back on the orbit at T_c, extrapolated to its zero of time.
        passage_time: clock from the orbit's zero of time until T_c is reached.
    """
    return escape_rate*passage_time + orbit_offset
