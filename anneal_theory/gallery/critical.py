"""Critical temperatures of both models against the separation."""

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from anneal_theory._types import Exactable, FloatArray
from anneal_theory.errors import DomainError, NoCollapsedState
from anneal_theory.exact import show
from anneal_theory.fixed_points import critical_separation, critical_temperature
from anneal_theory.formulas.sphere_formulas import stability_temperature
from anneal_theory.gallery.curves import on_one_axes, one_panel
from anneal_theory.gallery.setting import FigureSetting
from anneal_theory.plots import draw_phases
from anneal_theory.problem import BimodalTarget
from anneal_theory.threshold.sphere.antipodal import antipodal_alpha, antipodal_temperature

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEAST, _LARGEST, _POINTS = 0.5, 4.0, 60
_HOTTEST = 300
_CLOSE = 1e-7  # to which the end of the line is found, in R


@on_one_axes
def draw(axes: "Axes", setting: FigureSetting) -> None:
    """T_c of free means down to where it ends, and T_a of the sphere with its limit R^2/alpha."""
    weight = setting.target.exact_weight
    separations = np.linspace(_LEAST, _LARGEST, _POINTS)
    across, temperatures = critical_line(weight)
    points: dict[str, tuple[float, float]] = {}
    if temperatures.size and temperatures[0] > 1 + 1e-6:
        points["cusp, where $T_c$ ends"] = (float(across[0]), float(temperatures[0]))
    with suppress(NoCollapsedState):
        points[f"$R_c = {critical_separation(weight):.4g}$ ($T = 1$)"] = (float(critical_separation(weight)), 1.0)
    lines: dict[str, tuple[FloatArray, FloatArray]] = {}
    if across.size:
        lines["free means: $T_c$, no collapsed state above"] = (across, temperatures)
    held = np.array([_held(separation, weight) for separation in separations])
    lines["sphere: $T_a$, held antipodal above"] = (separations, held)
    lines[rf"sphere: $R^2/\alpha$, $\alpha = {antipodal_alpha():.4f}$"] = (separations, held_below(separations))
    draw_phases(axes, lines, points)
    axes.set_ylim(1, _HOTTEST)  # no training is colder
    axes.set_title(
        rf"Critical temperatures, $w^\star = {show(weight)}$" "\nfree means, and means on the sphere with $v = T$",
        fontsize="small",
    )


figure = one_panel(draw)


def held_below(separations: FloatArray) -> FloatArray:
    """What T_a tends to for large separations."""
    return np.asarray(stability_temperature(separations, antipodal_alpha()))


def critical_line(weight: Exactable) -> tuple[FloatArray, FloatArray]:
    """Separations and T_c from the least separation that has one on; empty where none up to 4 has.

    At a cusp the line ends within 1e-3 in R of it: closer, `critical_temperature` does not tell the two folds apart.
    """
    known = {
        separation: _critical(separation, weight) for separation in np.linspace(_LEAST, _LARGEST, _POINTS).tolist()
    }
    having = [separation for separation, temperature in known.items() if np.isfinite(temperature)]
    if not having:
        return np.zeros(0), np.zeros(0)
    high = min(having)
    low = max((separation for separation in known if separation < high), default=high)
    ends: list[tuple[float, float]] = []
    while high - low > _CLOSE:
        middle = 0.5 * (low + high)
        temperature = _critical(middle, weight)
        if np.isfinite(temperature):
            high = middle
            ends.append((middle, temperature))
        else:
            low = middle
    line = sorted([*ends, *((separation, known[separation]) for separation in having)])
    return np.array([separation for separation, _ in line]), np.array([temperature for _, temperature in line])


def _critical(separation: float, weight: Exactable) -> float:
    try:
        return float(critical_temperature(BimodalTarget(separation, weight)))
    except NoCollapsedState:
        return np.nan


def _held(separation: float, weight: Exactable) -> float:
    try:
        return antipodal_temperature(BimodalTarget(separation, weight))
    except DomainError:
        return np.nan
