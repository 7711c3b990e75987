"""The probability of collapse against the rate of cooling, for means on the sphere."""

from typing import TYPE_CHECKING

from anneal_theory.exact import exact, show
from anneal_theory.gallery.curves import chances, doubles, one_panel
from anneal_theory.gallery.setting import SPHERE, FigureSetting
from anneal_theory.plots import draw_chances, require_panels
from anneal_theory.schedules import ExponentialToOne

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TEMPERATURES = (9, 90, 900, 9000, 10**6)
_RATES = ("0.05", "0.07", "0.1", "0.14", "0.2", "0.3", "0.4", "0.6", "0.8", "1.2")


def figure(setting: FigureSetting) -> "Figure":
    """A line for each initial temperature: hot starts share one, at a rate kappa = log(T0)/t0 of their own."""
    return one_panel(setting, draw)


def draw(panels: "Sequence[Axes]", setting: FigureSetting) -> None:
    """The same on one axes that is given."""
    require_panels(panels, 1)
    (axes,) = panels
    sphere = FigureSetting(separation=setting.separation, weight=setting.weight, dim=setting.dim, constraint="sphere")
    lines = {
        f"$T_0 = {show(exact(temperature))}$": [
            (sphere, ExponentialToOne(temperature, decay_time=1 / exact(rate))) for rate in _RATES
        ]
        for temperature in setting.initial_temperatures or _TEMPERATURES
    }
    draw_chances(axes, doubles(_RATES), chances(lines), r"rate of cooling $\kappa = \log(T_0)/t_0$ (1/time)")
    axes.set_title(f"{SPHERE}\n{setting.told}, $d = {setting.dim}$, exact", fontsize="small")
