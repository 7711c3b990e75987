"""`anneal-theory trajectory`: one training run as a curve."""

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from anneal_theory.cli.models import MODEL, ModelGroup
from anneal_theory.cli.option_fields import letter, typed_integer
from anneal_theory.cli.options import OUTPUT, SCHEDULE, TARGET, OutputGroup, TargetGroup
from anneal_theory.cli.output import busy, emit
from anneal_theory.cli.refusals import require_left_out
from anneal_theory.cli.schedule_options import ScheduleGroup

if TYPE_CHECKING:
    from anneal_theory._types import FloatArray
    from anneal_theory.results import Trajectory

_MOST_POINTS = 10**6
_FINE = 2000  # times at least, both evenly and geometrically, of the run that is thinned out
_EARLY = 1e-6  # of the last time: the first of the geometric ones
_STILL = 0.5  # share that the number of times has beside the changes, each of which counts 1
_STEADY = 1e-300
_ALIGNED = 1e6  # rho from which on an angle is below a microradian
_FREE = {"s0": "0", "rho0": "0.1", "distance": "1.4142135623730951"}
_SPHERE = {"cosine": "0.1", "mean_cosine": "0", "pair_overlap": "0"}
_SHOWN = {
    "free": ("m1", "m2", "rho", "distance"),
    "sphere": ("m1", "m2", "pair_overlap", "variance", "v1", "v2", "cosine"),
}
_ON_SPHERE = "with --constraint sphere, {} unless given"


def _number(text: str) -> Parameter:
    return Parameter(help=text, metavar="NUMBER")


def trajectory(
    *,
    target: TargetGroup = TARGET,
    schedule: ScheduleGroup = SCHEDULE,
    s0: Annotated[str | None, letter("s0", "0 unless given")] = None,
    rho0: Annotated[str | None, letter("rho0", "0.1 unless given")] = None,
    distance: Annotated[str | None, letter("distance0", "square root of 2 unless given")] = None,
    cosine: Annotated[str | None, letter("difference_cosine", _ON_SPHERE.format("0.1"))] = None,
    mean_cosine: Annotated[str | None, letter("mean_cosine", _ON_SPHERE.format("0"))] = None,
    pair_overlap: Annotated[str | None, letter("pair_overlap", _ON_SPHERE.format("0"))] = None,
    dim: Annotated[
        str | None,
        letter("dim", "for trained variances on the sphere, whose law in large dimension is taken without it"),
    ] = None,
    until: Annotated[str, _number("last time of the gradient flow (positive and finite)")] = "1000",
    points: Annotated[str, _number("number of times reported, closest where most happens (at least 2)")] = "21",
    dynamics: ModelGroup = MODEL,
    output: OutputGroup = OUTPUT,
) -> None:
    """Overlaps of the two means with the target's axis along one training run."""
    from anneal_theory.errors import DomainError
    from anneal_theory.exact import exact

    problem: dict[str, Any] = {"target": target.build(), "schedule": schedule.build()}
    free = {"s0": s0, "rho0": rho0, "distance": distance}
    sphere = {"cosine": cosine, "mean_cosine": mean_cosine, "pair_overlap": pair_overlap}
    coordinates = _start(dynamics.on_sphere, free, sphere)
    numbers = {name: float(exact(value, name)) for name, value in (coordinates | {"until": until}).items()}
    count = typed_integer(points, "points")
    if not 2 <= count <= _MOST_POINTS:
        need = f"from 2 to {_MOST_POINTS}"
        raise DomainError.of("points", need, points, "the first and the last time are reported")
    if numbers["until"] <= 0:
        raise DomainError.of("until", "positive", until, "give the last time of the run")
    with busy("trajectory"):
        from anneal_theory.gradient_flow import ReducedState, SphereState, solve_flow

        first, second, third = (numbers[name] for name in coordinates)
        if dynamics.on_sphere:
            start: ReducedState | SphereState = SphereState(first, second, third)
        else:
            start = ReducedState.from_rho(first, second, third, problem["target"])
        size = None if dim is None else typed_integer(dim, "dim")
        times = _fine_times(numbers["until"], count)
        fine = solve_flow(problem["target"], problem["schedule"], start, times, dim=size, **dynamics.arguments)
        names = _SHOWN["sphere" if dynamics.on_sphere else "free"]
        shown = tuple(name for name in names if name in fine.statistics)
        run = _thinned(fine, count)
    settings = problem | {"dynamics": dynamics.build()} | numbers | ({} if size is None else {"dim": size})
    emit(output, "trajectory", settings, run.to_dict(), _table(run, shown))


def _start(on_sphere: bool, free: dict[str, str | None], sphere: dict[str, str | None]) -> dict[str, str]:
    """The numbers of the start, those of the other model refused."""
    if on_sphere:
        require_left_out("with --constraint sphere", "give --cosine, --mean-cosine and --pair-overlap", **free)
    else:
        require_left_out("for free means", "or add --constraint sphere", **sphere)
    typed, usual = (sphere, _SPHERE) if on_sphere else (free, _FREE)
    return {name: typed[name] or usual[name] for name in usual}


def _fine_times(until: float, count: int) -> "FloatArray":
    """Times from 0 to the last one, close enough to see where something happens."""
    import numpy as np

    fine = max(_FINE, 2 * count)
    return np.unique(np.concatenate([np.geomspace(_EARLY * until, until, fine), np.linspace(0.0, until, fine)]))


def _thinned(run: "Trajectory", count: int) -> "Trajectory":
    """So many of a run's times, both ends among them, between which temperature and overlaps change alike."""
    from dataclasses import replace

    import numpy as np

    length = np.linspace(0.0, _STILL, run.times.size)  # where nothing changes times are spread all the same
    for values in (np.log(run.temperature), run["m1"], run["m2"]):
        steps = np.abs(np.diff(values, prepend=values[0]))
        length += np.cumsum(steps) / max(float(steps.sum()), _STEADY)
    wanted = np.searchsorted(length, np.linspace(0.0, length[-1], min(count, run.times.size)))
    # no place twice, and as many as asked for: a place that is taken moves on, then back from the end
    indices = np.maximum.accumulate(wanted - np.arange(wanted.size)) + np.arange(wanted.size)
    room = run.times.size - wanted.size + np.arange(wanted.size)
    indices = np.minimum(indices, room)
    statistics = {name: values[indices] for name, values in run.statistics.items()}
    return replace(run, times=run.times[indices], temperature=run.temperature[indices], statistics=statistics)


def _table(run: "Trajectory", shown: tuple[str, ...]) -> str:
    names = ("time", "T", *shown)
    columns = [run.times, run.temperature, *(run[name] for name in shown)]
    lines = ["".join(f"{name:>13}" for name in names)]
    for row in zip(*columns, strict=True):
        lines.append("".join(f" {_cell(name, value):>12}" for name, value in zip(names, row, strict=True)))
    return "\n".join([*lines, f"{run.status}: {run.message}"])


def _cell(name: str, value: float) -> str:
    """A number, or what a cotangent says that is beyond telling: the pair lies along the axis."""
    return "aligned" if name == "rho" and value > _ALIGNED else f"{value:.6g}"
