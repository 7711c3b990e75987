"""`anneal-theory report`: the main job."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from anneal_theory.cli.option_fields import letter, typed_integer
from anneal_theory.cli.options import (
    DYNAMICS,
    INIT,
    OUTPUT,
    SCHEDULE,
    TARGET,
    DynamicsGroup,
    InitGroup,
    OutputGroup,
    TargetGroup,
)
from anneal_theory.cli.output import as_json, write
from anneal_theory.cli.refusals import require_left_out
from anneal_theory.cli.schedule_options import ScheduleGroup
from anneal_theory.extras import require
from anneal_theory.numerics.progress import progress_bar
from anneal_theory.storage import require_writable

if TYPE_CHECKING:
    from anneal_theory.report import PaperSetting, ReportData, Setting

_PAGE = "report.html"
_SETTING = Parameter(
    help="model of the page: free means, or the paper's own (means on the sphere, variances trained, free energy, "
    "--schedule exponential-to-one)",
    choices=("free", "paper"),
)  # fmt: skip


def report(
    *,
    target: TargetGroup = TARGET,
    schedule: ScheduleGroup = SCHEDULE,
    init: InitGroup = INIT,
    dynamics: DynamicsGroup = DYNAMICS,
    replicas: Annotated[str, letter("replicas", "of each row of the comparison")] = "3000",
    seed: Annotated[str, letter("seed")] = "0",
    grid: Annotated[str, Parameter(help="points along each axis of the map (from 3 to 200)", metavar="NUMBER")] = "16",
    setting: Annotated[str, _SETTING] = "free",
    output: OutputGroup = OUTPUT,
) -> None:
    """Formula, flow and simulation beside each other: one self-contained HTML page, report.html.

    At its defaults it compares formula and simulation at the settings of theory section 10; with a setting of one's
    own, at that setting with and without annealing. Writes report.html unless --out names another file. With
    --setting paper it is about means on the sphere: at one of the authors' cells (d = 512, T0 = 90, t0 = 35), or with
    what you give in its place.
    """
    if setting == "paper":
        _paper(_paper_setting(target, schedule, init, dynamics), replicas, seed, grid, output)
        return
    from anneal_theory.report import Setting, compute, default_study, own_study, render

    own = Setting(target.build(), schedule.build(), init.build())
    chosen = (target, schedule, init, dynamics) != (TARGET, SCHEDULE, INIT, DYNAMICS)
    study = own_study(own, dynamics.build()) if chosen else default_study()
    study = replace(
        study,
        replicas=typed_integer(replicas, "replicas"),
        seed=typed_integer(seed, "seed"),
        grid=typed_integer(grid, "grid"),
    )
    settings = _settings(study.setting) | {"dynamics": study.dynamics}

    def summary(data: "ReportData") -> str:
        agreeing = sum(row.comparison.agrees for row in data.rows)
        return f"{data.probability.value:.6g}; {agreeing} of {len(data.rows)} rows agree"

    _computed(output, settings, partial(compute, study), render, summary)


def _paper_setting(
    target: TargetGroup, schedule: ScheduleGroup, init: InitGroup, dynamics: DynamicsGroup
) -> "PaperSetting":
    """The setting that was typed; one of the authors' cells where nothing was."""
    from anneal_theory.errors import DomainError
    from anneal_theory.exact import spell
    from anneal_theory.problem import SphereInit
    from anneal_theory.report import PaperSetting, paper_setting
    from anneal_theory.schedules import ExponentialToOne

    usual = paper_setting()
    require_left_out("with --setting paper", "the paper's model has its own", **dynamics.typed)
    start = init.typed
    require_left_out("with --setting paper", "means start uniform on the sphere", variance=start.pop("variance", None))
    cooling = usual.schedule
    if schedule.typed:
        named = schedule if "schedule" in schedule.typed else schedule.but(schedule="exponential-to-one")
        # what was left out is that of the usual cell, not the default of another command
        if not {"decay_time", "duration"} & set(named.typed):
            named = named.but(duration=spell(usual.schedule.exact_duration))
        if "initial_temperature" not in named.typed:
            named = named.but(initial_temperature=spell(usual.schedule.exact_initial_temperature))
        built = named.build()
        if not isinstance(built, ExponentialToOne):
            raise DomainError.of(
                "schedule", "exponential-to-one with --setting paper", schedule.schedule, "leave it out"
            )
        cooling = built
    return PaperSetting(target.build(), cooling, SphereInit(**start) if start else usual.init)


def _paper(setting: "PaperSetting", replicas: str, seed: str, grid: str, output: OutputGroup) -> None:
    """Compute and write the page of the paper's setting."""
    from anneal_theory.report import compute_paper, render_paper

    numbers: dict[str, Any] = {
        name: typed_integer(text, name) for name, text in (("replicas", replicas), ("seed", seed), ("grid", grid))
    }
    compute = partial(compute_paper, setting, **numbers)
    _computed(output, _settings(setting), compute, render_paper, lambda data: f"{data.exact.value:.6g} on the sphere")


def _computed(
    output: OutputGroup, settings: dict[str, object], compute: Callable[..., Any], render: Callable[..., str],
    summary: Callable[..., str],
) -> None:  # fmt: skip
    """Compute under a bar, told the work at hand and the share done, and write the page and what it found, or JSON."""
    page = output.out or _PAGE
    if not output.json:
        require_writable(page, "out")
        require("matplotlib")
    with progress_bar("report", 1.0, terminal=True) as move:
        data = compute(progress=lambda what, share: move(description=what, completed=share))
    if output.json:
        write(output.out, as_json("report", settings, data.to_dict()))
        return
    write(page, render(data))
    print(f"{page}: P(collapse) = {summary(data)}")


def _settings(own: "Setting | PaperSetting") -> dict[str, object]:
    return {"target": own.target, "schedule": own.schedule, "init": own.init}
