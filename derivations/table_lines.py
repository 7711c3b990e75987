r"""The straight lines of a table of temperatures: their clock, and where they are when it shows a value.

Source: theory section 8.  Output: the clock over a line from its rise, and the time, the temperature and T - 1 on it
from its rise along the clock, in forms that lose no digits where the line is flat.
"""

from functools import cache

import sympy as sp
from sympy.codegen.cfunctions import expm1, log1p

from derivations.core import Derivation
from derivations.schedules import plain
from derivations.symbols import symbol

x = symbol("elapsed")
T_k, e_k, w, c = (symbol(f"line_{name}") for name in ("temperature", "excess", "time", "clock"))
u, g = symbol("relative_rise"), symbol("log_rise")


@cache
def derive() -> Derivation:
    """A line, read from either end: after the time w it has risen by u T_k."""
    d = Derivation("table_lines", source="theory section 8", title="Lines of a table of temperatures")
    d.say(
        r"""A line of a table is read from one of its ends, where its temperature is $T_k = 1 + e_k$: after a time $w$,
        of which $x$ is the share that has passed, it has risen by $u T_k$. Along the clock its logarithm rises
        evenly, so that it has risen by $g = c\, u T_k/w$ when the clock has run by $c$. Both ends of a line give the
        same clock. At $u = 0$ and $g = 0$ the clock and the time have the limits $w/T_k$ and $c\, T_k$."""
    )
    at_share, running = T_k * (1 + u * x), w * sp.log(1 + u * x) / (T_k * u)
    d.step("Definition", at_share, "T(x)")
    d.step("The clock along the line", running, "y(x)")
    d.check(
        "Rate and start of the clock",
        [sp.diff(running, x), running.subs(x, 0)],
        [w / at_share, sp.Integer(0)],
        shown=["dy/dx", "y(0)"],
    )
    clock, time = w * log1p(u) / (T_k * u), T_k * c * expm1(g) / g
    d.check("The clock over the line", running.subs(x, 1), plain(clock), shown="c")
    end = {c: plain(clock), g: sp.log(1 + u)}
    d.check("The rise of the logarithm", (c * u * T_k / w).subs(end), sp.log(1 + u), shown="g")
    d.check("The time that the clock takes", plain(time).subs(end), w, shown="w")
    temperature, excess = T_k * sp.exp(g), e_k + T_k * expm1(g)
    d.check("The temperature then", temperature.subs(end), at_share.subs(x, 1), shown="T")
    d.check("The temperature above 1", plain(excess).subs(e_k, T_k - 1), temperature - 1, shown="T - 1")
    d.output("clock_over_line", clock, "c", "integral of beta over the time on a line", (w, T_k, u))
    d.output("time_on_line", time, "w", "time on a line in which the clock runs so far", (c, T_k, g))
    d.output("temperature_on_line", temperature, "T", "temperature of a line that has risen so far", (T_k, g))
    d.output("excess_on_line", excess, "T - 1", "T - 1 of a line that has risen so far", (e_k, T_k, g))
    return d
