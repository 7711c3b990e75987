"""`anneal-theory duration`: how long the paper's schedule has to cool from a given temperature."""

from typing import TYPE_CHECKING, Any

from anneal_theory.cli.models import MODEL, ModelOptions
from anneal_theory.cli.option_fields import Options, headed
from anneal_theory.cli.options import INIT, OUTPUT, TARGET, InitOptions, OutputOptions, TargetOptions
from anneal_theory.cli.output import busy, emit
from anneal_theory.quantities import QUANTITIES

if TYPE_CHECKING:
    from anneal_theory.design import PricedSchedule

_OPTIONS = {"initial_temperature": "90", "max_probability": "0.1", "relative_error": None}
_NOTES = {"max_probability": "P is at most that", "relative_error": "1e-3 unless given"}


@headed("Duration", 4, _OPTIONS, QUANTITIES, _NOTES)
class DurationOptions(Options):
    """What is asked of ``T0^(1 - t/t0)``."""


DURATION = DurationOptions()


def duration(
    *,
    target: TargetOptions = TARGET,
    init: InitOptions = INIT,
    dynamics: ModelOptions = MODEL,
    how: DurationOptions = DURATION,
    output: OutputOptions = OUTPUT,
) -> None:
    """The least time t0 of the paper's schedule for a probability of collapse, at a given T0.

    `anneal-theory duration --constraint sphere --objective free-energy --variance-rule trained --dim 512`
    """
    problem: dict[str, Any] = {"target": target.build(), "init": dynamics.law(init)}
    given = how.keywords
    with busy(f"least t0 for P <= {given['max_probability']}"):
        from anneal_theory.design import least_duration

        found = least_duration(**problem, **given, **dynamics.arguments)
    settings = problem | {"dynamics": dynamics.build()} | given
    emit(output, "duration", settings, found.to_dict(), _text(found, settings))


def _text(found: "PricedSchedule", settings: dict[str, Any]) -> str:
    chance = found.probability
    told = f"t0 = {found.cost:g}: P(collapse) = {chance.value:.6g} +- {chance.error:.1g} with {found.schedule!r}"
    return "\n".join([told, *(f"  {name}: {value}" for name, value in settings.items())])
