"""`anneal-theory report`: the main job."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anneal_theory.cli.options import (
    DYNAMICS,
    INIT,
    OUTPUT,
    SCHEDULE,
    TARGET,
    DynamicsOptions,
    InitOptions,
    OutputOptions,
    ScheduleOptions,
    TargetOptions,
    letter,
    whole,
)
from anneal_theory.cli.output import as_json, write
from anneal_theory.extras import require
from anneal_theory.numerics.progress import progress_bar

if TYPE_CHECKING:
    from anneal_theory.report import Study

_PAGE = "report.html"


def report(
    *,
    target: TargetOptions = TARGET,
    schedule: ScheduleOptions = SCHEDULE,
    init: InitOptions = INIT,
    dynamics: DynamicsOptions = DYNAMICS,
    replicas: Annotated[str, letter("replicas", "of each row of the comparison")] = "3000",
    seed: Annotated[str, letter("seed")] = "0",
    grid: Annotated[str, Parameter(help="points along each axis of the map (from 3 to 200)", metavar="NUMBER")] = "10",
    output: OutputOptions = OUTPUT,
) -> None:
    """Formula, flow and simulation beside each other: one self-contained HTML page, report.html.

    At its defaults it compares formula and simulation at the settings of theory section 10; with a setting of one's
    own, at that setting with and without annealing. Writes report.html unless --out names another file.
    """
    from anneal_theory.report import Setting, compute, default_study, own_study, render
    from anneal_theory.storage import require_writable

    setting = Setting(target.build(), schedule.build(), init.build())
    chosen = (target, schedule, init, dynamics) != (TARGET, SCHEDULE, INIT, DYNAMICS)
    study = own_study(setting, dynamics.build()) if chosen else default_study()
    study = replace(study, replicas=whole(replicas, "replicas"), seed=whole(seed, "seed"), grid=whole(grid, "grid"))
    page = output.out or _PAGE
    if not output.json:
        require_writable(page, "out")
        require("matplotlib")
    with progress_bar("report", 1.0, terminal=True) as move:
        data = compute(study, lambda what, share: move(description=what, completed=share))
    if output.json:
        write(output.out, as_json("report", _settings(study), data.to_dict()))
        return
    write(page, render(data))
    agreeing = sum(row.comparison.agrees for row in data.rows)
    print(f"{page}: P(collapse) = {data.probability.value:.6g}; {agreeing} of {len(data.rows)} rows agree")


def _settings(study: "Study") -> dict[str, object]:
    own = study.setting
    return {"target": own.target, "schedule": own.schedule, "init": own.init, "dynamics": study.dynamics}
