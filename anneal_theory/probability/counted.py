"""Shares of runs as estimates, and how many runs there may be."""

import math

from anneal_theory.errors import DomainError
from anneal_theory.results import Estimate

_MOST_RUNS = 2**24  # whose starts fill 0.7 gigabytes


def require_room(replicas: int) -> None:
    """Refuse more runs than fit in memory."""
    if replicas > _MOST_RUNS:
        raise DomainError.of("replicas", f"at most {_MOST_RUNS}, to fit in memory", replicas, "use fewer runs")


def share_collapsed(count: int, replicas: int) -> Estimate:
    """The share of independent runs that collapsed, with its binomial standard error."""
    share = count / replicas
    error = math.sqrt(max(share * (1 - share), 1.0 / replicas) / replicas)
    return counted_estimate(share, error, "simulated", f"{count} of {replicas} runs collapsed")


def counted_estimate(value: float, error: float, method: str, note: str) -> Estimate:
    """The estimate that a share of runs is, with its standard error."""
    log_value = math.log(value) if value > 0 else -math.inf
    log_rest = math.log1p(-value) if value < 1 else -math.inf
    return Estimate(value, error, log_value, method, log_complement=log_rest, note=note)
