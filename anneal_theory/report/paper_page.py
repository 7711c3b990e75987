"""The paper's setting as a section of a page, and as a page of its own."""

from typing import TYPE_CHECKING

import numpy as np

from anneal_theory import plots
from anneal_theory._floating import own_floating
from anneal_theory.report import paper_cells
from anneal_theory.report.figures import heat_figure, story_figures
from anneal_theory.report.paper import PaperData
from anneal_theory.report.paper_study import PaperStudy
from anneal_theory.report.words import chance, number
from anneal_theory.results import Estimate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anneal_theory.report.data import ReportData

_TITLES = {"exact": "exact, variance trained", **dict(list(paper_cells.TITLES.items())[1:])}
STATEMENTS = (
    (
        "A critical temperature",
        "T_c: above it no collapsed state is left",
        "one too, but it decides nothing by itself; what counts is α = R²/T, where a pair that is held antipodal "
        "across the axis while hot stops being held",
    ),
    (
        "Hotter starts, in a given time",
        "a best T₀ under the tempered target; ever better under the free energy",
        "a best T₀ under the free energy, beyond which hotter is worse: P then depends on the rate log(T₀)/t₀ alone",
    ),
    (
        "Slower cooling from a given T₀",
        "helps without end above T_c; below it, it stops helping",
        "helped at every T₀ of the cells above",
    ),
    (
        "The start",
        "Gaussian: distance and overlap of the pair are random",
        "uniform directions, at right angles in large dimension",
    ),
    ("Larger dimension", "P tends to 1, or for equal modes falls", "P tends to 1 like erf(x_c √(d/2)), unless x_c = 0"),
    (
        "Unequal weights of the family",
        "leave heat its push: the components have one variance",
        "part trained variances at rates 2 wᵢ; the more dimensions, the better these tell the components apart, and "
        "the less does heat part their means",
    ),
    (
        "The variance of the components",
        "1",
        "trained: it lags behind T; v = T, as the paper's formula assumes, is another law",
    ),
    (
        "Formula of slow annealing",
        'method="slow-annealing" (T_c, κ*)',
        'method="sharp" (linear passage), method="slow-annealing" (slow against the bias); the paper\'s is '
        'method="closed-form"',
    ),
)


SPHERE_EQUATIONS = (
    "sphere_pair_flow", "pair_variance_gradient", "sphere_probability", "linear_passage", "background_response",
    "hot_start_shift", "plane_flow",
)  # fmt: skip
"""An equation of each derivation that the page shows."""


@own_floating()
def paper_section(data: PaperData) -> dict[str, object]:
    """What the template of the section takes."""
    cells = paper_cells.stored()["cells"]
    squares = paper_cells.chi_squares(cells)
    inside = {
        route: sum(low <= cell[route] <= high for cell in cells for low, high in [paper_cells.interval_of(cell)])
        for route in squares
    }
    routes = [
        {"title": title, "chi_square": squares[route], "inside": inside[route]}
        for route, title in paper_cells.TITLES.items()
    ]
    exact = data.curves.get("exact", np.empty(0))
    best = int(np.nanargmin(exact)) if exact.size and not np.isnan(exact).all() else None
    return {
        "own": data.setting.words,
        "cards": _cards(data),
        "notes": [f"{_TITLES[name]}: {why}" for name, why in data.chances.items() if isinstance(why, str)],
        "dim": data.setting.init.dim,
        "duration": data.setting.schedule.duration,
        "curve": None if best is None else plots.svg(_curve(data)),
        "best": None if best is None else {"temperature": float(data.temperatures[best]), "value": float(exact[best])},
        "antipodal_temperature": data.antipodal_temperature,
        "cells": len(cells),
        "confidence": paper_cells.CONFIDENCE,
        "routes": routes,
        "figures": {f"{temperature:g}": plots.svg(figure) for temperature, figure in paper_cells.figures().items()},
        "statements": STATEMENTS,
    }


