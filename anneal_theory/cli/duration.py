"""`anneal-theory duration`: how long the paper's schedule has to cool from a given temperature."""

from typing import TYPE_CHECKING, Any

from anneal_theory.cli.models import MODEL, ModelGroup
from anneal_theory.cli.option_fields import OptionGroup, headed
from anneal_theory.cli.options import INIT, OUTPUT, TARGET, InitGroup, OutputGroup, TargetGroup
from anneal_theory.cli.output import busy, emit
from anneal_theory.quantities import QUANTITIES

if TYPE_CHECKING:
    from anneal_theory.design import PricedSchedule

_OPTIONS = {"initial_temperature": "90", "max_probability": "0.1", "relative_error": None}
_NOTES = {"max_probability": "P is at most that", "relative_error": "1e-3 unless given"}


@headed("Duration", 4, _OPTIONS, QUANTITIES, _NOTES)
class DurationGroup(OptionGroup):
    """The requirements on ``T0^(1 - t/t0)``."""


DURATION = DurationGroup()


def duration(
    *, target: TargetGroup = TARGET, init: InitGroup = INIT, dynamics: ModelGroup = MODEL,
    how: DurationGroup = DURATION, output: OutputGroup = OUTPUT,
) -> None:  # fmt: skip
    """The least time t0 of the paper's schedule for a probability of collapse, at a given T0.

    `anneal-theory duration --constraint sphere --objective free-energy --variance-rule trained --dim 512`
    """
    problem: dict[str, Any] = {"target": target.build(), "init": dynamics.law(init)}
    chosen = how.keywords
    with busy(f"least t0 for P <= {chosen['max_probability']}"):
        from anneal_theory.design import least_duration

        least = least_duration(**problem, **chosen, **dynamics.arguments)
    settings = problem | {"dynamics": dynamics.build()} | chosen
    emit(output, "duration", settings, least.to_dict(), _text(least, settings))


def _text(least: "PricedSchedule", settings: dict[str, Any]) -> str:
    chance = least.probability
    summary = f"t0 = {least.cost:g}: P(collapse) = {chance.value:.6g} +- {chance.error:.1g} with {least.schedule!r}"
    return "\n".join([summary, *(f"  {name}: {value}" for name, value in settings.items())])
