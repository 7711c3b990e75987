"""Lines of a table of temperatures, in mpmath (theory section 8).

Written by `python -m derivations`; do not edit.
"""

from typing import Any


def clock_over_line(ctx: Any, line_temperature: Any, line_time: Any, relative_rise: Any) -> Any:
    """Integral of beta over the time on a line.

    Args:
        ctx: mpmath context whose precision is used.
        line_temperature: temperature at the end of a line from which the line is read.
        line_time: time on a line of a table.
        relative_rise: by which share of its temperature at one end a line rises.
    """
    return line_time*ctx.log1p(relative_rise)/(line_temperature*relative_rise)
