"""A report as one HTML document that loads nothing."""

import base64
import re
from typing import TYPE_CHECKING

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from anneal_theory import __version__, plots
from anneal_theory._floating import own_floating
from anneal_theory.compare.binomial import interval
from anneal_theory.extras import require
from anneal_theory.report import realnvp, realnvp_figures
from anneal_theory.report.constants import PROVEN_DIGITS
from anneal_theory.report.cost import WAYS
from anneal_theory.report.data import ReportData, Row
from anneal_theory.report.equations import derivation_sections
from anneal_theory.report.figures import heat_figure, story_figures
from anneal_theory.report.paper import PaperData
from anneal_theory.report.paper_cells import CONFIDENCE as USUAL
from anneal_theory.report.paper_page import SPHERE_EQUATIONS, beside, paper_figures, paper_section
from anneal_theory.report.words import chance, cooling, number, opening, told, words
from anneal_theory.results import Ball

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@own_floating()
def render(data: ReportData) -> str:
    """The HTML of a report.

    Args:
        data: Every number it shows.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    own, dynamics = data.study.setting, data.study.dynamics
    paper = paper_section(data.paper) | {"beside": beside(data, words(own))}
    return _page(
        "template.html",
        data=data,
        own=words(own),
        dynamics=dynamics,
        rows=[_row(row) for row in data.rows],
        digits=digit_rows(data.digits),
        proven_digits=PROVEN_DIGITS,
        figures=_figures(data),
        opening=opening(
            data.unannealed, data.probability, own.target, own.schedule, data.losses, dynamics.exact_family_weight
        ),
        usual=USUAL,
        flows=realnvp.section(),
        flow_figures={name: plots.svg(figure) for name, figure in realnvp_figures.figures().items()},
        derivations=derivation_sections(own.schedule),
        paper=paper,
    )


@own_floating()
def render_paper(data: PaperData) -> str:
    """The HTML of a report on the paper's own setting.

    Args:
        data: Every number it shows.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    own, study = data.setting, data.study
    said = opening(data.unannealed, data.exact, own.target, own.schedule, study.losses if study else None)
    figures = {name: plots.svg(figure) for name, figure in (paper_figures(data, study) if study else {}).items()}
    derivations = derivation_sections(own.schedule, SPHERE_EQUATIONS)
    return _page(
        "paper_page.html", data=data, paper=paper_section(data), study=study, opening=said, figures=figures,
        derivations=derivations, counts=realnvp.counts_section(), confidence=USUAL,
        counts_figure=plots.svg(realnvp_figures.counts_figure()),
    )  # fmt: skip


def _page(name: str, **shown: object) -> str:
    require("matplotlib")
    environment = Environment(
        loader=PackageLoader("anneal_theory.report", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {one.__name__: one for one in (number, image, chance, cooling, told, lowered, unbroken)}
    return environment.get_template(name).render(version=__version__, **shown)


def image(svg: str) -> str:
    """An SVG document as a data URI."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def lowered(text: str) -> Markup:
    """Words in which an index that is written after a line stands lower, and a power in brackets higher.

    Example:
        >>> lowered("T_c < x_c"), lowered("e^(t/2)")
        (Markup('T<sub>c</sub> &lt; x<sub>c</sub>'), Markup('e<sup>t/2</sup>'))
    """
    raised = re.sub(r"\^\(([^)]*)\)", r"<sup>\1</sup>", str(escape(text)))
    return Markup(re.sub(r"_(\w)(?![^\W_])", r"<sub>\1</sub>", raised))


def unbroken(command: str) -> Markup:
    """A command whose options are not parted at their hyphens.

    Example:
        >>> unbroken("anneal-theory report --dim 8")
        Markup('anneal-theory report <span class="whole">--dim 8</span>')
    """
    return Markup(re.sub(r"--[\w-]+(?: [^\s-]\S*)?", r'<span class="whole">\g<0></span>', str(escape(command))))


def _row(row: Row) -> dict[str, object]:
    result = row.comparison
    usual = interval(result.collapsed, result.replicas, USUAL)
    return words(row.setting) | {
        "exact": f"{result.theory.value:.4f}",
        "large_dim": "-" if row.large_dim is None else f"{row.large_dim.value:.4f}",
        "simulated": f"{result.simulated:.4f}",
        "usual": f"{usual[0]:.4f} to {usual[1]:.4f}",
        "interval": f"{result.low:.4f} to {result.high:.4f}",
        "verdict": result.verdict,
        "agrees": result.agrees,
    }


_CONSTANTS = {
    "overlap": "s*",
    "escape_rate": "κ*",
    "central_rate": "κ₀",
    "central_label": "ψ(0)",
    "critical_temperature": "T_c",
    "critical_separation": "R_c",
    "transient_gain": "C(0)",
}


def digit_rows(constants: dict[str, object]) -> list[dict[str, str]]:
    """The proven constants as rows: letter, midpoint, radius; those that do not exist are left out."""
    rows = []
    for name, value in constants.items():
        if isinstance(value, Ball):
            ball = value.to_dict()
            rows.append(
                {"letter": _CONSTANTS[name], "midpoint": ball["midpoint"], "radius": f"{float(ball['radius']):.1e}"}
            )
    return rows


def _figures(data: ReportData) -> dict[str, str]:
    separation, runs = data.study.setting.target.separation, data.runs
    named = {"collapsed": runs.collapsed, "saved": runs.saved}
    present = {name: run for name, run in named.items() if run is not None}
    titles = {"collapsed": "A run that collapses", "saved": "A run that is saved"}
    figures = {name: plots.overlap_figure(run, separation, titles[name]) for name, run in present.items()}
    if len(present) == 2:
        figures["plane"] = plots.plane_figure(present, separation, "Both runs in the plane of the overlaps")
    chosen = range(0, len(data.spans), max(1, (len(data.spans) - 1) // 3))
    curves = {f"$t_0 = {float(f'{data.spans[index]:.3g}'):g}$": data.grid[index] for index in chosen}
    figures["curves"] = plots.probability_figure(
        data.temperatures, curves, "Collapse against temperature", data.critical_temperature
    )
    figures["map"] = _map_figure(data)
    figures |= _slow_figures(data)
    if data.story is not None:
        figures |= story_figures(data.study.setting.target, data.story, data.story.distance)
    return {name: plots.svg(figure) for name, figure in figures.items()}


def _map_figure(data: ReportData) -> "Figure":
    line, critical = None, data.critical_temperature
    if critical is not None:
        line = "$T_c$", np.full(2, critical), data.spans[[0, -1]]
    return heat_figure(data.temperatures, (data.study.time, data.spans), data.grid, line)


def _slow_figures(data: ReportData) -> "dict[str, Figure]":
    if data.slow is None:
        return {}
    slow = data.slow
    ways = dict(zip(WAYS, (slow.exact, slow.leading, slow.full), strict=True))
    powers = {
        way: {temperature: np.exp(values) for temperature, values in lines.items()} for way, lines in ways.items()
    }
    chances = dict(zip(WAYS, (slow.chance, slow.leading_chance, slow.formula), strict=True))
    return {
        "slow_threshold": plots.slow_figure(slow.times, powers, "The threshold of slow annealing", r"$\rho_c$"),
        "slow_chance": plots.slow_figure(slow.chance_times, chances, "Collapse after slow annealing", "probability"),
        "slow_error": plots.error_figure(slow.times, slow.errors(), -2 / 3, "Error of the formula"),
        "slow_cost": plots.cost_figure(slow.cost.separations, slow.cost.ways, "What rarity costs"),
    }
