"""A stretch of time on which a temperature is analytic, as power series see it; loads neither flint nor schedules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from anneal_theory._types import Arb, ArbSeries

Local: TypeAlias = Callable[[Arb], ArbSeries]
"""From a time (an Arb ball) to the series of T in the time after it."""


@dataclass(frozen=True)
class AnalyticPiece:
    """A stretch of time on which the temperature is analytic."""

    end: Callable[[], Arb] | None  # where it ends, from an Arb ball at flint's working precision; None for never
    local: Local  # the series of T at a time in it
