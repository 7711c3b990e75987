"""What families of schedules cost beside the law, and what late heating is worth on the sphere."""

from anneal_theory._types import VarianceRule
from anneal_theory.design import schedule_cost
from anneal_theory.design.families import FamilyName
from anneal_theory.gallery.cost_law import FAMILIES, cost_law
from anneal_theory.probability import collapse_probability
from anneal_theory.problem import BimodalTarget, GaussianInit, SphereInit
from anneal_theory.schedules import Hold, Piecewise, Schedule

TARGET, DIM = BimodalTarget(3, "0.8"), 128
WAITS = ("0", "0.5", "1", "2", "4", "8", "16")
_VARIANCES: tuple[VarianceRule, ...] = "follows-temperature", "trained", "fixed"
_TEMPERATURE, _PULSE, _RAMP = 20, 10.0, 0.1  # of the pulse that comes after the wait


def cost_laws() -> str:
    """Designed costs and the law, free means under the tempered target."""
    head = ["family", "P", "designed cost", "law", "designed over law"]
    rows = []
    for one in cost_law(TARGET, GaussianInit(DIM), (1e-2, 1e-8), ("free", *FAMILIES)):
        designed = float(one.designed or "nan")
        rows.append([one.family, f"{one.chance:g}", f"{designed:.4g}", f"{one.law:.4g}", f"{designed / one.law:.2f}"])
    return _markdown(head, rows)


def schedule_prices() -> str:
    """Costs by the law over the separation, the dimension and the probability."""
    families: tuple[FamilyName, ...] = "free", "cold-then-pulse", "hold", "exponential"
    lines = []
    for separation in ("2.5", "3", "3.5"):
        for dim in (128, 10**4, 10**6):
            problem = BimodalTarget(separation, "0.8"), GaussianInit(dim)
            for chance in (1e-2, 1e-8):
                costs = [schedule_cost(*problem, chance, family=family) for family in families]
                lines.append([separation, f"{dim:,}", f"{chance:g}", *(f"{cost:.4g}" for cost in costs)])
    return _markdown(["R", "d", "P", *families], lines)


def late_heating() -> str:
    """P on the sphere of a pulse after a cold wait, and of a hold as long as both."""
    rows = []
    for variance in _VARIANCES:
        late = [_chance(_pulse(float(wait)), variance) for wait in WAITS]
        rows.append([variance, "wait, then heat", *(f"{one:.3f}" for one in late)])
        early = [_chance(Hold(_TEMPERATURE, f"{_PULSE + float(wait):g}"), variance) for wait in WAITS]
        rows.append([variance, "heat as long at once", *(f"{one:.3f}" for one in early)])
    return _markdown(["variance", "schedule", *(f"wait {one}" for one in WAITS)], rows)


def _pulse(wait: float) -> Schedule:
    if wait == 0:
        return Hold(_TEMPERATURE, _PULSE)
    times = [0.0, wait, wait + _RAMP, wait + _PULSE, wait + _PULSE + _RAMP]
    return Piecewise([f"{time:g}" for time in times], [1, 1, _TEMPERATURE, _TEMPERATURE, 1])


def _chance(schedule: Schedule, variance: VarianceRule) -> float:
    words = {"objective": "free-energy", "constraint": "sphere", "variance": variance}
    return float(collapse_probability(TARGET, schedule, SphereInit(DIM), relative_error=1e-2, **words).value)


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