def beside(free: "ReportData", own: dict[str, str]) -> list[tuple[str, str, str]]:
    """Both models beside each other, a row a number; `own` is the setting of the other in words."""
    paper = free.paper
    words, threshold, critical = paper.setting.words, free.runs.threshold, free.critical_temperature
    annealing = "T = T_0^(1 − t/t_0), then 1"
    held = paper.antipodal_temperature
    none = "none"

    def setting(of: dict[str, str]) -> str:
        return f"R = {of['separation']}, w* = {of['weight']}, d = {of['dim']}"

    return [
        ("target and dimension", setting(own), setting(words)),
        ("annealing", own["schedule"], f"{words['schedule']}: {annealing}"),
        ("P(collapse) without it", chance(free.unannealed), chance(paper.unannealed)),
        ("P(collapse) with it", chance(free.probability), chance(paper.exact)),
        (
            "threshold of a centred start",
            none if threshold is None else f"ρ_c = {number(threshold.value, 5)}",
            f"x_c = {number(paper.threshold.value, 5)}",
        ),
        (
            "temperature that decides",
            none if critical is None else f"T_c = {number(critical, 5)}: no collapsed state above",
            none if held is None else f"T_a = {number(held, 5)}: pairs are held antipodal above",
        ),
    ]


@own_floating()
def paper_figures(data: PaperData, study: PaperStudy) -> "dict[str, Figure]":
    """Of the page of its own: frames, map, slow annealing."""
    target = data.setting.target
    figures: dict[str, Figure] = {}
    if study.story is not None:
        figures |= story_figures(target, study.story, target.separation)
    figures["map"] = heat_figure(study.temperatures, ("duration", study.durations), study.grid)
    if study.slow:
        names = {"exact": "exact", "sharp": "sharp formula", "slow-annealing": "slow annealing"}
        groups = {names[way]: lines for way, lines in study.slow.items()}
        figures["slow"] = plots.slow_figure(
            study.slow_times, groups, "Collapse after slow annealing", "probability", "time $t_0$ until $T = 1$"
        )
    return figures


def _cards(data: PaperData) -> list[dict[str, str]]:
    cards = [{"value": chance(data.unannealed), "meaning": "probability of collapse without annealing"}]
    for name, title in _TITLES.items():
        one = data.chances[name]
        if isinstance(one, Estimate):
            known = f", ± {one.error:.1g}" if name in ("exact", "follows-temperature") else ""
            cards.append({"value": chance(one), "meaning": f"probability of collapse: {title}{known}"})
    if data.simulated is not None and data.interval is not None:
        drawn, (low, high) = data.simulated, data.interval
        cards.append(
            {
                "value": f"{drawn.value:.4g}",
                "meaning": f"share of simulated runs ({drawn.note}), 95 %: {low:.4g} to {high:.4g}",
            }
        )
    cards.append(
        {"value": f"{data.threshold.value:.5g}", "meaning": "threshold x<sub>c</sub> of means at right angles"}
    )
    cards.append({"value": f"{data.alpha:.5g}", "meaning": "α = R²/T where an antipodal pair gives way, for large R"})
    if data.antipodal_temperature is not None:
        meaning = "the temperature at which it gives way, for this target"
        cards.append({"value": f"{data.antipodal_temperature:.5g}", "meaning": meaning})
    return cards


def _curve(data: PaperData) -> "Figure":
    kept = {_TITLES[name]: values for name, values in data.curves.items() if not np.isnan(values).all()}
    figure = plots.probability_figure(
        data.temperatures, kept, f"Collapse after $t_0 = {data.setting.schedule.duration:.6g}$"
    )
    place, axes = data.antipodal_temperature, figure.axes[0]
    if place is not None and data.temperatures[0] < place < data.temperatures[-1]:
        axes.axvline(place, color="0.35", lw=1, ls=":")
        axes.text(place, 0.02, r" $R^2/\alpha$", transform=axes.get_xaxis_transform(), color="0.25")
    return figure
