"""The errors of the slow-annealing formula: log rho_c of the separatrix minus that of the formula."""

import math

from anneal_theory._types import Objective
from anneal_theory.problem import BimodalTarget, Dynamics
from anneal_theory.schedules import Exponential
from anneal_theory.threshold import collapse_threshold
from anneal_theory.threshold.slow.slow_annealing import slow_threshold

TARGETS = (("3", "0.8"), ("2.5", "0.8"), ("3.5", "0.65"))
TIMES = ("1e3", "3e3", "1e4", "3e4", "1e5")
TEMPERATURES = ("12", "30", "100")
OBJECTIVES: tuple[Objective, ...] = ("tempered-target", "free-energy")


def slow_annealing_errors() -> str:
    """Errors of log rho_c (s0 = 0, D0 = sqrt 2), and the measured orders.

    The order is the slope of log |error| in log t0 over the last decade.
    """
    head = ["R", "w*", "objective", "T0", *(f"t0 = {one}" for one in TIMES), "order", "stated error"]
    rows = []
    for separation, weight in TARGETS:
        target = BimodalTarget(separation, weight)
        for objective in OBJECTIVES:
            for temperature in TEMPERATURES:
                rows.append(_row(target, objective, temperature))
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _row(target: BimodalTarget, objective: Objective, temperature: str) -> list[str]:
    errors, stated = [], 0.0
    for time in TIMES:
        schedule = Exponential(temperature, time)
        exact = collapse_threshold(target, schedule, distance_squared=2, objective=objective).log_value
        log_rho, _, found = slow_threshold(target, schedule, 0, Dynamics(objective))
        errors.append(exact - float(log_rho))
        stated = found.error
    order = math.log(abs(errors[-1] / errors[2])) / math.log(10)
    names = f"{target.separation:g}", f"{target.weight:g}", objective, temperature
    return [*names, *(f"{one:+.4f}" for one in errors), f"{order:.2f}", f"{stated:.3f}"]
