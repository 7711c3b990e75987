"""The best schedule (theory section 12).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import log, pi, sqrt


def alignment_cost(escape_rate: Any, price: Any, alignment_asked: Any) -> Any:
    """Time in which alignment is bought.

    Args:
        escape_rate: growth rate R^2 psi'(s*) of log rho at the collapsed state.
        price: time that a schedule takes for a unit of time of the cold flow.
        alignment_asked: logarithm of what the alignment has to grow by at the rate kappa*.
    """
    return 2*alignment_asked*price/escape_rate


def alignment_needed(dim: Any, collapse_chance: Any, mean_inverse_gain: Any) -> Any:
    """Logarithm of what the alignment has to grow by for a small P.

    Args:
        dim: dimension of the samples.
        collapse_chance: probability of mode collapse that is asked for.
        mean_inverse_gain: mean of 1/C over the starts, C the transient gain.
    """
    return log(sqrt(2)*sqrt(dim)*mean_inverse_gain/(sqrt(pi)*collapse_chance))


def exponential_price(initial_temperature: Any, critical_temperature: Any, final_temperature: Any) -> Any:
    """Price of an exponential under the tempered target.

    Args:
        initial_temperature: temperature at the start.
        critical_temperature: temperature above which a collapsed pair is released.
        final_temperature: temperature at which a schedule counts as cooled down.
    """
    return (
        log((initial_temperature - 1)/(final_temperature - 1))/log((1 - 1/initial_temperature)/(1 -
        1/critical_temperature))
    )


def exponential_price_free(initial_temperature: Any, critical_temperature: Any, final_temperature: Any) -> Any:
    """Price of an exponential under the free energy.

    Args:
        initial_temperature: temperature at the start.
        critical_temperature: temperature above which a collapsed pair is released.
        final_temperature: temperature at which a schedule counts as cooled down.
    """
    part_0 = initial_temperature - 1
    return log(part_0/(final_temperature - 1))/log(part_0/(critical_temperature - 1))


def exponential_to_one_price(initial_temperature: Any, critical_temperature: Any, final_temperature: Any) -> Any:
    """Price of an exponential to one under the tempered target.

    Args:
        initial_temperature: temperature at the start.
        critical_temperature: temperature above which a collapsed pair is released.
        final_temperature: temperature at which a schedule counts as cooled down.
    """
    return log(initial_temperature/final_temperature)/(-1/initial_temperature + (1/critical_temperature))


def exponential_to_one_price_free(initial_temperature: Any, critical_temperature: Any, final_temperature: Any) -> Any:
    """Price of an exponential to one under the free energy.

    Args:
        initial_temperature: temperature at the start.
        critical_temperature: temperature above which a collapsed pair is released.
        final_temperature: temperature at which a schedule counts as cooled down.
    """
    return log(initial_temperature/final_temperature)/log(initial_temperature/critical_temperature)


def passage_cost(initial_temperature: Any, passage_drive: Any, critical_temperature: Any) -> Any:
    """Time of passing the fold at a constant temperature, tempered.

    Args:
        initial_temperature: temperature at the start.
        passage_drive: product of the coefficients a and c of the normal form of the passage.
        critical_temperature: temperature above which a collapsed pair is released.
    """
    return 2*pi*initial_temperature/(sqrt(passage_drive)*sqrt(-critical_temperature + initial_temperature))


def passage_cost_free(initial_temperature: Any, passage_drive: Any, critical_temperature: Any) -> Any:
    """Time of passing the fold at a constant temperature, free energy.

    Args:
        initial_temperature: temperature at the start.
        passage_drive: product of the coefficients a and c of the normal form of the passage.
        critical_temperature: temperature above which a collapsed pair is released.
    """
    return 2*pi/(sqrt(passage_drive)*sqrt(-critical_temperature + initial_temperature))


def pulse_temperature(critical_temperature: Any) -> Any:
    """Temperature at which a pulse takes least time, tempered.

    Args:
        critical_temperature: temperature above which a collapsed pair is released.
    """
    return 2*critical_temperature
