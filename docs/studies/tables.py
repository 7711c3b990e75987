"""Tables of the README and the documentation, as Markdown, which `anneal-theory reproduce` computes."""

from collections.abc import Callable, Iterable

from anneal_theory import fixed_points
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget
from anneal_theory.report import realnvp
from anneal_theory.report.paper_page import STATEMENTS
from anneal_theory.report.study import reference_settings
from anneal_theory.report.words import words
from anneal_theory.results import Estimate
from anneal_theory.schedules import Constant, Exponential
from anneal_theory.threshold import collapse_threshold
from docs.studies.arc_tables import arc_costs, arc_gains, arc_temperatures
from docs.studies.benchmark_table import benchmarks, maps, regressions, similar_tools, sizes
from docs.studies.design_tables import cost_laws, late_heating, schedule_prices
from docs.studies.design_training import design_training
from docs.studies.design_work import design_work
from docs.studies.explorer_check import explorer
from docs.studies.first_order_noise import alignment_on_the_sphere, first_order_noise, surviving_alignment
from docs.studies.flow_calibration_tables import flow_designs, flow_pilots, flow_predictions
from docs.studies.flow_step import flow_step
from docs.studies.flow_tables import (
    flow_dimensions,
    flow_holds,
    flow_longest,
    flow_memory,
    flow_most_dimensions,
    flow_preludes,
    flow_resets,
    flow_starts,
    flow_targets,
    flow_ways,
    flow_wide_targets,
    flow_zuko,
)
from docs.studies.fresh_clone import fresh_clone
from docs.studies.memory import memory
from docs.studies.noise_training import noise_training
from docs.studies.paper_cells import paper_cells, paper_cells_in_full
from docs.studies.paper_realnvp import paper_flow_counts, paper_flows, paper_flows_full
from docs.studies.paper_training import paper_training
from docs.studies.readme_tables import flows_in_short, paper_recipe_told, statements_in_short
from docs.studies.slow_tables import slow_annealing_errors
from docs.studies.sphere_noise import sphere_noise, step_errors
from docs.studies.sphere_schedules import sphere_schedules
from docs.studies.sphere_tables import (
    durations,
    hot_sphere_starts,
    sharp_sphere_errors,
    sharp_sphere_temperatures,
    slow_sphere_errors,
    unequal_weights,
)
from docs.studies.sphere_variance import sphere_variance
from docs.studies.sphere_weights import sphere_weights
from docs.studies.theory_tables import theory_equations, theory_map, theory_map_without

REPLICAS = 3000


def _markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [head, ["---" for _ in head], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in map(list, lines))


