"""The trained variance, in mpmath (theory section 11).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def lagging_variance(ctx: Any, t: Any, initial_temperature: Any, cooling_rate: Any) -> Any:
    """Trained variance while the temperature falls exponentially.

    Args:
        ctx: mpmath context whose precision is used.
        t: time of the gradient flow.
        initial_temperature: temperature at the start.
        cooling_rate: rate at which the logarithm of the temperature falls.
    """
    part_0 = cooling_rate - 1
    return initial_temperature*(cooling_rate*ctx.expm1(part_0*t)/part_0 + 1)*ctx.exp(-cooling_rate*t)


def lagging_variance_even(ctx: Any, t: Any, initial_temperature: Any) -> Any:
    """The same where the temperature falls at the rate 1.

    Args:
        ctx: mpmath context whose precision is used.
        t: time of the gradient flow.
        initial_temperature: temperature at the start.
    """
    return initial_temperature*(t + 1)*ctx.exp(-t)


def relaxing_variance(ctx: Any, initial_variance: Any, temperature: Any, t: Any) -> Any:
    """Trained variance a time after the temperature came to rest.

    Args:
        ctx: mpmath context whose precision is used.
        initial_variance: common variance of the components where a stretch of time begins.
        temperature: temperature of the loss.
        t: time of the gradient flow.
    """
    return temperature + (initial_variance - temperature)*ctx.exp(-t)
