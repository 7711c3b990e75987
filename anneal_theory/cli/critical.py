"""`anneal-theory critical`: where the collapsed state ends."""

from anneal_theory.cli.options import OUTPUT, PRECISION, TARGET, OutputOptions, PrecisionOptions, TargetOptions
from anneal_theory.cli.output import busy, emit, spell_number


def critical(
    *, target: TargetOptions = TARGET, precision: PrecisionOptions = PRECISION, output: OutputOptions = OUTPUT
) -> None:
    """Critical temperature and critical separation of the collapsed state."""
    density, how = target.build(), precision.keywords
    with busy("critical temperature"):
        from anneal_theory.fixed_points import critical_separation, critical_temperature

        found = {
            "critical_temperature": critical_temperature(density, **how),
            "critical_separation": critical_separation(density.exact_weight, **how),
        }
    digits = how.get("digits")
    if precision.chosen:
        shown = [spell_number(value, digits) for value in found.values()]
    else:
        shown = [f"{value:.10g}" for value in found.values()]
    text = f"T_c = {shown[0]}\nR_c = {shown[1]}\n  target: {density}"
    emit(output, "critical", {"target": density} | how, found, text)
