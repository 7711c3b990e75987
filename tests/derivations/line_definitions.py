"""Definitions of the derived functions of a table's lines: integrals of 1/T along a line, and where they end."""

from types import SimpleNamespace

from tests.derivations.vector_pairs import mp


def _line(start: str, rise: str, time: str) -> SimpleNamespace:
    """A line with its letters: the clock by quadrature, the rise of the logarithm from the temperatures at its ends."""
    temperature, share, width = (mp.mpf(one) for one in (start, rise, time))
    end = temperature + temperature * share
    clock = mp.quad(lambda t: 1 / (temperature + temperature * share * t / width), mp.linspace(0, width, 5))
    return SimpleNamespace(
        line_temperature=temperature, line_excess=temperature - 1, line_time=width, relative_rise=share,
        line_clock=clock, log_rise=mp.log(end / temperature), end=end,
    )  # fmt: skip


RISING, FALLING = _line("1.3", "1.7", "2.5"), _line("6", "-0.75", "0.4")
DEFINITIONS = {
    "table_lines.clock_over_line": (RISING, lambda line: line.line_clock),
    "table_lines.time_on_line": (FALLING, lambda line: line.line_time),
    "table_lines.temperature_on_line": (FALLING, lambda line: line.end),
    "table_lines.excess_on_line": (RISING, lambda line: line.end - 1),
}
