"""Tables of the ways to anneal, for `compare --baselines` (mixtures) and `train-realnvp --baselines` (flows)."""

from typing import Any

from anneal_theory.cli.intervals import interval_text, usual_interval
from anneal_theory.cli.output import busy
from anneal_theory.cli.schedule_options import ScheduleGroup

_BUDGET = 200.0
_STEPS = 3000
_OF_ITS_OWN = {"clock": "steps", "record_every": 100}  # options of train-realnvp, at their defaults


def mixture_table(words: dict[str, Any], schedule: ScheduleGroup) -> dict[str, Any]:
    """Baselines for mixtures, as plain data; the budget is the end time, the schedule gives T0 alone."""
    own = {name: value for name, value in words.items() if name != "end_time"}
    own |= {"budget": words.get("end_time", _BUDGET), "initial_temperature": _initial_temperature(schedule)}
    with busy("baselines"):
        from anneal_theory.compare import compare_baselines
    return compare_baselines(**own).to_dict()


def flow_table(words: dict[str, Any], schedule: ScheduleGroup) -> dict[str, Any]:
    """Baselines for RealNVP flows, as plain data; times are in steps, the schedule gives T0 alone."""
    from anneal_theory.errors import DomainError

    for name, only in _OF_ITS_OWN.items():
        if words[name] != only:
            raise DomainError.of(name, f"left out (or {only}) with --baselines", words[name], "it has no effect there")
    own = {"steps": _STEPS} | {name: value for name, value in words.items() if name not in _OF_ITS_OWN}
    own |= {"initial_temperature": _initial_temperature(schedule)}
    with busy("baselines"):
        from anneal_theory.compare import compare_flow_baselines
    return compare_flow_baselines(**own).to_dict()


def _initial_temperature(schedule: ScheduleGroup) -> float:
    from anneal_theory.errors import DomainError
    from anneal_theory.exact import exact

    if not schedule.but(initial_temperature=None).is_default:
        what = "left out with --baselines, except --initial-temperature"
        raise DomainError.of("schedule", what, schedule.schedule, "each baseline has a schedule of its own")
    return float(exact(schedule.initial_temperature or "10", "initial_temperature"))


def table_text(table: dict[str, Any]) -> str:
    """The table for people."""
    rows = [f"at most {table['steps']} steps each, strict interval: false-alarm rate {table['false_alarm']:g}"]
    rows.append(
        "way to anneal   theory  collapsed    95 % interval     strict interval   weight error  ESS     forward ESS"
    )
    for row in table["rows"]:
        theory = "-" if row["theory"] is None else f"{row['theory']['value']:.4f}"
        decided = row["replicas"] > row["undecided"]  # else there is nothing to average
        error, ess, forward = (
            f"{float(row[name]):.4f}" if decided else "-     " for name in ("mode_weight_error", "ess", "forward_ess")
        )
        usual = usual_interval(row["collapsed"], row["replicas"], row["undecided"])
        rows.append(
            f"{row['name']:14s}  {theory:6s}  {row['collapsed']:4d} of {row['replicas']:<4d} "
            f"{interval_text(usual)}  {interval_text((row['low'], row['high']))}  {error}        {ess}  {forward}"
            + (f"  ({row['undecided']} undecided)" if row["undecided"] else "")
        )
    chosen, clock = table["rows"][-1]["schedule"], table["settings"].get("clock")
    unit = "" if clock is None else " steps"
    if chosen["kind"] == "Exponential":
        rows.append(f"chosen: T0 = {chosen['initial_temperature']:.4g}, t0 = {chosen['decay_time']:.4g}{unit}")
    if clock is not None:
        rows.append(f"theory: of a mixture, a step being {clock:.4g} units of gradient-flow time")
    return "\n".join(rows)
