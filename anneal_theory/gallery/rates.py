"""The probability of collapse against the rate of cooling, for means on the sphere."""

from typing import TYPE_CHECKING

from anneal_theory.exact import exact, show
from anneal_theory.gallery.curves import chances, doubles, on_one_axes, one_panel
from anneal_theory.gallery.setting import SPHERE, FigureSetting
from anneal_theory.plots import draw_chances
from anneal_theory.schedules import ExponentialToOne

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TEMPERATURES = (9, 90, 900, 9000, 10**6)
_RATES = ("0.05", "0.07", "0.1", "0.14", "0.2", "0.3", "0.4", "0.6", "0.8", "1.2")


@on_one_axes
def draw(axes: "Axes", setting: FigureSetting) -> None:
    """A line for each initial temperature: hot starts share one, at a rate kappa = log(T0)/t0 of their own."""
    sphere = FigureSetting(separation=setting.separation, weight=setting.weight, dim=setting.dim, constraint="sphere")
    lines = {
        f"$T_0 = {show(exact(temperature))}$": [
            (sphere, ExponentialToOne(temperature, decay_time=1 / exact(rate))) for rate in _RATES
        ]
        for temperature in setting.initial_temperatures or _TEMPERATURES
    }
    draw_chances(axes, doubles(_RATES), chances(lines), r"rate of cooling $\kappa = \log(T_0)/t_0$ (1/time)")
    axes.set_title(f"{SPHERE}\n{setting.told}, $d = {setting.dim}$, exact", fontsize="small")


figure = one_panel(draw)
