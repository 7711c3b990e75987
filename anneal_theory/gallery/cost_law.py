"""What each family of schedules costs against the probability of collapse: designed, and by the law."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from anneal_theory.design import schedule_cost
from anneal_theory.design.box import box_of
from anneal_theory.design.designer import Designer
from anneal_theory.design.families import FamilyName, Limits
from anneal_theory.design.odds import Odds
from anneal_theory.fixed_points import critical_temperature
from anneal_theory.gallery.curves import on_one_axes, one_panel
from anneal_theory.gallery.setting import FREE, FigureSetting
from anneal_theory.plots import draw_cost_law
from anneal_theory.problem import BimodalTarget, GaussianInit
from anneal_theory.results import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FAMILIES: tuple[FamilyName, ...] = "cold-then-pulse", "hold", "exponential"
CHANCES = 1e-2, 1e-4, 1e-8
_HIGHEST, _FINAL = 100.0, 1.15  # the defaults of a design
_LONGEST, _ERROR = 1e6, 1e-2
_SMOOTH = 21  # probabilities of a line


@dataclass(frozen=True)
class Priced:
    """The cost of the cheapest schedule of a family."""

    family: str  # its name
    chance: float  # the largest probability of collapse
    designed: float | None  # the cost that a design finds; None where none is found
    law: float  # the cost by the law


def cost_law(
    target: BimodalTarget, init: GaussianInit, chances: tuple[float, ...] = CHANCES,
    families: tuple[FamilyName, ...] = FAMILIES,
) -> list[Priced]:  # fmt: skip
    """Designed costs of families beside the law, under the tempered target."""
    limits = Limits(_HIGHEST, _FINAL, 1.0, float(critical_temperature(target)))
    designer = Designer(Odds(box_of(target, None, None), init, {}), limits, _ERROR, noisy=False)

    def priced(family: FamilyName, chance: float) -> Priced:
        found = designer.cheapest(family, chance, _LONGEST)
        designed = None if isinstance(found, Estimate) else found.cost
        return Priced(family, chance, designed, schedule_cost(target, init, chance, family=family))

    return [priced(family, chance) for family in families for chance in chances]


@on_one_axes
def draw(axes: "Axes", setting: FigureSetting) -> None:
    """Designed costs as marks, the law as lines."""
    target, init = setting.target, GaussianInit(setting.dim)
    rows = cost_law(target, init, CHANCES, FAMILIES)
    marks = {(row.family, row.chance): row.designed for row in rows}
    between = np.geomspace(max(CHANCES), min(CHANCES), _SMOOTH).tolist()
    chances = sorted({*CHANCES, *(float(f"{one:.6g}") for one in between)})
    lines: dict[str, list[tuple[float, float, float | None]]] = {
        family: [(one, schedule_cost(target, init, one, family=family), marks.get((family, one))) for one in chances]
        for family in FAMILIES
    }
    draw_cost_law(axes, lines)
    about = f"{setting.told}, $d = {setting.dim}$"
    axes.set_title(f"{FREE}\ndesigned (marks) and the law (lines)\n{about}", fontsize="small")


figure = one_panel(draw)
