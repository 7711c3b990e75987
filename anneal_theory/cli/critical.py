"""`anneal-theory critical`: where the collapsed state ends."""

from anneal_theory.cli.options import OUTPUT, TARGET, OutputOptions, TargetOptions
from anneal_theory.cli.output import busy, emit


def critical(*, target: TargetOptions = TARGET, output: OutputOptions = OUTPUT) -> None:
    """Critical temperature and critical separation of the collapsed state."""
    density = target.build()
    with busy("critical temperature"):
        from anneal_theory.states import critical_separation, critical_temperature

        temperature = critical_temperature(density)
        separation = critical_separation(density.exact_weight)
    result = {"critical_temperature": temperature, "critical_separation": separation}
    text = f"T_c = {temperature:.10g}\nR_c = {separation:.10g}\n  target: {density}"
    emit(output, "critical", {"target": density}, result, text)