def _parted(rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    return rows[0], rows[1:]


def probabilities() -> str:
    """The settings of theory section 10: exact formula, large-dimension formula and simulation."""
    rows = []
    for seed, setting in enumerate(reference_settings()):
        problem, said = (setting.target, setting.schedule, setting.init), words(setting)
        exact, large = (collapse_probability(*problem, method=method).value for method in ("exact", "large-dim"))
        drawn = collapse_probability(*problem, method="simulated", replicas=REPLICAS, seed=seed)
        given = [said[name] for name in ("separation", "weight", "dim", "schedule")]
        rows.append([*given, f"{exact:.4f}", f"{large:.4f}", _share(drawn)])
    head = ["R", "w*", "d", "schedule", "exact", "large d", f"simulated ({REPLICAS} runs)"]
    return _markdown(head, rows)


def _share(drawn: Estimate) -> str:
    """A simulated share with its standard error, which means nothing where no run, or every one, collapsed."""
    return {0.0: "none", 1.0: "all"}.get(drawn.value, f"{drawn.value:.3f} ± {drawn.error:.3f}")


def thresholds() -> str:
    """rho_c of a centred start at distance sqrt 2 from R = 3, w* = 0.8."""
    target = BimodalTarget(3, "0.8")
    rows = []
    for temperature, span in ((1, None), (10, 10), (10, 100), (30, 30)):
        schedule = Constant(1) if span is None else Exponential(temperature, span)
        found = [
            collapse_threshold(target, schedule, distance_squared=2, objective=objective).value
            for objective in ("tempered-target", "free-energy")
        ]
        rows.append([str(temperature), "-" if span is None else str(span), *(f"{value:.8f}" for value in found)])
    return _markdown(["T0", "t0", "tempered target", "free energy"], rows)


def critical_values() -> str:
    """Critical temperature, collapsed state and its escape rate of several targets."""
    rows = []
    for separation, weight in (("3", "0.8"), ("3", "0.5"), ("4", "0.8"), ("2.5", "0.8")):
        target = BimodalTarget(separation, weight)
        state = fixed_points.collapsed_state(target)
        critical = f"{fixed_points.critical_temperature(target):.5f}", f"{fixed_points.critical_separation(weight):.4f}"
        rows.append([separation, weight, *critical, f"{state.overlap:.6f}", f"{state.escape_rate:.9f}"])
    return _markdown(["R", "w*", "T_c", "R_c(w*)", "s*", "kappa*"], rows)


def statements() -> str:
    """Which statement holds in which model."""
    return _markdown(["", "free means", "the paper's sphere"], STATEMENTS)


def trained_flows() -> str:
    """The stored RealNVP runs: with and without annealing in 128 dimensions, and ways to anneal in 8."""
    rows, section = [], realnvp.section()
    for row in section["headline"]:
        way = row["cooling"] if row["cooling"] != "none" else "no annealing"
        counts = f"{row['collapsed']} of {row['seeds']}"
        rows.append([str(row["dim"]), row["recipe"]["direction"], way, str(row["steps"]), *_how(row["recipe"]), counts])
    table, alike = realnvp.stored()["baselines"], section["recipe"]  # flows as those of the map
    for row in table["rows"]:
        counts = f"{row['collapsed']} of {row['replicas']}"
        rows.append([str(table["dim"]), alike["direction"], row["name"], str(table["steps"]), *_how(alike), counts])
    return _markdown(["d", "mu* along", "annealing", "steps", "step size", "flow", "flows collapsed"], rows)


def _how(recipe: dict[str, str]) -> tuple[str, str]:
    return recipe["rates"], recipe["flow"]


TABLES: dict[str, Callable[[], str]] = {
    "probabilities": probabilities,
    "thresholds": thresholds,
    "critical values": critical_values,
    "slow annealing errors": slow_annealing_errors,
    "trained flows": trained_flows,
    "paper cells": paper_cells,
    "paper cells in full": paper_cells_in_full,
    "paper training": paper_training,
    "sharp sphere errors": sharp_sphere_errors,
    "sharp sphere temperatures": sharp_sphere_temperatures,
    "slow sphere errors": slow_sphere_errors,
    "hot sphere starts": hot_sphere_starts,
    "unequal weights": unequal_weights,
    "unequal weights trained": sphere_weights,
    "durations": durations,
    "memory": memory,
    "statements": statements,
    "statements in short": lambda: _markdown(*_parted(statements_in_short())),
    "flows in short": lambda: f"{_markdown(*_parted(flows_in_short()))}\n\n{paper_recipe_told()}",
    "cost law": cost_laws,
    "late heating": late_heating,
    "schedule prices": schedule_prices,
    "arc temperatures": arc_temperatures,
    "arc gains": arc_gains,
    "arc costs": arc_costs,
    "sphere schedules": sphere_schedules,
    "noise training": noise_training,
    "first order noise": first_order_noise,
    "surviving alignment": surviving_alignment,
    "design work": design_work,
    "alignment on the sphere": alignment_on_the_sphere,
    "design training": design_training,
    "sphere noise": sphere_noise,
    "sphere variance": sphere_variance,
    "step errors": step_errors,
    "flow holds": flow_holds,
    "flow ways": flow_ways,
    "flow preludes": flow_preludes,
    "flow dimensions": flow_dimensions,
    "flow targets": flow_targets,
    "flow wide targets": flow_wide_targets,
    "flow zuko": flow_zuko,
    "flow most dimensions": flow_most_dimensions,
    "flow longest": flow_longest,
    "flow starts": flow_starts,
    "flow memory": flow_memory,
    "flow resets": flow_resets,
    "flow pilots": flow_pilots,
    "flow predictions": flow_predictions,
    "flow designs": flow_designs,
    "paper flows": paper_flows,
    "paper flow counts": paper_flow_counts,
    "paper flows at full size": paper_flows_full,
    "benchmarks": benchmarks,
    "sizes": sizes,
    "flow step": flow_step,
    "similar tools": similar_tools,
    "regressions": regressions,
    "maps": maps,
    "explorer": explorer,
    "fresh clone": fresh_clone,
    "theory map": theory_map,
    "theory map without equations": theory_map_without,
    "theory equations": theory_equations,
}
