"""Lines of a table of temperatures (theory section 8).

Written by `python -m derivations`; do not edit.
"""

from typing import Any

from numpy import exp, expm1, log1p


def clock_over_line(line_temperature: Any, line_time: Any, relative_rise: Any) -> Any:
    """Integral of beta over the time on a line.

    Args:
        line_temperature: temperature at the end of a line from which the line is read.
        line_time: time on a line of a table.
        relative_rise: by which share of its temperature at one end a line rises.
    """
    return line_time*log1p(relative_rise)/(line_temperature*relative_rise)


def excess_on_line(line_temperature: Any, line_excess: Any, log_rise: Any) -> Any:
    """T - 1 of a line that has risen so far.

    Args:
        line_temperature: temperature at the end of a line from which the line is read.
        line_excess: temperature above 1 at the end of a line from which the line is read.
        log_rise: logarithm of the factor by which the temperature of a line rises.
    """
    return line_excess + line_temperature*expm1(log_rise)


def temperature_on_line(line_temperature: Any, log_rise: Any) -> Any:
    """Temperature of a line that has risen so far.

    Args:
        line_temperature: temperature at the end of a line from which the line is read.
        log_rise: logarithm of the factor by which the temperature of a line rises.
    """
    return line_temperature*exp(log_rise)


def time_on_line(line_temperature: Any, line_clock: Any, log_rise: Any) -> Any:
    """Time on a line in which the clock runs so far.

    Args:
        line_temperature: temperature at the end of a line from which the line is read.
        line_clock: integral of beta over the time on a line of a table.
        log_rise: logarithm of the factor by which the temperature of a line rises.
    """
    return line_clock*line_temperature*expm1(log_rise)/log_rise
