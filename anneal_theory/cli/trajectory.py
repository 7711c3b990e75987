"""`anneal-theory trajectory`: one training run as a curve."""

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from anneal_theory.cli.options import (
    DYNAMICS,
    OUTPUT,
    SCHEDULE,
    TARGET,
    DynamicsOptions,
    OutputOptions,
    ScheduleOptions,
    TargetOptions,
    letter,
    whole,
)
from anneal_theory.cli.output import busy, emit

if TYPE_CHECKING:
    from anneal_theory.results import Trajectory

_MOST_POINTS = 10**6
_SHOWN = ("m1", "m2", "rho", "distance")


def trajectory(
    *,
    target: TargetOptions = TARGET,
    schedule: ScheduleOptions = SCHEDULE,
    s0: Annotated[str, letter("s0")] = "0",
    rho0: Annotated[str, letter("rho0")] = "0.1",
    distance: Annotated[str, letter("distance0")] = "1.4142135623730951",
    until: Annotated[str, Parameter(help="last time of the gradient flow (positive and finite)")] = "1000",
    points: Annotated[str, Parameter(help="number of times reported, evenly spaced (at least 2)")] = "21",
    dynamics: DynamicsOptions = DYNAMICS,
    output: OutputOptions = OUTPUT,
) -> None:
    """Overlaps of the two means with the target's axis along one training run."""
    import numpy as np

    from anneal_theory.errors import DomainError
    from anneal_theory.exact import exact

    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build()}
    numbers = {"s0": s0, "rho0": rho0, "distance": distance, "until": until}
    given = {name: float(exact(value, name)) for name, value in numbers.items()}
    count = whole(points, "points")
    if not 2 <= count <= _MOST_POINTS:
        need = f"from 2 to {_MOST_POINTS}"
        raise DomainError.of("points", need, points, "the first and the last time are reported")
    if given["until"] <= 0:
        raise DomainError.of("until", "positive", until, "give the last time of the run")
    with busy("trajectory"):
        from anneal_theory.gradient_flow import ReducedState, solve_flow

        start = ReducedState.from_rho(given["s0"], given["rho0"], given["distance"], problem["target"])
        times = np.linspace(0.0, given["until"], count)
        run = solve_flow(problem["target"], problem["schedule"], start, times, **dynamics.keywords)
    settings = problem | {"dynamics": dynamics.build()} | given
    emit(output, "trajectory", settings, run.to_dict(), _table(run))


def _table(run: "Trajectory") -> str:
    names = ("time", "T", *_SHOWN)
    columns = [run.times, run.temperature, *(run[name] for name in _SHOWN)]
    lines = ["".join(f"{name:>13}" for name in names)]
    lines += ["".join(f" {value:12.6g}" for value in row) for row in zip(*columns, strict=True)]
    return "\n".join([*lines, f"{run.status}: {run.message}"])
