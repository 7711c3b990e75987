"""A report as one HTML document that loads nothing."""

import base64
import math
import re
from typing import Any

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from anneal_theory import __version__, plots
from anneal_theory._floating import own_floating
from anneal_theory.exact import show
from anneal_theory.extras import require
from anneal_theory.formulas.equations import EQUATIONS
from anneal_theory.quantities import QUANTITIES
from anneal_theory.report import realnvp
from anneal_theory.report.constants import PROVEN_DIGITS
from anneal_theory.report.data import ReportData, Row
from anneal_theory.report.formulas import formula
from anneal_theory.report.paper import PaperData
from anneal_theory.report.paper_page import paper_section
from anneal_theory.report.study import Setting
from anneal_theory.results import Ball
from anneal_theory.schedules import Schedule, schedule_of

_PLAIN = 1e7  # numbers below are written without an exponent


@own_floating()
def render(data: ReportData) -> str:
    """The HTML of a report.

    Args:
        data: Every number it shows.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    return _page(
        "template.html",
        data=data,
        own=words(data.study.setting),
        dynamics=data.study.dynamics,
        rows=[_row(row) for row in data.rows],
        digits=digit_rows(data.digits),
        proven_digits=PROVEN_DIGITS,
        figures=_figures(data),
        flows=realnvp.section(),
        flow_figures={name: plots.svg(figure) for name, figure in realnvp.figures().items()},
        derivations=_equations(data.study.setting.schedule),
        letters=_letters(),
        paper=paper_section(data.paper),
    )


@own_floating()
def render_paper(data: PaperData) -> str:
    """The HTML of a report on the paper's own setting.

    Args:
        data: Every number it shows.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    return _page("paper_page.html", paper=paper_section(data), seconds=data.seconds, seed=data.seed)


def _page(name: str, **shown: object) -> str:
    require("matplotlib")
    environment = Environment(
        loader=PackageLoader("anneal_theory.report", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"number": number, "image": image}
    return environment.get_template(name).render(version=__version__, **shown)


def image(svg: str) -> str:
    """An SVG document as a data URI."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def number(value: object, digits: int = 6) -> str:
    """A number with so many digits, or the words that stand for it.

    Example:
        >>> number(0.123456789), number(1e-7, 3), number("none")
        ('0.123457', '1e-07', 'none')
        >>> number(1000.0, 3), number(1e9, 3)
        ('1000', '1e+09')
    """
    if not isinstance(value, float):
        return str(value)
    if math.isinf(value):
        return "∞"
    text = f"{value:.{digits}g}"
    return f"{float(text):.0f}" if "e" in text and 1 <= abs(value) < _PLAIN else text


def words(setting: Setting) -> dict[str, str]:
    """A setting as words for a table."""
    target, init = setting.target, setting.init
    return {
        "separation": show(target.exact_separation),
        "weight": show(target.exact_weight),
        "dim": f"{init.dim:,}".replace(",", " "),
        "variance": show(init.exact_variance),
        "schedule": _schedule(setting.schedule),
    }


def _schedule(schedule: Schedule) -> str:
    if schedule.settling_time(0) == 0:  # T = 1 from the start
        return "none"
    values = schedule.to_dict()
    kind = values.pop("kind")
    return f"{kind}({', '.join(f'{number(value)}' for value in values.values())})"


def _row(row: Row) -> dict[str, Any]:
    result = row.comparison
    return words(row.setting) | {
        "exact": f"{result.theory.value:.4f}",
        "large_dim": "-" if row.large_dim is None else f"{row.large_dim.value:.4f}",
        "simulated": f"{result.simulated:.4f}",
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


def digit_rows(constants: dict[str, Any]) -> list[dict[str, str]]:
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
        data.temperatures, curves, "Collapse against temperature", data.critical_temperature, data.marks
    )
    figures["map"] = _map_figure(data)
    figures |= _slow_figures(data)
    return {name: plots.svg(figure) for name, figure in figures.items()}


def _map_figure(data: ReportData) -> Any:
    across, along = (plots.MapAxis(plots.axis_label(name), values) for name, values in (
        ("initial_temperature", data.temperatures), (data.study.time, data.spans)
    ))  # fmt: skip
    line, critical = None, data.critical_temperature
    if critical is not None:
        line = "$T_c$", np.full(2, critical), along.values[[0, -1]]
    return plots.map_figure(across, along, data.grid, "Collapse over temperature and time", line)


def _slow_figures(data: ReportData) -> dict[str, Any]:
    if data.slow is None:
        return {}
    slow, ways = data.slow, {"exact": data.slow.exact, "leading order": data.slow.leading, "formula": data.slow.full}
    powers = {way: {heat: np.exp(values) for heat, values in lines.items()} for way, lines in ways.items()}
    chances = {"exact": slow.chance, "leading order": slow.leading_chance, "formula": slow.formula}
    costs = {"exact": slow.cost.exact, "leading order": slow.cost.leading, "formula": slow.cost.formula}
    return {
        "slow_threshold": plots.slow_figure(slow.times, powers, "The threshold of slow annealing", r"$\rho_c$"),
        "slow_chance": plots.slow_figure(slow.chance_times, chances, "Collapse after slow annealing", "probability"),
        "slow_error": plots.error_figure(slow.times, slow.errors(), -2 / 3, "Error of the formula"),
        "slow_cost": plots.cost_figure(slow.cost.separations, costs, "What rarity costs"),
    }


# Equations that only the generated code needs: Jacobians, and the bounds and remainders of series.
_INTERNAL = re.compile(r"_(jacobian|tails|remainder|late)$")
_OPEN = {"mean_gradient", "alignment_rate", "exponential_excess"}  # one equation of each derivation shown unfolded
_LETTERS = (
    "m1", "s11", "s12", "half_log_odds", "psi_1", "phi_1", "information", "overlap", "distance", "attraction",
    "repulsion", "mobility_1", "component_weight", "delta", "rho", "log_rho", "log_distance", "slope", "clock",
    "initial_excess", "excess", "elapsed", "scaled_clock",
)  # fmt: skip


def _equations(schedule: Schedule) -> list[dict[str, Any]]:
    """Each derivation with its equations as pictures; of the schedules, those of the one in use."""
    shown = []
    for title, named in EQUATIONS:
        own = any(name.startswith("exponential_excess") for name, _ in named)
        kept = [(name, rows) for name, rows in named if not _INTERNAL.search(name)]
        if own:  # the page of the schedules
            kept = [(name, rows) for name, rows in kept if schedule_of(name) == type(schedule).__name__]
        equations = [
            {"title": name.replace("_", " "), "rows": [{"latex": row, "svg": formula(row)} for row in rows]}
            for name, rows in kept
        ]
        if equations:
            shown.append({"title": title, "equations": equations, "open": bool(_OPEN & dict(named).keys())})
    return shown


def _letters() -> list[dict[str, str]]:
    return [
        {"svg": formula(QUANTITIES[name].latex), "latex": QUANTITIES[name].latex, "meaning": QUANTITIES[name].meaning}
        for name in _LETTERS
    ]
